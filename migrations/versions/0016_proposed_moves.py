"""The moves that the evidence proposes with one's own people are found without reading all."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    differs = sa.text("coalesce(earned_stage, 'unaware') <> stage")
    op.create_index(
        "ix_relationships_differing_owner",
        "relationships",
        ["brand_id", "owner_id", "fit_order", "id"],
        sqlite_where=differs,
        postgresql_where=differs,
    )


def downgrade() -> None:
    op.drop_index("ix_relationships_differing_owner", table_name="relationships")
