"""Audit entries know their brand and their person, and are found by them and by who did it.

What was written before is filled in as far as its ids say it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

COLUMNS = ("brand_id", "influencer_id")

entries = sa.table(
    "audit_entries",
    sa.column("ids", sa.JSON()),
    *(sa.column(name, sa.Integer()) for name in COLUMNS),
)


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("audit_entries", sa.Column(name, sa.Integer()))
    for name in COLUMNS:
        _fill_in(name)
    for name in ("actor_id", *COLUMNS):
        op.create_index(_index(name), "audit_entries", [name, "at"])


def downgrade() -> None:
    for name in ("actor_id", *COLUMNS):
        op.drop_index(_index(name), "audit_entries")
    for name in COLUMNS:
        op.drop_column("audit_entries", name)


def _fill_in(name: str) -> None:
    known = sa.table("relationships", sa.column("id"), sa.column(name))
    of = entries.c.ids["relationship_id"].as_integer()
    found = sa.select(known.c[name]).where(known.c.id == of).scalar_subquery()
    said = entries.c.ids[name].as_integer()
    op.execute(sa.update(entries).values({name: sa.func.coalesce(said, found)}))


def _index(name: str) -> str:
    return op.f(f"ix_audit_entries_{name}_at")
