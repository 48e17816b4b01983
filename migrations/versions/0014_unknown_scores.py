"""Scores that are not known are found without reading all that were."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for subject, is_of in (("influencer", "NULL"), ("relationship", "NOT NULL")):
        where = sa.text(f"value IS NULL AND relationship_id IS {is_of}")
        op.create_index(
            f"ix_scores_unknown_of_{subject}",
            "scores",
            [f"{subject}_id"],
            sqlite_where=where,
            postgresql_where=where,
        )


def downgrade() -> None:
    for subject in ("influencer", "relationship"):
        op.drop_index(f"ix_scores_unknown_of_{subject}", "scores")
