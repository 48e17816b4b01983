"""From a row that is deleted to those that point at it, without reading the whole table."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

POINTERS = (
    ("influencers", "merged_into_id"),
    ("stage_moves", "undoes_id"),
)


def upgrade() -> None:
    for table, column in POINTERS:
        is_set = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            op.f(f"ix_{table}_{column}"),
            table,
            [column],
            unique=False,
            sqlite_where=is_set,
            postgresql_where=is_set,
        )


def downgrade() -> None:
    for table, column in reversed(POINTERS):
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
