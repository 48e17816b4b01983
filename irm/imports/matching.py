"""Which account a row is about, and what would change if it were taken. Reads, never writes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from irm.imports import contacts
from irm.imports.accounts import FIGURES, FILLED, RENEWED, Accounts, Stored, same_account
from irm.imports.bulk import table_of
from irm.imports.complaints import Complaint
from irm.imports.contacts import Contact
from irm.imports.influencers import Row
from irm.imports.repeats import Told
from irm.models import ContactPoint, Snapshot, Verdict


@dataclass(slots=True)
class Decision:
    """What becomes of one row."""

    number: int
    verdict: Verdict
    complaint: Complaint | None = None
    row: Row | None = None
    #: The account and person that are there already; None where both are new.
    known: Stored | None = None
    account: dict[str, Any] = field(default_factory=dict)
    person: dict[str, Any] = field(default_factory=dict)
    #: The figures that the account's snapshot of the day is to have; empty where it stands.
    figures: dict[str, Any] = field(default_factory=dict)
    #: A handle the account no longer has, and its key, to be put on record.
    former_handle: tuple[str, str] | None = None
    contacts: tuple[Contact, ...] = ()
    #: Whether the brand has no relationship with this person yet.
    relates: bool = False
    #: Set for whom is there already; for new ones once they are written.
    influencer_id: int | None = None
    account_id: int | None = None

    @property
    def changes(self) -> bool:
        return bool(
            self.account or self.person or self.figures or self.former_handle or self.contacts
        )


def decide(
    session: Session,
    told: Sequence[Told],
    brand_id: int,
    as_of: dt.date,
    *,
    to_write: bool = False,
) -> list[Decision]:
    """Decide on some rows of a file, in their order, from what is stored now.

    `to_write` keeps others from these people and accounts until the caller commits: what was
    newer when it was decided is newer when it is written.
    """
    rows = [one.row for one in told if one.row is not None]
    if not rows:
        return [_passed_over(one) for one in told]
    accounts = Accounts(session, rows, brand_id, to_write=to_write)
    decisions: list[Decision] = []
    taken: dict[int, int] = {}
    for one in told:
        decisions.append(
            _passed_over(one)
            if one.row is None
            else _decide_one(one.number, one.row, accounts, taken, as_of)
        )
    _settle_figures(session, decisions, as_of)
    _settle_contacts(session, decisions)
    for decision in decisions:
        if decision.verdict is Verdict.SAME and (decision.changes or decision.relates):
            decision.verdict = Verdict.UPDATED
    return decisions


def _passed_over(told: Told) -> Decision:
    return Decision(told.number, told.verdict or Verdict.REFUSED, told.complaint)


def _decide_one(
    number: int, row: Row, accounts: Accounts, taken: dict[int, int], as_of: dt.date
) -> Decision:
    try:
        known = same_account(row, accounts)
    except Complaint as complaint:
        return Decision(number, Verdict.CONFLICT, complaint)
    note = Complaint("bad_figure", cells=row.unread) if row.unread else None
    if known is None:
        return Decision(number, Verdict.CREATED, note, row, contacts=row.contacts, relates=True)
    if known.id in taken:
        return Decision(number, Verdict.CONFLICT, Complaint("overruled", row=taken[known.id]))
    taken[known.id] = number
    verdict = Verdict.SAME if known.known else Verdict.CREATED
    decision = Decision(number, verdict, note, row, known, contacts=row.contacts)
    decision.relates = known.relationship_id is None
    decision.influencer_id, decision.account_id = known.influencer_id, known.id
    _compare_account(decision, row, known, accounts, as_of)
    _compare_person(decision, row, known, as_of)
    return decision


def _compare_account(
    decision: Decision, row: Row, known: Stored, accounts: Accounts, as_of: dt.date
) -> None:
    """Note what the row says of the account that is not stored yet."""
    account = row.account
    if account.platform_id and not known.platform_id:
        decision.account["platform_id"] = account.platform_id
    if account.url and account.url != known.url and (_is_newer(known, as_of) or not known.url):
        decision.account["url"] = account.url
    if account.platform_id and account.handle_key != known.handle_key:
        once = accounts.former.get((account.platform, account.handle_key), ())
        if any(one.id == known.id and until and as_of <= until for one, until in once):
            pass  # The list is older than the renaming, and the old handle is on record.
        elif known.figures_on is not None and as_of < known.figures_on:
            decision.former_handle = (account.handle, account.handle_key)
        else:
            decision.account |= {"handle": account.handle, "handle_key": account.handle_key}
            decision.former_handle = (known.handle, known.handle_key)
    said = {column: getattr(row, name) for column, name in FIGURES.items()}
    said = {column: value for column, value in said.items() if value is not None}
    if any(getattr(known, column) != value for column, value in said.items()):
        decision.figures = said


def _compare_person(decision: Decision, row: Row, known: Stored, as_of: dt.date) -> None:
    """Note what the row says of the person that is not stored yet."""
    person = decision.person
    if row.name and row.name != known.name and known.name == known.handle:
        person["name"] = row.name  # Until now the handle stood for the name.
    for name in FILLED:
        if getattr(row, name) and not getattr(known, name):
            person[name] = getattr(row, name)
    for name in RENEWED:
        said, stored = getattr(row, name), getattr(known, name)
        if said and said != stored and (_is_newer(known, as_of) or not stored):
            person[name] = said
    if not known.known:
        person["known"] = True


def _is_newer(known: Stored, as_of: dt.date) -> bool:
    return known.figures_on is None or as_of > known.figures_on


_keys: BindParameter[Any] = bindparam("keys", expanding=True)
_snapshots, _points = table_of(Snapshot), table_of(ContactPoint)
_OF_THE_DAY = select(_snapshots.c.account_id, *(_snapshots.c[name] for name in FIGURES)).where(
    _snapshots.c.day == bindparam("day"), _snapshots.c.account_id.in_(_keys)
)
_CONTACTS = select(_points.c.kind, _points.c.value_key).where(
    _points.c.kind.in_(contacts.KINDS), _points.c.value_key.in_(_keys)
)


def _settle_figures(session: Session, decisions: Sequence[Decision], as_of: dt.date) -> None:
    """Compare figures with the snapshots of the day; set the account's where they are newest."""
    changing = {one.known.id: one for one in decisions if one.known is not None and one.figures}
    if not changing:
        return
    of_the_day = {
        snapshot.account_id: snapshot
        for snapshot in session.connection().execute(
            _OF_THE_DAY, {"day": as_of, "keys": list(changing)}
        )
    }
    for account_id, decision in changing.items():
        known, snapshot = decision.known, of_the_day.get(account_id)
        said = decision.figures
        if known is not None and (known.figures_on is None or as_of >= known.figures_on):
            decision.account |= said | {"figures_on": as_of}
        if snapshot is not None:
            stored = {figure: getattr(snapshot, figure) for figure in FIGURES}
            decision.figures = {} if stored | said == stored else stored | said


def _settle_contacts(session: Session, decisions: Sequence[Decision]) -> None:
    """Leave out the contact points that are stored, the person's own or another's."""
    wanted = {contact for one in decisions for contact in one.contacts}
    if not wanted:
        return
    keys = list({contact.key for contact in wanted})
    found = session.connection().execute(_CONTACTS, {"keys": keys})
    stored = {(kind, key) for kind, key in found}
    for decision in decisions:
        fresh = [c for c in decision.contacts if (c.kind, c.key) not in stored]
        stored.update((contact.kind, contact.key) for contact in fresh)
        decision.contacts = tuple(fresh)
