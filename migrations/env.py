"""How a migration runs: handed an open connection by irm/cli/db.py, one transaction each."""

from alembic import context
from sqlalchemy import Connection

from irm.models import Base


def run(connection: Connection) -> None:
    """Run the migrations, with foreign keys off on SQLite and checked at the end.

    A batch change copies a table and drops the old one; with foreign keys on, the drop would
    cascade into the children. The pragma does nothing inside a transaction, so it comes first.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        if connection.exec_driver_sql("PRAGMA foreign_keys").scalar() != 0:
            raise RuntimeError("foreign keys could not be switched off before the migration")
        connection.commit()
    try:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"the migration left broken references: {broken[:3]}")
        connection.commit()
    finally:
        if is_sqlite:
            connection.rollback()
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


run(context.config.attributes["connection"])
