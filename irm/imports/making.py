"""Rows that an import made: which of them may go when it is undone, and their going.

A row stays where a person changed it, where a later import did, where a merge gave it to somebody
else, or where rows hang on it that this import did not make. What hangs on a row that stays, stays
with it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from irm.directory import reindexing
from irm.imports import later
from irm.imports.bulk import BY_IMPORT
from irm.imports.later import Later
from irm.models import Base, Proof, Prospect, SearchEntry
from irm.models.ids import within
from irm.models.inserts import table_of

Made = dict[str, set[int]]

#: What irm itself hangs on a row, and what is written about one: no reason to keep it.
_DERIVED = frozenset(
    {
        "search_entries",
        "scores",
        "unread_posts",
        "post_mentions",
        "import_rows",
        "duplicates",
        "bulk_edit_rows",
        "places",
    }
)

_prospects = table_of(Prospect)

#: What search and evidence call the rows of a table.
_SOURCES = {
    "influencers": "name",
    "accounts": "handle",
    "interactions": "note",
    "contact_points": "contact",
    "posts": "post",
}

#: Things of their own: they do not stay because the row they hang on stays.
_APART = frozenset({"interactions", "touchpoints", "posts", "ties"})


class Judged(NamedTuple):
    """Which rows may go, and how many stay for which reason."""

    gone: Made
    reasons: Counter[str]


def read(created: Mapping[str, Sequence[Sequence[int]]]) -> Made:
    """Return the ids that a step noted as ranges."""
    return {
        table: {id for first, last in ranges for id in range(first, last + 1)}
        for table, ranges in created.items()
        if table not in _DERIVED
    }


def judge(session: Session, since: Later, made: Made) -> Judged:
    """Say which of the rows that a step made may go."""
    there, kept = {}, {name: dict[int, str]() for name in made}
    for table in _parents_first(made):
        there[table.name] = _there(session, table, made[table.name], kept[table.name])
    _keep(kept, since.changed(session, there), "later_import")
    _keep(kept, later.merged(session, there), "built_on")
    links = _links(session, there)
    for parent, parent_id, child, child_id in links:
        if child_id is None or child_id not in there.get(child, ()):
            kept[parent].setdefault(parent_id, "built_on")
    reasons = _reasons(links, kept)
    _keep_kin(links, there, kept)
    return Judged({name: there[name] - kept[name].keys() for name in there}, reasons)


def related(session: Session, made: Made) -> set[int]:
    """Return the relationships on which rows hang that a step made."""
    found: set[int] = set()
    for table in _parents_first(made):
        if "relationship_id" in table.c and made[table.name]:
            column = table.c.relationship_id
            rows = session.execute(select(column).where(within(table.c.id, made[table.name])))
            found.update(one for (one,) in rows if one is not None)
    return found


def remove(session: Session, gone: Made) -> int:
    """Delete rows, those first that hang on others; return how many stood on their own."""
    alone = 0
    for table in reversed(_parents_first(gone)):
        ids = gone[table.name]
        if not ids:
            continue
        alone += len(ids) - len(_hanging(session, table, ids, gone))
        if table.name in _SOURCES:
            source = SearchEntry.source == _SOURCES[table.name]
            session.execute(delete(SearchEntry).where(source, within(SearchEntry.source_id, ids)))
        of_rows = Proof.source == table.name
        session.execute(delete(Proof).where(of_rows, within(Proof.source_id, ids)))
        session.connection().execute(delete(table).where(within(table.c.id, ids)))
    return alone


def index_anew(session: Session, changed: Mapping[str, set[int]]) -> None:
    """Let people be found by the names, handles, notes and posts that were put back."""
    for table, source in _SOURCES.items():
        if changed.get(table):
            reindexing.mend(session, source, changed[table])


def _there(session: Session, table: Table, ids: set[int], kept: dict[int, str]) -> set[int]:
    """Lock the rows that are still there; note those that a person changed since."""
    has_version = "row_version" in table.c
    columns = [table.c.id, table.c.row_version] if has_version else [table.c.id]
    rows = session.execute(
        select(*columns).where(within(table.c.id, ids)).order_by(table.c.id).with_for_update()
    ).all()
    if has_version:
        kept.update({row.id: "changed" for row in rows if row.row_version % BY_IMPORT != 1})
    return {row.id for row in rows}


def _keep(kept: Mapping[str, dict[int, str]], rows: Mapping[str, set[int]], why: str) -> None:
    """Note rows that stay, unless something else keeps them already."""
    for name, ids in rows.items():
        for id in ids:
            kept[name].setdefault(id, why)


def _reasons(
    links: Sequence[tuple[str, int, str, int | None]], kept: Mapping[str, dict[int, str]]
) -> Counter[str]:
    """Count what stays by its reason; what stays for the same one as its person counts once."""
    found = Counter(why for of_table in kept.values() for why in of_table.values())
    along = {
        (child, child_id): why
        for parent, parent_id, child, child_id in links
        if child not in _APART
        and child_id is not None
        and (why := kept.get(child, {}).get(child_id)) is not None
        and why == kept[parent].get(parent_id)
    }
    return found - Counter(along.values())


def _links(session: Session, there: Made) -> list[tuple[str, int, str, int | None]]:
    """Return what hangs on rows: (table, its row, the table that hangs on it, that one's row)."""
    links = []
    for table in _parents_first(there):
        if not there[table.name]:
            continue
        for child, column in _children(table.name):
            own = [child.c.id] if "id" in child.c else []
            hanging = select(column, *own).where(within(column, there[table.name]))
            if child is _prospects:
                # Whom irm proposed by itself, nobody has built on.
                hanging = hanging.where(child.c.is_own)
            rows = session.execute(hanging)
            links += [(table.name, row[0], child.name, row[1] if own else None) for row in rows]
    return links


def _keep_kin(
    links: Sequence[tuple[str, int, str, int | None]],
    there: Made,
    kept: Mapping[str, dict[int, str]],
) -> None:
    """Let a row stay for one that hangs on it, and what belongs to it stay with it."""
    grows = True
    while grows:
        size = sum(map(len, kept.values()))
        for parent, parent_id, child, child_id in links:
            if child_id is None or child_id not in there.get(child, ()):
                continue
            if child_id in kept[child]:
                kept[parent].setdefault(parent_id, "kin")
            elif parent_id in kept[parent] and child not in _APART:
                kept[child].setdefault(child_id, "kin")
        grows = sum(map(len, kept.values())) > size


def _hanging(session: Session, table: Table, ids: set[int], gone: Made) -> set[int]:
    """Return those of some rows that hang on others which go as well."""
    hanging: set[int] = set()
    for column in table.c:
        for key in column.foreign_keys:
            parents = gone.get(key.column.table.name)
            if parents and key.column.table is not table:
                rows = session.execute(
                    select(table.c.id).where(within(table.c.id, ids), within(column, parents))
                )
                hanging.update(id for (id,) in rows)
    return hanging


@cache
def _children(name: str) -> tuple[tuple[Table, Any], ...]:
    """The tables that hang on a table, each with the column that says so."""
    return tuple(
        (table, column)
        for table in Base.metadata.sorted_tables
        for column in table.c
        for key in column.foreign_keys
        if key.column.table.name == name and table.name not in _DERIVED
    )


def _parents_first(made: Iterable[str]) -> list[Table]:
    wanted = set(made)
    return [table for table in Base.metadata.sorted_tables if table.name in wanted]
