"""Count how often an installation was seen, and keep what became of its backups."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "instance",
        sa.Column("beats", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
    )
    op.create_table(
        "backup_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file", sa.String(80), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("is_well", sa.Boolean(), nullable=False),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_runs")),
    )
    op.create_index(op.f("ix_backup_runs_kind_finished_at"), "backup_runs", ["kind", "finished_at"])


def downgrade() -> None:
    op.drop_table("backup_runs")
    op.drop_column("instance", "beats")
