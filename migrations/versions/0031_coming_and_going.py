"""Ways in by mail: a forgotten password, an invitation; and letters whose text is not kept."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "password_resets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("bound_to", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        _to("password_resets", "user_id", "users", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_resets")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_resets_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_password_resets_user_id"), "password_resets", ["user_id"])
    op.create_index(op.f("ix_password_resets_expires_at"), "password_resets", ["expires_at"])
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("email_key", sa.String(254), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("locale", sa.String(8), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("invited_by_id", sa.Integer()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT),
        sa.Column("accepted_by_id", sa.Integer()),
        sa.Column("withdrawn_at", MOMENT),
        sa.CheckConstraint(
            "role IN ('viewer', 'manager', 'lead')", name=op.f("ck_invitations_role")
        ),
        _to("invitations", "invited_by_id", "users", "SET NULL"),
        _to("invitations", "accepted_by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_invitations_email_key"), "invitations", ["email_key"])
    op.create_table(
        "invitation_brands",
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        _to("invitation_brands", "invitation_id", "invitations", "CASCADE"),
        _to("invitation_brands", "brand_id", "brands", "CASCADE"),
        sa.PrimaryKeyConstraint("invitation_id", "brand_id", name=op.f("pk_invitation_brands")),
    )
    op.create_index(op.f("ix_invitation_brands_brand_id"), "invitation_brands", ["brand_id"])
    op.add_column(
        "login_attempts",
        sa.Column("kind", sa.String(32), nullable=False, server_default=sa.text("'sign_in'")),
    )
    kept = sa.text("letter IN ('reset', 'invitation') AND body_text <> ''")
    op.create_index("ix_outbox_secret", "outbox", ["id"], sqlite_where=kept, postgresql_where=kept)


def _to(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    op.drop_index("ix_outbox_secret", table_name="outbox")
    op.drop_column("login_attempts", "kind")
    op.drop_table("invitation_brands")
    op.drop_table("invitations")
    op.drop_table("password_resets")
