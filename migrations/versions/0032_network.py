"""Who reaches whom: ties, where people stand in the network, and introductions."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TOLD = sa.text("brand_id IS NOT NULL")
PUBLIC = sa.text("brand_id IS NULL")


def upgrade() -> None:
    _ties()
    _places()
    op.create_table(
        "introductions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("connector_id", sa.Integer(), nullable=False),
        sa.Column("influencer_id", sa.Integer(), nullable=False),
        sa.Column("touchpoint_id", sa.Integer()),
        sa.Column("path", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("asked_on", sa.Date()),
        sa.Column("settled_on", sa.Date()),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("author_id", sa.Integer()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'asked', 'made', 'declined', 'unanswered', 'dropped')",
            name=op.f("ck_introductions_state"),
        ),
        _to("introductions", "brand_id", "brands", "CASCADE"),
        _to("introductions", "connector_id", "relationships", "CASCADE"),
        _to("introductions", "influencer_id", "influencers", "CASCADE"),
        _to("introductions", "touchpoint_id", "touchpoints", "SET NULL"),
        _to("introductions", "author_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introductions")),
        sqlite_autoincrement=True,
    )
    _index("introductions", "brand_id", "state")
    _index("introductions", "connector_id")
    _index("introductions", "influencer_id")
    _index("introductions", "touchpoint_id")


def _ties() -> None:
    op.create_table(
        "ties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("brand_id", sa.Integer()),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("is_mutual", sa.Boolean(), nullable=False),
        sa.Column("first_seen", sa.Date()),
        sa.Column("last_seen", sa.Date()),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("author_id", sa.Integer()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_ties_two_people")),
        sa.CheckConstraint(
            "origin IN ('posts', 'list', 'hand', 'programme')", name=op.f("ck_ties_origin")
        ),
        _to("ties", "from_id", "influencers", "CASCADE"),
        _to("ties", "to_id", "influencers", "CASCADE"),
        _to("ties", "brand_id", "brands", "CASCADE"),
        _to("ties", "author_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ties")),
        sqlite_autoincrement=True,
    )
    ends = ["from_id", "to_id", "kind", "origin"]
    for name, columns, where in (
        ("uq_ties_told", [*ends, "brand_id"], TOLD),
        ("uq_ties_public", ends, PUBLIC),
    ):
        op.create_index(
            name, "ties", columns, unique=True, sqlite_where=where, postgresql_where=where
        )
    _index("ties", "from_id")
    _index("ties", "to_id")
    name = op.f("ix_ties_brand_id")
    op.create_index(name, "ties", ["brand_id"], sqlite_where=TOLD, postgresql_where=TOLD)


def _places() -> None:
    op.create_table(
        "network_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("finished_at", MOMENT, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("strangers", sa.Integer(), nullable=False),
        sa.Column("ties", sa.Integer(), nullable=False),
        sa.Column("communities", sa.Integer(), nullable=False),
        sa.Column("modularity", sa.Double()),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("proposals", sa.JSON(), nullable=False),
        _to("network_runs", "brand_id", "brands", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_runs")),
        sqlite_autoincrement=True,
    )
    _index("network_runs", "brand_id")
    op.create_table(
        "communities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("named_by_id", sa.Integer()),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("colour", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        _to("communities", "brand_id", "brands", "CASCADE"),
        _to("communities", "named_by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communities")),
        sqlite_autoincrement=True,
    )
    _index("communities", "brand_id")
    op.create_table(
        "places",
        sa.Column("brand_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("influencer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("influence", sa.Double(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("topical", sa.Double()),
        sa.Column("topical_rank", sa.Integer()),
        sa.Column("community_id", sa.Integer()),
        sa.Column("betweenness", sa.Double()),
        sa.Column("bridging", sa.Double(), nullable=False),
        sa.Column("ties_in", sa.Integer(), nullable=False),
        sa.Column("ties_out", sa.Integer(), nullable=False),
        _to("places", "brand_id", "brands", "CASCADE"),
        _to("places", "influencer_id", "influencers", "CASCADE"),
        _to("places", "community_id", "communities", "SET NULL"),
        sa.PrimaryKeyConstraint("brand_id", "influencer_id", name=op.f("pk_places")),
    )
    _index("places", "brand_id", "rank")
    _index("places", "brand_id", "topical_rank")
    _index("places", "influencer_id")
    _index("places", "community_id", "rank")


def _to(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def downgrade() -> None:
    for table in ("introductions", "ties", "places", "communities", "network_runs"):
        op.drop_table(table)
