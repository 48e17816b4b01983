"""Filters of the board: read from the address, shown as chips, written into addresses."""

from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import urlencode

from flask import request

from irm.access import Permission, can, here, me
from irm.db import db
from irm.directory import team
from irm.directory.filters import LONGEST_SEARCH
from irm.directory.people import Filter
from irm.directory.search import Reader
from irm.errors import Refused
from irm.forms.text import one_line
from irm.i18n import _, _l
from irm.models import Platform, Stage, Tier
from irm.models.base import LabelledEnum

E = TypeVar("E", bound=LabelledEnum)


def read() -> Filter:
    """The filter that the address names.

    Raises Refused where a word of it means nothing here.
    """
    text = one_line(request.args.get("q"))
    if len(text) > LONGEST_SEARCH:
        raise Refused(
            _l("This is too long to search for: %(n)s characters at most.", n=LONGEST_SEARCH)
        )
    return Filter(
        stage=word(Stage, "stage"),
        tier=word(Tier, "tier"),
        owner_id=_owner(),
        platform=word(Platform, "platform"),
        text=text,
    )


def word(words: type[E], name: str) -> E | None:
    """The enum's word under that name in the address, or None where there is none.

    Raises Refused where it is no word of the enum.
    """
    value = request.args.get(name)
    if not value:
        return None
    try:
        return words(value)
    except ValueError:
        raise Refused(_l("This address names a filter that does not exist.")) from None


def _owner() -> int | None:
    value = request.args.get("owner")
    if not value:
        return None
    if not value.isdecimal() or len(value) > 9:
        raise Refused(_l("This address names a filter that does not exist."))
    return int(value)


def reader() -> Reader:
    """Who searches, in the current brand."""
    brand_id = here().brand_id
    return Reader(brand_id, me().id, can(Permission.PRIVATE, brand_id))


def owners() -> list[tuple[int, str]]:
    """Who may own a relationship of the current brand, and "nobody", as id and name."""
    members = db.session.execute(team.members(here().brand_id))
    return [*members, (0, _("No owner"))]


def params(filter: Filter) -> dict[str, str]:
    """The filter as it stands in an address."""
    found = {
        "q": filter.text,
        "stage": filter.stage or "",
        "tier": filter.tier or "",
        "owner": "" if filter.owner_id is None else str(filter.owner_id),
        "platform": filter.platform or "",
    }
    return {name: str(value) for name, value in found.items() if value}


def address(path: str, *parts: dict[str, str]) -> str:
    """A path with these parameters, those without a value left out."""
    query = urlencode({name: value for part in parts for name, value in part.items() if value})
    return f"{path}?{query}" if query else path


def chips(
    filter: Filter, path: str, kept: dict[str, str], owners: Sequence[tuple[int, str]]
) -> list[tuple[str, str]]:
    """Each part of the filter in words, with the address that takes it away."""
    names = dict(owners)
    said = {
        "q": _("“%(text)s”", text=filter.text),
        "stage": str(filter.stage.label) if filter.stage else "",
        "tier": str(filter.tier.label) if filter.tier else "",
        "owner": names.get(filter.owner_id or 0, "?"),
        "platform": str(filter.platform.label) if filter.platform else "",
    }
    given = params(filter)
    return [
        (said[name], address(path, {k: v for k, v in given.items() if k != name}, kept))
        for name in given
    ]
