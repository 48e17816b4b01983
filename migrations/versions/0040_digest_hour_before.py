"""The hour of a digest that was stopped is kept for whoever wants it again."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("digest_hour_before", sa.Integer()))


def downgrade() -> None:
    op.drop_column("users", "digest_hour_before")
