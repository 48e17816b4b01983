"""The board is grouped by tier, owner or archetype, and says how long a stage lasts, by indexes."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_relationships_planned"),
        "relationships",
        ["brand_id", "next_order", "fit_order", "id"],
    )
    op.create_index(
        op.f("ix_relationships_stage_since"),
        "relationships",
        ["brand_id", "stage", "stage_since"],
    )
    op.create_index(op.f("ix_influencers_tier"), "influencers", ["tier"])
    op.create_index(op.f("ix_influencers_archetype"), "influencers", ["archetype"])
    if op.get_bind().dialect.name == "sqlite":
        # Beside indexes that it has counted, SQLite takes one that it has not for the best of all.
        op.execute("ANALYZE")


def downgrade() -> None:
    op.drop_index(op.f("ix_influencers_archetype"), table_name="influencers")
    op.drop_index(op.f("ix_influencers_tier"), table_name="influencers")
    op.drop_index(op.f("ix_relationships_stage_since"), table_name="relationships")
    op.drop_index(op.f("ix_relationships_planned"), table_name="relationships")
