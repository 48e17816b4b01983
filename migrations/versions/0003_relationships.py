"""Relationships, what moved them, what happened, what is planned, what it scores."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stage_counters",
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "unaware",
                "aware",
                "interested",
                "engaged",
                "ambassador",
                name="stage",
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
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("audience", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"],
            ["brands.id"],
            name=op.f("fk_stage_counters_brand_id_brands"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "brand_id", "stage", "tier", "owner_id", name=op.f("pk_stage_counters")
        ),
    )
    op.create_table(
        "relationships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("influencer_id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "unaware",
                "aware",
                "interested",
                "engaged",
                "ambassador",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("stage_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "earned_stage",
            sa.Enum(
                "unaware",
                "aware",
                "interested",
                "engaged",
                "ambassador",
                name="earned_stage",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("earned_on", sa.Date(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column(
            "level",
            sa.Enum(
                "beginner",
                "intermediate",
                "advanced",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("cadence_ideal", sa.Integer(), nullable=True),
        sa.Column("cadence_worst", sa.Integer(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("paused_why", sa.String(length=200), nullable=True),
        sa.Column("relevance", sa.Double(), nullable=True),
        sa.Column("fit", sa.Double(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("last_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_two_way_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_inbound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_outbound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_touchpoint_on", sa.Date(), nullable=True),
        sa.Column("gives_since_ask", sa.Integer(), nullable=False),
        sa.Column(
            "name_order",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("fit_order", sa.Double(), nullable=False),
        sa.Column("relevance_order", sa.Double(), nullable=False),
        sa.Column("resonance_order", sa.Double(), nullable=False),
        sa.Column("reach_order", sa.Double(), nullable=False),
        sa.Column("next_order", sa.Date(), nullable=False),
        sa.Column("contact_order", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"],
            ["brands.id"],
            name=op.f("fk_relationships_brand_id_brands"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_relationships_influencer_id_influencers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["users.id"],
            name=op.f("fk_relationships_owner_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relationships")),
        sa.UniqueConstraint(
            "brand_id", "influencer_id", name=op.f("uq_relationships_brand_id_influencer_id")
        ),
    )
    op.create_index(
        "ix_relationships_board",
        "relationships",
        ["brand_id", "stage", "next_order", "fit_order", "id"],
        unique=False,
    )
    op.create_index(
        "ix_relationships_contact_order",
        "relationships",
        ["brand_id", "contact_order", "id"],
        unique=False,
    )
    op.create_index(
        "ix_relationships_fit_order", "relationships", ["brand_id", "fit_order", "id"], unique=False
    )
    op.create_index(
        op.f("ix_relationships_influencer_id"), "relationships", ["influencer_id"], unique=False
    )
    op.create_index(
        "ix_relationships_name_order",
        "relationships",
        ["brand_id", "name_order", "id"],
        unique=False,
    )
    op.create_index(
        "ix_relationships_next_order",
        "relationships",
        ["brand_id", "next_order", "id"],
        unique=False,
    )
    op.create_index(
        "ix_relationships_owner",
        "relationships",
        ["brand_id", "owner_id", "next_order", "fit_order", "id"],
        unique=False,
    )
    op.create_index(
        "ix_relationships_reach_order",
        "relationships",
        ["brand_id", "reach_order", "id"],
        unique=False,
    )
    op.create_index(
        "ix_relationships_relevance_order",
        "relationships",
        ["brand_id", "relevance_order", "id"],
        unique=False,
    )
    op.create_index(
        "ix_relationships_resonance_order",
        "relationships",
        ["brand_id", "resonance_order", "id"],
        unique=False,
    )
    op.create_table(
        "proofs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationships.id"],
            name=op.f("fk_proofs_relationship_id_relationships"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proofs")),
    )
    op.create_index(
        op.f("ix_proofs_relationship_id_kind_day"),
        "proofs",
        ["relationship_id", "kind", "day"],
        unique=False,
    )
    op.create_index(
        "uq_proofs_source",
        "proofs",
        ["relationship_id", "kind", "source", "source_id"],
        unique=True,
    )
    op.create_table(
        "scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("influencer_id", sa.Integer(), nullable=False),
        sa.Column("relationship_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "reach",
                "resonance",
                "relevance",
                "fit",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_scores_influencer_id_influencers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationships.id"],
            name=op.f("fk_scores_relationship_id_relationships"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scores")),
    )
    op.create_index(
        "uq_scores_of_person",
        "scores",
        ["influencer_id", "kind", "day"],
        unique=True,
        sqlite_where=sa.text("relationship_id IS NULL"),
        postgresql_where=sa.text("relationship_id IS NULL"),
    )
    op.create_index(
        "uq_scores_of_relationship",
        "scores",
        ["relationship_id", "kind", "day"],
        unique=True,
        sqlite_where=sa.text("relationship_id IS NOT NULL"),
        postgresql_where=sa.text("relationship_id IS NOT NULL"),
    )
    op.create_table(
        "stage_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column(
            "from_stage",
            sa.Enum(
                "unaware",
                "aware",
                "interested",
                "engaged",
                "ambassador",
                name="from_stage",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_stage",
            sa.Enum(
                "unaware",
                "aware",
                "interested",
                "engaged",
                "ambassador",
                name="to_stage",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationships.id"],
            name=op.f("fk_stage_moves_relationship_id_relationships"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["stage_moves.id"], name=op.f("fk_stage_moves_undoes_id_stage_moves")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_stage_moves_user_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_moves")),
    )
    op.create_index(op.f("ix_stage_moves_at"), "stage_moves", ["at"], unique=False)
    op.create_index(
        op.f("ix_stage_moves_relationship_id_at"),
        "stage_moves",
        ["relationship_id", "at"],
        unique=False,
    )
    op.create_table(
        "touchpoints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("tactic", sa.String(length=32), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "done",
                "skipped",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "planned_by",
            sa.Enum(
                "person",
                "cadence",
                name="planner",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("snoozes", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name=op.f("fk_touchpoints_author_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"],
            ["users.id"],
            name=op.f("fk_touchpoints_closed_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["users.id"],
            name=op.f("fk_touchpoints_owner_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationships.id"],
            name=op.f("fk_touchpoints_relationship_id_relationships"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touchpoints")),
    )
    op.create_index(
        "ix_touchpoints_due",
        "touchpoints",
        ["owner_id", "due_on", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        op.f("ix_touchpoints_relationship_id"), "touchpoints", ["relationship_id"], unique=False
    )
    op.create_table(
        "interactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "give",
                "ask",
                "talk",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "direction",
            sa.Enum(
                "out",
                "in",
                "both",
                name="direction",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "comment",
                "message",
                "email",
                "call",
                "meeting",
                "event",
                "post",
                "parcel",
                "other",
                name="channel",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("activity", sa.String(length=32), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum(
                "team",
                "private",
                name="visibility",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("is_breach", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("touchpoint_id", sa.Integer(), nullable=True),
        sa.Column("request_key", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name=op.f("fk_interactions_author_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationships.id"],
            name=op.f("fk_interactions_relationship_id_relationships"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["touchpoint_id"],
            ["touchpoints.id"],
            name=op.f("fk_interactions_touchpoint_id_touchpoints"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interactions")),
        sa.UniqueConstraint("request_key", name=op.f("uq_interactions_request_key")),
        sa.UniqueConstraint("touchpoint_id", name=op.f("uq_interactions_touchpoint_id")),
    )
    op.create_index(
        op.f("ix_interactions_relationship_id_happened_at"),
        "interactions",
        ["relationship_id", "happened_at"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_interactions_relationship_id_happened_at"), table_name="interactions")
    op.drop_table("interactions")
    op.drop_index(op.f("ix_touchpoints_relationship_id"), table_name="touchpoints")
    op.drop_index(
        "ix_touchpoints_due",
        table_name="touchpoints",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("touchpoints")
    op.drop_index(op.f("ix_stage_moves_relationship_id_at"), table_name="stage_moves")
    op.drop_index(op.f("ix_stage_moves_at"), table_name="stage_moves")
    op.drop_table("stage_moves")
    op.drop_index(
        "uq_scores_of_relationship",
        table_name="scores",
        sqlite_where=sa.text("relationship_id IS NOT NULL"),
        postgresql_where=sa.text("relationship_id IS NOT NULL"),
    )
    op.drop_index(
        "uq_scores_of_person",
        table_name="scores",
        sqlite_where=sa.text("relationship_id IS NULL"),
        postgresql_where=sa.text("relationship_id IS NULL"),
    )
    op.drop_table("scores")
    op.drop_index("uq_proofs_source", table_name="proofs")
    op.drop_index(op.f("ix_proofs_relationship_id_kind_day"), table_name="proofs")
    op.drop_table("proofs")
    op.drop_index("ix_relationships_resonance_order", table_name="relationships")
    op.drop_index("ix_relationships_relevance_order", table_name="relationships")
    op.drop_index("ix_relationships_reach_order", table_name="relationships")
    op.drop_index("ix_relationships_owner", table_name="relationships")
    op.drop_index("ix_relationships_next_order", table_name="relationships")
    op.drop_index("ix_relationships_name_order", table_name="relationships")
    op.drop_index(op.f("ix_relationships_influencer_id"), table_name="relationships")
    op.drop_index("ix_relationships_fit_order", table_name="relationships")
    op.drop_index("ix_relationships_contact_order", table_name="relationships")
    op.drop_index("ix_relationships_board", table_name="relationships")
    op.drop_table("relationships")
    op.drop_table("stage_counters")
