"""How a letter says, to programs and to its reader, where it is stopped."""

from typing import Any, NamedTuple

from irm.mail.signed import letter_address
from irm.models import Notice


class Unsubscribing(NamedTuple):
    """Where a letter is stopped: for its foot, and for its headers."""

    href: str
    headers: dict[str, str]


def of(recipient: Any, notice: Notice | None = None) -> Unsubscribing:
    """Return where a colleague stops these letters, the digest where no notice is given.

    `recipient` is a user, or a row with `id` and `email`. The headers go into `Letter.headers`:
    mail programs show a button of their own for them, which posts once and asks nothing more
    (RFC 2369, RFC 8058). RFC 8058 allows that over https alone; without it there is but a link.
    """
    href = letter_address(recipient, notice)
    headers = {"List-Unsubscribe": f"<{href}>"}
    if href.startswith("https://"):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return Unsubscribing(href, headers)
