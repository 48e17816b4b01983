"""No id is given twice, on SQLite either: of what logs, imports, merges and addresses name."""

import re

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = (
    "influencers",
    "accounts",
    "account_handles",
    "contact_points",
    "snapshots",
    "posts",
    "post_snapshots",
    "relationships",
    "stage_moves",
    "tags",
    "interactions",
    "touchpoints",
)

ANY_KEY = "PRIMARY KEY (id)"
OWN_KEY = "PRIMARY KEY (id AUTOINCREMENT)"


def upgrade() -> None:
    _make_anew(ANY_KEY, OWN_KEY)


def downgrade() -> None:
    _make_anew(OWN_KEY, ANY_KEY)


def _make_anew(old: str, new: str) -> None:
    """Copy each table into one with another key: SQLite changes none where it stands.

    Its own words are taken over, so that not a check or a partial index is lost.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    for table in TABLES:
        [(made,)] = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
        ).all()
        beside = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE type != 'table' AND tbl_name = ?"
            " AND sql IS NOT NULL",
            (table,),
        ).all()
        assert old in made, f"{table} has another key than was thought"
        made = re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE new_{table}", made)
        connection.exec_driver_sql(made.replace(old, new))
        connection.exec_driver_sql(f"INSERT INTO new_{table} SELECT * FROM {table}")  # noqa: S608
        connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql(f"ALTER TABLE new_{table} RENAME TO {table}")
        for (sql,) in beside:
            connection.exec_driver_sql(sql)
