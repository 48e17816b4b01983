"""Members of a brand in named teams, and views that are shared with one of them."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_key", sa.String(60)),
        sa.Column("removed_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brands.id"], name="fk_teams_brand_id_brands", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
        sa.UniqueConstraint("brand_id", "name_key", name="uq_teams_brand_id_name_key"),
        sa.UniqueConstraint("id", "brand_id", name="uq_teams_id_brand_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "team_members",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        _leads_to(
            "team_id_brand_id_teams", ["team_id", "brand_id"], ["teams.id", "teams.brand_id"]
        ),
        _leads_to("user_id_users", ["user_id"], ["users.id"]),
        _leads_to(
            "brand_id_user_id_brand_members",
            ["brand_id", "user_id"],
            ["brand_members.brand_id", "brand_members.user_id"],
        ),
        sa.PrimaryKeyConstraint("team_id", "user_id", name="pk_team_members"),
    )
    op.create_index(
        op.f("ix_team_members_user_id_brand_id"), "team_members", ["user_id", "brand_id"]
    )
    with op.batch_alter_table("saved_views") as views:
        views.add_column(sa.Column("team_id", sa.Integer()))
        views.create_foreign_key(
            "fk_saved_views_team_id_teams", "teams", ["team_id"], ["id"], ondelete="SET NULL"
        )
    op.create_index(op.f("ix_saved_views_team_id"), "saved_views", ["team_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_saved_views_team_id"), "saved_views")
    with op.batch_alter_table("saved_views") as views:
        views.drop_constraint("fk_saved_views_team_id_teams", type_="foreignkey")
        views.drop_column("team_id")
    op.drop_table("team_members")
    op.drop_table("teams")


def _leads_to(name: str, columns: list[str], to: list[str]) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(columns, to, name=f"fk_team_members_{name}", ondelete="CASCADE")
