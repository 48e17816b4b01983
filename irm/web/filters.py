"""Words of an address: read, and written into other addresses; and who asks."""

from typing import TypeVar
from urllib.parse import urlencode

from flask import request

from irm.access import Permission, can, here, me
from irm.directory.search import Reader
from irm.errors import Refused
from irm.i18n import _l
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
    brand_id = here().brand_id
    return Reader(brand_id, me().id, can(Permission.PRIVATE, brand_id))


def address(path: str, *parts: dict[str, str]) -> str:
    """A path with these parameters, those without a value left out."""
    query = urlencode({name: value for part in parts for name, value in part.items() if value})
    return f"{path}?{query}" if query else path
