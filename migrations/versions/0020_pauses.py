"""Pauses keep their history, and those that hold are found without a look at everybody."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("why", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by_id", sa.Integer()),
        _to("relationship_id", "relationships", "CASCADE"),
        _to("user_id", "users", "SET NULL"),
        _to("ended_by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pauses")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_pauses_relationship_id_at"), "pauses", ["relationship_id", "at"])
    paused = sa.text("paused_until IS NOT NULL")
    op.create_index(
        "ix_relationships_paused",
        "relationships",
        ["brand_id", "owner_id", "paused_until"],
        sqlite_where=paused,
        postgresql_where=paused,
    )


def _to(column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_pauses_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    op.drop_index("ix_relationships_paused", table_name="relationships")
    op.drop_table("pauses")
