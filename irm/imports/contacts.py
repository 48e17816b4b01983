"""E-mail addresses and telephone numbers as lists write them."""

import re
from typing import NamedTuple

from email_validator import EmailNotValidError, validate_email

KINDS = ("email", "phone", "website")

#: No address that mail can reach is longer (RFC 5321, 4.5.3.1.3 less the brackets).
_LONGEST = 254

_PARTED = re.compile(r"[\s,;|]+")
#: A stroke too may part addresses, although one could stand within the first half of one.
_STROKED = re.compile(r"[\s,;|/]+")
_BRACKETED = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_PLAIN = re.compile(
    r"(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._%+\-]{0,62}(?<!\.)@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
_PHONE = re.compile(r"\+?\d{6,15}")
#: Between numbers; blanks stand within one. Google writes `:::`.
_NUMBERS = re.compile(r"[;,|\n]|:::")
#: Of what strokes part, so many digits each are numbers of their own; `030/1234567` is one.
_DIGITS = 7
_SITE = re.compile(r"(?:https?://)?(?:www\.)?([\w\-]+(?:\.[\w\-]+)+(?:[/?#]\S*)?)", re.IGNORECASE)
_LONGEST_SITE = 300


class Contact(NamedTuple):
    """A way to reach a person: its kind, as it was written, and the form that is compared."""

    kind: str
    value: str
    key: str


def emails(cell: str) -> list[Contact]:
    """Read the addresses in a cell. Raises ValueError where one is none."""
    try:
        return [_email(part) for part in _PARTED.split(cell.strip()) if part.strip(":")]
    except ValueError:
        if "/" not in cell and "<" not in cell:
            raise
    return _written_freely(cell)


def _written_freely(cell: str) -> list[Contact]:
    """Read addresses with strokes between them, or names beside them: `Ana Sol <ana@sol.fr>`."""
    has_names = _BRACKETED.search(cell) is not None
    parts = (part for part in _STROKED.split(_BRACKETED.sub(r" \g<0> ", cell)) if part.strip(":"))
    return [_email(part) for part in parts if "@" in part or not has_names]


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
    return [phone(one) for part in _NUMBERS.split(cell) if part.strip() for one in _each(part)]


def _each(text: str) -> list[str]:
    """Part numbers at their strokes, unless these stand within one."""
    parts = text.split("/")
    many = all(sum(map(str.isdigit, part)) >= _DIGITS for part in parts)
    return parts if many else [text]


def website(text: str) -> Contact | None:
    """Read the address of a person's own site; None where it is none."""
    match = _SITE.fullmatch(text.strip())
    if match is None or len(text) > _LONGEST_SITE:
        return None
    return Contact("website", text.strip(), match[1].rstrip("/").casefold())
