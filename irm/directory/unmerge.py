"""Making two people of one again, from what their merge kept.

What came with the one who went goes back; what somebody added or changed since stays with the one
who was kept. What could not be parted is reported, as codes with parameters.
"""

import datetime as dt
from itertools import pairwise
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory import comparing, merge, moving, proposed, search, tied
from irm.directory.comparing import GONE, KEPT
from irm.directory.moving import Row
from irm.errors import Refused, Stale
from irm.i18n import _l
from irm.models import Merge, State, User

Report = list[dict[str, Any]]

#: Columns of a person and of a relationship that tell nothing of what people did.
_NOBODYS = frozenset({"id", "row_version", "merged_into_id", "influencer_id", *comparing.COMPUTED})

#: Columns of a relationship that are computed: each gets its own back.
_DERIVED = frozenset({"relevance", "fit"})


def unmerge(session: Session, made: Merge, *, user: User, at: dt.datetime) -> Report:
    """Undo a merge; returns what could not be parted.

    Raises Stale where it was undone meanwhile, Refused where a later merge has to be undone first
    or the record was blanked.
    """
    session.flush()
    people = (made.kept_id, made.gone_id)
    kept, gone = _hold(session, made)
    kept_record, report = made.record, Report()
    related = moving.fetch(session, "relationships", "influencer_id", people)
    before = merge.cells((kept, gone), related)
    for name, keys in kept_record["moved"].items():
        table, column = name.split(".")
        back = moving.move(session, table, column, keys, of=kept["id"], to=gone["id"])
        if back < len(keys) and table != "search_entries":
            report.append(_said("missing", what=table, n=len(keys) - back))
    for one in kept_record["whole"]:
        _give_back(session, one, gone["id"], report)
    for one in kept_record["related"]:
        _part(session, one, report)
    proposed.give_back(session, kept_record.get("proposed", {}), people)
    tied.give_back(session, kept_record.get("tied", {}), people)
    _restore_people(session, kept, gone, kept_record, report)
    merge.follow(session, kept["id"])
    merge.follow(session, gone["id"])
    merge.settle(session, people, before, at)
    if kept_record["duplicate"]:
        was = moving.typed("duplicates", kept_record["duplicate"])
        moving.write(session, "duplicates", was.pop("id"), was)
    made.undone_at, made.undone_by_id, made.report = at, user.id, report
    ids = {"merge_id": made.id, "influencer_id": kept["id"], "gone_id": gone["id"]}
    record(session, user, Action.UNMERGED, at, **ids)
    merge.score(session, [kept["id"], gone["id"]], user=user, at=at)
    session.flush()
    session.expire_all()
    return report


def _hold(session: Session, made: Merge) -> tuple[Row, Row]:
    """Lock both people and the merge, and see that it can be undone."""
    people = moving.fetch(session, "influencers", "id", (made.kept_id, made.gone_id))
    rows = {row["id"]: row for row in people}
    merges = moving.fetch(session, "merges", "id", [made.id])
    if not merges or merges[0]["undone_at"] is not None:
        raise Stale(_l("This merge was undone meanwhile."))
    if "moved" not in made.record or len(rows) < 2:
        raise Refused(_l("What is needed to undo this merge was erased with the person."))
    table = moving.table("merges")
    later = select(table.c.id).where(
        table.c.id > made.id,
        table.c.undone_at.is_(None),
        or_(table.c.kept_id == made.kept_id, table.c.gone_id == made.kept_id),
    )
    if session.scalar(later.limit(1)) is not None:
        raise Refused(_l("They were merged with somebody else later. Undo that merge first."))
    return rows[made.kept_id], rows[made.gone_id]


def _said(code: str, **params: Any) -> dict[str, Any]:
    return {"code": code, "params": params}


def _give_back(session: Session, one: dict[str, Any], gone_id: int, report: Report) -> None:
    """Give back a relationship that only the gone had, with whatever was added to it since."""
    was = moving.typed("relationships", one["row"])
    found = moving.fetch(session, "relationships", "id", [was["id"]])
    if not found:
        report.append(_said("missing", what="relationships", n=1))
        return
    moving.write(session, "relationships", was["id"], {"influencer_id": gone_id})
    now = merge.held(session, found[0])
    added = sum(len(_new(now[name], one["held"][name])) for name in ("interactions", "touchpoints"))
    if added:
        report.append(_said("went_along", n=added, brand_id=was["brand_id"]))


def _new(now: list[int], then: list[int]) -> set[int]:
    return set(now) - set(then)


def _part(session: Session, one: dict[str, Any], report: Report) -> None:
    """Make two relationships of one again."""
    was = {side: moving.typed("relationships", row) for side, row in one["before"].items()}
    after = moving.typed("relationships", one["after"])
    found = moving.fetch(session, "relationships", "id", [after["id"]])
    if not found:
        report.append(_said("missing", what="relationships", n=1))
        return
    now, keys = found[0], one["held"]
    lost = next(side for side, row in was.items() if row["id"] != after["id"])
    _take_move_back(session, one, now)
    _give_touchpoints_back(session, one, now, after)
    _along(session, keys, now["id"], report)
    survivor_side = GONE if lost == KEPT else KEPT
    columns = {side: _columns(side, now, after, was[side], report) for side in (KEPT, GONE)}
    # The survivor first leaves the place that the other one takes again.
    moving.write(session, "relationships", now["id"], columns[survivor_side])
    moving.restore(session, "relationships", {**was[lost], **columns[lost]})
    for name, key in moving.RELATED.items():
        column = moving.related_by(name)
        there = moving.ids(session, name, column, now["id"], key)
        # A merge of former days knew less of what there is now.
        theirs = set(keys[GONE].get(name, ()))
        going = [id for id in there if (id in theirs) == (lost == GONE)]
        moving.move(session, name, column, going, of=now["id"], to=was[lost]["id"], key=key)
        for row in one["dropped"].get(name, []):
            moving.restore(session, name, moving.typed(name, row))
    _chain(session, was[KEPT]["id"], set(keys[KEPT]["stage_moves"]))
    _report_added(session, was[KEPT], keys, report)


def _columns(side: str, now: Row, after: Row, was: Row, report: Report) -> dict[str, Any]:
    """What a relationship's columns become: as they were, but what was changed since stays."""
    values = {name: was[name] for name in was if name not in _NOBODYS}
    values |= {"influencer_id": was["influencer_id"], "row_version": now["row_version"] + 1}
    if side == GONE:
        return values
    changed = sorted(
        name
        for name in after
        if name in merge.JOINED and name not in _DERIVED and now[name] != after[name]
    )
    values |= {name: now[name] for name in changed}
    shown = [name for name in changed if name in ("stage", "owner_id", "paused_until")]
    if shown:
        report.append(_said("related_changed", fields=shown, brand_id=was["brand_id"]))
    return values


def _take_move_back(session: Session, one: dict[str, Any], now: Row) -> None:
    """Delete the move that the merge itself made, unless somebody built on it."""
    if one["move"] is None:
        return
    moves = moving.table("stage_moves")
    known = {one["move"], *one["held"][KEPT]["stage_moves"], *one["held"][GONE]["stage_moves"]}
    there = set(moving.ids(session, "stage_moves", "relationship_id", now["id"]))
    if there <= known:
        session.connection().execute(moves.delete().where(moves.c.id == one["move"]))


def _chain(session: Session, relationship_id: int, before: set[int]) -> None:
    """Let moves made since begin where the one before them ends, now that others are gone."""
    moves = moving.table("stage_moves")
    rows = session.execute(
        select(moves.c.id, moves.c.from_stage, moves.c.to_stage)
        .where(moves.c.relationship_id == relationship_id)
        .order_by(moves.c.at, moves.c.id)
    ).all()
    for last, row in pairwise(rows):
        is_loose = row.from_stage is not None and row.from_stage is not last.to_stage
        if is_loose and row.id not in before:
            moving.write(session, "stage_moves", row.id, {"from_stage": last.to_stage})


def _give_touchpoints_back(session: Session, one: dict[str, Any], now: Row, after: Row) -> None:
    """Give open touchpoints that changed hands to whom they were planned for."""
    touchpoints = moving.table("touchpoints")
    for id, owner in one["owners"]:
        session.connection().execute(
            touchpoints.update()
            .where(
                touchpoints.c.id == id,
                touchpoints.c.relationship_id == now["id"],
                touchpoints.c.state == State.OPEN,
                touchpoints.c.owner_id == after["owner_id"],
            )
            .values(owner_id=owner)
        )


def _along(
    session: Session, keys: dict[str, dict[str, list[int]]], relationship_id: int, report: Report
) -> None:
    """An exchange logged since that fulfils what was planned with the gone goes with the plan."""
    interactions, entries = moving.table("interactions"), moving.table("search_entries")
    planned, known = keys[GONE]["touchpoints"], set(keys[GONE]["interactions"])
    found = [
        id
        for id, touchpoint in session.execute(
            select(interactions.c.id, interactions.c.touchpoint_id).where(
                interactions.c.relationship_id == relationship_id,
                interactions.c.touchpoint_id.is_not(None),
            )
        )
        if touchpoint in set(planned) and id not in known
    ]
    if not found:
        return
    notes = session.scalars(
        select(entries.c.id).where(entries.c.source == "note", entries.c.source_id.in_(found))
    ).all()
    keys[GONE]["interactions"] = [*keys[GONE]["interactions"], *found]
    keys[GONE]["search_entries"] = [*keys[GONE]["search_entries"], *notes]
    report.append(_said("fulfilled", n=len(found)))


def _report_added(session: Session, kept: Row, keys: dict[str, Any], report: Report) -> None:
    """Say how much was logged and planned since: it stays with the one who was kept."""
    now = merge.held(session, kept)
    added = sum(len(_new(now[name], keys[KEPT][name])) for name in ("interactions", "touchpoints"))
    if added:
        report.append(_said("stayed", n=added, brand_id=kept["brand_id"]))


def _restore_people(
    session: Session, kept: Row, gone: Row, kept_record: dict[str, Any], report: Report
) -> None:
    """Give both their columns back, but for what somebody changed since."""
    was = moving.typed("influencers", kept_record["before"][KEPT])
    after = moving.typed("influencers", kept_record["after"])
    theirs = moving.typed("influencers", kept_record["before"][GONE])
    for row in (was, after):
        # What was merged before irm wrote it down.
        row.setdefault("tier_set_at", None)
    values: dict[str, Any] = {name: was[name] for name in comparing.COMPUTED}
    stays = []
    for field, columns in (*comparing.FIELDS.items(), ("archived_at", ("archived_at",))):
        if field == "tier" and after["tier_reason"] is None and after["tier_set_by_id"] is None:
            # Nobody chose it, so a rescoring may have moved it.
            columns = columns[:-1] if _chosen(kept) else columns
            after = {**after, "tier": kept["tier"]}
        if all(kept[name] == after[name] for name in columns):
            values |= {name: was[name] for name in columns}
        elif any(after[name] != was[name] for name in columns):
            stays.append(field)
    if stays:
        report.append(_said("fields_changed", fields=stays))
    values |= {"known": was["known"], "row_version": kept["row_version"] + 1}
    moving.write(session, "influencers", kept["id"], values)
    if "name" in values and values["name"] != kept["name"]:
        search.reindex(session, "name", kept["id"], values["name"])
    back = {name: theirs[name] for name in (*comparing.COMPUTED, "tier")}
    back |= {"merged_into_id": None, "row_version": gone["row_version"] + 1}
    moving.write(session, "influencers", gone["id"], back)


def _chosen(person: Row) -> bool:
    return person["tier_set_by_id"] is not None or person["tier_reason"] is not None
