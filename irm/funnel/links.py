"""Addresses of what belongs to an exchange: a document, a post, a recording."""

from urllib.parse import urlsplit

from irm.errors import Refused
from irm.i18n import _l

#: More than these belong in a document of their own.
MOST = 10

#: The longest address that is kept.
LENGTH = 500


def read(text: str) -> list[str]:
    """The addresses in a text, blanks or line ends between them, each once.

    Raises Refused where one is no address of the web or too long, or there are more than MOST.
    """
    found = list(dict.fromkeys(text.split()))
    if len(found) > MOST:
        raise Refused(_l("Keep at most %(n)s links.", n=MOST))
    for one in found:
        if len(one) > LENGTH:
            raise Refused(_l("A link is too long: %(n)s characters at most.", n=LENGTH))
        if not is_link(one):
            raise Refused(_l("Links begin with https:// or http://, one on each line."))
    return found


def is_link(address: object) -> bool:
    """Whether it is an address of the web with a host, such as may be linked to."""
    try:
        parts = urlsplit(str(address))
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
