"""Making two people one: everything of the one who goes moves to the one who is kept.

What was, and what moved, is kept in the merge's record, so that irm/directory/unmerge.py can make
them two again. The one who goes stays as a row that leads to the other.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory import comparing, moving, proposed, search, team, tied
from irm.directory.comparing import GONE, KEPT, Shared, chosen
from irm.directory.moving import Row
from irm.errors import Refused, Stale
from irm.i18n import _l
from irm.ledger import counters, proving, relationships
from irm.models import (
    Duplicate,
    DuplicateState,
    Merge,
    PromiseState,
    QuestionState,
    Stage,
    State,
    Task,
    User,
)

#: Columns of a relationship of which a merge takes the first that is filled.
_FILLED = ("level", "cadence_ideal", "cadence_worst", "relevance", "fit")

#: Columns of a relationship that a merge decides on.
JOINED = (
    "stage",
    "stage_since",
    "owner_id",
    "paused_until",
    "paused_why",
    "created_at",
    *_FILLED,
)

Cells = list[counters.Cell | None]


def merge(
    session: Session,
    kept_id: int,
    gone_id: int,
    choices: Mapping[str, str],
    *,
    user: User,
    at: dt.datetime,
    brand_id: int | None = None,
    seen: tuple[int, int] | None = None,
) -> Merge:
    """Merge `gone_id` into `kept_id`; `choices` name the side (`kept`, `gone`) of each difference.

    They are named as in `comparing.FIELDS`, and `stage-3`, `owner-3` for the brand 3; what is not
    chosen is as proposed. `seen` are the versions of both that the user saw.
    Raises Stale where either was changed or merged meanwhile, Refused where they cannot be one.
    """
    session.flush()
    kept, gone = _hold(session, kept_id, gone_id, seen)
    related = moving.fetch(session, "relationships", "influencer_id", (kept_id, gone_id))
    before = cells((kept, gone), related)
    kept_record: dict[str, Any] = {
        "before": {KEPT: moving.plain(kept), GONE: moving.plain(gone)},
        "moved": _move(session, kept_id, gone_id),
        "related": [],
        "whole": [],
    }
    pairs = comparing.shared(related, kept_id)
    joined = {pair.brand_id for pair in pairs}
    for row in related:
        if row["influencer_id"] == gone_id and row["brand_id"] not in joined:
            moving.write(session, "relationships", row["id"], {"influencer_id": kept_id})
            kept_record["whole"].append({"row": moving.plain(row), "held": held(session, row)})
    for pair in pairs:
        kept_record["related"].append(_join(session, pair, choices, user=user, at=at))
    follow(session, kept_id)
    kept_record["proposed"] = proposed.take(session, kept_id, gone_id)
    kept_record["tied"] = tied.take(session, kept_id, gone_id)
    kept_record["after"] = moving.plain(_take(session, kept, gone, choices))
    moving.write(
        session,
        "influencers",
        gone_id,
        {"merged_into_id": kept_id, "row_version": gone["row_version"] + 1},
    )
    settle(session, (kept_id, gone_id), before, at)
    kept_record["duplicate"] = _decided(session, kept_id, gone_id, user, at)
    made = Merge(
        kept_id=kept_id,
        gone_id=gone_id,
        brand_id=brand_id,
        user_id=user.id,
        at=at,
        record=kept_record,
    )
    session.add(made)
    session.flush()
    record(
        session, user, Action.MERGED, at, merge_id=made.id, influencer_id=kept_id, gone_id=gone_id
    )
    score(session, [kept_id], user=user, at=at)
    session.expire_all()
    return made


def standing(influencer_id: int) -> Select[Merge]:
    """Select the merges that made a person what they are, the newest first."""
    return (
        select(Merge)
        .where(Merge.kept_id == influencer_id, Merge.undone_at.is_(None))
        .order_by(Merge.id.desc())
    )


def cells(people: Iterable[Row], related: Iterable[Row]) -> Cells:
    """Where the board counts the relationships of these people."""
    by_id = {person["id"]: person for person in people}
    return [_cell(by_id[row["influencer_id"]], row) for row in related]


def _cell(person: Row, row: Row) -> counters.Cell | None:
    if person["archived_at"] is not None:
        return None
    return counters.Cell(
        row["brand_id"], row["stage"], person["tier"], row["owner_id"], person["audience"]
    )


def settle(session: Session, people: tuple[int, int], before: Cells, at: dt.datetime) -> None:
    """Put derived columns and counters right, once all has moved."""
    related = moving.fetch(session, "relationships", "influencer_id", people)
    relationships.rebuild_these(session, [row["id"] for row in related])
    proving.settle(session, [row["id"] for row in related], at)
    after = cells(moving.fetch(session, "influencers", "id", people), related)
    changes: list[tuple[counters.Cell | None, counters.Cell | None]]
    changes = [(cell, None) for cell in before]
    changes += [(None, cell) for cell in after]
    counters.shift(session, changes)


def follow(session: Session, influencer_id: int) -> None:
    """Let what names both a relationship and its person name the person it belongs to now."""
    related = moving.ids(session, "relationships", "influencer_id", influencer_id)
    for name in ("scores", "search_entries"):
        rows = moving.table(name)
        session.connection().execute(
            rows.update()
            .where(rows.c.relationship_id.in_(related), rows.c.influencer_id != influencer_id)
            .values(influencer_id=influencer_id)
        )


def held(session: Session, row: Row) -> dict[str, list[int]]:
    """The keys of everything that hangs on a relationship, by table."""
    return {
        name: moving.ids(session, name, moving.related_by(name), row["id"], key)
        for name, key in moving.RELATED.items()
    }


def score(session: Session, people: list[int], *, user: User, at: dt.datetime) -> None:
    """Queue the scoring of people whose accounts have changed."""
    task = Task(kind="score", arguments={"people": people}, user_id=user.id, created_at=at)
    session.add(task)


def _hold(
    session: Session, kept_id: int, gone_id: int, seen: tuple[int, int] | None
) -> tuple[Row, Row]:
    """Lock both and see that they can be one."""
    if kept_id == gone_id:
        raise Refused(_l("Somebody cannot be merged with themselves."))
    found = moving.fetch(session, "influencers", "id", (kept_id, gone_id))
    rows = {row["id"]: row for row in found}
    if len(rows) < 2 or any(row["merged_into_id"] is not None for row in found):
        raise Stale(_l("One of the two was merged meanwhile. Look at the list again."))
    kept, gone = rows[kept_id], rows[gone_id]
    if seen is not None and seen != (kept["row_version"], gone["row_version"]):
        raise Stale(_l("One of the two was changed meanwhile. Compare them again."))
    if kept["is_demo"] != gone["is_demo"]:
        raise Refused(_l("One of the two belongs to the demo, which will be taken away again."))
    return kept, gone


def _move(session: Session, kept_id: int, gone_id: int) -> dict[str, list[int]]:
    """Move what hangs on the person alone; returns which rows came with the gone."""
    moved = {}
    for name, column in moving.MOVE:
        moved[f"{name}.{column}"] = moving.ids(session, name, column, gone_id)
        moving.move_all(session, name, column, of=gone_id, to=kept_id)
    return moved


def _take(session: Session, kept: Row, gone: Row, choices: Mapping[str, str]) -> Row:
    """Write the kept person's columns as chosen; returns the whole row."""
    handles = comparing.handles(session, (kept["id"], gone["id"]))
    values: dict[str, Any] = {
        "known": kept["known"] or gone["known"],
        # Whoever is not put away in both places is not put away.
        "archived_at": kept["archived_at"] if gone["archived_at"] else None,
        "row_version": kept["row_version"] + 1,
    }
    for one in comparing.differences(kept, gone, handles):
        if chosen(choices, one.name, one.proposed) == GONE:
            values |= {column: gone[column] for column in comparing.FIELDS[one.name]}
    moving.write(session, "influencers", kept["id"], values)
    if values.get("name", kept["name"]) != kept["name"]:
        search.reindex(session, "name", kept["id"], values["name"])
    return {**kept, **values}


def _join(
    session: Session,
    pair: Shared,
    choices: Mapping[str, str],
    *,
    user: User,
    at: dt.datetime,
) -> dict[str, Any]:
    """Make two relationships with one brand one; returns all that is needed to part them.

    The row with the higher id survives: SQLite gives the highest id away again once it is free.
    """
    sides = {KEPT: pair.kept, GONE: pair.gone}
    values, dropped = _joined(pair, choices), _put_away(session, pair)
    keys = {side: held(session, row) for side, row in sides.items()}
    survivor, lost = sorted((pair.kept, pair.gone), key=lambda row: row["id"], reverse=True)
    for name in moving.RELATED:
        column = moving.related_by(name)
        moving.move_all(session, name, column, of=lost["id"], to=survivor["id"])
    moving.remove(session, "relationships", lost)
    values |= {"influencer_id": pair.kept["influencer_id"]}
    values |= {"row_version": max(pair.kept["row_version"], pair.gone["row_version"]) + 1}
    moving.write(session, "relationships", survivor["id"], values)
    return {
        "before": {side: moving.plain(row) for side, row in sides.items()},
        "held": keys,
        "after": moving.plain({**survivor, **values}),
        "dropped": dropped,
        "move": _last_move(session, survivor, values["stage"], user, at),
        "owners": _hand_over(session, survivor["id"], pair, values["owner_id"]),
    }


def _joined(pair: Shared, choices: Mapping[str, str]) -> dict[str, Any]:
    """The columns of the one relationship."""
    sides = {KEPT: pair.kept, GONE: pair.gone}
    stage = sides[chosen(choices, f"stage-{pair.brand_id}", pair.stage)]
    owner = sides[chosen(choices, f"owner-{pair.brand_id}", pair.owner)]
    same = [row["stage_since"] for row in sides.values() if row["stage"] is stage["stage"]]
    paused = max(sides.values(), key=lambda row: row["paused_until"] or dt.date.min)
    values = {
        "stage": stage["stage"],
        "stage_since": min(same),
        "owner_id": owner["owner_id"],
        "paused_until": paused["paused_until"],
        "paused_why": paused["paused_why"],
        "created_at": min(row["created_at"] for row in sides.values()),
    }
    for name in _FILLED:
        values[name] = pair.gone[name] if pair.kept[name] is None else pair.kept[name]
    return values


def _put_away(session: Session, pair: Shared) -> dict[str, list[dict[str, Any]]]:
    """Delete those rows of the gone of which one relationship may have one only, and keep them."""
    dropped: dict[str, list[dict[str, Any]]] = {}
    for name, columns in moving.UNIQUE.items():
        mine = moving.fetch(session, name, "relationship_id", [pair.kept["id"]])
        taken = {tuple(row[column] for column in columns) for row in mine}
        for row in moving.fetch(session, name, "relationship_id", [pair.gone["id"]]):
            key = tuple(row[column] for column in columns)
            if key in taken and None not in key:
                moving.remove(session, name, row)
                dropped.setdefault(name, []).append(moving.plain(row))
    return dropped


def _last_move(
    session: Session, survivor: moving.Row, stage: Stage, user: User, at: dt.datetime
) -> int | None:
    """Add a move where the joined history would end at another stage; returns its id."""
    moves = moving.table("stage_moves")
    last = session.execute(
        select(moves.c.to_stage, moves.c.at)
        .where(moves.c.relationship_id == survivor["id"])
        .order_by(moves.c.at.desc(), moves.c.id.desc())
        .limit(1)
    ).first()
    if last is not None and last.to_stage is stage:
        return None
    of = {"relationship_id": survivor["id"], "brand_id": survivor["brand_id"]}
    values = {**of, "from_stage": last.to_stage if last else None, "to_stage": stage}
    # It comes after all that were before, also where a clock jumped back.
    moment = max(at, last.at) if last else at
    added = moves.insert().values({**values, "at": moment, "user_id": user.id})
    made: int = session.connection().execute(added.returning(moves.c.id)).scalar_one()
    return made


def _hand_over(
    session: Session, relationship_id: int, pair: Shared, owner_id: int | None
) -> list[list[int | None]]:
    """Give what is planned to the owner, as whoever has a relationship is reminded of it.

    Returns the touchpoints that changed hands, each with whose it was.
    """
    if owner_id is None:
        return []
    touchpoints = moving.table("touchpoints")
    losing = {pair.kept["owner_id"], pair.gone["owner_id"], None} - {owner_id}
    found = session.execute(
        select(touchpoints.c.id, touchpoints.c.owner_id).where(
            touchpoints.c.relationship_id == relationship_id, touchpoints.c.state == State.OPEN
        )
    )
    changed = [[id, owner] for id, owner in found if owner in losing]
    for id, _owner in changed:
        moving.write(session, "touchpoints", id, {"owner_id": owner_id})
    # A partner who had them sees them no more: what she owed goes along, and stays so if undone.
    for id in losing - {None}:
        if team.is_partner(session, id, pair.kept["brand_id"]):
            _give_owed(session, relationship_id, id, owner_id)
    return changed


def _give_owed(session: Session, relationship_id: int, old: int, new: int) -> None:
    for name, is_open in (("promises", PromiseState.OPEN), ("questions", QuestionState.OPEN)):
        of = moving.table(name)
        whose = (of.c.relationship_id == relationship_id, of.c.owner_id == old)
        session.execute(of.update().where(*whose, of.c.state == is_open).values(owner_id=new))


def _decided(
    session: Session, kept_id: int, gone_id: int, user: User, at: dt.datetime
) -> dict[str, Any] | None:
    """Note at the pair, where it was proposed, that it is one; returns the row as it was."""
    left, right = sorted((kept_id, gone_id))
    pair = session.scalar(_PAIR, {"left": left, "right": right})
    if pair is None:
        return None
    was = moving.fetch(session, "duplicates", "id", [pair.id])[0]
    pair.state, pair.decided_at, pair.decided_by_id = DuplicateState.MERGED, at, user.id
    return moving.plain(was)


_PAIR = select(Duplicate).where(
    Duplicate.left_id == bindparam("left"), Duplicate.right_id == bindparam("right")
)
