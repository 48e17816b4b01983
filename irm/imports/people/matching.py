"""Whom a row is about: by the platform's id, the handle, the e-mail address, our own number.

Never by name alone. Reads what is known, changes nothing.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from irm.imports.complaints import Complaint
from irm.imports.contacts import Contact
from irm.imports.people.known import Held, Known, Person
from irm.imports.people.records import Record, Said, are_apart
from irm.models.keys import fold


@dataclass(slots=True)
class Match:
    """Whom a row is about."""

    #: None where the row brings somebody new.
    person: Person | None
    #: For each account of the row the one that is here; None where it is new.
    accounts: list[Held | None]
    #: Contact points of the row that are somebody else's, and whose.
    taken: list[tuple[Contact, Person]] = field(default_factory=list)
    #: Accounts of the row whose handle another account has or had; what is wrong with the first.
    disputed: dict[int, Complaint] = field(default_factory=dict)
    #: Strangers who turn out to be the same person: accounts of the row are theirs.
    absorbed: list[Person] = field(default_factory=list)


def match(record: Record, known: Known, as_of: dt.date) -> Match:
    """Find whom a row is about. Raises Complaint where its keys say different people."""
    found: list[Held | None] = []
    disputed: dict[int, Complaint] = {}
    for at, said in enumerate(record.accounts):
        held, complaint = _account(said, known, record.day or said.day or as_of)
        found.append(held)
        if complaint:
            disputed[at] = complaint
    person, absorbed = _only([held.person for held in found if held is not None])
    result = Match(person, found, disputed=disputed, absorbed=absorbed)
    if person is not None and not record.contacts and None not in found:
        return result  # By far the most rows of a list that comes again.
    if record.contacts:
        _reach(record, result, known)
    if result.person is None:
        result.person = _by_own_id(record, known) or _by_phone(record, result)
        result.taken = [one for one in result.taken if one[1] is not result.person]
    if result.person is None:
        _refuse_nameless(record, result)
    if result.person is not None:
        for at, said in enumerate(record.accounts):
            if result.accounts[at] is None and said.kept.get("is_current") is False:
                result.accounts[at] = _left(said, known.of(result.person))
    return result


def _reach(record: Record, result: Match, known: Known) -> None:
    """Find whom the addresses and numbers of a row reach. Raises Complaint."""
    for contact in record.contacts:
        holder = known.by_contact.get((contact.kind, contact.key))
        if holder is None or holder is result.person:
            continue
        if contact.kind != "email" or _shares_mailbox(record, holder, known):
            result.taken.append((contact, holder))
        elif result.person is None:
            result.person = holder
        else:
            raise _two(result.person, holder)
    result.taken = [one for one in result.taken if one[1] is not result.person]


def _left(said: Said, accounts: Iterable[Held]) -> Held | None:
    """Return an account that a person has left, whose handle is anybody's now."""
    for held in accounts:
        now = held.now
        is_same = (now["platform"], now["handle_key"]) == (said.platform, said.handle_key)
        if is_same and not now["is_current"]:
            return held
    return None


def _account(said: Said, known: Known, day: dt.date) -> tuple[Held | None, Complaint | None]:
    """Return the stored account that a row is about, and what is wrong with its handle."""
    held = known.by_platform_id.get((said.platform, said.platform_id or ""))
    if said.kept.get("is_current") is False:
        return held, None  # Its handle is anybody's now.
    key = (said.platform, said.handle_key)
    holder = known.by_handle.get(key)
    once = []
    if key in known.former:
        once = [one for one in known.former[key] if one.now["handle_key"] != said.handle_key]
    if not said.platform_id:
        if holder is None and len(once) > 1:
            raise Complaint("several_accounts", handle=said.handle)
        return holder or next(iter(once), None), None
    if held is None and holder is not None and holder.now["platform_id"] is None:
        return holder, None
    if held is not None and (
        held.now["handle_key"] == said.handle_key or _is_history(held, said, day)
    ):
        return held, None
    if holder is None and all(one is held for one in once):
        return held, None
    code = "handle_reused" if holder is None else "handle_taken"
    return held, Complaint(code, handle=said.handle)


def _is_history(held: Held, said: Said, day: dt.date) -> bool:
    """Say whether a list is older than what is known of an account: it renames nothing."""
    newest = held.now["figures_on"]
    if newest is not None and day < newest:
        return True
    once = held.once(said.handle_key)
    return once is not None and once.now["until"] is not None and day <= once.now["until"]


def _only(people: Sequence[Person]) -> tuple[Person | None, list[Person]]:
    """Return the one person that the accounts of a row have, and strangers who are the same.

    Raises Complaint where two are meant whom somebody knows.
    """
    distinct = list(dict.fromkeys(people))
    if len(distinct) < 2:
        return next(iter(distinct), None), []
    known = [one for one in distinct if one.is_new or one.now["known"]]
    if len(known) > 1:
        raise _two(known[0], known[1])
    first = known[0] if known else distinct[0]
    return first, [one for one in distinct if one is not first]


def _two(one: Person, other: Person) -> Complaint:
    if one.is_seen and other.is_seen:
        return Complaint("two_people", one=one.now["name"], other=other.now["name"])
    return Complaint("two_people_unseen")


def _shares_mailbox(record: Record, holder: Person, known: Known) -> bool:
    """Say whether an address is one that two people share, as the clients of an agency do."""
    has = {held.now["platform"] for held in known.of(holder)}
    rival = any(
        said.platform in has
        and not any(
            held.now["platform"] == said.platform
            and (
                held.now["handle_key"] == said.handle_key
                or (said.platform_id and held.now["platform_id"] == said.platform_id)
            )
            for held in known.of(holder)
        )
        for said in record.accounts
    )
    return are_apart(record.name, holder.name, rival=rival)


def _by_phone(record: Record, found: Match) -> Person | None:
    """Return whom a number and a name together tell, where nothing surer does."""
    if record.accounts or not record.name:
        return None
    name = fold(record.name)
    for contact, holder in found.taken:
        if contact.kind == "phone" and fold(holder.now["name"]) == name:
            return holder
    return None


def _refuse_nameless(record: Record, found: Match) -> None:
    """Refuse a newcomer who could not be told from others the next time. Raises Complaint."""
    if record.accounts or record.own_id is not None:
        return
    ways = [one for one in record.contacts if one.kind in ("email", "phone")]
    holders = dict(found.taken)
    if all(contact in holders for contact in ways):
        raise _taken("shared", ways[0], holders[ways[0]])


def taken(contact: Contact, holder: Person) -> Complaint:
    """Say that a row was taken without a contact point that is somebody else's."""
    return _taken("contact_taken", contact, holder)


def _taken(code: str, contact: Contact, holder: Person) -> Complaint:
    if holder.is_seen:
        return Complaint(code, contact=contact.value[:80], name=holder.now["name"])
    return Complaint(f"{code}_unseen", contact=contact.value[:80])


def _by_own_id(record: Record, known: Known) -> Person | None:
    """Return who had this number in irm where the list was exported: only by the same name.

    Whoever was merged since is who they were merged into.
    """
    if record.own_id is None or not record.name:
        return None
    person = known.people.get(record.own_id)
    if person is None or fold(person.now["name"]) != fold(record.name):
        return None
    return known.root_of.get(record.own_id, person)
