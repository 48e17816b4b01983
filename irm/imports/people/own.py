"""What only our own export of people says, read as it was written: nothing is lost on the way."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from irm.imports.complaints import Complaint
from irm.imports.contacts import Contact, emails, phones, website
from irm.imports.people.fields import OWN, STORED
from irm.imports.people.records import Said
from irm.models import Platform, Tier
from irm.models.keys import fold_handle

_FIGURES = tuple(STORED.values())
_LONGEST = 300

#: What people write as they please, and how long it can be with us.
_TEXTS = {
    "name": 200,
    "country": 80,
    "city": 120,
    "categories": 200,
    "may_be_paid_why": 200,
    "bio": 100_000,
    "business_model": 100_000,
    "looks_for": 100_000,
}


def accounts(cell: str | None, said: tuple[Said, ...]) -> tuple[Said, ...]:
    """Read the accounts of a person. Raises Complaint where they are not as we wrote them."""
    if not cell:
        return said
    try:
        found = [_account(one) for one in json.loads(cell)]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Complaint("bad_own", column="accounts") from None
    return (*said, *found)


def contacts(cell: str | None) -> tuple[Contact, ...]:
    """Read the ways to reach a person. Raises Complaint where they are not as we wrote them."""
    if not cell:
        return ()
    try:
        return tuple(_contact(str(one["kind"]), str(one["value"])) for one in json.loads(cell))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Complaint("bad_own", column="contacts") from None


def kept(cells: Sequence[str], places: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """Read the further columns. Raises Complaint where one is not as we wrote it."""
    found: dict[str, Any] = {}
    for field, read in _READ.items():
        columns = places.get(field, ())
        cell = cells[columns[0]].strip() if columns and columns[0] < len(cells) else ""
        if cell:
            try:
                found[field] = read(cell)
            except ValueError:
                raise Complaint("bad_own", column=field) from None
    return found


def texts(cells: Sequence[str], places: Mapping[str, Sequence[int]]) -> dict[str, str]:
    """Read the texts of a person to the letter: `N/A` or `&amp;` is what somebody wrote.

    Raises Complaint where one is longer than any of ours.
    """
    found: dict[str, str] = {}
    for field, limit in _TEXTS.items():
        columns = places.get(field, ())
        cell = cells[columns[0]] if columns and columns[0] < len(cells) else ""
        if len(cell) > limit:
            raise Complaint("bad_own", column=field)
        if cell.strip():
            found[field] = cell
    return found


def _account(one: Mapping[str, Any]) -> Said:
    handle = str(one["handle"])[:200]
    key = fold_handle(handle)
    if not key or len(key) > 200:
        raise ValueError(handle)
    figures = {name: _figure(name, one[name]) for name in _FIGURES if one.get(name) is not None}
    return Said(
        Platform(one["platform"]),
        handle,
        key,
        _text(one.get("platform_id"), 64),
        _text(one.get("url"), 500),
        figures,
        dt.date.fromisoformat(one["figures_on"]) if one.get("figures_on") else None,
        {
            "is_current": one.get("is_current") is not False,
            "created_at": _moment(one["created_at"]) if one.get("created_at") else None,
            "former": tuple(_former(each) for each in one.get("former_handles") or ()),
        },
    )


def _former(each: Mapping[str, Any]) -> tuple[str, str, dt.date | None]:
    handle = str(each["handle"])[:200]
    until = each.get("until")
    return handle, fold_handle(handle)[:200], dt.date.fromisoformat(until) if until else None


def _figure(name: str, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**12:
        raise ValueError(value)
    return int(value) if name == "followers" else float(value)


def _text(value: Any, limit: int) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > limit:
        raise ValueError(value)
    return value


def _contact(kind: str, value: str) -> Contact:
    if not value or len(value) > _LONGEST or len(kind) > 20:
        raise ValueError(value)
    if kind == "email":
        return emails(value)[0]
    if kind == "phone":
        return phones(value)[0]._replace(value=value)
    if kind == "website" and (site := website(value)):
        return site
    return Contact(kind, value, " ".join(value.casefold().split()))


def _moment(text: str) -> dt.datetime:
    found = dt.datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _flag(cell: str) -> bool:
    known = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
    if cell.casefold() not in known:
        raise ValueError(cell)
    return known[cell.casefold()]


def _short(limit: int) -> Any:
    def read(cell: str) -> str:
        if len(cell) > limit:
            raise ValueError(cell)
        return cell

    return read


_READ = {
    "tier": Tier,
    "tier_set_by": _short(254),
    "tier_reason": _short(200),
    "tier_set_at": _moment,
    "do_not_contact": _flag,
    "source": _short(200),
    "lawful_basis": _short(40),
    "known": _flag,
    "archived_at": _moment,
    "created_at": _moment,
}
assert {*_READ, "accounts", "contacts"} == set(OWN)
