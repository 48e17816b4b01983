"""Days as lists and people write them."""

import datetime as dt
import re

# No platform is older; a day ahead of tomorrow is no fact yet.
FIRST = dt.date(1990, 1, 1)

_ISO = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def day(text: str, latest: dt.date) -> dt.date:
    """Read a day that lies between 1990 and `latest`.

    Understands `2023-04-06` (also with a time behind), `20230406`, `2023/4/6`,
    `6.4.2023`, and `25/4/2023` or `4/25/2023` where only one reading is a date.
    Raises ValueError for all else, and where both readings are.
    """
    found = _read(text.strip())
    if not FIRST <= found <= latest:
        raise ValueError(text)
    return found


def _read(text: str) -> dt.date:
    if match := _ISO.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        return dt.date(int(match[3]), int(match[2]), int(match[1]))
    if match := _SLASHED.fullmatch(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if first > 12 or first == second:
            return dt.date(year, second, first)
        if second > 12:
            return dt.date(year, first, second)
    raise ValueError(text)
