"""Campaigns, cadences, absences and quiet seasons; plans, and whom they leave out; handovers."""

import re

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cadence_policies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "stage",
                "level",
                "campaign",
                name="policyscope",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("ideal", sa.Integer(), nullable=False),
        sa.Column("worst", sa.Integer(), nullable=False),
        sa.CheckConstraint("ideal >= 1 AND worst >= ideal", name=op.f("ck_cadence_policies_days")),
        sa.ForeignKeyConstraint(
            ["brand_id"],
            ["brands.id"],
            name=op.f("fk_cadence_policies_brand_id_brands"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cadence_policies")),
        sa.UniqueConstraint(
            "brand_id", "scope", "key", name=op.f("uq_cadence_policies_brand_id_scope_key")
        ),
    )
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("goal", sa.String(length=500), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Integer()),
        sa.Column("author_id", sa.Integer()),
        sa.Column("cancelled_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_campaigns_order")),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name=op.f("fk_campaigns_author_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["brand_id"],
            ["brands.id"],
            name=op.f("fk_campaigns_brand_id_brands"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["users.id"],
            name=op.f("fk_campaigns_owner_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_campaigns_brand_id_ends_on"), "campaigns", ["brand_id", "ends_on"])
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer()),
        sa.Column("back_on", sa.Date()),
        sa.Column("returned_at", sa.DateTime(timezone=True)),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.Integer()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name=op.f("fk_handovers_author_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["brand_id"],
            ["brands.id"],
            name=op.f("fk_handovers_brand_id_brands"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["from_id"], ["users.id"], name=op.f("fk_handovers_from_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_handovers_brand_id_at"), "handovers", ["brand_id", "at"])
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer()),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_plans_author_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brands.id"], name=op.f("fk_plans_brand_id_brands"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_plans_brand_id_made_at"), "plans", ["brand_id", "made_at"])
    op.create_table(
        "quiet_seasons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("is_yearly", sa.Boolean(), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_quiet_seasons_order")),
        sa.ForeignKeyConstraint(
            ["brand_id"],
            ["brands.id"],
            name=op.f("fk_quiet_seasons_brand_id_brands"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiet_seasons")),
    )
    op.create_index(op.f("ix_quiet_seasons_brand_id"), "quiet_seasons", ["brand_id"])
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("influencer_id", sa.Integer()),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (influencer_id IS NULL)", name=op.f("ck_absences_whose")
        ),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_absences_order")),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name=op.f("fk_absences_author_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_absences_influencer_id_influencers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_absences_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_absences_influencer_id"), "absences", ["influencer_id"])
    op.create_index(op.f("ix_absences_user_id_first_on"), "absences", ["user_id", "first_on"])
    op.create_table(
        "campaign_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_campaign_days_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_days")),
        sa.UniqueConstraint(
            "campaign_id", "day", "name", name=op.f("uq_campaign_days_campaign_id_day_name")
        ),
    )
    op.create_table(
        "campaign_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["added_by_id"],
            ["users.id"],
            name=op.f("fk_campaign_members_added_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_campaign_members_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationships.id"],
            name=op.f("fk_campaign_members_relationship_id_relationships"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_members")),
        sa.UniqueConstraint(
            "campaign_id",
            "relationship_id",
            name=op.f("uq_campaign_members_campaign_id_relationship_id"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_campaign_members_relationship_id"), "campaign_members", ["relationship_id"]
    )
    op.create_table(
        "handover_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer()),
        sa.Column("touchpoints", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name=op.f("fk_handover_items_handover_id_handovers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationships.id"],
            name=op.f("fk_handover_items_relationship_id_relationships"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["users.id"], name=op.f("fk_handover_items_to_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_items")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_handover_items_handover_id"), "handover_items", ["handover_id"])
    op.create_index(
        op.f("ix_handover_items_relationship_id"), "handover_items", ["relationship_id"]
    )
    op.create_table(
        "plan_gaps",
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer()),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("debt", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"],
            ["brands.id"],
            name=op.f("fk_plan_gaps_brand_id_brands"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_plan_gaps_owner_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationships.id"],
            name=op.f("fk_plan_gaps_relationship_id_relationships"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("relationship_id", "what", name=op.f("pk_plan_gaps")),
    )
    op.create_index(
        op.f("ix_plan_gaps_brand_id_owner_id_debt"), "plan_gaps", ["brand_id", "owner_id", "debt"]
    )
    op.add_column("brands", _filled("planning", sa.JSON(), "'{}'"))
    _change_users()
    _change_touchpoints("person", "cadence", "plan")


def downgrade() -> None:
    _change_touchpoints_back()
    op.drop_index(op.f("ix_users_calendar_hash"), table_name="users")
    for name in ("calendar_hash", "country", "work_days"):
        op.drop_column("users", name)
    op.drop_column("brands", "planning")
    for name in (
        "plan_gaps",
        "handover_items",
        "campaign_members",
        "campaign_days",
        "absences",
        "quiet_seasons",
        "plans",
        "handovers",
        "campaigns",
        "cadence_policies",
    ):
        op.drop_table(name)


def _change_users() -> None:
    op.add_column("users", _filled("work_days", sa.String(7), "'12345'"))
    op.add_column("users", sa.Column("country", sa.String(2)))
    op.add_column("users", sa.Column("calendar_hash", sa.String(64)))
    op.create_index(op.f("ix_users_calendar_hash"), "users", ["calendar_hash"], unique=True)


def _change_touchpoints(*planners: str) -> None:
    with op.batch_alter_table("touchpoints") as batch_op:
        batch_op.add_column(sa.Column("campaign_id", sa.Integer()))
        batch_op.add_column(sa.Column("minutes", sa.Integer()))
        batch_op.add_column(_filled("is_pinned", sa.Boolean(), "false"))
        batch_op.create_foreign_key(
            op.f("fk_touchpoints_campaign_id_campaigns"),
            "campaigns",
            ["campaign_id"],
            ["id"],
            ondelete="SET NULL",
        )
        _allow(batch_op, planners)
    _give_no_id_twice()
    set_ = sa.text("campaign_id IS NOT NULL")
    op.create_index(
        op.f("ix_touchpoints_campaign_id"),
        "touchpoints",
        ["campaign_id"],
        sqlite_where=set_,
        postgresql_where=set_,
    )


def _change_touchpoints_back() -> None:
    op.execute("UPDATE touchpoints SET planned_by = 'cadence' WHERE planned_by = 'plan'")
    op.drop_index(op.f("ix_touchpoints_campaign_id"), table_name="touchpoints")
    with op.batch_alter_table("touchpoints") as batch_op:
        _allow(batch_op, ("person", "cadence"))
        name = op.f("fk_touchpoints_campaign_id_campaigns")
        batch_op.drop_constraint(name, type_="foreignkey")
        for column in ("is_pinned", "minutes", "campaign_id"):
            batch_op.drop_column(column)
    _give_no_id_twice()


def _give_no_id_twice() -> None:
    """Give the key back what a batch takes from it on SQLite, where it makes the table anew.

    The table's own words are taken over, so that not a check or a partial index is lost.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    [(made,)] = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'touchpoints'"
    ).all()
    beside = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type != 'table' AND tbl_name = 'touchpoints'"
        " AND sql IS NOT NULL"
    ).all()
    assert "PRIMARY KEY (id)" in made, "the key of touchpoints is another than was thought"
    made = made.replace("PRIMARY KEY (id)", "PRIMARY KEY (id AUTOINCREMENT)")
    made = re.sub(r'^CREATE TABLE "?touchpoints"?', "CREATE TABLE new_touchpoints", made)
    connection.exec_driver_sql(made)
    connection.exec_driver_sql("INSERT INTO new_touchpoints SELECT * FROM touchpoints")
    connection.exec_driver_sql("DROP TABLE touchpoints")
    connection.exec_driver_sql("ALTER TABLE new_touchpoints RENAME TO touchpoints")
    for (sql,) in beside:
        connection.exec_driver_sql(sql)


def _allow(batch_op: BatchOperations, planners: tuple[str, ...]) -> None:
    name = op.f("ck_touchpoints_planner")
    words = ", ".join(f"'{word}'" for word in planners)
    batch_op.drop_constraint(name, type_="check")
    batch_op.create_check_constraint(name, sa.text(f"planned_by IN ({words})"))


def _filled(name: str, kind: sa.types.TypeEngine[object], default: str) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False, server_default=sa.text(default))
