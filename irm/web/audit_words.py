"""What the audit records, in words; and what its ids stand for, looked up when it is shown."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.audit import Action
from irm.directory.audits import Entry
from irm.i18n import LazyText, _, _l, _n
from irm.models import (
    Brand,
    Campaign,
    Influencer,
    Invitation,
    Role,
    Stage,
    Tag,
    Team,
    Topic,
    User,
    Way,
)
from irm.models.base import LabelledEnum


class Area(LabelledEnum):
    """What an action has to do with: by this it is looked for."""

    ACCESS = "access", _l("Signing in and passwords")
    TEAM = "team", _l("Colleagues and brands")
    PEOPLE = "people", _l("People and their data")
    TAKEN = "taken", _l("Exports, erasures, private notes read")
    FUNNEL = "funnel", _l("Stages, owners, contacts")
    RULES = "rules", _l("Settings and mail")


#: Every action, in words and with its area. A house test asks for each.
WORDS: dict[Action, tuple[Area, LazyText]] = {
    Action.SIGNED_IN: (Area.ACCESS, _l("Signed in")),
    Action.SIGN_IN_FAILED: (Area.ACCESS, _l("A try to sign in failed")),
    Action.SIGNED_OUT: (Area.ACCESS, _l("Signed out")),
    Action.PASSWORD_CHANGED: (Area.ACCESS, _l("Another password")),
    Action.ADDRESS_CHANGED: (Area.ACCESS, _l("Another address to sign in with")),
    Action.FACTOR_CHANGED: (Area.ACCESS, _l("Second step at sign-in")),
    Action.IDENTITY_CHANGED: (Area.ACCESS, _l("Account at the sign-in service")),
    Action.FACTOR_REQUIRED: (Area.RULES, _l("Who needs a second step")),
    Action.SESSIONS_ENDED: (Area.ACCESS, _l("Signed out elsewhere")),
    Action.RESET_ASKED: (Area.ACCESS, _l("A new password was asked for")),
    Action.PROFILE_CHANGED: (Area.RULES, _l("Own settings changed")),
    Action.CALENDAR_CHANGED: (Area.RULES, _l("Calendar’s address changed")),
    Action.USER_ADDED: (Area.TEAM, _l("User added")),
    Action.USER_DEACTIVATED: (Area.TEAM, _l("User deactivated")),
    Action.USER_ACTIVATED: (Area.TEAM, _l("User active again")),
    Action.INVITATION_CHANGED: (Area.TEAM, _l("Invitation")),
    Action.MEMBER_ADDED: (Area.TEAM, _l("Works for the brand")),
    Action.MEMBER_CHANGED: (Area.TEAM, _l("Another role")),
    Action.MEMBER_REMOVED: (Area.TEAM, _l("Taken out of the brand")),
    Action.TEAM_CHANGED: (Area.TEAM, _l("Team")),
    Action.TEAM_MEMBER_CHANGED: (Area.TEAM, _l("Who is in a team")),
    Action.BRAND_ADDED: (Area.TEAM, _l("Brand added")),
    Action.BRAND_CHANGED: (Area.RULES, _l("The brand’s settings changed")),
    Action.SCORES_CHANGED: (Area.RULES, _l("Scoring rules changed")),
    Action.TOPIC_CHANGED: (Area.RULES, _l("Topic")),
    Action.MOVED: (Area.FUNNEL, _l("Moved to another stage")),
    Action.PROOF_CHANGED: (Area.FUNNEL, _l("Evidence")),
    Action.FACT_CHANGED: (Area.PEOPLE, _l("Fact")),
    Action.GATE_OVERRIDDEN: (Area.FUNNEL, _l("Asked against the rule")),
    Action.PROPOSAL_DECIDED: (Area.FUNNEL, _l("Proposed move decided")),
    Action.PAUSED: (Area.FUNNEL, _l("Left in peace")),
    Action.RESUMED: (Area.FUNNEL, _l("No longer left in peace")),
    Action.RHYTHM_CHANGED: (Area.FUNNEL, _l("Rhythm of contacts changed")),
    Action.ABSENCE_CHANGED: (Area.FUNNEL, _l("Absence")),
    Action.SEASON_CHANGED: (Area.RULES, _l("Quiet season")),
    Action.HANDED_OVER: (Area.FUNNEL, _l("Handover")),
    Action.ASSIGNED: (Area.FUNNEL, _l("Another owner")),
    Action.TAGGED: (Area.PEOPLE, _l("Tag of a person")),
    Action.TAG_CHANGED: (Area.RULES, _l("Tag")),
    Action.VIEW_CHANGED: (Area.RULES, _l("Saved view")),
    Action.CAMPAIGN_CHANGED: (Area.FUNNEL, _l("Campaign")),
    Action.BULK_EDITED: (Area.PEOPLE, _l("Many people changed")),
    Action.LIST_EXPORTED: (Area.TAKEN, _l("List exported")),
    Action.REFUSED_EXPORTED: (Area.TAKEN, _l("Rows not taken by an import exported")),
    Action.AUDIT_EXPORTED: (Area.TAKEN, _l("Audit exported")),
    Action.MERGED: (Area.PEOPLE, _l("People merged")),
    Action.UNMERGED: (Area.PEOPLE, _l("Merge undone")),
    Action.DUPLICATE_DECIDED: (Area.PEOPLE, _l("Duplicate decided")),
    Action.IMPORTED: (Area.PEOPLE, _l("Imported")),
    Action.IMPORT_UNDONE: (Area.PEOPLE, _l("Import undone")),
    Action.ADDRESS_TRUSTED: (Area.RULES, _l("Address written to again")),
    Action.MAIL_POLICY_CHANGED: (Area.RULES, _l("Rule for mail in doubt")),
    Action.MAIL_DECIDED: (Area.RULES, _l("Mail decided")),
    Action.SENDING_DECIDED: (Area.RULES, _l("Sending of mail decided")),
    Action.PERSON_ADDED: (Area.PEOPLE, _l("Person added")),
    Action.PERSON_CHANGED: (Area.PEOPLE, _l("Person edited")),
    Action.PERSON_ARCHIVED: (Area.PEOPLE, _l("Now in the archive")),
    Action.PERSON_RESTORED: (Area.PEOPLE, _l("Taken out of the archive")),
    Action.ACCOUNT_CHANGED: (Area.PEOPLE, _l("Account")),
    Action.TIE_CHANGED: (Area.PEOPLE, _l("Tie")),
    Action.INTRODUCTION_CHANGED: (Area.FUNNEL, _l("Introduction")),
    Action.COMMUNITY_CHANGED: (Area.PEOPLE, _l("Name of a community")),
    Action.CONTACT_CHANGED: (Area.PEOPLE, _l("Address or number")),
    Action.PRIVATE_READ: (Area.TAKEN, _l("Private notes of colleagues read")),
    Action.PERSON_EXPORTED: (Area.TAKEN, _l("All data of a person given out")),
    Action.PERSON_ERASED: (Area.TAKEN, _l("Person erased")),
}

#: What was changed how; a code that is not here is shown as it is.
CHANGES: dict[str, LazyText] = {
    "accepted": _l("accepted"),
    "added": _l("added"),
    "arrived": _l("arrived"),
    "changed": _l("changed"),
    "confirmed": _l("confirmed"),
    "created": _l("created"),
    "deleted": _l("deleted"),
    "dismissed": _l("dismissed"),
    "done": _l("done"),
    "edited": _l("edited"),
    "ended": _l("ended"),
    "left": _l("left with the brand"),
    "made": _l("made"),
    "off": _l("switched off"),
    "on": _l("switched on"),
    "removed": _l("removed"),
    "renamed": _l("renamed"),
    "renewed": _l("renewed"),
    "reopened": _l("open again"),
    "restored": _l("restored"),
    "returned": _l("went back"),
    "saved": _l("saved"),
    "sent": _l("sent"),
    "sent_again": _l("sent again"),
    "tied": _l("tied"),
    "undone": _l("undone"),
    "unmade": _l("taken back"),
    "untied": _l("untied"),
    "withdrawn": _l("withdrawn"),
}

#: Keys whose numbers are names, and where those stand.
_NAMED: dict[str, Any] = {
    "campaign_id": Campaign,
    "topic_id": Topic,
    "tag_id": Tag,
    "team_id": Team,
    "invitation_id": Invitation,
}
_COLLEAGUES = ("user_id", "from_id", "to_id")
_CODES: dict[str, type[LabelledEnum]] = {
    "role": Role,
    "from_role": Role,
    "to_role": Role,
    "from_stage": Stage,
    "to_stage": Stage,
    "way": Way,
}


def of_code(code: str) -> str:
    """An action in words."""
    try:
        action = _OF_CODE[code]
    except KeyError:
        return code
    return str(WORDS[action][1])


_OF_CODE = {action.code: action for action in Action}


def in_area(area: Area) -> tuple[Action, ...]:
    """The actions of an area."""
    return tuple(action for action, (of, _words) in WORDS.items() if of is area)


@dataclass(slots=True)
class Names:
    """What the ids of a page of entries stand for; whoever is gone has no name."""

    people: Mapping[int, str] = field(default_factory=dict)
    users: Mapping[int, str] = field(default_factory=dict)
    brands: Mapping[int, str] = field(default_factory=dict)
    others: Mapping[tuple[str, int], str] = field(default_factory=dict)

    def person(self, entry: Entry) -> str:
        """Whom an entry is about; empty where it is about nobody."""
        if entry.influencer_id is None:
            return ""
        return self.people.get(entry.influencer_id) or _("Somebody who is gone")

    def user(self, id: int | None) -> str:
        """A colleague's name; without an id it was irm itself, or the command line."""
        if id is None:
            return _("irm itself")
        return self.users.get(id) or _("A colleague who is gone")


def names(session: Session, entries: Sequence[Entry]) -> Names:
    """Look up what the ids of these entries stand for: one statement for each kind of thing."""
    users = {one.actor_id for one in entries}
    users |= {one.ids.get(key) for one in entries for key in _COLLEAGUES}
    others: dict[tuple[str, int], str] = {}
    for key, model in _NAMED.items():
        ids = {one.ids.get(key) for one in entries}
        others |= {(key, id): name for id, name in _named(session, model, ids).items()}
    return Names(
        _named(session, Influencer, {one.influencer_id for one in entries}),
        _named(session, User, users),
        _named(session, Brand, {one.brand_id for one in entries}),
        others,
    )


def _named(session: Session, model: Any, ids: set[Any]) -> dict[int, str]:
    wanted = [id for id in ids if isinstance(id, int) and id]
    if not wanted:
        return {}
    rows = session.execute(select(model.id, model.name).where(model.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def details(entry: Entry, known: Names) -> list[str]:
    """What else an entry says, in words: whom of us, from what to what, how many."""
    ids, said = entry.ids, []
    if ids.get("user_id") and ids["user_id"] != entry.actor_id:
        said.append(known.user(ids["user_id"]))
    if "from_id" in ids:
        said.append(_arrow(_owner(known, ids["from_id"]), _owner(known, ids["to_id"])))
    for key in _NAMED:
        if ids.get(key) is not None:
            said.append(known.others.get((key, ids[key])) or _("It is gone"))
    for before, after in (("from_role", "to_role"), ("from_stage", "to_stage")):
        if ids.get(after):
            old = _coded(before, ids[before]) if ids.get(before) else "–"
            said.append(_arrow(old, _coded(after, ids[after])))
    said += [_coded(key, ids[key]) for key in ("role", "way") if ids.get(key)]
    for key in ("change", "decision"):
        if ids.get(key):
            said.append(_changed(str(ids[key])))
    if isinstance(ids.get("rows"), int):
        said.append(_n("%(n)s row", "%(n)s rows", ids["rows"]))
    said += [str(ids[key]) for key in ("form", "fields", "until", "address") if ids.get(key)]
    return said


def _owner(known: Names, id: int | None) -> str:
    return known.user(id) if id else _("nobody")


def _arrow(before: str, after: str) -> str:
    return _("%(before)s → %(after)s", before=before, after=after)


def _coded(key: str, value: Any) -> str:
    words: type[enum.StrEnum] = _CODES[key]
    try:
        found = words(value)
    except ValueError:
        return str(value)
    return str(found.label)  # type: ignore[attr-defined]  # each of these words has its label


def _changed(code: str) -> str:
    return str(CHANGES.get(code.partition(":")[0], code))
