"""What was given and asked is counted by an index, without a look at all that was said."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

INDEX = "ix_interactions_given_asked"
COLUMNS = [
    "happened_at",
    "relationship_id",
    "author_id",
    "kind",
    "direction",
    "outcome",
    "is_breach",
]


def upgrade() -> None:
    counted = sa.text("kind <> 'talk'")
    op.create_index(INDEX, "interactions", COLUMNS, sqlite_where=counted, postgresql_where=counted)


def downgrade() -> None:
    op.drop_index(INDEX, table_name="interactions")
