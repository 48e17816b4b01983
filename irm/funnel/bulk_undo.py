"""Taking back a change to many people, leaving alone what somebody changed since."""

import datetime as dt
from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.directory import person, tags
from irm.errors import Refused
from irm.funnel import bulk_edit, pauses, stages
from irm.i18n import _l
from irm.ledger.people import recounted
from irm.models import (
    BrandMember,
    BulkEdit,
    BulkEditRow,
    Relationship,
    Role,
    Stage,
    StageMove,
    Tag,
    Tier,
    User,
)


def begin(session: Session, edit: BulkEdit, *, user: User, at: dt.datetime) -> None:
    """Note that a change is taken back, or goes on being so where that stopped.

    Raises Refused where it was, or where it is still being made.
    """
    bulk_edit.take_turn(session, edit)
    is_stopped = bulk_edit.is_stopped(session, edit)
    if edit.undone_at is not None or (edit.undo_report and not is_stopped):
        raise Refused(_l("This change was taken back already."))
    if edit.finished_at is None and not is_stopped:
        raise Refused(_l("This change is still being made; wait until it is done."))
    edit.undone_by_id = user.id
    if not edit.undo_report:
        edit.undo_report = {"upto": 0, "rows": 0, "restored": 0, "kept": {}}
    bulk_edit.note(session, edit, "undone", user, at)


def go_on(
    session: Session,
    edit: BulkEdit,
    *,
    user: User,
    at: dt.datetime,
    limit: int = bulk_edit.CHUNK,
) -> bool:
    """Take back the next few; whether those were the last. The caller commits."""
    bulk_edit.take_turn(session, edit)
    if edit.undone_at is not None:
        return True
    report = dict(edit.undo_report)
    rows = session.scalars(
        select(BulkEditRow)
        .where(BulkEditRow.edit_id == edit.id, BulkEditRow.id > report["upto"])
        .order_by(BulkEditRow.id)
        .limit(limit)
    ).all()
    bulk_edit.lock(session, [row.relationship_id for row in rows])
    kept = Counter(report["kept"])
    for row in rows:
        left = _restore(session, row, edit.brand_id, user, at) if row.changed else []
        kept.update(left)
        report["restored"] += bool(row.changed) and len(left) < len(row.changed)
    if rows:
        report["upto"] = rows[-1].id
    report["rows"] += len(rows)
    edit.undo_report = {**report, "kept": dict(kept)}
    if len(rows) < limit:
        edit.undone_at = at
    session.flush()
    return edit.undone_at is not None


def _restore(
    session: Session, row: BulkEditRow, brand_id: int, user: User, at: dt.datetime
) -> list[str]:
    """Put one person back as they were; returns what was left alone, as codes."""
    relationship = session.get_one(Relationship, row.relationship_id)
    kept: list[str] = []
    # Whoever was put away is there again before they are moved, and whoever was not, until then.
    was_put_away = bool(row.changed.get("archive", [None, False])[1])
    in_turn = sorted(row.changed.items(), key=lambda one: (one[0] == "archive") is not was_put_away)
    for what, values in in_turn:
        done = _RESTORED[what](session, relationship, values, brand_id, user, at)
        if not done:
            kept.append(what)
    return kept


def _owner(
    session: Session, one: Relationship, values: list[Any], brand_id: int, user: User, at: Any
) -> bool:
    before, after = values
    if (one.owner_id or 0) != after:
        return bool((one.owner_id or 0) == before)
    owner = None
    if before:
        owner = session.scalar(
            select(User)
            .join(BrandMember, BrandMember.user_id == User.id)
            .where(
                User.id == before,
                User.is_active,
                BrandMember.brand_id == brand_id,
                BrandMember.role != Role.VIEWER,
            )
        )
        if owner is None:
            return False
    stages.assign(session, one, owner, user=user, at=at)
    return True


def _stage(
    session: Session, one: Relationship, values: list[Any], _brand: int, user: User, at: Any
) -> bool:
    before, after, move_id = values
    if one.stage is not Stage(after):
        return one.stage is Stage(before)
    made = session.get(StageMove, move_id)
    if made is None:
        return False
    try:
        stages.undo(session, made, one, user=user, at=at)
    except Refused:  # moved away and back meanwhile: that was somebody's decision
        return False
    return True


def _added(
    session: Session, one: Relationship, values: list[Any], _brand: int, _user: User, _at: Any
) -> bool:
    for id in values[1]:
        tags.take(session, one.id, id)
    return True


def _removed(
    session: Session, one: Relationship, values: list[Any], _brand: int, _user: User, _at: Any
) -> bool:
    there = set(session.scalars(select(Tag.id).where(Tag.id.in_(values[0]))))
    for id in values[0]:
        if id in there:
            tags.put(session, one.id, id)
    return len(there) == len(values[0])


def _tier(
    session: Session, one: Relationship, values: list[Any], _brand: int, _user: User, _at: Any
) -> bool:
    before, after = values
    with recounted(session, one.influencer_id) as who:
        now = [who.tier.value, who.tier_set_by_id, who.tier_reason]
        if now != after:
            return bool(now == before[:3])
        who.tier, who.tier_set_by_id, who.tier_reason = Tier(before[0]), before[1], before[2]
        # What was changed before irm wrote it down has no fourth.
        since = before[3] if len(before) > 3 else None
        who.tier_set_at = dt.datetime.fromisoformat(since) if since else None
    return True


def _pause(
    session: Session, one: Relationship, values: list[Any], _brand: int, user: User, at: Any
) -> bool:
    before, after = values
    now = [one.paused_until.isoformat() if one.paused_until else None, one.paused_why]
    if now != after:
        return bool(now == before)
    until = dt.date.fromisoformat(before[0]) if before[0] else None
    if until is not None and until > pauses.today_of(one, at):
        pauses.put(session, one, until=until, why=before[1] or "", user=user, at=at)
        return True
    if pauses.holds_on(one, pauses.today_of(one, at), at):
        pauses.resume(session, one, user=user, at=at)
    one.paused_until, one.paused_why = until, before[1]
    return True


def _archive(
    session: Session, one: Relationship, values: list[Any], _brand: int, user: User, at: Any
) -> bool:
    was_put_away = bool(values[1])
    if (one.influencer.archived_at is not None) is not was_put_away:
        return True  # somebody has put it back already
    back = person.restore if was_put_away else person.archive
    back(session, one.influencer_id, user=user, at=at)
    return True


_RESTORED = {
    "owner": _owner,
    "stage": _stage,
    "add_tags": _added,
    "remove_tags": _removed,
    "tier": _tier,
    "archive": _archive,
    "pause": _pause,
}
