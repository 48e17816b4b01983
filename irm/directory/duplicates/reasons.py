"""Why two people may be one, and what an undone merge could not part: codes made sentences."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from irm.i18n import _, _n
from irm.models import Platform

_SAID: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "email": lambda p: _("Same e-mail address: %(value)s", value=p["value"]),
    "phone": lambda p: _("Same telephone number: %(value)s", value=p["value"]),
    "link": lambda p: _("Same link: %(value)s", value=p["value"]),
    "handle": lambda p: _(
        "Same handle on two platforms: %(one)s (%(on)s), %(other)s (%(at)s)", **_on(p)
    ),
    "near_handle": lambda p: _(
        "Handles that are nearly the same: %(one)s (%(on)s), %(other)s (%(at)s)", **_on(p)
    ),
    "handle_name": lambda p: _("The name of one is the handle of the other: %(handle)s", **p),
    "mention": lambda p: _("The bio of one names the handle of the other: %(handle)s", **p),
    "same_name": lambda _p: _("Same name"),
    "near_name": lambda _p: _("Names that are nearly the same"),
    "city": lambda _p: _("Same city"),
    "country": lambda _p: _("Same country"),
    "language": lambda _p: _("Same language"),
    "topics": lambda p: _("Same topics: %(value)s", value=p["value"]),
}


def _on(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with platforms by their names."""
    names = {platform.value: str(platform.label) for platform in Platform}
    return {
        name: names.get(value, value) if name in ("on", "at") else value
        for name, value in params.items()
    }


def sentence(reason: Mapping[str, Any]) -> str:
    """One reason in the reader's language; nothing where an old code means nothing any more."""
    make = _SAID.get(str(reason.get("code")))
    try:
        return make(reason.get("params") or {}) if make else ""
    except (KeyError, ValueError, TypeError):
        return ""


def sentences(reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """The reasons of a pair in words."""
    return [said for reason in reasons if (said := sentence(reason))]


def left_over(entry: Mapping[str, Any], fields: Mapping[str, str]) -> str:
    """One line of an undone merge's report; `fields` are the names of fields in words."""
    params = entry.get("params") or {}
    named = ", ".join(fields.get(name, name) for name in params.get("fields", ()))
    make = _LEFT_OVER.get(str(entry.get("code")))
    return make(int(params.get("n", 0)), named) if make else ""


_LEFT_OVER: dict[str, Callable[[int, str], str]] = {
    "stayed": lambda n, _fields: _n(
        "%(n)s entry was added since the merge; it stays with the person who was kept.",
        "%(n)s entries were added since the merge; they stay with the person who was kept.",
        n,
    ),
    "went_along": lambda n, _fields: _n(
        "%(n)s entry was added since to a relationship that only the other person had; it went "
        "back with it.",
        "%(n)s entries were added since to a relationship that only the other person had; they "
        "went back with it.",
        n,
    ),
    "fulfilled": lambda n, _fields: _n(
        "%(n)s exchange since fulfilled a touchpoint of the other person; it went with it.",
        "%(n)s exchanges since fulfilled touchpoints of the other person; they went with them.",
        n,
    ),
    "missing": lambda n, _fields: _n(
        "%(n)s row that came with the other person is not there any more.",
        "%(n)s rows that came with the other person are not there any more.",
        n,
    ),
    "fields_changed": lambda _nr, fields: _(
        "Changed since, so left as it is now: %(fields)s.", fields=fields
    ),
    "related_changed": lambda _nr, fields: _(
        "The relationship was changed since and stays so: %(fields)s.", fields=fields
    ),
}
