"""Taking an import back, one step after the other from the last to the first.

Rows it made are deleted, unless somebody built on them or changed them; columns it changed are
put back where they still hold what it wrote. What is left alone is counted, with the reason.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Date, DateTime, Enum, Table, TypeDecorator, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from irm.directory import strangers
from irm.imports import making
from irm.imports.bulk import BY_IMPORT
from irm.imports.later import Later
from irm.imports.people import prospecting
from irm.ledger import counters, mentions, proving, relationships
from irm.models import (
    Base,
    BatchState,
    ImportBatch,
    ImportStep,
    Influencer,
    Relationship,
    RelationshipTag,
)
from irm.models.ids import within
from irm.models.inserts import table_of

#: Columns that belong together: one of them alone is never put back.
_TOGETHER: dict[str, Sequence[frozenset[str]]] = {
    "accounts": (
        frozenset({"handle", "handle_key", "is_current"}),
        frozenset(
            {
                "followers",
                "likes_average",
                "comments_average",
                "shares_average",
                "views_average",
                "engagement_average",
                "figures_on",
            }
        ),
    ),
    "contact_points": (frozenset({"kind", "value", "value_key"}),),
    "influencers": (frozenset({"tier", "tier_set_by_id", "tier_reason"}),),
    "interactions": (frozenset({"summary", "visibility", "author_id"}),),
    "posts": (frozenset({"likes", "comments", "shares", "views", "counts_on"}),),
    "relationships": (frozenset({"stage", "stage_since"}),),
}

#: Tables with columns that no two rows share: what was free then may be somebody else's now.
_UNIQUE = frozenset({"accounts", "contact_points", "posts", "snapshots", "post_snapshots"})


#: Its rows have no number: one is noted as a change of the relationship.
_TAGGED = table_of(RelationshipTag)


class _Place(NamedTuple):
    """A change that was noted: which row, and {column: [before, after]}."""

    table: Table
    id: int
    columns: Mapping[str, Sequence[Any]]


def step_back(
    session: Session, batch: ImportBatch, at: dt.datetime, since: Later | None = None
) -> bool:
    """Undo the last step that is left; False where there is none, or the batch is not ours.

    `since` is what others built on the batch, where more than one step is undone.
    The caller commits, after one step or several. Of two who undo one batch, each waits here for
    the other's commit.
    """
    table = table_of(ImportBatch)
    ours = update(table).where(
        table.c.id == batch.id,
        table.c.state == BatchState.UNDOING,
        table.c.task_id == batch.task_id,
    )
    if session.connection().execute(ours.values(state=BatchState.UNDOING)).rowcount != 1:
        return False
    step = session.scalar(
        select(ImportStep)
        .where(ImportStep.batch_id == batch.id)
        .order_by(ImportStep.number.desc())
        .limit(1)
    )
    if step is None:
        return False
    session.refresh(batch)
    report: Counter[str] = Counter(batch.undo_report)
    _undo(session, since or Later(session, batch.id), step, report, at)
    batch.undo_report = dict(+report)
    session.delete(step)
    session.flush()
    return True


def finish(session: Session, batch: ImportBatch, at: dt.datetime) -> bool:
    """Close a batch of which no step is left; False where somebody else has done it."""
    table = table_of(ImportBatch)
    ours = update(table).where(
        table.c.id == batch.id,
        table.c.state == BatchState.UNDOING,
        table.c.task_id == batch.task_id,
    )
    closed = ours.values(state=BatchState.UNDONE, undone_at=at)
    return session.connection().execute(closed).rowcount == 1


def _undo(
    session: Session, since: Later, step: ImportStep, report: Counter[str], at: dt.datetime
) -> None:
    made = making.read(step.created)
    ended = [both for name, _id, both in step.changed if prospecting.is_end(name, both)]
    changed = [
        _Place(Base.metadata.tables[name], id, both)
        for name, id, both in step.changed
        if not prospecting.is_end(name, both)
    ]
    people = set(made.get("influencers", ()))
    people |= {one.id for one in changed if one.table.name == "influencers"}
    related = set(made.get("relationships", ()))
    related |= {one.id for one in changed if one.table.name == "relationships"}
    related |= making.related(session, made)
    posts = set(made.get("posts", ()))
    posts |= {one.id for one in changed if one.table.name == "posts"}
    related |= set(proving.of_posts(session, posts))
    before = _cells(session, people, related)

    blocked = _put_back(session, reversed(changed), report)
    found = making.judge(session, since, made)
    report.update(found.reasons)
    report["deleted"] += making.remove(session, found.gone)
    report["put_back"] += prospecting.begin_anew(session, ended)
    # Who had what blocked the rest may be gone now.
    report["taken"] += len(_put_back(session, blocked, report))
    _settle(session, changed, people, related, at)
    after = _cells(session, people, related)
    counters.shift(session, [(before.get(id), after.get(id)) for id in {*before, *after}])


def _put_back(session: Session, changed: Iterable[_Place], report: Counter[str]) -> list[_Place]:
    """Put back what still is as it was written; return what cannot be: another row has it."""
    blocked = []
    for one in changed:
        if one.table is _TAGGED:
            report["put_back"] += _take_off(session, one)
            continue
        columns = [one.table.c[name] for name in one.columns if _is_kept(one.table, name)]
        if not columns:
            continue
        row = session.execute(
            select(*columns).where(one.table.c.id == one.id).with_for_update()
        ).one_or_none()
        if row is None:
            continue
        values, is_left = _former(one, row._mapping)
        if values and not _write(session, one, values):
            blocked.append(one)
            continue
        report["put_back"] += bool(values)
        report["changed"] += is_left
    return blocked


def _take_off(session: Session, one: _Place) -> bool:
    """Take a tag off a relationship again; False where somebody else was quicker."""
    _before, tag_id = one.columns["tag_id"]
    on = _TAGGED.c.relationship_id == one.id, _TAGGED.c.tag_id == tag_id
    return session.connection().execute(delete(_TAGGED).where(*on)).rowcount == 1


def _former(one: _Place, now: Mapping[Any, Any]) -> tuple[dict[str, Any], bool]:
    """Return the columns to be put back, and whether others were changed since."""
    values, since = {}, set()
    for column, value in now.items():
        before, after = (_typed(one.table.c[column], each) for each in one.columns[column])
        if value == after:
            values[column] = before
        elif value != before:
            since.add(column)
    for group in _TOGETHER.get(one.table.name, ()):
        if since & group:
            values = {name: value for name, value in values.items() if name not in group}
    return values, bool(since)


def _write(session: Session, one: _Place, values: dict[str, Any]) -> bool:
    """Write columns of a row; False where another row has what they would hold."""
    statement = update(one.table).where(one.table.c.id == one.id).values(values)
    if "row_version" in one.table.c:
        version = one.table.c.row_version + BY_IMPORT
        statement = statement.values(row_version=version)
    if one.table.name not in _UNIQUE:
        session.connection().execute(statement)
        return True
    try:
        with session.begin_nested():
            session.connection().execute(statement)
    except IntegrityError:
        return False
    return True


def _is_kept(table: Table, column: str) -> bool:
    """Leave out what irm/ledger works out by itself, and the count of changes."""
    if column == "row_version":
        return False
    derived = (*relationships.DERIVED, *proving.DERIVED)
    return table.name != "relationships" or column not in derived


def _typed(column: Any, value: Any) -> Any:
    """Return a value from JSON as the column holds it."""
    if value is None:
        return None
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    if isinstance(kind, DateTime):
        return dt.datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return dt.date.fromisoformat(value)
    return value


def _settle(
    session: Session,
    changed: Sequence[_Place],
    people: set[int],
    related: set[int],
    at: dt.datetime,
) -> None:
    """Bring what is derived in step: search entries, sort keys, last contacts, evidence."""
    named: dict[str, set[int]] = defaultdict(set)
    for one in changed:
        named[one.table.name].add(one.id)
    strangers.settle(session, [one.id for one in changed if _made_known(one)])
    making.index_anew(session, named)
    session.flush()
    of_people = select(Relationship.id).where(within(Relationship.influencer_id, people))
    wanted = sorted(related | set(session.scalars(of_people)))
    there = sorted(session.scalars(select(Relationship.id).where(within(Relationship.id, wanted))))
    relationships.rebuild_these(session, there)
    mentions.read(session, named["posts"])
    proving.settle(session, there, at)


def _made_known(one: _Place) -> bool:
    """Whether a change is that a stranger became somebody we know."""
    return one.table.name == Influencer.__tablename__ and "known" in one.columns


def _cells(session: Session, people: set[int], related: set[int]) -> dict[int, counters.Cell]:
    """Lock people and relationships, in this order, and say where the board counts them."""
    if not (people or related):
        return {}
    persons = select(Relationship.influencer_id).where(within(Relationship.id, related))
    everybody = sorted(people | set(session.scalars(persons)))
    session.execute(
        select(Influencer.id)
        .where(within(Influencer.id, everybody))
        .order_by(Influencer.id)
        .with_for_update()
    ).all()
    rows = session.execute(
        select(
            Relationship.id,
            Relationship.brand_id,
            Relationship.stage,
            Influencer.tier,
            Relationship.owner_id,
            Influencer.audience,
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(
            within(Influencer.id, everybody),
            Influencer.archived_at.is_(None),
        )
        .order_by(Relationship.id)
        .with_for_update(of=Relationship)
    )
    return {row.id: counters.Cell(*row[1:]) for row in rows}
