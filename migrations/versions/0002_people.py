"""People, their accounts, figures and posts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "influencers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=80), nullable=True),
        sa.Column("city", sa.String(length=120), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("bio", sa.Text(), nullable=True),
        sa.Column("categories", sa.String(length=200), nullable=True),
        sa.Column(
            "archetype",
            sa.Enum(
                "celebrity",
                "journalist",
                "analyst",
                "politician",
                "expert",
                "community_leader",
                "creator",
                "local",
                "fan",
                name="archetype",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "external",
                "employee",
                "partner",
                "customer",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "tier",
            sa.Enum(
                "macro",
                "middle",
                "micro",
                name="tier",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("tier_set_by_id", sa.Integer(), nullable=True),
        sa.Column("tier_reason", sa.String(length=200), nullable=True),
        sa.Column("preferred_channel", sa.String(length=32), nullable=True),
        sa.Column("contact_ceiling", sa.Integer(), nullable=True),
        sa.Column("do_not_contact", sa.Boolean(), nullable=False),
        sa.Column("business_model", sa.Text(), nullable=True),
        sa.Column("looks_for", sa.Text(), nullable=True),
        sa.Column("may_be_paid", sa.Boolean(), nullable=True),
        sa.Column("may_be_paid_why", sa.String(length=200), nullable=True),
        sa.Column("audience", sa.BigInteger(), nullable=True),
        sa.Column("reach", sa.Double(), nullable=True),
        sa.Column("resonance", sa.Double(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("lawful_basis", sa.String(length=40), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["influencers.id"],
            name=op.f("fk_influencers_merged_into_id_influencers"),
        ),
        sa.ForeignKeyConstraint(
            ["tier_set_by_id"],
            ["users.id"],
            name=op.f("fk_influencers_tier_set_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_influencers")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("influencer_id", sa.Integer(), nullable=False),
        sa.Column(
            "platform",
            sa.Enum(
                "instagram",
                "youtube",
                "tiktok",
                "x",
                "facebook",
                "twitch",
                "linkedin",
                "pinterest",
                "threads",
                "bluesky",
                "mastodon",
                "snapchat",
                "blog",
                "podcast",
                "newsletter",
                "other",
                name="platform",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("handle", sa.String(length=200), nullable=False),
        sa.Column("handle_key", sa.String(length=200), nullable=False),
        sa.Column("platform_id", sa.String(length=64), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("followers", sa.BigInteger(), nullable=True),
        sa.Column("likes_average", sa.Double(), nullable=True),
        sa.Column("comments_average", sa.Double(), nullable=True),
        sa.Column("shares_average", sa.Double(), nullable=True),
        sa.Column("views_average", sa.Double(), nullable=True),
        sa.Column("engagement_average", sa.Double(), nullable=True),
        sa.Column("figures_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_accounts_influencer_id_influencers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint(
            "platform", "platform_id", name=op.f("uq_accounts_platform_platform_id")
        ),
    )
    op.create_index(op.f("ix_accounts_influencer_id"), "accounts", ["influencer_id"], unique=False)
    op.create_index(
        "uq_accounts_current_handle",
        "accounts",
        ["platform", "handle_key"],
        unique=True,
        sqlite_where=sa.text("is_current = 1"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "contact_points",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("influencer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=300), nullable=False),
        sa.Column("value_key", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_contact_points_influencer_id_influencers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_points")),
        sa.UniqueConstraint("kind", "value_key", name=op.f("uq_contact_points_kind_value_key")),
    )
    op.create_index(
        op.f("ix_contact_points_influencer_id"), "contact_points", ["influencer_id"], unique=False
    )
    op.create_table(
        "account_handles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "platform",
            sa.Enum(
                "instagram",
                "youtube",
                "tiktok",
                "x",
                "facebook",
                "twitch",
                "linkedin",
                "pinterest",
                "threads",
                "bluesky",
                "mastodon",
                "snapchat",
                "blog",
                "podcast",
                "newsletter",
                "other",
                name="platform",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("handle", sa.String(length=200), nullable=False),
        sa.Column("handle_key", sa.String(length=200), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_account_handles_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_handles")),
    )
    op.create_index(
        op.f("ix_account_handles_account_id"), "account_handles", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_account_handles_platform_handle_key"),
        "account_handles",
        ["platform", "handle_key"],
        unique=False,
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("platform_post_id", sa.String(length=64), nullable=True),
        sa.Column("content_key", sa.String(length=64), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("likes", sa.BigInteger(), nullable=True),
        sa.Column("comments", sa.BigInteger(), nullable=True),
        sa.Column("shares", sa.BigInteger(), nullable=True),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_posts_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint(
            "account_id", "content_key", name=op.f("uq_posts_account_id_content_key")
        ),
        sa.UniqueConstraint(
            "account_id", "platform_post_id", name=op.f("uq_posts_account_id_platform_post_id")
        ),
    )
    op.create_index(
        op.f("ix_posts_account_id_published_at"),
        "posts",
        ["account_id", "published_at"],
        unique=False,
    )
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("followers", sa.BigInteger(), nullable=True),
        sa.Column("likes_average", sa.Double(), nullable=True),
        sa.Column("comments_average", sa.Double(), nullable=True),
        sa.Column("shares_average", sa.Double(), nullable=True),
        sa.Column("views_average", sa.Double(), nullable=True),
        sa.Column("engagement_average", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_snapshots_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        sa.UniqueConstraint("account_id", "day", name=op.f("uq_snapshots_account_id_day")),
    )


def downgrade() -> None:
    op.drop_table("snapshots")
    op.drop_index(op.f("ix_posts_account_id_published_at"), table_name="posts")
    op.drop_table("posts")
    op.drop_index(op.f("ix_account_handles_platform_handle_key"), table_name="account_handles")
    op.drop_index(op.f("ix_account_handles_account_id"), table_name="account_handles")
    op.drop_table("account_handles")
    op.drop_index(op.f("ix_contact_points_influencer_id"), table_name="contact_points")
    op.drop_table("contact_points")
    op.drop_index(
        "uq_accounts_current_handle",
        table_name="accounts",
        sqlite_where=sa.text("is_current = 1"),
        postgresql_where=sa.text("is_current"),
    )
    op.drop_index(op.f("ix_accounts_influencer_id"), table_name="accounts")
    op.drop_table("accounts")
    op.drop_table("influencers")
