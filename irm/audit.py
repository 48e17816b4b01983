"""Who did what: each action is declared once, with the keys it must carry.

An entry holds ids and codes, never texts, so that erasing a person leaves nothing of theirs here.
"""

import datetime as dt
import enum
from collections.abc import Mapping
from typing import cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from irm.models import AuditEntry, User


class Action(enum.Enum):
    """What is recorded, and the keys that say about what."""

    SIGNED_IN = "user.signed_in", ("user_id",)
    SIGN_IN_FAILED = "user.sign_in_failed", ("address",)
    SIGNED_OUT = "user.signed_out", ("user_id",)
    PROFILE_CHANGED = "user.profile_changed", ("user_id",)
    CALENDAR_CHANGED = "user.calendar_changed", ("user_id", "change")
    USER_ADDED = "user.added", ("user_id",)
    FACTOR_CHANGED = "user.factor_changed", ("user_id", "change")
    FACTOR_REQUIRED = "organisation.factor_required", ("who",)
    SESSIONS_ENDED = "user.sessions_ended", ("user_id", "sessions")
    PASSWORD_CHANGED = "user.password_changed", ("user_id",)
    RESET_ASKED = "user.reset_asked", ("user_id", "address")
    INVITATION_CHANGED = "invitation.changed", ("invitation_id", "change")
    MEMBER_ADDED = "brand.member_added", ("brand_id", "user_id", "role")
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
    MERGED = "people.merged", ("merge_id", "influencer_id", "gone_id")
    UNMERGED = "people.unmerged", ("merge_id", "influencer_id", "gone_id")
    DUPLICATE_DECIDED = "duplicate.decided", ("duplicate_id", "decision")
    IMPORTED = "people.imported", ("brand_id", "batch_id")
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
        ("influencer_id", "introduction_id", "change"),
    )
    COMMUNITY_CHANGED = "community.changed", ("brand_id", "community_id", "change")
    CONTACT_CHANGED = "contact.changed", ("influencer_id", "contact_id", "change")
    PERSON_EXPORTED = "person.exported", ("influencer_id",)
    PERSON_ERASED = "person.erased", ("influencer_id", "erasure_id")

    def __init__(self, code: str, keys: tuple[str, ...]) -> None:
        self.code = code
        self.keys = keys


def record(
    session: Session, actor: User | None, action: Action, at: dt.datetime, **ids: int | str | None
) -> None:
    """Write an entry, in the transaction of the act itself.

    Raises TypeError where the keys are not those the action declares: that is our mistake.
    """
    if set(ids) != set(action.keys):
        raise TypeError(f"{action.code} carries {action.keys}, not {tuple(ids)}")
    actor_id = actor.id if actor else None
    entry = {"at": at, "actor_id": actor_id, "action": action.code, "ids": ids}
    session.connection().execute(_ENTRY, entry)


def passed_on(
    session: Session,
    hands: Mapping[int, tuple[int | None, int | None]],
    actor_id: int | None,
    at: dt.datetime,
) -> None:
    """Add an entry for each of many relationships that were given from one owner to another."""
    entries = [
        {
            "at": at,
            "actor_id": actor_id,
            "action": Action.ASSIGNED.code,
            "ids": {"relationship_id": id, "from_id": old, "to_id": new},
        }
        for id, (old, new) in hands.items()
    ]
    if entries:
        session.connection().execute(_ENTRY, entries)


#: Nobody asks for an entry again in the same breath, so no object stands for it.
_ENTRY = insert(cast(Table, AuditEntry.__table__))
