"""What a stage rests on: proofs typed in by hand, posts that speak of a brand, thresholds."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _common() -> tuple[sa.Column[int], ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relationship_id", sa.Integer(), nullable=False),
    )


def _keys() -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationships.id"],
            name=op.f("fk_proofs_relationship_id_relationships"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proofs")),
    )


def _index_proofs() -> None:
    op.create_index(
        op.f("ix_proofs_relationship_id_kind_day"), "proofs", ["relationship_id", "kind", "day"]
    )
    op.create_index(
        "uq_proofs_source",
        "proofs",
        ["relationship_id", "kind", "source", "source_id"],
        unique=True,
    )


def upgrade() -> None:
    op.add_column(
        "brands", sa.Column("evidence", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
    )
    op.add_column("relationships", sa.Column("earned_check_on", sa.Date()))
    op.add_column("relationships", sa.Column("dismissed_from", sa.String(32)))
    differs = sa.text("coalesce(earned_stage, 'unaware') <> stage")
    op.create_index(
        "ix_relationships_differing",
        "relationships",
        ["brand_id", "fit_order", "id"],
        sqlite_where=differs,
        postgresql_where=differs,
    )
    checked = sa.text("earned_check_on IS NOT NULL")
    op.create_index(
        op.f("ix_relationships_earned_check_on"),
        "relationships",
        ["earned_check_on"],
        sqlite_where=checked,
        postgresql_where=checked,
    )
    # Nothing wrote this table before: it is made anew.
    op.drop_table("proofs")
    op.create_table(
        "proofs",
        *_common(),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("source_id", sa.Integer()),
        sa.Column("author_id", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name=op.f("fk_proofs_author_id_users"),
            ondelete="SET NULL",
        ),
        *_keys(),
        sqlite_autoincrement=True,
    )
    _index_proofs()
    op.create_table(
        "post_mentions",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["posts.id"],
            name=op.f("fk_post_mentions_post_id_posts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["brand_id"],
            ["brands.id"],
            name=op.f("fk_post_mentions_brand_id_brands"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("post_id", "brand_id", name=op.f("pk_post_mentions")),
    )
    op.create_index(op.f("ix_post_mentions_brand_id"), "post_mentions", ["brand_id"])
    # What was logged and published so far is read by the worker, in its own time.
    op.execute(
        "INSERT INTO tasks (kind, arguments, state, done, total, result, attempts, created_at)"
        " SELECT 'evidence', '{\"posts\": true}', 'queued', 0, 0, '{}', 0, CURRENT_TIMESTAMP"
        " WHERE EXISTS (SELECT 1 FROM relationships)"
    )


def downgrade() -> None:
    op.execute("DELETE FROM tasks WHERE kind = 'evidence'")
    op.drop_table("post_mentions")
    op.drop_table("proofs")
    op.create_table(
        "proofs",
        *_common(),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("source_id", sa.Integer()),
        *_keys(),
    )
    _index_proofs()
    op.drop_index(op.f("ix_relationships_earned_check_on"), table_name="relationships")
    op.drop_index("ix_relationships_differing", table_name="relationships")
    op.drop_column("relationships", "dismissed_from")
    op.drop_column("relationships", "earned_check_on")
    op.drop_column("brands", "evidence")
