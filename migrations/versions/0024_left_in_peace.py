"""Who is left in peace is found by an index: Today says to a lead how many they are."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_relationships_left_in_peace",
        "relationships",
        ["brand_id", "contact_order"],
        sqlite_where=sa.text("unanswered >= 3"),
        postgresql_where=sa.text("unanswered >= 3"),
    )


def downgrade() -> None:
    op.drop_index("ix_relationships_left_in_peace", table_name="relationships")
