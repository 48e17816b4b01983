"""Imports that can be tried and undone; duplicates, merges, tags, saved views, erasures."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATES = ("draft", "trying", "tried", "running", "done", "failed", "undoing", "undone")

#: In the order of their making; what points at another comes after it.
TABLES = (
    "erasures",
    "import_mappings",
    "saved_views",
    "tags",
    "bulk_edits",
    "duplicates",
    "erased_keys",
    "merges",
    "bulk_edit_rows",
    "import_steps",
    "relationship_tags",
    "post_snapshots",
)


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("influencer_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_erasures_user_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_table(
        "import_mappings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("headings_key", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"],
            ["brands.id"],
            name=op.f("fk_import_mappings_brand_id_brands"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_import_mappings_user_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mappings")),
        sa.UniqueConstraint(
            "brand_id", "headings_key", name=op.f("uq_import_mappings_brand_id_headings_key")
        ),
    )
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("is_team", sa.Boolean(), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"],
            ["brands.id"],
            name=op.f("fk_saved_views_brand_id_brands"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_saved_views_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
    )
    op.create_index(
        op.f("ix_saved_views_brand_id_page"), "saved_views", ["brand_id", "page"], unique=False
    )
    op.create_index(op.f("ix_saved_views_user_id"), "saved_views", ["user_id"], unique=False)
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_key", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brands.id"], name=op.f("fk_tags_brand_id_brands"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("brand_id", "name_key", name=op.f("uq_tags_brand_id_name_key")),
    )
    op.create_table(
        "bulk_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("selection", sa.JSON(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undo_report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"],
            ["brands.id"],
            name=op.f("fk_bulk_edits_brand_id_brands"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_bulk_edits_task_id_tasks"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"],
            ["users.id"],
            name=op.f("fk_bulk_edits_undone_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_bulk_edits_user_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_edits")),
    )
    op.create_index(op.f("ix_bulk_edits_brand_id"), "bulk_edits", ["brand_id"], unique=False)
    op.create_table(
        "duplicates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("left_id", sa.Integer(), nullable=False),
        sa.Column("right_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "later",
                "distinct",
                "merged",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("left_id < right_id", name=op.f("ck_duplicates_order")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["users.id"],
            name=op.f("fk_duplicates_decided_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["left_id"],
            ["influencers.id"],
            name=op.f("fk_duplicates_left_id_influencers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["right_id"],
            ["influencers.id"],
            name=op.f("fk_duplicates_right_id_influencers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicates")),
        sa.UniqueConstraint("left_id", "right_id", name=op.f("uq_duplicates_left_id_right_id")),
    )
    op.create_index(op.f("ix_duplicates_right_id"), "duplicates", ["right_id"], unique=False)
    op.create_index(
        op.f("ix_duplicates_state_score_id"), "duplicates", ["state", "score", "id"], unique=False
    )
    op.create_table(
        "erased_keys",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("erasure_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["erasure_id"],
            ["erasures.id"],
            name=op.f("fk_erased_keys_erasure_id_erasures"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_erased_keys")),
    )
    op.create_index(op.f("ix_erased_keys_erasure_id"), "erased_keys", ["erasure_id"], unique=False)
    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brands.id"], name=op.f("fk_merges_brand_id_brands"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["gone_id"],
            ["influencers.id"],
            name=op.f("fk_merges_gone_id_influencers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"],
            ["influencers.id"],
            name=op.f("fk_merges_kept_id_influencers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"],
            ["users.id"],
            name=op.f("fk_merges_undone_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_merges_user_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index(op.f("ix_merges_gone_id"), "merges", ["gone_id"], unique=False)
    op.create_index(op.f("ix_merges_kept_id"), "merges", ["kept_id"], unique=False)
    op.create_table(
        "bulk_edit_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edit_id", sa.Integer(), nullable=False),
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edit_id"],
            ["bulk_edits.id"],
            name=op.f("fk_bulk_edit_rows_edit_id_bulk_edits"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationships.id"],
            name=op.f("fk_bulk_edit_rows_relationship_id_relationships"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_edit_rows")),
    )
    op.create_index(
        op.f("ix_bulk_edit_rows_edit_id_id"), "bulk_edit_rows", ["edit_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_bulk_edit_rows_relationship_id"),
        "bulk_edit_rows",
        ["relationship_id"],
        unique=False,
    )
    op.create_table(
        "import_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created", sa.JSON(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batches.id"],
            name=op.f("fk_import_steps_batch_id_import_batches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_steps")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_import_steps_batch_id_number")),
    )
    op.create_table(
        "relationship_tags",
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationships.id"],
            name=op.f("fk_relationship_tags_relationship_id_relationships"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"],
            ["tags.id"],
            name=op.f("fk_relationship_tags_tag_id_tags"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("relationship_id", "tag_id", name=op.f("pk_relationship_tags")),
    )
    op.create_index(
        op.f("ix_relationship_tags_tag_id"), "relationship_tags", ["tag_id"], unique=False
    )
    op.create_table(
        "post_snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("likes", sa.BigInteger(), nullable=True),
        sa.Column("comments", sa.BigInteger(), nullable=True),
        sa.Column("shares", sa.BigInteger(), nullable=True),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["posts.id"],
            name=op.f("fk_post_snapshots_post_id_posts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_snapshots")),
        sa.UniqueConstraint("post_id", "day", name=op.f("uq_post_snapshots_post_id_day")),
    )
    _change_imports()
    op.add_column("influencers", sa.Column("further_languages", sa.String(length=80)))
    op.add_column("posts", sa.Column("counts_on", sa.Date()))


def _change_imports() -> None:
    state = sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=20)
    with op.batch_alter_table("import_batches") as batch_op:
        batch_op.add_column(sa.Column("state", state, nullable=False, server_default="done"))
        batch_op.add_column(sa.Column("order", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("undone_at", sa.DateTime(timezone=True)))
        batch_op.add_column(sa.Column("undone_by_id", sa.Integer()))
        batch_op.add_column(
            sa.Column("undo_report", sa.JSON(), nullable=False, server_default="{}")
        )
        batch_op.create_foreign_key(
            op.f("fk_import_batches_undone_by_id_users"),
            "users",
            ["undone_by_id"],
            ["id"],
            ondelete="SET NULL",
        )
    # What was never finished has no steps to go on from.
    op.execute("UPDATE import_batches SET state = 'failed' WHERE finished_at IS NULL")
    with op.batch_alter_table("import_batches") as batch_op:
        for name in ("state", "order", "undo_report"):
            batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table("import_rows") as batch_op:
        batch_op.add_column(sa.Column("twin_id", sa.Integer()))
        batch_op.add_column(sa.Column("changes", sa.JSON()))
        batch_op.add_column(sa.Column("cells", sa.JSON()))
        batch_op.create_foreign_key(
            op.f("fk_import_rows_twin_id_influencers"),
            "influencers",
            ["twin_id"],
            ["id"],
            ondelete="SET NULL",
        )
    is_set = sa.text("twin_id IS NOT NULL")
    op.create_index(
        op.f("ix_import_rows_twin_id"),
        "import_rows",
        ["twin_id"],
        unique=False,
        sqlite_where=is_set,
        postgresql_where=is_set,
    )


def downgrade() -> None:
    op.drop_column("posts", "counts_on")
    op.drop_column("influencers", "further_languages")
    op.drop_index(op.f("ix_import_rows_twin_id"), table_name="import_rows")
    with op.batch_alter_table("import_rows") as batch_op:
        batch_op.drop_constraint(op.f("fk_import_rows_twin_id_influencers"), type_="foreignkey")
        for name in ("cells", "changes", "twin_id"):
            batch_op.drop_column(name)
    with op.batch_alter_table("import_batches") as batch_op:
        batch_op.drop_constraint(op.f("fk_import_batches_undone_by_id_users"), type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_import_batches_state"), type_="check")
        for name in ("undo_report", "undone_by_id", "undone_at", "order", "state"):
            batch_op.drop_column(name)
    for name in reversed(TABLES):
        op.drop_table(name)
