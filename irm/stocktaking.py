"""Let the database count what it holds: it chooses its ways by those numbers, right or wrong."""

from collections.abc import Iterable

from sqlalchemy import Connection, column, delete, insert, or_, table, text

#: Rows of an index that are looked at where somebody may be waiting to write.
_LOOKED_AT = 5000

#: Tables within the full-text indexes, and those of them that hold the most. They are searched by
#: key alone, and begin with two rows: SQLite, told of two, would read all of them for each piece
#: that it puts away, however many they become. So it is told of many.
_WITHIN = ("search_index%", "post_stems%")
_LARGE = ("search_index_data", "search_index_docsize", "post_stems_data", "post_stems_content")
_MANY = str(2**20)

#: What was counted of tables that hold nothing yet: a partial index with no row at all would be the
#: best way to everything, for as long as nobody counts again.
_NOTHING = """
    DELETE FROM sqlite_stat1 WHERE stat LIKE '0 %'
       AND tbl NOT IN (SELECT tbl FROM sqlite_stat1 WHERE stat NOT LIKE '0 %')
"""

#: Where SQLite keeps what it counted.
_COUNTS = table("sqlite_stat1", column("tbl"), column("idx"), column("stat"))
_SAMPLES = table("sqlite_stat4", column("tbl"))


def take_stock(connection: Connection, tables: Iterable[str] = (), *, whole: bool = False) -> None:
    """Count anew what has grown or shrunk tenfold; on SQLite that, with `whole` everything.

    PostgreSQL counts by itself, but late: it is told to count these tables now. The caller commits.
    """
    if connection.dialect.name != "sqlite":
        if names := ", ".join(tables):
            connection.execute(text(f"ANALYZE {names}"))
        return
    # The first takes the writer's turn, and makes the tables of numbers where there are none.
    connection.execute(text("ANALYZE" if whole else "ANALYZE alembic_version"))
    if not whole:
        connection.execute(text(f"PRAGMA analysis_limit = {_LOOKED_AT}"))
        connection.execute(text("PRAGMA optimize = 0x10002"))
        connection.execute(text("PRAGMA analysis_limit = 0"))
    there = set(connection.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'table'")))
    for numbers in (_COUNTS, _SAMPLES):
        if numbers.name in there:
            connection.execute(delete(numbers).where(or_(*map(numbers.c.tbl.like, _WITHIN))))
    connection.execute(text(_NOTHING))
    if large := [{"tbl": name, "stat": _MANY} for name in _LARGE if name in there]:
        connection.execute(insert(_COUNTS), large)
    connection.execute(text("ANALYZE sqlite_schema"))
