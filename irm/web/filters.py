"""Words of an address: read, and written into other addresses; and who asks."""

from typing import TypeVar
from urllib.parse import urlencode

from flask import request

from irm.access import here, is_narrowed, me
from irm.db import db
from irm.directory import teams
from irm.directory.filters import FIELDS
from irm.directory.search import Reader
from irm.directory.teams import Teams
from irm.errors import Refused
from irm.i18n import _, _l
from irm.models.base import LabelledEnum

E = TypeVar("E", bound=LabelledEnum)


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


def reader() -> Reader:
    """Who searches, in the current brand."""
    return reader_at(here().brand_id)


def reader_at(brand_id: int) -> Reader:
    """Who searches, at one of her brands: what others keep to themselves is no part of lists."""
    return Reader(brand_id, me().id, only_own=is_narrowed(brand_id))


def team() -> Teams | None:
    """The team that the address names, or the reader's own; None where it names none.

    Raises Refused where it was typed by hand.
    """
    value = request.args.get("team")
    if not value:
        return None
    if FIELDS["team"].read(value) is None:
        raise Refused(_l("This address names a filter that does not exist."))
    return teams.named(here().brand_id, me().id, [value])


def team_options(chosen: str = "") -> list[tuple[str, str]]:
    """The teams to choose from, as an address names them; none where the brand has none.

    What was chosen stands in it, too, where it is gone.
    """
    found = [(str(one.id), one.name) for one in db.session.scalars(teams.of_brand(here().brand_id))]
    offered = [(teams.MINE, _("My teams")), *found] if found else []
    if chosen and chosen not in {value for value, _name in offered}:
        offered.append((chosen, _("A team that is gone")))
    return offered


def address(path: str, *parts: dict[str, str]) -> str:
    """A path with these parameters, those without a value left out."""
    query = urlencode({name: value for part in parts for name, value in part.items() if value})
    return f"{path}?{query}" if query else path
