"""Addresses in mails that open one thing for one colleague, without signing in.

Each is bound to what it is for, to the colleague, to the address the mail went to, and to its
subject: nothing of it can be changed or used for anything else. See
docs/decisions/0013-acting-from-a-mail.md for what ends it and why.
"""

import base64
import datetime as dt
import enum
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from irm.errors import Refused
from irm.i18n import _l
from irm.mail.message import address_hash
from irm.mail.phrasing import public_url
from irm.models import Notice, User

#: So long a link to act by works, from the day of its mail.
LASTS = dt.timedelta(days=30)

#: 128 bits: nobody guesses them, so guesses need not be counted.
BYTES = 16

#: Signature, then numbers in hexadecimal. It ends in a letter or digit: programs that look for
#: addresses in a plain text leave a mark of punctuation at the end out.
_SIGNED = re.compile(
    r"(?P<mac>[\w-]{22})\.(?P<said>[0-9a-f]{1,8}(?:-[0-9a-f]{1,8}){1,4})", re.ASCII
)

_LETTERS: tuple[Notice | None, ...] = (
    None,
    Notice.WEEKLY,
    Notice.MINUTES,
    Notice.ASSIGNMENT,
    Notice.MENTION,
    Notice.QUESTION,
    Notice.PROPOSAL,
)


class Purpose(enum.StrEnum):
    """What a signed address is for; one of another purpose opens nothing."""

    ACT = "act"
    LETTER = "letter"


class Broken(Refused):
    """No link of ours, or one that is over: of somebody who left, or has another address now."""

    status = 400

    def __init__(self) -> None:
        super().__init__(
            _l("This link is not whole, or it works no more. Copy all of it, or open irm instead.")
        )


class Expired(Refused):
    """A link of ours from a mail that is too old."""

    status = 410

    def __init__(self) -> None:
        super().__init__(
            _l("This link is more than %(n)s days old and works no more.", n=LASTS.days)
        )


@dataclass(frozen=True, slots=True)
class Act:
    """The right to say of one touchpoint what became of it, and how it stood in the mail."""

    user: User
    touchpoint_id: int
    influencer_id: int
    due_on: dt.date
    #: The first day on which the link works no more.
    until: dt.date


def act_address(recipient: Any, row: Any, day: dt.date) -> str:
    """Return where one can act on a touchpoint, from a mail of this day.

    `recipient` has `id` and `email`, `row` is one of irm/funnel/digest.py.
    """
    said = _joined(recipient.id, row.id, row.influencer_id, row.due_on.toordinal(), day.toordinal())
    return f"{public_url()}/act/{_sign(Purpose.ACT, recipient.email, said)}"


def act_of(session: Session, signed: str, today: dt.date) -> Act:
    """Read what a link opens.

    Raises Broken where it is none of ours or its owner has no right to it any more, Expired
    where its mail is too old.
    """
    user, numbers = _opened(session, Purpose.ACT, signed, 5)
    until = dt.date.fromordinal(numbers[4]) + LASTS
    if today >= until:
        raise Expired()
    return Act(user, numbers[1], numbers[2], dt.date.fromordinal(numbers[3]), until)


def letter_address(recipient: Any, notice: Notice | None) -> str:
    """Return where one stops a letter, the digest where no notice is given; it never expires.

    `recipient` has `id` and `email`.
    """
    said = _joined(recipient.id, _LETTERS.index(notice))
    return f"{public_url()}/unsubscribe/{_sign(Purpose.LETTER, recipient.email, said)}"


def letter_of(session: Session, signed: str) -> tuple[User, Notice | None]:
    """Read whose letter a link stops, and which one; None is the digest.

    Raises Broken where it is none of ours, or its owner has left or has another address.
    """
    user, numbers = _opened(session, Purpose.LETTER, signed, 2)
    if numbers[1] >= len(_LETTERS):
        raise Broken()
    return user, _LETTERS[numbers[1]]


def _opened(
    session: Session, purpose: Purpose, signed: str, length: int
) -> tuple[User, tuple[int, ...]]:
    found = _SIGNED.fullmatch(signed)
    if found is None:
        raise Broken()
    numbers = tuple(int(number, 16) for number in found["said"].split("-"))
    # Whose it claims to be says with whose address it must have been signed.
    user = session.get(User, numbers[0]) if numbers[0] < 2**31 else None
    if user is None or not user.is_active:
        raise Broken()
    wanted = _sign(purpose, user.email, found["said"])
    if not hmac.compare_digest(wanted, signed) or len(numbers) != length:
        raise Broken()
    return user, numbers


def _joined(*numbers: int) -> str:
    return "-".join(f"{number:x}" for number in numbers)


def _sign(purpose: Purpose, email: str, said: str) -> str:
    # No part can hold a line break, so no two triples are the same text.
    text = "\n".join(("irm signed link", purpose, address_hash(email), said))
    secret = current_app.config["IRM"].secret_key.get_secret_value()
    mac = hmac.digest(secret.encode(), text.encode(), hashlib.sha256)[:BYTES]
    return f"{base64.urlsafe_b64encode(mac).decode().rstrip('=')}.{said}"
