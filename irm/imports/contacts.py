"""E-mail addresses and telephone numbers as lists write them."""

import re
from typing import NamedTuple

from email_validator import EmailNotValidError, validate_email

KINDS = ("email", "phone", "website")

#: No address that mail can reach is longer (RFC 5321, 4.5.3.1.3 less the brackets).
_LONGEST = 254

_PARTED = re.compile(r"[\s,;|]+")
_PLAIN = re.compile(
    r"(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._%+\-]{0,62}(?<!\.)@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
_PHONE = re.compile(r"\+?\d{6,15}")
#: Between numbers; blanks stand within one. Google writes `:::`.
_NUMBERS = re.compile(r"[;|\n]|:::")
_SITE = re.compile(r"(?:https?://)?(?:www\.)?([\w\-]+(?:\.[\w\-]+)+(?:[/?#]\S*)?)", re.IGNORECASE)
_LONGEST_SITE = 300


class Contact(NamedTuple):
    """A way to reach a person: its kind, as it was written, and the form that is compared."""

    kind: str
    value: str
    key: str


def emails(cell: str) -> list[Contact]:
    """Read the addresses in a cell. Raises ValueError where one is none."""
    return [_email(part) for part in _PARTED.split(cell.strip()) if part.strip(":")]


def _email(text: str) -> Contact:
    plain = text.removeprefix("mailto:").strip("<>")
    if len(plain) > _LONGEST:
        raise ValueError(text)
    if _PLAIN.fullmatch(plain):  # Nearly all of them; the validator takes thirty times as long.
        local, _, domain = plain.rpartition("@")
        return Contact("email", f"{local}@{domain.casefold()}", plain.casefold())
    try:
        found = validate_email(plain, check_deliverability=False)
    except EmailNotValidError as error:
        raise ValueError(text) from error
    key = found.normalized.casefold()
    if len(key) > _LONGEST:  # Folding makes some letters two.
        raise ValueError(text)
    return Contact("email", found.normalized, key)


def phone(cell: str) -> Contact:
    """Read a telephone number, the way it is written kept. Raises ValueError where it is none."""
    plain = re.sub(r"\(0\)|[\s().\-/\u2010-\u2015]", "", cell)
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    if not _PHONE.fullmatch(plain):
        raise ValueError(cell)
    return Contact("phone", " ".join(cell.split())[:300], plain)


def phones(cell: str) -> list[Contact]:
    """Read the numbers in a cell. Raises ValueError where one is none."""
    return [phone(part) for part in _NUMBERS.split(cell) if part.strip()]


def website(text: str) -> Contact | None:
    """Read the address of a person's own site; None where it is none."""
    match = _SITE.fullmatch(text.strip())
    if match is None or len(text) > _LONGEST_SITE:
        return None
    return Contact("website", text.strip(), match[1].rstrip("/").casefold())
