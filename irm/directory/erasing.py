"""Erasing a person: what is theirs goes, what names them is blanked, and they do not come back.

Kept are the salted hashes by which a later list is told that they are not to come back, and the
fact of the erasure, with nothing of theirs in it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, delete, func, null, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory import erasure, residue, traces
from irm.directory.naming import Names
from irm.directory.traces import Marks
from irm.errors import NotFound
from irm.i18n import _l
from irm.ledger import counters
from irm.models import (
    BulkEdit,
    ErasedKey,
    Erasure,
    ImportRow,
    ImportStep,
    Influencer,
    Relationship,
    Task,
    User,
)
from irm.models.base import Json

_people = cast(Table, Influencer.__table__)
_steps = cast(Table, ImportStep.__table__)

#: The ids of some people's rows, by table.
Owned = Mapping[str, set[int]]

#: Columns of a row that mentions somebody, once they are erased.
BLANKED: dict[Table, tuple[str, ...]] = {
    cast(Table, ImportRow.__table__): residue.TEXTS[cast(Table, ImportRow.__table__)],
}

#: Stands where an id was: no row has it.
NOBODY = 0

NOTE = _l("Somebody whom this mail named was erased, so its text was removed.")


def sweep(session: Session, names: Names, ids: Sequence[int], own: Owned) -> None:
    """Blank what names these people beside their own rows, in the caller's transaction.

    `own` are the ids of their rows by table, as `traces.row_ids` gives them. All is looked for
    before anything is written, so that nobody waits for the search.
    """
    found = list(residue.named(session, names, str(NOTE)))
    steps = _steps_of(session, ids, own)
    for table, key, values in found:
        session.connection().execute(update(table).where(key).values(values))
    for id, changed, created in steps:
        values = {"changed": changed, "created": created}
        session.connection().execute(update(_steps).where(_steps.c.id == id).values(values))


def erase(session: Session, influencer_id: int, *, user: User | None, at: dt.datetime) -> Erasure:
    """Erase a person and whoever was merged into them, in the caller's transaction.

    What names them elsewhere is blanked by `sweep`, before it and once more after.
    Raises NotFound where there is no such person, or they were merged into another one.
    """
    ids = traces.family(session, influencer_id)
    _hold(session, ids, influencer_id)
    erased = Erasure(influencer_id=influencer_id, user_id=user.id if user else None, at=at)
    session.add(erased)
    session.flush()
    erased.kept = _keep_keys(session, erased, traces.marks(session, ids))
    _uncount(session, ids)
    _blank_mentions(session, ids)
    _blank_ids(session, ids, traces.relationships(session, ids))
    _delete(session, ids)
    record(
        session,
        user,
        Action.PERSON_ERASED,
        at,
        influencer_id=influencer_id,
        erasure_id=erased.id,
    )
    session.flush()
    return erased


def names_of(session: Session, ids: Sequence[int]) -> Names:
    """What gives these people away in a text."""
    about = traces.marks(session, ids)
    return Names(about.names | about.contacts | about.addresses, ids, about.handles)


def counts(session: Session, influencer_id: int) -> dict[str, int]:
    """How many rows of each table an erasure takes along, by the table's name."""
    ids = traces.family(session, influencer_id)
    found = {}
    for table, ways in traces.theirs(ids).items():
        rows = sum(session.scalar(select(func.count()).where(way)) or 0 for way in ways[:1])
        if rows:
            found[table.name] = rows
    return found


def _hold(session: Session, ids: Sequence[int], influencer_id: int) -> None:
    held = session.execute(
        select(Influencer.id, Influencer.merged_into_id)
        .where(Influencer.id.in_(ids))
        .order_by(Influencer.id)
        .with_for_update()
    ).all()
    if not any(row.id == influencer_id and row.merged_into_id is None for row in held):
        raise NotFound()


def _keep_keys(session: Session, erased: Erasure, about: Marks) -> dict[str, int]:
    """Keep what they were known by as hashes; one that is kept already stays as it is.

    Returns how many there are, and how many of them are addresses with a word of the name.
    """
    salt = erasure.salt(session)
    telling = [key for key in about.keys if key[0] in traces.TELLING]
    named = set(erasure.named_keys(about.names, telling))
    rows = [
        {"key_hash": erasure.key_hash(salt, kind, key), "erasure_id": erased.id}
        for kind, key in sorted(about.keys | named)
    ]
    if rows:
        make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.connection().execute(make(ErasedKey).on_conflict_do_nothing(), rows)
    return {"keys": len(rows), "named": len(named)}


def _uncount(session: Session, ids: Sequence[int]) -> None:
    """Take their relationships off the board's counters."""
    places = session.execute(
        select(
            Relationship.brand_id,
            Relationship.stage,
            Influencer.tier,
            Relationship.owner_id,
            Influencer.audience,
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Relationship.influencer_id.in_(ids), Influencer.archived_at.is_(None))
    )
    counters.shift(session, [(counters.Cell(*place), None) for place in places])


def _blank_mentions(session: Session, ids: Sequence[int]) -> None:
    for table, ways in traces.mentions(ids).items():
        for way in ways:
            values = dict.fromkeys(BLANKED[table], null())
            session.connection().execute(update(table).where(way).values(values))


def _steps_of(
    session: Session, ids: Sequence[int], own: Owned
) -> list[tuple[int, list[Any], dict[str, list[list[int]]]]]:
    """What is left of the steps of imports that made or changed rows of theirs.

    Ids may be given anew, so that an undoing must not know those of rows that are gone.
    """
    found = []
    for step in session.execute(traces.steps(ids)):
        changed = [one for one in step.changed if one[1] not in own.get(one[0], ())]
        created = {
            table: _ranges_without(ranges, own.get(table, set()))
            for table, ranges in step.created.items()
        }
        if changed != step.changed or created != step.created:
            found.append((step.id, changed, created))
    return found


def _ranges_without(ranges: Iterable[Sequence[int]], gone: set[int]) -> list[list[int]]:
    """Ranges of ids without some of them."""
    found: list[list[int]] = []
    for first, last in ranges:
        start = first
        for id in sorted(one for one in gone if first <= one <= last):
            if start < id:
                found.append([start, id - 1])
            start = id + 1
        if start <= last:
            found.append([start, last])
    return found


def _blank_ids(session: Session, ids: Sequence[int], relationships: Sequence[int]) -> None:
    """Take their ids out of what tasks and bulk edits were told to work on."""
    for task in session.scalars(select(Task).where(Task.kind.in_(traces.OF_PEOPLE))):
        asked = task.arguments.get("people")
        if asked and not set(ids).isdisjoint(asked):
            rest: Json = [one for one in asked if one not in ids]
            task.arguments = {**task.arguments, "people": rest}
    for edit in session.scalars(select(BulkEdit)):
        chosen = edit.selection.get("ids") or []
        if not set(relationships).isdisjoint(chosen):
            # Each keeps its place: how far an edit is counts places.
            kept = [NOBODY if one in relationships else one for one in chosen]
            edit.selection = {**edit.selection, "ids": kept}


def _delete(session: Session, ids: Sequence[int]) -> None:
    """Delete every row that is theirs, children first."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        # Without it the index keeps the trigrams of a deleted text until it is merged some day.
        _set_secure(session, True)
    session.flush()
    for table, ways in reversed(traces.theirs(ids).items()):
        if table is _people:
            continue
        for way in ways:
            session.connection().execute(delete(table).where(way))
    session.connection().execute(delete(_people).where(_people.c.id.in_(ids)))
    if is_sqlite:
        _set_secure(session, False)


def _set_secure(session: Session, is_on: bool) -> None:
    session.connection().execute(
        text("INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', :on)"),
        {"on": int(is_on)},
    )
