"""How far colleagues were written to about what happened."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_marks",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.String(20), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_notice_marks_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "stream", name=op.f("pk_notice_marks")),
    )
    op.create_table(
        "told",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("notice", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_told_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "notice", "subject_id", name=op.f("pk_told")),
    )
    op.create_index(op.f("ix_told_at"), "told", ["at"])


def downgrade() -> None:
    op.drop_table("told")
    op.drop_table("notice_marks")
