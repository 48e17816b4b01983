"""Single cells of a list of people: figures, ids, ceilings, time zones."""

import re
from decimal import Decimal
from zoneinfo import available_timezones

from irm.imports import figures

#: A long id after a spreadsheet had it in its hands: `1.19074E+18`, the same for thousands.
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
#: Of so many digits every number is one that can be kept.
_DIGITS = 12


def count(cell: str) -> int | None:
    """Read a number of people. Raises ValueError where it is none."""
    if cell.isascii() and cell.isdigit() and len(cell) <= _DIGITS:  # By far the most cells.
        return int(cell)
    return figures.count(cell)


def average(cell: str) -> float | None:
    """Read a mean per post. Raises ValueError where it is none."""
    if cell.isascii() and cell.isdigit() and len(cell) <= _DIGITS:
        return float(cell)
    value: Decimal | None = figures.figure(cell)
    return None if value is None else float(value)


def exact(platform_id: str | None) -> str | None:
    """Return an id as the platform gave it; None where a spreadsheet has rounded it."""
    if platform_id is None or _ROUNDED.fullmatch(platform_id):
        return None
    return platform_id.removesuffix(".0") if platform_id[:-2].isdigit() else platform_id


def ceiling(cell: str) -> int | None:
    """Read the most contacts a month. Raises ValueError where it is no such number."""
    value = figures.count(cell)
    if value is None or value > 1000:
        raise ValueError(cell)
    return value


def zone(cell: str) -> str:
    """Read the name of a time zone. Raises ValueError where there is none."""
    if cell not in available_timezones():
        raise ValueError(cell)
    return cell
