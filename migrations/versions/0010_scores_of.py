"""From a person who is deleted to their scores, without reading the whole table."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_scores_influencer_id"), "scores", ["influencer_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_scores_influencer_id"), table_name="scores")
