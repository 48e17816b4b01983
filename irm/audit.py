"""Who did what: each action is declared once, with the keys it must carry.

An entry holds ids and codes, never texts, so that erasing a person leaves nothing of theirs here.
"""

import datetime as dt
import enum
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, insert, null, select
from sqlalchemy.orm import Session

from irm.models import AuditEntry, Duplicate, InvitationBrand, Outbox, Relationship, User


class Action(enum.Enum):
    """What is recorded, and the keys that say about what."""

    SIGNED_IN = "user.signed_in", ("user_id", "way")
    SIGN_IN_FAILED = "user.sign_in_failed", ("user_id", "address")
    SIGNED_OUT = "user.signed_out", ("user_id",)
    PROFILE_CHANGED = "user.profile_changed", ("user_id",)
    CALENDAR_CHANGED = "user.calendar_changed", ("user_id", "change")
    USER_ADDED = "user.added", ("user_id",)
    FACTOR_CHANGED = "user.factor_changed", ("user_id", "change")
    IDENTITY_CHANGED = "user.identity_changed", ("user_id", "change")
    FACTOR_REQUIRED = "organisation.factor_required", ("who",)
    SESSIONS_ENDED = "user.sessions_ended", ("user_id", "sessions")
    USER_DEACTIVATED = "user.deactivated", ("user_id",)
    USER_ACTIVATED = "user.activated", ("user_id",)
    PASSWORD_CHANGED = "user.password_changed", ("user_id",)
    ADDRESS_CHANGED = "user.address_changed", ("user_id",)
    RESET_ASKED = "user.reset_asked", ("user_id", "address")
    INVITATION_CHANGED = "invitation.changed", ("invitation_id", "change")
    MEMBER_ADDED = "brand.member_added", ("brand_id", "user_id", "role")
    MEMBER_CHANGED = "brand.member_changed", ("brand_id", "user_id", "from_role", "to_role")
    MEMBER_REMOVED = "brand.member_removed", ("brand_id", "user_id", "role")
    TEAM_CHANGED = "team.changed", ("brand_id", "team_id", "change")
    TEAM_MEMBER_CHANGED = "team.member_changed", ("brand_id", "team_id", "user_id", "change")
    BRAND_ADDED = "brand.added", ("brand_id",)
    BRAND_CHANGED = "brand.changed", ("brand_id",)
    SCORES_CHANGED = "organisation.scores_changed", ("macro", "middle", "overlap")
    TOPIC_CHANGED = "topic.changed", ("brand_id", "topic_id", "change")
    MOVED = "relationship.moved", ("relationship_id", "from_stage", "to_stage")
    PROOF_CHANGED = "proof.changed", ("relationship_id", "proof_id", "change")
    FACT_CHANGED = "fact.changed", ("relationship_id", "fact_id", "change")
    GATE_OVERRIDDEN = "gate.overridden", ("relationship_id", "ask_id")
    PROPOSAL_DECIDED = "proposal.decided", ("relationship_id", "change")
    PAUSED = "relationship.paused", ("relationship_id", "until")
    RESUMED = "relationship.resumed", ("relationship_id",)
    RHYTHM_CHANGED = "relationship.rhythm_changed", ("relationship_id",)
    ABSENCE_CHANGED = "absence.changed", ("absence_id", "user_id", "influencer_id", "change")
    SEASON_CHANGED = "season.changed", ("brand_id", "season_id", "change")
    HANDED_OVER = "relationship.handed_over", ("brand_id", "handover_id", "change")
    ASSIGNED = "relationship.assigned", ("relationship_id", "from_id", "to_id")
    TAGGED = "relationship.tagged", ("relationship_id", "tag_id", "change")
    TAG_CHANGED = "tag.changed", ("brand_id", "tag_id", "change")
    VIEW_CHANGED = "view.changed", ("brand_id", "view_id", "change")
    CAMPAIGN_CHANGED = "campaign.changed", ("brand_id", "campaign_id", "change")
    BULK_EDITED = "people.bulk_edited", ("brand_id", "bulk_edit_id", "change")
    LIST_EXPORTED = "list.exported", ("brand_id", "rows", "form")
    AUDIT_EXPORTED = "audit.exported", ("brand_id", "rows")
    MERGED = "people.merged", ("merge_id", "influencer_id", "gone_id")
    UNMERGED = "people.unmerged", ("merge_id", "influencer_id", "gone_id")
    DUPLICATE_DECIDED = "duplicate.decided", ("duplicate_id", "decision")
    IMPORTED = "people.imported", ("brand_id", "batch_id")
    REFUSED_EXPORTED = "people.refused_exported", ("brand_id", "batch_id", "rows")
    IMPORT_UNDONE = "people.import_undone", ("brand_id", "batch_id")
    ADDRESS_TRUSTED = "address.trusted", ("suppression_id",)
    MAIL_POLICY_CHANGED = "mail.policy_changed", ("letter", "policy")
    MAIL_DECIDED = "mail.decided", ("outbox_id", "decision")
    SENDING_DECIDED = "mail.sending_decided", ("choice", "mails")
    PERSON_ADDED = "person.added", ("influencer_id", "brand_id")
    PERSON_CHANGED = "person.changed", ("influencer_id", "fields")
    PERSON_ARCHIVED = "person.archived", ("influencer_id",)
    PERSON_RESTORED = "person.restored", ("influencer_id",)
    ACCOUNT_CHANGED = "account.changed", ("influencer_id", "account_id", "change")
    TIE_CHANGED = "tie.changed", ("influencer_id", "tie_id", "change")
    INTRODUCTION_CHANGED = (
        "introduction.changed",
        ("brand_id", "influencer_id", "introduction_id", "change"),
    )
    COMMUNITY_CHANGED = "community.changed", ("brand_id", "community_id", "change")
    CONTACT_CHANGED = "contact.changed", ("influencer_id", "contact_id", "change")
    PRIVATE_READ = "private.read", ("relationship_id",)
    PERSON_EXPORTED = "person.exported", ("influencer_id",)
    PERSON_ERASED = "person.erased", ("influencer_id", "erasure_id")

    def __init__(self, code: str, keys: tuple[str, ...]) -> None:
        self.code = code
        self.keys = keys


def has_place(action: Action) -> bool:
    """Whether entries of this action can name a brand or a person."""
    return not _ABOUT.isdisjoint(action.keys)


def record(
    session: Session, actor: User | None, action: Action, at: dt.datetime, **ids: int | str | None
) -> None:
    """Write an entry, in the transaction of the act itself.

    Raises TypeError where the keys are not those the action declares: that is our mistake.
    """
    if set(ids) != set(action.keys):
        raise TypeError(f"{action.code} carries {action.keys}, not {tuple(ids)}")
    entry = _values(actor.id if actor else None, action, at, ids)
    session.connection().execute(_entry(action), entry)


def passed_on(
    session: Session,
    hands: Mapping[int, tuple[int | None, int | None]],
    actor_id: int | None,
    at: dt.datetime,
) -> None:
    """Add an entry for each of many relationships that were given from one owner to another."""
    entries = [
        _values(
            actor_id,
            Action.ASSIGNED,
            at,
            {"relationship_id": id, "from_id": old, "to_id": new},
        )
        for id, (old, new) in hands.items()
    ]
    if entries:
        session.connection().execute(_entry(Action.ASSIGNED), entries)


def _values(
    actor_id: int | None, action: Action, at: dt.datetime, ids: Mapping[str, int | str | None]
) -> dict[str, Any]:
    about = {f"of_{key}": ids[key] for key in action.keys if key in _ABOUT}
    return {"of_at": at, "of_actor": actor_id, "of_ids": ids, **about}


@lru_cache(256)
def _entry(action: Action) -> Any:
    """The statement that writes an entry; it looks up the brand and the person by itself.

    Nobody asks for an entry again in the same breath, so no object stands for it.
    """
    return insert(cast(Table, AuditEntry.__table__)).values(
        at=bindparam("of_at"),
        actor_id=bindparam("of_actor"),
        action=action.code,
        ids=bindparam("of_ids"),
        brand_id=_first(_BRANDS, action),
        influencer_id=_first(_PEOPLE, action),
    )


def _first(known: Mapping[str, Any], action: Action) -> Any:
    return next((said for key, said in known.items() if key in action.keys), null())


def _of(column: Any, id: Any, key: str) -> Any:
    return select(column).where(id == bindparam(f"of_{key}")).scalar_subquery()


#: How the brand and the person of an entry are known from each key; the first one counts. An
#: invitation to several brands is none of theirs alone.
_BRANDS: dict[str, Any] = {
    "brand_id": bindparam("of_brand_id"),
    "relationship_id": _of(Relationship.brand_id, Relationship.id, "relationship_id"),
    "outbox_id": _of(Outbox.brand_id, Outbox.id, "outbox_id"),
    "invitation_id": (
        select(func.min(InvitationBrand.brand_id))
        .where(InvitationBrand.invitation_id == bindparam("of_invitation_id"))
        .having(func.count() == 1)
        .scalar_subquery()
    ),
}
_PEOPLE: dict[str, Any] = {
    "influencer_id": bindparam("of_influencer_id"),
    "relationship_id": _of(Relationship.influencer_id, Relationship.id, "relationship_id"),
    "duplicate_id": _of(Duplicate.left_id, Duplicate.id, "duplicate_id"),
}
_ABOUT = {*_BRANDS, *_PEOPLE}
