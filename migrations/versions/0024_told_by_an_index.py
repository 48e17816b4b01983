"""Who is left in peace, and where the gate was overridden: Today tells a lead, by an index each."""

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
    op.create_index(
        "ix_asks_overridden",
        "asks",
        ["created_at"],
        sqlite_where=sa.text("override_reason IS NOT NULL"),
        postgresql_where=sa.text("override_reason IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_asks_overridden", table_name="asks")
    op.drop_index("ix_relationships_left_in_peace", table_name="relationships")
