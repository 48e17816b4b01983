"""The pace at which the mail server takes mails, as it taught us."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "channel_health",
        sa.Column("window_sent", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )
    op.add_column("channel_health", sa.Column("window_at", MOMENT, nullable=True))
    op.add_column("channel_health", sa.Column("per_minute", sa.Integer(), nullable=True))
    op.add_column("channel_health", sa.Column("limited_at", MOMENT, nullable=True))


def downgrade() -> None:
    for name in ("limited_at", "per_minute", "window_at", "window_sent"):
        op.drop_column("channel_health", name)
