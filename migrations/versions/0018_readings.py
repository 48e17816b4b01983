"""Long readings of the funnel are kept, and the archive is found without a look at everybody."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "readings",
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("asked", sa.String(80), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"],
            ["brands.id"],
            name=op.f("fk_readings_brand_id_brands"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("brand_id", "kind", "asked", name=op.f("pk_readings")),
    )
    archived = sa.text("archived_at IS NOT NULL")
    op.create_index(
        op.f("ix_influencers_archived_at"),
        "influencers",
        ["archived_at"],
        sqlite_where=archived,
        postgresql_where=archived,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_influencers_archived_at"), table_name="influencers")
    op.drop_table("readings")
