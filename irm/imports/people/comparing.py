"""What a row says of people and accounts that is not stored yet: compared, and set."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from irm.imports.colleagues import Colleague
from irm.imports.contacts import Contact
from irm.imports.kinds import IF_EMPTY, NEVER, OVERWRITE, Context, Decision
from irm.imports.people import fields
from irm.imports.people.known import Held, Known, Person, Row
from irm.imports.people.records import Record, Said
from irm.models import Origin

#: What people change themselves: a newer list is believed, an older one is not.
_THEIRS = frozenset({"bio", "categories"})


@dataclass(slots=True, eq=False)
class Plan:
    """All that some rows change, to be written together."""

    known: Known
    context: Context
    #: Whether changes are noted for new people too, to be shown.
    shows: bool
    people: list[Person] = field(default_factory=list)
    accounts: list[Held] = field(default_factory=list)
    #: New handles of former days: account and columns.
    handles: list[tuple[Held, Row]] = field(default_factory=list)
    contacts: list[tuple[Person, Contact]] = field(default_factory=list)
    #: Figures of a day: account, day, columns.
    snapshots: dict[tuple[Held, dt.date], Row] = field(default_factory=dict)
    #: Tags that are not there yet: on whom, the word, its key.
    tags: list[tuple[Person, str, str]] = field(default_factory=list)
    #: People who are given to another colleague, and who has looked after them so far.
    given: dict[Person, Colleague | None] = field(default_factory=dict)
    #: People with whom the brand begins a relationship.
    relates: list[Person] = field(default_factory=list)
    #: People who become the brand's prospects.
    prospects: list[Person] = field(default_factory=list)
    #: Strangers who turn out to be somebody: the stranger, and who it is.
    absorbed: list[tuple[Person, Person]] = field(default_factory=list)


@dataclass(slots=True)
class Decided(Decision):
    """What becomes of a row about people, and the plan it is a part of."""

    plan: Plan | None = None
    person: Person | None = None
    is_changed: bool = False
    #: A snapshot of a day that had none.
    has_new_figures: bool = False
    #: The handle of one of its accounts is or was somebody else's.
    is_disputed: bool = False
    #: The row brings this person, or makes a stranger somebody we know.
    brings: bool = False

    def note(self, name: str, before: Any, after: Any) -> None:
        """Note a change, to be shown; what was said of somebody the brand does not know is not."""
        self.is_changed = True
        if self.person is not None and not self.person.is_seen:
            before = None
        if self.plan is not None and (self.plan.shows or not self.brings):
            old = self.changes[name][0] if name in self.changes else _shown(before)
            self.changes[name] = [old, _shown(after)]


def _shown(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, dt.date) else value


def compare_person(
    decision: Decided,
    record: Record,
    person: Person,
    plan: Plan,
    accounts: Iterable[Held | None],
) -> None:
    """Set what the row says of somebody who is here, as far as the rules allow.

    `accounts` are the known ones of the row: their figures tell how new the list is.
    """
    if record.person.items() <= person.now.items() and not record.kept:
        return  # By far the most rows of a list that comes again.
    known = [held.now["figures_on"] for held in accounts if held is not None]
    newest = max((day for day in known if day is not None), default=dt.date.min)
    day = record.day or plan.context.as_of
    for name, said in record.person.items():
        stored = person.now.get(name)
        if said == stored:
            continue
        rule = fields.rule(plan.context.field_rules, name)
        if rule == NEVER:
            continue
        if not _is_empty(name, stored, person):
            if rule == IF_EMPTY:
                continue
            chosen = plan.context.field_rules.get(name) == OVERWRITE
            if name in _THEIRS and not (day > newest or (chosen and day == newest)):
                continue
        if person.set(name, said):
            decision.note(name, stored, said)
    if record.kept.get("do_not_contact") and person.set("do_not_contact", True):
        decision.note("do_not_contact", False, True)


def compare_owner(decision: Decided, person: Person, said: Colleague, plan: Plan) -> None:
    """Give the brand's relationship to whom the row names, as far as the rule allows."""
    stored, rule = person.owner, fields.rule(plan.context.field_rules, "owner")
    if said == stored:
        return
    if not person.relates and (rule == NEVER or (rule == IF_EMPTY and stored is not None)):
        return
    plan.given.setdefault(person, stored)
    person.owner = said
    decision.note("owner", stored and stored.name, said.name)


def _is_empty(name: str, stored: Any, person: Person) -> bool:
    if name == "name":
        return person.name is None
    if name == "origin":
        return stored in (None, Origin.EXTERNAL)
    return stored is None or stored == ""


def compare_account(decision: Decided, said: Said, held: Held, day: dt.date, plan: Plan) -> None:
    """Set what the row says of an account that is here: its ids, its handle, its address."""
    now, newest = held.now, held.now["figures_on"]
    is_newer = newest is None or day > newest
    prefix = "" if len(decision.record.accounts) < 2 else f"{said.platform.value}."
    if said.platform_id and not now["platform_id"]:
        held.set("platform_id", said.platform_id)
        plan.known.learn(held)
        decision.note(f"{prefix}platform_id", None, said.platform_id)
    if said.url and said.url != now["url"] and (is_newer or not now["url"]):
        decision.note(f"{prefix}url", now["url"], said.url)
        held.set("url", said.url)
    if said.platform_id and said.handle_key != now["handle_key"]:
        _rename(decision, said, held, day, plan, f"{prefix}handle")
    elif said.handle != now["handle"] and said.handle_key == now["handle_key"] and is_newer:
        decision.note(f"{prefix}handle", now["handle"], said.handle)
        held.set("handle", said.handle)


def _rename(
    decision: Decided, said: Said, held: Held, day: dt.date, plan: Plan, shown: str
) -> None:
    """Give an account its new handle and remember the old one; an older list renames nothing."""
    now = held.now
    once = held.once(said.handle_key)
    if once is not None and once.now["until"] is not None and day <= once.now["until"]:
        return
    if now["figures_on"] is not None and day < now["figures_on"]:
        _remember(decision, held, said.handle, said.handle_key, day, plan)
        return
    _remember(decision, held, now["handle"], now["handle_key"], day, plan)
    decision.note(shown, now["handle"], said.handle)
    key = (now["platform"], now["handle_key"])
    if plan.known.by_handle.get(key) is held:
        del plan.known.by_handle[key]
    held.set("handle", said.handle)
    held.set("handle_key", said.handle_key)
    # One that somebody else has is not theirs until a person has decided.
    taken = plan.known.by_handle.get((said.platform, said.handle_key))
    held.set("is_current", (taken is None or taken is held) and not decision.is_disputed)
    plan.known.learn(held)


def _remember(
    decision: Decided, held: Held, handle: str, key: str, day: dt.date, plan: Plan
) -> None:
    once = held.once(key)
    if once is None:
        once = Row(None, {"handle": handle, "handle_key": key, "until": day})
        held.former.append(once)
        plan.handles.append((held, once))
        plan.known.former[held.now["platform"], key].append(held)
    elif once.now["until"] is None or once.now["until"] < day:
        once.set("until", day)
    decision.is_changed = True


def differs(said: Said, held: Held) -> bool:
    """Say whether the figures of a row are others than the newest of the account."""
    return not said.figures.items() <= held.now.items()


def set_figures(decision: Decided, said: Said, held: Held, day: dt.date) -> None:
    """Set the newest figures of an account, unless those of the row are older."""
    newest = held.now["figures_on"]
    if newest is not None and day < newest:
        return
    prefix = "" if len(decision.record.accounts) < 2 else f"{said.platform.value}."
    for name, value in said.figures.items():
        before = held.now[name]
        if held.set(name, value):
            decision.note(f"{prefix}{_FIELDS[name]}", before, value)
    if held.set("figures_on", day):
        decision.is_changed = True


_FIELDS = {stored: name for name, stored in fields.STORED.items()}
