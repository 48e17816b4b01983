"""People before the funnel, and the index of word stems by which posts are found for a topic."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

#: The stems are kept beside their index, so that a post that goes takes its own out of it, and by
#: `secure-delete` at once: nothing may be left of who is erased.
#: The triggers go with the table: whoever copies `posts` into a new one makes them anew.
SQLITE = (
    """CREATE VIRTUAL TABLE post_stems USING fts5(
           stems, detail=none, columnsize=0, tokenize='unicode61 remove_diacritics 0')""",
    "INSERT INTO post_stems (post_stems, rank) VALUES ('secure-delete', 1)",
    """CREATE TRIGGER posts_added AFTER INSERT ON posts BEGIN
           INSERT OR IGNORE INTO unread_posts (post_id) VALUES (new.id);
       END""",
    """CREATE TRIGGER posts_reworded AFTER UPDATE OF text, language ON posts
           WHEN old.text != new.text OR old.language IS NOT new.language BEGIN
           DELETE FROM post_stems WHERE rowid = old.id;
           INSERT OR IGNORE INTO unread_posts (post_id) VALUES (new.id);
       END""",
    """CREATE TRIGGER posts_removed AFTER DELETE ON posts BEGIN
           DELETE FROM post_stems WHERE rowid = old.id;
       END""",
)
POSTGRES = (
    """CREATE FUNCTION irm_unread_post() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           DELETE FROM post_stems WHERE post_id = new.id;
           INSERT INTO unread_posts (post_id) VALUES (new.id) ON CONFLICT DO NOTHING;
           RETURN NULL;
       END $$""",
    """CREATE TRIGGER posts_added AFTER INSERT ON posts FOR EACH ROW
           EXECUTE FUNCTION irm_unread_post()""",
    """CREATE TRIGGER posts_reworded AFTER UPDATE OF text, language ON posts FOR EACH ROW
           WHEN (old.text != new.text OR old.language IS DISTINCT FROM new.language)
           EXECUTE FUNCTION irm_unread_post()""",
)


def upgrade() -> None:
    op.create_table(
        "prospects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("influencer_id", sa.Integer(), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("relevance", sa.Double(), nullable=True),
        sa.Column("fit", sa.Double(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("relevance_order", sa.Double(), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"],
            ["brands.id"],
            name=op.f("fk_prospects_brand_id_brands"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_prospects_influencer_id_influencers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prospects")),
        sa.UniqueConstraint(
            "brand_id", "influencer_id", name=op.f("uq_prospects_brand_id_influencer_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_prospects_influencer_id"), "prospects", ["influencer_id"])
    op.create_index(
        op.f("ix_prospects_brand_id_relevance_order_id"),
        "prospects",
        ["brand_id", "relevance_order", "id"],
    )
    op.create_table(
        "unread_posts",
        sa.Column("post_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["posts.id"],
            name=op.f("fk_unread_posts_post_id_posts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_unread_posts")),
    )
    if op.get_bind().dialect.name == "sqlite":
        statements = SQLITE
    else:
        op.create_table(
            "post_stems",
            sa.Column("post_id", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("stems", sa.dialects.postgresql.TSVECTOR(), nullable=False),
            sa.ForeignKeyConstraint(["post_id"], ["posts.id"], ondelete="CASCADE"),
            sa.PrimaryKeyConstraint("post_id"),
        )
        op.create_index("ix_post_stems", "post_stems", ["stems"], postgresql_using="gin")
        statements = POSTGRES
    for statement in statements:
        op.execute(statement)
    op.execute("INSERT INTO unread_posts (post_id) SELECT id FROM posts")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("posts_added", "posts_reworded", "posts_removed"):
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TABLE post_stems")
    else:
        for name in ("posts_added", "posts_reworded"):
            op.execute(f"DROP TRIGGER {name} ON posts")
        op.execute("DROP FUNCTION irm_unread_post")
        op.drop_table("post_stems")
    op.drop_table("unread_posts")
    op.drop_index(op.f("ix_prospects_brand_id_relevance_order_id"), table_name="prospects")
    op.drop_index(op.f("ix_prospects_influencer_id"), table_name="prospects")
    op.drop_table("prospects")
