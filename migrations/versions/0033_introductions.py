"""Introductions: how far one has come is read from its ask, when it was made is kept.

Nothing wrote introductions before this, so the table is made anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.drop_table("introductions")
    _create(sa.Column("made_at", MOMENT))
    _index("brand_id", "created_at")


def downgrade() -> None:
    op.drop_table("introductions")
    _create(
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("asked_on", sa.Date()),
        sa.Column("settled_on", sa.Date()),
        sa.Column("note", sa.String(500), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'asked', 'made', 'declined', 'unanswered', 'dropped')",
            name=op.f("ck_introductions_state"),
        ),
    )
    _index("brand_id", "state")


def _create(*own: sa.schema.SchemaItem) -> None:
    op.create_table(
        "introductions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("connector_id", sa.Integer(), nullable=False),
        sa.Column("influencer_id", sa.Integer(), nullable=False),
        sa.Column("touchpoint_id", sa.Integer()),
        sa.Column("path", sa.JSON(), nullable=False),
        *own,
        sa.Column("author_id", sa.Integer()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        _to("brand_id", "brands", "CASCADE"),
        _to("connector_id", "relationships", "CASCADE"),
        _to("influencer_id", "influencers", "CASCADE"),
        _to("touchpoint_id", "touchpoints", "SET NULL"),
        _to("author_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introductions")),
        sqlite_autoincrement=True,
    )
    for column in ("connector_id", "influencer_id", "touchpoint_id"):
        _index(column)


def _to(column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_introductions_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _index(*columns: str) -> None:
    name = op.f(f"ix_introductions_{'_'.join(columns)}")
    op.create_index(name, "introductions", list(columns))
