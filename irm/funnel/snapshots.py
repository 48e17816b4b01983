"""An interaction as a record that can be kept and read back, with what hangs on it by its id."""

import datetime as dt
import enum
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from irm.models import (
    Channel,
    Direction,
    Fact,
    FactUse,
    Gift,
    Interaction,
    InteractionColleague,
    Kind,
    Outcome,
    Promise,
    Question,
    Touchpoint,
    User,
    Visibility,
    inserts,
)

#: What points at an interaction and stays where that one is removed.
_POINTING = (Fact, FactUse, Promise, Question)

_READ: Mapping[str, Callable[[Any], Any]] = {
    "happened_at": dt.datetime.fromisoformat,
    "created_at": dt.datetime.fromisoformat,
    "edited_at": dt.datetime.fromisoformat,
    "kind": Kind,
    "direction": Direction,
    "channel": Channel,
    "outcome": Outcome,
    "visibility": Visibility,
}


def take(session: Session, interaction: Interaction) -> dict[str, Any]:
    """The columns of an interaction as they are stored, and who took part."""
    columns = inserts.table_of(Interaction).c
    return {column.name: _plain(getattr(interaction, column.name)) for column in columns} | {
        "colleagues": colleagues(session, interaction)
    }


def colleagues(session: Session, interaction: Interaction) -> list[int]:
    """The colleagues who took part in an interaction."""
    of = InteractionColleague.interaction_id == interaction.id
    return sorted(session.scalars(select(InteractionColleague.user_id).where(of)))


def read(before: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a kept record as the columns take them; what is unknown is left out."""
    known = inserts.table_of(Interaction).c.keys()
    return {
        name: _READ[name](value) if name in _READ and value is not None else value
        for name, value in before.items()
        if name in known
    }


def take_links(session: Session, interaction: Interaction) -> dict[str, Any]:
    """What hangs on an interaction and would be cut off, or fall with it, were it removed."""
    links: dict[str, Any] = {}
    for model in _POINTING:
        ids = session.scalars(select(model.id).where(model.interaction_id == interaction.id)).all()
        if ids:
            links[model.__tablename__] = list(ids)
    gift = session.execute(
        select(*_gifts.c).where(_gifts.c.interaction_id == interaction.id)
    ).first()
    if gift is not None:
        links["gift"] = dict(gift._mapping)
    return links


def tie(session: Session, interaction: Interaction, before: Mapping[str, Any]) -> None:
    """Tie to an interaction that is back what hung on it, as far as it is still there and free."""
    links = before.get("linked", {})
    for model in _POINTING:
        ids = links.get(model.__tablename__, [])
        if ids:
            session.execute(
                update(model)
                .where(model.id.in_(ids), model.interaction_id.is_(None))
                .values(interaction_id=interaction.id)
            )
    if gift := links.get("gift"):
        if gift["fact_id"] and session.get(Fact, gift["fact_id"]) is None:
            gift = {**gift, "fact_id": None}
        session.execute(insert(_gifts), gift)
    there = session.scalars(select(User.id).where(User.id.in_(before.get("colleagues", []))))
    rows = [{"interaction_id": interaction.id, "user_id": id} for id in there]
    if rows:
        session.execute(insert(InteractionColleague), rows)


def without_the_gone(session: Session, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a kept record without an author, a touchpoint or a key that cannot be had again."""
    right = dict(values)
    if right.get("author_id") and session.get(User, right["author_id"]) is None:
        right["author_id"] = None
    for name, model in (("touchpoint_id", Touchpoint), ("request_key", None)):
        value = right.get(name)
        if value is None:
            continue
        column = inserts.table_of(Interaction).c[name]
        is_gone = model is not None and session.get(model, value) is None
        if is_gone or session.scalar(select(Interaction.id).where(column == value)) is not None:
            right[name] = None
    return right


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return value.value if isinstance(value, enum.Enum) else value


_gifts: Table = inserts.table_of(Gift)
