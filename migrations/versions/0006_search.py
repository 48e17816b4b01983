"""What can be found."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


#: Inserts are indexed by chunks (irm/directory/search.py), as a trigger per row would cost four
#: fifths of an import; changes and deletions, cascades included, are rare enough for triggers.
FULL_TEXT = (
    """CREATE VIRTUAL TABLE search_index USING fts5(
           text, content='search_entries', content_rowid='id', tokenize='trigram')""",
    """CREATE TRIGGER search_entries_deleted AFTER DELETE ON search_entries BEGIN
           INSERT INTO search_index (search_index, rowid, text)
           VALUES ('delete', old.id, old.text);
       END""",
    """CREATE TRIGGER search_entries_changed AFTER UPDATE OF text ON search_entries BEGIN
           INSERT INTO search_index (search_index, rowid, text)
           VALUES ('delete', old.id, old.text);
           INSERT INTO search_index (rowid, text) VALUES (new.id, new.text);
       END""",
)


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("influencer_id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=True),
        sa.Column("relationship_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name=op.f("fk_search_entries_author_id_users"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["brand_id"],
            ["brands.id"],
            name=op.f("fk_search_entries_brand_id_brands"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_search_entries_influencer_id_influencers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationships.id"],
            name=op.f("fk_search_entries_relationship_id_relationships"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
    )
    op.create_index(
        op.f("ix_search_entries_influencer_id"), "search_entries", ["influencer_id"], unique=False
    )
    op.create_index(
        op.f("ix_search_entries_relationship_id"),
        "search_entries",
        ["relationship_id"],
        unique=False,
    )
    op.create_index(
        "uq_search_entries_source", "search_entries", ["source", "source_id"], unique=True
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in FULL_TEXT:
            op.execute(statement)
        return
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_index(
        "ix_search_entries_trigrams",
        "search_entries",
        ["text"],
        postgresql_using="gin",
        postgresql_ops={"text": "gin_trgm_ops"},
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER search_entries_changed")
        op.execute("DROP TRIGGER search_entries_deleted")
        op.execute("DROP TABLE search_index")
    else:
        op.drop_index("ix_search_entries_trigrams", table_name="search_entries")
    op.drop_index("uq_search_entries_source", table_name="search_entries")
    op.drop_index(op.f("ix_search_entries_relationship_id"), table_name="search_entries")
    op.drop_index(op.f("ix_search_entries_influencer_id"), table_name="search_entries")
    op.drop_table("search_entries")
