"""Storing what was measured: communities that keep their numbers, and everybody's place."""

import datetime as dt
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from irm.models import Community, Influencer, NetworkRun, Place
from irm.network.arrays import measures, stability
from irm.network.arrays.measures import Measured

LOT = 1000
"""How many places are written in one transaction: some tens of milliseconds."""

NAP = 0.001
"""Seconds between two transactions."""

KEPT_RUNS = 90
"""So many runs of a brand are kept: a quarter of nights."""

GONE_FOR = dt.timedelta(days=90)
"""A community that nobody named is forgotten after being gone so long."""

Fence = Callable[[], None]


def write(
    session: Session,
    brand_id: int,
    measured: Measured,
    day: dt.date,
    fence: Fence,
    note: Callable[[float], None],
) -> int:
    """Store communities and places; commits as it goes. Returns how many communities there are.

    `fence` is called last in each transaction, `note` hears which part of the places is stored.
    """
    numbers = _communities(session, brand_id, measured, day)
    _commit(session, fence)
    rows = measures.rows(measured, numbers)
    ids = measured.graph.ids.tolist()
    lots = [*range(0, len(ids), LOT)]
    for turn, start in enumerate(lots, 1):
        some = ids[start : start + LOT]
        first = 0 if start == 0 else some[0]
        last = ids[start + LOT] - 1 if start + LOT < len(ids) else None
        _write_lot(session, brand_id, [next(rows) for _one in some], first, last)
        _commit(session, fence)
        note(turn / len(lots))
    if not ids:
        session.execute(delete(Place).where(Place.brand_id == brand_id))
        _commit(session, fence)
    return measured.communities


def prune(session: Session, brand_id: int, day: dt.date) -> None:
    """Forget runs of long ago, and communities long gone that nobody named; commits nothing."""
    of_brand = NetworkRun.brand_id == brand_id
    oldest = session.scalar(
        select(NetworkRun.id)
        .where(of_brand)
        .order_by(NetworkRun.id.desc())
        .offset(KEPT_RUNS - 1)
        .limit(1)
    )
    if oldest is not None:
        session.execute(delete(NetworkRun).where(of_brand, NetworkRun.id < oldest))
    session.execute(
        delete(Community).where(
            Community.brand_id == brand_id,
            Community.name == "",
            Community.last_on < day - GONE_FOR,
        )
    )


def _communities(session: Session, brand_id: int, measured: Measured, day: dt.date) -> list[int]:
    """Store today's communities; return the number of each label."""
    stored = session.execute(
        select(Place.influencer_id, func.coalesce(Place.community_id, 0))
        .where(Place.brand_id == brand_id)
        .order_by(Place.influencer_id)
    ).all()
    of_brand = select(Community.id, Community.colour).where(Community.brand_id == brand_id)
    colours = {id: colour for id, colour in session.execute(of_brand)}  # noqa: C416
    going_on = {
        label: number
        for label, number in stability.successors(measured, stored).items()
        if number in colours
    }
    sizes = measures.sizes(measured)
    if going_on:
        session.connection().execute(
            _GO_ON,
            [
                {"number": number, "people": sizes[label], "on": day}
                for label, number in sorted(going_on.items())
            ],
        )
    used = {colours[number] for number in going_on.values()}
    free = (colour for colour in count() if colour not in used)
    numbers = []
    for label, size in enumerate(sizes):
        number = going_on.get(label)
        if number is None:
            made = Community(
                brand_id=brand_id, size=size, colour=next(free), first_on=day, last_on=day
            )
            session.add(made)
            session.flush()
            number = made.id
        numbers.append(number)
    return numbers


_communities_table: Any = Community.__table__
_GO_ON = (
    update(_communities_table)
    .where(_communities_table.c.id == bindparam("number"))
    .values(size=bindparam("people"), last_on=bindparam("on"))
)
_COLUMNS = (
    "influencer_id",
    "influence",
    "rank",
    "topical",
    "topical_rank",
    "community_id",
    "betweenness",
    "bridging",
    "ties_in",
    "ties_out",
)
_STORED = select(*(getattr(Place, name) for name in _COLUMNS))
_PEOPLE = (
    select(Influencer.id)
    .where(Influencer.id.in_(bindparam("ids", expanding=True)))
    .order_by(Influencer.id)
    .with_for_update(read=True, key_share=True)
)
_UPSERT = " ".join(
    (
        "INSERT INTO places",
        f"(brand_id, {', '.join(_COLUMNS)})",
        f"VALUES ({', '.join('?' * (1 + len(_COLUMNS)))})",
        "ON CONFLICT (brand_id, influencer_id) DO UPDATE SET",
        ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:]),
    )
)


def _write_lot(
    session: Session,
    brand_id: int,
    rows: list[tuple[Any, ...]],
    first: int,
    last: int | None,
) -> None:
    """Write the places that moved, of people from one id to another, and drop who has none now."""
    between = [Place.brand_id == brand_id, Place.influencer_id >= first]
    if last is not None:
        between.append(Place.influencer_id <= last)
    stored = {row[0]: tuple(row) for row in session.execute(_STORED.where(*between))}
    moved = [row for row in rows if stored.get(row[0]) != row]
    gone = sorted(stored.keys() - {row[0] for row in rows})
    for start in range(0, len(gone), LOT):
        session.execute(
            delete(Place).where(
                Place.brand_id == brand_id, Place.influencer_id.in_(gone[start : start + LOT])
            )
        )
    if not moved:
        return
    # Whoever was erased meanwhile has no place; the others stay until this is committed.
    there = set(session.scalars(_PEOPLE, {"ids": [row[0] for row in moved]}))
    ready = [(brand_id, *row) for row in moved if row[0] in there]
    if ready:
        connection = session.connection()
        is_by_place = connection.dialect.name == "sqlite"
        connection.exec_driver_sql(_UPSERT if is_by_place else _UPSERT.replace("?", "%s"), ready)


def _commit(session: Session, fence: Fence) -> None:
    """End a transaction, and let somebody who waits go first."""
    session.flush()
    fence()
    session.commit()
    time.sleep(NAP)
