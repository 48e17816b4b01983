"""Somebody of an agency can be a member: the role of a partner."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TABLES = ("brand_members", "invitations")
BEFORE = "role IN ('viewer', 'manager', 'lead')"
AFTER = "role IN ('viewer', 'partner', 'manager', 'lead')"


def upgrade() -> None:
    for table in TABLES:
        _allow(table, AFTER)


def downgrade() -> None:
    for table in TABLES:
        # Whoever saw some alone sees none of the others: no role that is left is as narrow.
        op.execute(f"DELETE FROM {table} WHERE role = 'partner'")  # noqa: S608 - our own names
        _allow(table, BEFORE)


def _allow(table: str, roles: str) -> None:
    # Written out anew on SQLite, where a table does not tell that it gives its ids once.
    kept = {"sqlite_autoincrement": True} if table == "invitations" else {}
    with op.batch_alter_table(table, table_kwargs=kept) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_role"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_role"), roles)
