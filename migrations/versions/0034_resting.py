"""What the reach of a brand rested on when a review was closed, kept with its minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reviews", sa.Column("rests_on", sa.JSON()))


def downgrade() -> None:
    op.drop_column("reviews", "rests_on")
