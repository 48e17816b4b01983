"""The brand of a move, asks that were thought through, reviews, a brand's own words and limits."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

#: What a brand and a colleague may set; what is not set has its default.
SET = (("brands", "stage_labels"), ("brands", "limits"), ("users", "board"))

COLUMN = "relationship_id INTEGER NOT NULL, "
OWN_BRAND = f"{COLUMN}\n\tbrand_id INTEGER NOT NULL, "
KEY = "CONSTRAINT fk_stage_moves_undoes_id_stage_moves"
OWN_KEY = (
    "CONSTRAINT fk_stage_moves_brand_id_brands FOREIGN KEY(brand_id)"
    f" REFERENCES brands (id) ON DELETE CASCADE, \n\t{KEY}"
)
BRAND_OF = "(SELECT brand_id FROM relationships WHERE relationships.id = relationship_id)"


def upgrade() -> None:
    for table, name in SET:
        op.add_column(
            table, sa.Column(name, sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
        )
    op.add_column("interactions", sa.Column("outcome", sa.String(32)))
    op.drop_index(op.f("ix_stage_moves_at"), table_name="stage_moves")
    if op.get_bind().dialect.name == "sqlite":
        _make_moves_anew((COLUMN, OWN_BRAND), (KEY, OWN_KEY), brand=BRAND_OF)
    else:
        op.add_column("stage_moves", sa.Column("brand_id", sa.Integer()))
        op.execute(f"UPDATE stage_moves SET brand_id = {BRAND_OF}")  # noqa: S608
        op.alter_column("stage_moves", "brand_id", nullable=False)
        op.create_foreign_key(
            op.f("fk_stage_moves_brand_id_brands"),
            "stage_moves",
            "brands",
            ["brand_id"],
            ["id"],
            ondelete="CASCADE",
        )
    op.create_index(
        "ix_stage_moves_brand",
        "stage_moves",
        ["brand_id", "at", "relationship_id", "from_stage", "to_stage"],
    )
    _create_asks()
    _create_reviews()


def _create_asks() -> None:
    op.create_table(
        "asks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("touchpoint_id", sa.Integer()),
        sa.Column("wish", sa.String(500), nullable=False),
        sa.Column("benefit", sa.String(500), nullable=False),
        sa.Column("community", sa.String(500), nullable=False),
        sa.Column("shared_values", sa.String(500), nullable=False),
        sa.Column("gives", sa.Integer(), nullable=False),
        sa.Column("gives_needed", sa.Integer()),
        sa.Column("override_reason", sa.String(500)),
        sa.Column("author_id", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _to("asks", "relationship_id", "relationships", "CASCADE"),
        _to("asks", "touchpoint_id", "touchpoints", "SET NULL"),
        _to("asks", "author_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asks")),
        sa.UniqueConstraint("touchpoint_id", name=op.f("uq_asks_touchpoint_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_asks_relationship_id"), "asks", ["relationship_id"])
    op.create_index(op.f("ix_asks_author_id"), "asks", ["author_id"])


def _create_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        _to("reviews", "brand_id", "brands", "CASCADE"),
        _to("reviews", "user_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_brand_id_closed_at"), "reviews", ["brand_id", "closed_at"])
    op.create_table(
        "review_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("decision", sa.String(32)),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("touchpoint_id", sa.Integer()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by_id", sa.Integer()),
        _to("review_items", "review_id", "reviews", "CASCADE"),
        _to("review_items", "relationship_id", "relationships", "CASCADE"),
        _to("review_items", "touchpoint_id", "touchpoints", "SET NULL"),
        _to("review_items", "decided_by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_items")),
        sa.UniqueConstraint(
            "review_id",
            "relationship_id",
            name=op.f("uq_review_items_review_id_relationship_id"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_review_items_relationship_id"), "review_items", ["relationship_id"])


def _to(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    op.drop_table("review_items")
    op.drop_table("reviews")
    op.drop_table("asks")
    op.drop_index("ix_stage_moves_brand", table_name="stage_moves")
    if op.get_bind().dialect.name == "sqlite":
        _make_moves_anew((OWN_BRAND, COLUMN), (OWN_KEY, KEY))
    else:
        op.drop_column("stage_moves", "brand_id")
    op.create_index(op.f("ix_stage_moves_at"), "stage_moves", ["at"])
    op.drop_column("interactions", "outcome")
    for table, name in reversed(SET):
        op.drop_column(table, name)


def _make_moves_anew(*changes: tuple[str, str], brand: str = "") -> None:
    """Copy the moves into a table of their own words, changed: SQLite adds no key to one.

    What a batch makes of a table it read has lost its checks.
    """
    connection = op.get_bind()
    kept = "id, relationship_id, from_stage, to_stage, at, user_id, reason, undoes_id"
    read = "SELECT sql FROM sqlite_master WHERE tbl_name = 'stage_moves' AND sql IS NOT NULL"
    rows = connection.exec_driver_sql(f"{read} ORDER BY type DESC").scalars().all()
    [made] = [sql for sql in rows if sql.startswith("CREATE TABLE")]
    beside = [sql for sql in rows if not sql.startswith("CREATE TABLE")]
    made = made.replace('CREATE TABLE "stage_moves"', "CREATE TABLE new_stage_moves")
    made = made.replace("CREATE TABLE stage_moves", "CREATE TABLE new_stage_moves")
    for old, new in changes:
        assert old in made, "stage_moves reads otherwise than was thought"
        made = made.replace(old, new)
    connection.exec_driver_sql(made)
    into = f"{kept}, brand_id" if brand else kept
    chosen = f"{kept}, {brand}" if brand else kept
    connection.exec_driver_sql(
        f"INSERT INTO new_stage_moves ({into}) SELECT {chosen} FROM stage_moves"  # noqa: S608
    )
    connection.exec_driver_sql("DROP TABLE stage_moves")
    connection.exec_driver_sql("ALTER TABLE new_stage_moves RENAME TO stage_moves")
    for sql in beside:
        connection.exec_driver_sql(sql)
