"""One change to many people at once: what it would do, and doing it.

Each person is locked, read anew and changed by the same functions as by hand, so that moves keep
their history and counters their counts. What was changed is kept row by row (see bulk_undo).
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from irm.audit import Action, record
from irm.directory import person, tags, team
from irm.errors import Refused
from irm.funnel import bulk_changes, grounds, pauses, stages
from irm.funnel.bulk_changes import Changed, Changes
from irm.i18n import _l
from irm.ledger.claims import is_uncovered
from irm.models import (
    Brand,
    BrandMember,
    BulkEdit,
    BulkEditRow,
    Influencer,
    Relationship,
    RelationshipTag,
    Stage,
    Tag,
    Task,
    TaskState,
    Tier,
    User,
)
from irm.scoring import rules

#: Up to this many are changed while their page is waited for; more are left to the worker.
INLINE = 200

#: People changed in one transaction: nobody waits longer for their turn.
CHUNK = 50

#: More people than this are not one decision.
MOST = 100_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change does to one person: what it changes, or why it does not."""

    relationship_id: int
    influencer_id: int
    name: str
    changed: Changed = field(default_factory=dict)
    #: `gone`, `archived` or `other_brand`.
    problem: str = ""
    #: `back` or `uncovered`, where a move rests on the reason alone.
    rests_on: str = ""


def draft(
    session: Session,
    brand_id: int,
    ids: Sequence[int],
    changes: dict[str, Any],
    *,
    user: User,
    at: dt.datetime,
) -> BulkEdit:
    """Write down a change and whom it is for; nothing is done before somebody says so.

    Raises Refused where nothing is asked for, nobody is meant, or something needs a reason.
    """
    if not changes.keys() - {"reason"}:
        raise Refused(_l("Choose what to change."))
    if not ids:
        raise Refused(_l("Select at least one person."))
    if len(ids) > MOST:
        raise Refused(_l("Change %(n)s people at most at once.", n=MOST))
    if ("stage" in changes or "tier" in changes) and not changes.get("reason"):
        raise Refused(_l("A stage or a tier needs a reason: it stands beside it."))
    if owner := _owner(session, brand_id, changes):
        team.refuse_onlooker(session, owner, brand_id)
    _refuse_pause(session, brand_id, changes, at)
    edit = BulkEdit(
        brand_id=brand_id,
        user_id=user.id,
        changes=changes,
        selection={"ids": sorted(set(ids))},
        created_at=at,
    )
    session.add(edit)
    session.flush()
    return edit


def is_over(edit: BulkEdit) -> bool:
    """Whether everybody was dealt with."""
    return dealt_with(edit) >= len(edit.selection["ids"])


def dealt_with(edit: BulkEdit) -> int:
    """How many people were dealt with so far."""
    return edit.changed + edit.same + edit.refused


def is_stopped(session: Session, edit: BulkEdit) -> bool:
    """Whether it was left half-way, to be done or to be taken back, and nobody is at it."""
    has_begun = edit.task_id is not None or dealt_with(edit) > 0
    if edit.finished_at is not None or edit.undo_report:
        has_begun = bool(edit.undo_report) and edit.undone_at is None
    if not has_begun or edit.task_id is None:
        return has_begun
    state = session.scalar(select(Task.state).where(Task.id == edit.task_id))
    return state not in (TaskState.QUEUED, TaskState.RUNNING)


def begin(session: Session, edit: BulkEdit, *, user: User, at: dt.datetime) -> None:
    """Note in the audit that a change is done now, or goes on where it stopped.

    Raises Refused where it was done already, or is being taken back, or its day has come.
    """
    take_turn(session, edit)
    has_begun = edit.task_id is not None or dealt_with(edit)
    if edit.finished_at is not None or (has_begun and not is_stopped(session, edit)):
        raise Refused(_l("This change was made already."))
    if edit.undo_report:
        raise Refused(_l("This change was taken back already."))
    # A day that lay ahead when it was chosen may have come.
    _refuse_pause(session, edit.brand_id, edit.changes, at)
    note(session, edit, "made", user, at)


def go_on(
    session: Session, edit: BulkEdit, *, user: User, at: dt.datetime, limit: int = CHUNK
) -> bool:
    """Change the next few people; whether that was the last of them. The caller commits."""
    take_turn(session, edit)
    begun = dealt_with(edit)
    ids = edit.selection["ids"][begun : begun + limit]
    lock(session, ids)
    added = [tags.named(session, edit.brand_id, name) for name in edit.changes.get("add_tags", ())]
    for one in outcomes(session, edit, ids, user):
        if one.problem:
            edit.refused += 1
        elif one.changed:
            _apply(session, edit, one, added, user, at)
            edit.changed += 1
        else:
            edit.same += 1
        if one.problem != "gone":
            problem = {"code": one.problem} if one.problem else None
            session.add(
                BulkEditRow(
                    edit_id=edit.id,
                    relationship_id=one.relationship_id,
                    changed=one.changed,
                    problem=problem,
                )
            )
    if is_over(edit):
        edit.finished_at = at
    session.flush()
    return is_over(edit)


def take_turn(session: Session, edit: BulkEdit) -> None:
    """Take the writer's turn, and read how far the change is: one at a time works at it."""
    session.execute(
        update(BulkEdit)
        .where(BulkEdit.id == edit.id)
        .values(user_id=BulkEdit.user_id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(edit)


def note(session: Session, edit: BulkEdit, change: str, user: User, at: dt.datetime) -> None:
    """Note in the audit that a change was made or undone."""
    record(
        session,
        user,
        Action.BULK_EDITED,
        at,
        brand_id=edit.brand_id,
        bulk_edit_id=edit.id,
        change=change,
    )


def lock(session: Session, ids: Sequence[int]) -> None:
    """Lock people first, then relationships, each in order: as everybody does."""
    people = (
        select(Influencer)
        .join(Relationship, Relationship.influencer_id == Influencer.id)
        .where(Relationship.id.in_(ids))
        .order_by(Influencer.id)
        .with_for_update(of=Influencer)
    )
    relationships = (
        select(Relationship)
        .where(Relationship.id.in_(ids))
        .order_by(Relationship.id)
        .with_for_update(of=Relationship)
    )
    for statement in (people, relationships):
        session.scalars(statement.execution_options(populate_existing=True)).all()


def outcomes(session: Session, edit: BulkEdit, ids: Sequence[int], user: User) -> Iterator[Outcome]:
    """Say what the change does to each of these people, as they stand now."""
    changes = edit.changes
    found = {
        one.id: one
        for one in session.scalars(
            select(Relationship)
            .where(Relationship.id.in_(ids), Relationship.brand_id == edit.brand_id)
            .options(joinedload(Relationship.influencer))
        )
    }
    on: dict[int, set[tuple[int, str]]] = {}
    if "add_tags" in changes or "remove_tags" in changes:
        on = _tags(session, ids)
    elsewhere = _known_elsewhere(session, edit, found.values(), user)
    thresholds = rules.rules(session).thresholds
    for id in ids:
        one = found.get(id)
        if one is None or one.influencer.merged_into_id is not None:
            yield Outcome(id, 0, "", problem="gone")
        elif one.influencer_id in elsewhere:
            yield Outcome(id, one.influencer_id, one.influencer.name, problem="other_brand")
        elif _is_out_of_reach(changes, one):
            yield Outcome(id, one.influencer_id, one.influencer.name, problem="archived")
        else:
            changed = bulk_changes.of_relationship(changes, one, on.get(id, set()))
            changed |= bulk_changes.of_person(changes, one.influencer, thresholds, user)
            name, rests_on = one.influencer.name, _rests_on(one, changed)
            yield Outcome(id, one.influencer_id, name, changed, rests_on=rests_on)


def _is_out_of_reach(changes: Changes, one: Relationship) -> bool:
    """Whether they are to be moved, and are archived and stay so: they stand on no board."""
    is_moved = "stage" in changes and changes["stage"] != one.stage.value
    return is_moved and one.influencer.archived_at is not None and changes.get("archive", True)


def _rests_on(one: Relationship, changed: Changed) -> str:
    if "stage" not in changed:
        return ""
    to = Stage(changed["stage"][1])
    if grounds.is_back(one.stage, to):
        return "back"
    return "uncovered" if is_uncovered(to, one.earned_stage) else ""


def _apply(
    session: Session,
    edit: BulkEdit,
    one: Outcome,
    added: Sequence[Tag],
    user: User,
    at: dt.datetime,
) -> None:
    """Do to one person what was found to be done; what undoing needs is noted in it."""
    relationship = session.get_one(Relationship, one.relationship_id)
    changed, reason = one.changed, edit.changes.get("reason", "")
    is_restored = changed.get("archive", [None, None])[1] is False
    if is_restored:
        person.restore(session, one.influencer_id, user=user, at=at)
    if "owner" in changed:
        owner = _owner(session, edit.brand_id, edit.changes)
        stages.assign(session, relationship, owner, user=user, at=at)
    if "stage" in changed:
        to = Stage(changed["stage"][1])
        made = stages.move(session, relationship, to, user=user, at=at, reason=reason)
        changed["stage"].append(made.id)
    if "pause" in changed:
        until, why = changed["pause"][1]
        day = dt.date.fromisoformat(until)
        pauses.put(session, relationship, until=day, why=why, user=user, at=at)
    if "add_tags" in changed:
        put = [tag.id for tag in added if tags.put(session, relationship.id, tag.id)]
        changed["add_tags"] = [[], put]
    for id in changed.get("remove_tags", [[]])[0]:
        tags.take(session, relationship.id, id)
    if "tier" in changed:
        tier, set_by, _why = changed["tier"][1]
        person.set_tier(
            session,
            one.influencer_id,
            Tier(tier) if set_by else None,
            reason[:200],
            computed=Tier(tier),
            user=user,
            at=at,
            seen_version=relationship.influencer.row_version,
        )
    if "archive" in changed and not is_restored:
        person.archive(session, one.influencer_id, user=user, at=at)


def _owner(session: Session, brand_id: int, changes: Changes) -> User | None:
    """The owner that is asked for. Raises Refused where they are no member of the brand."""
    if not changes.get("owner"):
        return None
    owner = session.scalar(
        select(User)
        .join(BrandMember, BrandMember.user_id == User.id)
        .where(User.id == changes["owner"], User.is_active, BrandMember.brand_id == brand_id)
    )
    if owner is None:
        raise Refused(_l("This colleague is no member of the brand."))
    return owner


def _refuse_pause(session: Session, brand_id: int, changes: Changes, at: dt.datetime) -> None:
    """Raise Refused where nobody can be paused until the day that is asked for."""
    if "pause" in changes:
        zone = ZoneInfo(session.get_one(Brand, brand_id).timezone)
        until = dt.date.fromisoformat(changes["pause"]["until"])
        pauses.refuse(until, changes["pause"]["why"], at.astimezone(zone).date())


def _tags(session: Session, ids: Sequence[int]) -> dict[int, set[tuple[int, str]]]:
    found: dict[int, set[tuple[int, str]]] = {}
    rows = session.execute(
        select(RelationshipTag.relationship_id, Tag.id, Tag.name_key)
        .join(Tag, Tag.id == RelationshipTag.tag_id)
        .where(RelationshipTag.relationship_id.in_(ids))
    )
    for relationship_id, id, key in rows:
        found.setdefault(relationship_id, set()).add((id, key))
    return found


def _known_elsewhere(session: Session, edit: BulkEdit, found: Any, user: User) -> set[int]:
    """Who must not be put away, because a brand that is not the user's works with them too."""
    if not edit.changes.get("archive") or user.is_admin:
        return set()
    own = select(BrandMember.brand_id).where(BrandMember.user_id == user.id)
    people = [one.influencer_id for one in found]
    others = select(Relationship.influencer_id).where(
        Relationship.influencer_id.in_(people),
        Relationship.brand_id != edit.brand_id,
        Relationship.brand_id.not_in(own),
    )
    return set(session.scalars(others))
