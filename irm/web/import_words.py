"""What imports call things on their pages: kinds, fields, rules, and values before and after."""

from collections.abc import Iterable, Sequence
from typing import Any

from irm.i18n import LazyText, _, _l
from irm.imports.kinds import IF_EMPTY, NEVER, OVERWRITE
from irm.imports.people import fields as people
from irm.imports.posts import vocabulary as posts
from irm.imports.ties import vocabulary as ties
from irm.models import Platform
from irm.web.words import words

#: More of a value is not needed to see what changes.
_LONGEST_VALUE = 120

#: What happens to a field that is filled already.
RULES: tuple[tuple[str, LazyText], ...] = (
    (OVERWRITE, _l("Overwrite")),
    (IF_EMPTY, _l("Only if empty")),
    (NEVER, _l("Never")),
)

_KINDS: dict[str, LazyText] = {
    "auto": _l("Find out"),
    "influencers": _l("Influencers"),
    "posts": _l("Posts"),
    "snapshots": _l("Followers over time"),
    "ties": _l("Ties"),
    "interactions": _l("Interactions"),
    "contacts": _l("Contacts"),
    "touchpoints": _l("Touchpoints"),
    "relationships": _l("Relationships"),
    "moves": _l("Moves"),
}

#: Fields of histories that lists of people and posts do not have.
_FIELDS: dict[str, LazyText] = {
    "day": _l("Day"),
    "account": _l("Account"),
    "contact": _l("Person or account"),
    "influencer_id": _l("Number in irm"),
    "happened_at": _l("When it happened"),
    "kind": _l("Give, ask or talk"),
    "direction": _l("Direction"),
    "channel": _l("Channel"),
    "activity": _l("Activity"),
    "outcome": _l("How it ended"),
    "summary": _l("Summary"),
    "visibility": _l("Visibility"),
    "author": _l("Author"),
    "is_breach": _l("Although the gate was shut"),
    "due_on": _l("Due"),
    "purpose": _l("Purpose"),
    "tactic": _l("Tactic"),
    "campaign": _l("Campaign"),
    "minutes": _l("Minutes it takes"),
    "is_pinned": _l("Stays on its day"),
    "state": _l("State"),
    "owner": _l("Owner"),
    "stage": _l("Stage"),
    "stage_since": _l("At this stage since"),
    "from_stage": _l("From stage"),
    "to_stage": _l("To stage"),
    "at": _l("When"),
    "reason": _l("Reason"),
    "level": _l("Level"),
    "paused_until": _l("Paused until"),
    "paused_why": _l("Why it is paused"),
    "created_at": _l("Since when here"),
    "accounts": _l("Accounts"),
    "contacts": _l("Contact points"),
    "tags": _l("Tags"),
    "former_handle": _l("Former account name"),
    "relationship": _l("Relationship"),
    "snapshot": _l("Figures of the day"),
}

#: Kinds whose fields are those of people.
_OF_PEOPLE = frozenset({"auto", "influencers", "snapshots", "contacts"})

#: Platforms whose own columns are always offered; others where the file has some.
_USUAL = (Platform.INSTAGRAM, Platform.YOUTUBE, Platform.TIKTOK, Platform.X, Platform.FACEBOOK)


def kind(code: str) -> str:
    """Say what a file lists."""
    return str(_KINDS.get(code, code))


def field(code: str, of_kind: str = "auto") -> str:
    """Say what a column holds, in a list of that kind."""
    group, name = people.parted(code)
    if of_kind == "posts" and code in posts.LABELS:
        return str(posts.LABELS[code])
    if of_kind == "ties" and code in ties.LABELS:
        return str(ties.LABELS[code])
    if of_kind not in _OF_PEOPLE and not group and name in _FIELDS:
        return str(_FIELDS[name])
    if name in people.PERSON or name in people.ACCOUNT or name == people.DAY:
        return str(people.label(code))
    return str(_FIELDS.get(name, name.replace("_", " ")))


def offered(
    codes: Sequence[str], used: Iterable[str], of_kind: str
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields to choose from, in groups with a name: the file's own, then each platform's."""
    in_use = {people.parted(code)[0] for code in used}
    groups: dict[str, list[tuple[str, str]]] = {}
    for code in codes:
        group, _name = people.parted(code)
        if group and group not in in_use and group not in _USUAL:
            continue
        # With its platform's name: a closed menu shows no group.
        groups.setdefault(group, []).append((code, field(code, of_kind)))
    return [(_group(name), found) for name, found in groups.items()]


def _group(name: str) -> str:
    if not name:
        return _("Person and account")
    if name in tuple(Platform):
        return _("Account on %(platform)s", platform=Platform(name).label)
    return _("Account %(number)s", number=name)


def value(stored: Any) -> str:
    """Say a value before or after a change; a dash where there is none."""
    if stored is None or stored == "" or stored == []:
        return "–"
    if isinstance(stored, bool):
        return _("Yes") if stored else _("No")
    if isinstance(stored, int):
        return words().number(stored)
    if isinstance(stored, float):
        return words().number(round(stored, 2))
    if isinstance(stored, list):
        return ", ".join(value(one) for one in stored)
    text = str(stored)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
