"""When a colleague set a person's tier, beside who and why."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("influencers", sa.Column("tier_set_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("influencers", "tier_set_at")
