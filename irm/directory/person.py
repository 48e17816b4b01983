"""Changing what we hold of one person: their facts, their tier, whether they are put away."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Table, update
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory import search
from irm.errors import Refused, Stale
from irm.i18n import LazyText, _l
from irm.ledger.people import recounted
from irm.models import Archetype, Influencer, Relationship, Task, Tier, User
from irm.models.keys import name_order

_relationships = cast(Table, Relationship.__table__)

#: Whose independence is their worth: a paid one is none.
UNPAID = frozenset({Archetype.JOURNALIST, Archetype.ANALYST})

#: Begins the code that says a person may not be paid for what they are: `archetype:journalist`.
FOR_WHAT_THEY_ARE = "archetype:"

#: What scores depend on.
_SCORED = frozenset({"archetype", "bio", "language"})


def change(
    session: Session,
    influencer_id: int,
    values: Mapping[str, Any],
    *,
    user: User,
    at: dt.datetime,
    seen_version: int,
) -> list[str]:
    """Change columns of a person; returns the names of those that were not so already.

    Search, sort keys, counters and scores follow.
    Raises Stale where the person was changed since `seen_version`, Refused where the name is
    empty, or pay is allowed to somebody whose independence is their worth.
    """
    with recounted(session, influencer_id) as person:
        if person.row_version != seen_version:
            raise Stale()
        wanted = _with_pay(person, dict(values))
        changed = [name for name, value in wanted.items() if getattr(person, name) != value]
        for name in changed:
            setattr(person, name, wanted[name])
        if not changed:
            return []
        if "name" in changed:
            rename(session, person)
        record(
            session,
            user,
            Action.PERSON_CHANGED,
            at,
            influencer_id=person.id,
            fields=",".join(sorted(changed)),
        )
    if _SCORED.intersection(changed):
        score(session, influencer_id, user=user, at=at)
    return changed


def rename(session: Session, person: Influencer) -> None:
    """Let a person be found and sorted by the name they have now.

    Raises Refused where they have none.
    """
    if not person.name:
        raise Refused(_l("Write a name."))
    search.reindex(session, "name", person.id, person.name)
    session.connection().execute(
        update(_relationships)
        .where(_relationships.c.influencer_id == person.id)
        .values(name_order=name_order(person.name))
    )


def set_tier(
    session: Session,
    influencer_id: int,
    tier: Tier | None,
    reason: str,
    *,
    computed: Tier,
    user: User,
    at: dt.datetime,
    seen_version: int,
) -> bool:
    """Put a person into a tier by hand, or back to the computed one; says whether that changed it.

    Raises Stale as `change` does, Refused where a choice comes without its reason.
    """
    with recounted(session, influencer_id) as person:
        if person.row_version != seen_version:
            raise Stale()
        if tier is not None and not reason:
            raise Refused(_l("Say why: the reason stands beside the tier."))
        wanted = {
            "tier": tier or computed,
            "tier_set_by_id": user.id if tier else None,
            "tier_reason": reason if tier else None,
            "tier_set_at": at if tier else None,
        }
        was = (person.tier, person.tier_reason)
        if was == (wanted["tier"], wanted["tier_reason"]):
            return False
        for name, value in wanted.items():
            setattr(person, name, value)
        about = person.id
        record(session, user, Action.PERSON_CHANGED, at, influencer_id=about, fields="tier")
    return True


def archive(session: Session, influencer_id: int, *, user: User, at: dt.datetime) -> None:
    """Put a person away: out of lists, board and reminders, with everything kept.

    Raises Refused where they are put away already.
    """
    with recounted(session, influencer_id) as person:
        if person.archived_at is not None:
            raise Refused(_l("%(name)s is in the archive already.", name=person.name))
        person.archived_at = at
        record(session, user, Action.PERSON_ARCHIVED, at, influencer_id=person.id)


def restore(session: Session, influencer_id: int, *, user: User, at: dt.datetime) -> None:
    """Take a person out of the archive.

    Raises Refused where they are not in it.
    """
    with recounted(session, influencer_id) as person:
        if person.archived_at is None:
            raise Refused(_l("%(name)s is not in the archive.", name=person.name))
        person.archived_at = None
        record(session, user, Action.PERSON_RESTORED, at, influencer_id=person.id)


def score(session: Session, influencer_id: int, *, user: User | None, at: dt.datetime) -> None:
    """Queue the scoring of one person whose scores may have changed."""
    session.add(
        Task(
            kind="score",
            arguments={"people": [influencer_id]},
            user_id=user.id if user else None,
            created_at=at,
        )
    )


def why_unpaid(why: str | None) -> LazyText | str:
    """Why a person may not be paid, in words: for what they are, or as a colleague wrote it."""
    if why is None or not why.startswith(FOR_WHAT_THEY_ARE):
        return why or ""
    return _UNPAID_WHY.get(why.removeprefix(FOR_WHAT_THEY_ARE), why)


_UNPAID_WHY = {
    Archetype.JOURNALIST.value: _l(
        "Journalists are not paid: a paid article is an advertisement, and costs both their name."
    ),
    Archetype.ANALYST.value: _l(
        "Analysts are not paid: their judgement is worth something because nobody buys it."
    ),
}


def _with_pay(person: Influencer, values: dict[str, Any]) -> dict[str, Any]:
    """What is to be changed, with what follows from the archetype for pay.

    Raises Refused where pay is allowed to somebody whom nobody may pay.
    """
    archetype = values.get("archetype", person.archetype)
    if archetype in UNPAID:
        if values.get("may_be_paid"):
            raise Refused(_UNPAID_WHY[archetype.value])
        if person.may_be_paid is not False or "may_be_paid" in values or "archetype" in values:
            # Their own "no" with a reason a colleague wrote stands.
            own = values.get("may_be_paid_why", person.may_be_paid_why)
            is_own = bool(own) and not str(own).startswith(FOR_WHAT_THEY_ARE)
            said_no = values.get("may_be_paid", person.may_be_paid) is False
            why = own if is_own and said_no else FOR_WHAT_THEY_ARE + archetype.value
            values |= {"may_be_paid": False, "may_be_paid_why": why}
    elif "archetype" in values and (person.may_be_paid_why or "").startswith(FOR_WHAT_THEY_ARE):
        values |= {"may_be_paid": None, "may_be_paid_why": None}
    return values
