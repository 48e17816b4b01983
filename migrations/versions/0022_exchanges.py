"""Exchanges keep their history; facts, gifts, promises and questions come from them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interaction_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column(
            "change",
            sa.Enum(
                "edited",
                "removed",
                "restored",
                name="change",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("before", sa.JSON(), nullable=False),
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
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationships.id"],
            name=op.f("fk_interaction_versions_relationship_id_relationships"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_interaction_versions_user_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction_versions")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_interaction_versions_interaction_id"), "interaction_versions", ["interaction_id"]
    )
    op.create_index(
        op.f("ix_interaction_versions_relationship_id_at"),
        "interaction_versions",
        ["relationship_id", "at"],
    )
    op.create_table(
        "facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "birthday",
                "family",
                "team",
                "passion",
                "project",
                "milestone",
                "taste",
                "no_go",
                "other",
                name="factkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "told",
                "public",
                "guess",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("shelf_days", sa.Integer()),
        sa.Column("on_month", sa.Integer()),
        sa.Column("on_day", sa.Integer()),
        sa.Column("on_year", sa.Integer()),
        sa.Column("is_yearly", sa.Boolean(), nullable=False),
        sa.Column("is_sensitive", sa.Boolean(), nullable=False),
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
        sa.Column("author_id", sa.Integer()),
        sa.Column("interaction_id", sa.Integer()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by_id", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_facts_author_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"],
            ["users.id"],
            name=op.f("fk_facts_ended_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interactions.id"],
            name=op.f("fk_facts_interaction_id_interactions"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationships.id"],
            name=op.f("fk_facts_relationship_id_relationships"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_facts_on_month_on_day"),
        "facts",
        ["on_month", "on_day"],
        sqlite_where=sa.text("on_month IS NOT NULL"),
        postgresql_where=sa.text("on_month IS NOT NULL"),
    )
    op.create_index(op.f("ix_facts_relationship_id_kind"), "facts", ["relationship_id", "kind"])
    op.create_table(
        "interaction_colleagues",
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interactions.id"],
            name=op.f("fk_interaction_colleagues_interaction_id_interactions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_interaction_colleagues_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "interaction_id", "user_id", name=op.f("pk_interaction_colleagues")
        ),
    )
    op.create_index(
        op.f("ix_interaction_colleagues_user_id"), "interaction_colleagues", ["user_id"]
    )
    op.create_table(
        "promises",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column(
            "promiser",
            sa.Enum(
                "us", "them", name="promiser", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Integer()),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "kept",
                "broken",
                "withdrawn",
                name="promisestate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("closed_on", sa.Date()),
        sa.Column("closed_by_id", sa.Integer()),
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
        sa.Column("interaction_id", sa.Integer()),
        sa.Column("author_id", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name=op.f("fk_promises_author_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"],
            ["users.id"],
            name=op.f("fk_promises_closed_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interactions.id"],
            name=op.f("fk_promises_interaction_id_interactions"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_promises_owner_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationships.id"],
            name=op.f("fk_promises_relationship_id_relationships"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_promises_due",
        "promises",
        ["owner_id", "due_on", "id"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_promises_interaction_id"), "promises", ["interaction_id"])
    op.create_index(
        op.f("ix_promises_relationship_id_due_on"), "promises", ["relationship_id", "due_on"]
    )
    op.create_table(
        "fact_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("interaction_id", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["facts.id"], name=op.f("fk_fact_uses_fact_id_facts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interactions.id"],
            name=op.f("fk_fact_uses_interaction_id_interactions"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_fact_uses_user_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_uses")),
        sa.UniqueConstraint("fact_id", "occasion", name=op.f("uq_fact_uses_fact_id_occasion")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_fact_uses_interaction_id"), "fact_uses", ["interaction_id"])
    op.create_table(
        "gifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("fact_id", sa.Integer()),
        sa.Column("is_merch", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["facts.id"], name=op.f("fk_gifts_fact_id_facts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interactions.id"],
            name=op.f("fk_gifts_interaction_id_interactions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gifts")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_gifts_interaction_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner_id", sa.Integer()),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "answered",
                "dropped",
                name="questionstate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("held_at", sa.DateTime(timezone=True)),
        sa.Column("promise_id", sa.Integer()),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("answered_by_id", sa.Integer()),
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
        sa.Column("interaction_id", sa.Integer()),
        sa.Column("author_id", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["users.id"],
            name=op.f("fk_questions_answered_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name=op.f("fk_questions_author_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interactions.id"],
            name=op.f("fk_questions_interaction_id_interactions"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["users.id"],
            name=op.f("fk_questions_owner_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["promise_id"],
            ["promises.id"],
            name=op.f("fk_questions_promise_id_promises"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["relationship_id"],
            ["relationships.id"],
            name=op.f("fk_questions_relationship_id_relationships"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_questions_interaction_id"), "questions", ["interaction_id"])
    op.create_index(
        op.f("ix_questions_relationship_id_asked_at"), "questions", ["relationship_id", "asked_at"]
    )
    op.create_index(
        "ix_questions_waiting",
        "questions",
        ["owner_id", "answer_by", "id"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.add_column("interactions", _filled("present", sa.String(200), "''"))
    op.add_column("interactions", _filled("links", sa.JSON(), "'[]'"))
    op.add_column("interactions", sa.Column("edited_at", sa.DateTime(timezone=True)))
    op.add_column("relationships", _filled("unanswered", sa.Integer(), "0"))
    _count_unanswered()
    op.add_column("brands", _filled("answering", sa.JSON(), "'{}'"))


def downgrade() -> None:
    for name in (
        "questions",
        "gifts",
        "fact_uses",
        "promises",
        "interaction_colleagues",
        "facts",
        "interaction_versions",
    ):
        op.drop_table(name)
    for name in ("edited_at", "links", "present"):
        op.drop_column("interactions", name)
    op.drop_column("relationships", "unanswered")
    op.drop_column("brands", "answering")


def _filled(name: str, kind: sa.types.TypeEngine[object], default: str) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False, server_default=sa.text(default))


def _count_unanswered() -> None:
    """Days on which we turned to somebody since they last answered; irm/ledger/contact.py."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    day = "date(i.happened_at)" if is_sqlite else "CAST(i.happened_at AT TIME ZONE 'UTC' AS date)"
    op.execute(
        "UPDATE relationships SET unanswered = ("  # noqa: S608  # no value stands in it
        f" SELECT count(DISTINCT {day}) FROM interactions i"
        " WHERE i.relationship_id = relationships.id AND i.direction = 'out'"
        " AND i.channel IN ('message', 'email', 'call', 'meeting')"
        " AND (relationships.last_inbound_at IS NULL"
        " OR i.happened_at > relationships.last_inbound_at))"
        " WHERE last_outbound_at IS NOT NULL"
    )
