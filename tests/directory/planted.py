"""One row of a person in every table that can hold something of theirs, a mark in each."""

from itertools import count
from typing import Any

import make
from sqlalchemy import JSON, Boolean, Date, Enum, Float, Integer, Table, insert, select
from sqlalchemy.orm import Session

from irm.directory import search, traces
from irm.mail import outbox
from irm.mail.letters import Letter
from irm.models import (
    AuditEntry,
    Brand,
    BulkEdit,
    ImportBatch,
    ImportRow,
    ImportStep,
    Influencer,
    Outbox,
    SavedView,
    SearchEntry,
    Task,
    User,
    Verdict,
)
from irm.models.base import UTCDateTime

_numbers = count(1)


def everywhere(session: Session, brand: Brand, user: User, mark: str) -> int:
    """Plant the mark; returns the person's id."""
    person = make.influencer(name=f"{mark} Name", bio=mark, source=mark)
    session.add(person)
    session.flush()
    gone = make.influencer(name=f"{mark} Former", merged_into_id=person.id)
    session.add(gone)
    session.flush()
    given = {Influencer.__table__: person.id, Brand.__table__: brand.id, User.__table__: user.id}
    for table in traces.theirs([person.id]):
        if table is SearchEntry.__table__:
            entry = {"source": "name", "source_id": person.id, "text": f"{mark} Name"}
            search.index_entries(session, [{"influencer_id": person.id, **entry}])
        elif table.name == "unread_posts":
            continue  # The database has written it itself, with the post.
        elif table is not Influencer.__table__:
            given[table] = _row(session, table, given, gone.id, mark)
    _texts(session, brand, user, person.id, mark)
    session.commit()
    return person.id


def _row(session: Session, table: Table, given: dict[Table, int], gone: int, mark: str) -> Any:
    values: dict[str, Any] = {}
    people = 0
    for column in table.columns:
        if column.name == "id":
            continue
        target = next((key.column.table for key in column.foreign_keys), None)
        if target is not None and target is not table:
            if target not in given:
                parent = _parent(session, target, given, mark)
                if parent is None:
                    continue
            values[column.name] = given[target]
            if target is Influencer.__table__:
                people += 1
                # A pair: the second of the two is who was merged into them.
                values[column.name] = given[target] if people == 1 else gone
        elif target is None:
            values[column.name] = _value(column, mark)
    if table.name == "absences":
        del values["user_id"]  # One of a colleague is none of a person.
    return session.execute(insert(table).values(values)).inserted_primary_key[0]


def _parent(session: Session, table: Table, given: dict[Table, int], mark: str) -> int | None:
    """A row of a shared table that theirs needs, such as the bulk edit of a row of one."""
    if table.name not in ("bulk_edits", "reviews", "tags", "campaigns", "handovers"):
        return None
    given[table] = _row(session, table, given, 0, "other")
    return given[table]


def _value(column: Any, mark: str) -> Any:
    kind = column.type
    if isinstance(kind, Integer | Float):
        return None if column.nullable else next(_numbers)
    made = {
        JSON: {"text": mark},
        Boolean: False,
        UTCDateTime: make.MONDAY,
        Date: make.MONDAY.date(),
    }
    if isinstance(kind, Enum):
        return next(iter(kind.python_type))
    text = f"{mark}{next(_numbers)}"[: getattr(kind, "length", None) or 200]
    return next((value for one, value in made.items() if isinstance(kind, one)), text)


def _texts(session: Session, brand: Brand, user: User, person: int, mark: str) -> None:
    """What names them beside their rows: files' rows, mails, tasks, saved filters, the audit."""
    task = Task(
        kind="import",
        arguments={"name": f"{mark} Name.csv"},
        result={"who": f"{mark} Name"},
        brand_id=brand.id,
        created_at=make.MONDAY,
    )
    score = Task(kind="score", arguments={"people": [person, 999999]}, created_at=make.MONDAY)
    session.add_all([task, score])
    brought = batch(brand, f"From {mark} Name", {"name": f"{mark} Name"})
    session.add(brought)
    session.flush()
    session.add_all(
        [
            ImportRow(
                batch_id=brought.id,
                number=2,
                verdict=Verdict.UPDATED,
                influencer_id=person,
                changes={"city": ["", mark]},
            ),
            ImportRow(
                batch_id=brought.id,
                number=3,
                verdict=Verdict.REFUSED,
                reason={"code": "handle_taken", "handle": mark},
                cells=[f"{mark} Name", "x"],
            ),
            ImportStep(
                batch_id=brought.id,
                number=1,
                created={"influencers": [[person - 1, person + 2]]},
                changed=[
                    ["influencers", person, {"city": ["", f"{mark}-city"]}],
                    ["influencers", 999999, {"city": ["", "Lyon"]}],
                ],
            ),
            SavedView(
                brand_id=brand.id,
                user_id=user.id,
                name="Mine",
                query=f"q={mark}+Name&stage=aware",
                created_at=make.MONDAY,
            ),
            BulkEdit(
                brand_id=brand.id,
                changes={"reason": f"Because of {mark} Name."},
                created_at=make.MONDAY,
            ),
            AuditEntry(at=make.MONDAY, action="person.changed", ids={"influencer_id": person}),
        ]
    )
    mails(session, user, f"{mark} Name", person, "* Hugo Blanc · Aware")


def batch(brand: Brand, source: str = "Hand", order: dict[str, Any] | None = None) -> ImportBatch:
    """An import of a list."""
    return ImportBatch(
        brand_id=brand.id,
        kind="influencers",
        file_name="list.csv",
        as_of=make.MONDAY.date(),
        source=source,
        lawful_basis="consent",
        created_at=make.MONDAY,
        order=order or {},
    )


def mails(session: Session, user: User, name: str, person: int, rest: str) -> None:
    """One mail that is sent and one that waits, about a person and something else."""
    for n, state in enumerate(("sent", "pending")):
        letter = Letter(
            "digest",
            f"About {name}",
            f"Hello,\n\n* {name} · Aware\n  http://x/influencers/{person}\n\n{rest}",
            f"<p>{name}</p><p>Hugo Blanc</p>",
        )
        outbox.put(
            session, f"k{n}", letter, to="x@example.com", sender="y@example.com", at=make.MONDAY
        )
        mail = session.scalars(select(Outbox).where(Outbox.dedupe_key == f"k{n}")).one()
        mail.state, mail.user_id = state, user.id
