"""New people who look like somebody who is here: the same name, and a second thing that agrees."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from irm.imports.people.records import Record
from irm.models import Account, ContactPoint, Influencer, Relationship
from irm.models.inserts import table_of
from irm.models.keys import fold, name_order

#: Where more people share their names, the names tell nothing.
_MOST = 1000

_keys: BindParameter[Any] = bindparam("keys", expanding=True)
_people, _relationships, _accounts, _points = (
    table_of(model) for model in (Influencer, Relationship, Account, ContactPoint)
)
_NAMESAKES = (
    select(
        _relationships.c.name_order,
        _people.c.id,
        _people.c.name,
        _people.c.country,
        _people.c.city,
    )
    .join(_people, _people.c.id == _relationships.c.influencer_id)
    .where(_relationships.c.brand_id == bindparam("brand"), _relationships.c.name_order.in_(_keys))
    .order_by(_people.c.id)
    .limit(_MOST)
)
_HANDLES = select(_accounts.c.influencer_id, _accounts.c.handle_key).where(
    _accounts.c.influencer_id.in_(_keys)
)
_CONTACTS = select(_points.c.influencer_id, _points.c.kind, _points.c.value_key).where(
    _points.c.influencer_id.in_(_keys), _points.c.kind.in_(("phone", "website"))
)


def twins(
    session: Session, records: Mapping[int, Record], brand_id: int
) -> dict[int, tuple[int, str]]:
    """Return who may be somebody here already: id and name, by the keys of some new records."""
    named: dict[str, list[int]] = defaultdict(list)
    for key, record in records.items():
        if record.name:
            named[name_order(record.name)].append(key)
    if not named:
        return {}
    connection = session.connection()
    found = connection.execute(_NAMESAKES, {"brand": brand_id, "keys": list(named)}).all()
    if not found:
        return {}
    ids = [person.id for person in found]
    marks: dict[int, set[Any]] = defaultdict(set)
    for id, key in connection.execute(_HANDLES, {"keys": ids}):
        marks[id].add(key)
    for id, kind, key in connection.execute(_CONTACTS, {"keys": ids}):
        marks[id].add((kind, key))
    result: dict[int, tuple[int, str]] = {}
    for person in found:
        for key in named[person.name_order]:
            if key not in result and _agrees(records[key], person, marks[person.id]):
                result[key] = (person.id, person.name)
    return result


def _agrees(record: Record, person: Any, marks: set[Any]) -> bool:
    if fold(record.name or "") != fold(person.name):
        return False  # The key by which names sort is cut.
    for field in ("country", "city"):
        said, stored = record.person.get(field), getattr(person, field)
        if said and stored and fold(said) == fold(stored):
            return True
    said_marks: Sequence[Any] = [
        *(one.handle_key for one in record.accounts),
        *((contact.kind, contact.key) for contact in record.contacts),
    ]
    return not marks.isdisjoint(said_marks)
