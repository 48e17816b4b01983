"""On which days a colleague gets her digest, up to which day it told, and when her week is due."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "users",
        sa.Column("digest_on_days_off", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("users", sa.Column("digest_told_on", sa.Date()))
    op.add_column("users", sa.Column("next_weekly_at", sa.DateTime(timezone=True)))
    op.create_index("ix_users_next_weekly_at", "users", ["next_weekly_at"])


def downgrade() -> None:
    op.drop_index("ix_users_next_weekly_at", "users")
    for name in ("next_weekly_at", "digest_told_on", "digest_on_days_off"):
        op.drop_column("users", name)
