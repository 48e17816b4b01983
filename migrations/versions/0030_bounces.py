"""What came back for mails that the server had taken."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

KINDS = ("hard", "soft", "policy", "complaint", "delayed", "other")


def upgrade() -> None:
    kind = sa.Enum(*KINDS, native_enum=False, create_constraint=True, name="kind", length=20)
    op.create_table(
        "bounces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_key", sa.String(64), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_forgiven", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outbox_id"],
            ["outbox.id"],
            name="fk_bounces_outbox_id_outbox",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bounces"),
        sa.UniqueConstraint("report_key", "outbox_id", name="uq_bounces_report_key_outbox_id"),
    )
    op.create_index("ix_bounces_outbox_id", "bounces", ["outbox_id"])
    op.create_index("ix_bounces_kind_at", "bounces", ["kind", "at"])


def downgrade() -> None:
    op.drop_table("bounces")
