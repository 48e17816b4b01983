"""Days and moments as lists and people write them.

`18/03/2025` and `03/04/2025` are read in the order that a whole column agrees on: `order` finds
it, or says that the cells can be read both ways. A time without a zone is taken as UTC.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from irm.imports.months import IDLE, MONTHS, TUESDAY
from irm.models.keys import fold

# No platform is older; a day ahead of tomorrow is no fact yet.
FIRST = dt.date(1990, 1, 1)
_LAST = dt.date(2099, 12, 31)
#: No day takes more letters: `mercredi 24 septembre 2025 à 09:48:00.000 UTC+02:00`.
_LONGEST = 60

#: How day, month and year can follow each other where all of them are numbers.
ORDERS = ("dmy", "mdy", "ymd", "ydm")

_PLAIN = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?(Z)?", re.ASCII
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:t?(\d\d)(\d\d)(\d\d)?z?)?", re.ASCII)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
_TRIPLE = re.compile(r"(\d{1,4})\s?([./\- ])\s?(\d{1,2})\s?\2\s?(\d{1,4})\.?", re.ASCII)
_TIME = re.compile(
    r"(?<!\d)(\d{1,2})\s?(?:[:h]\s?([0-5]\d)(?:\s?[:m]\s?([0-5]\d)s?(?:[.,]\d+)?)?)?"
    r"\s?(h|[ap]\.?\s?m\b\.?)?",
    re.ASCII,
)
_ZONE = re.compile(
    r"\s?\(?(?:(z|utc|gmt|[pce][sd]t|cest)\b)?\s?(?:([+-]\d\d):?(\d\d)?(?!\d))?\)?", re.ASCII
)
_WORDS = re.compile(r"[^\W\d_]+|\d+")

_HOURS = {"pst": -8, "pdt": -7, "cst": -6, "cdt": -5, "est": -5, "edt": -4, "cet": 1, "cest": 2}

#: Day 0 of a spreadsheet's count, which takes 1900 for a leap year.
_SERIAL = dt.datetime(1899, 12, 30, tzinfo=dt.UTC)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class _Triple(NamedTuple):
    """A day of three numbers, taken apart."""

    first: str
    second: str
    third: str
    sign: str

    def date(self, order: str) -> dt.date | None:
        """Return the day it is in an order; None where there is no such day."""
        named = self.named(order)
        try:
            return dt.date(_year(named["y"]), int(named["m"]), int(named["d"]))
        except ValueError:
            return None

    def fits(self, order: str) -> bool:
        """Say whether it is a day that a list can be about."""
        date = self.date(order)
        return date is not None and FIRST <= date <= _LAST

    def named(self, order: str) -> dict[str, str]:
        """Say which part is what. A year of four digits is the year, whatever the order says."""
        if len(self.first) == 4:
            order = "ymd"
        elif len(self.third) == 4:
            order = order.replace("y", "") + "y"
        return dict(zip(order, self[:3], strict=True))


class Found(NamedTuple):
    """What a column says of the order of its days."""

    #: One of ORDERS; None where the cells can be read in more than one.
    order: str | None
    #: A cell that can be read both ways, or the first that was looked at.
    example: str = ""


def day(text: str, latest: dt.date) -> dt.date:
    """Read a day that lies between 1990 and `latest`, without a column to go by.

    Raises ValueError where it does not, where it is no day, and where it could be two.
    """
    found = order([text])
    if found.order is None:
        raise ValueError(text)
    read = day_in(text, found.order)
    if read > latest:
        raise ValueError(text)
    return read


def day_in(text: str, order: str) -> dt.date:
    """Read a day as it is written in a column of this order. Raises ValueError for all else."""
    return _read(text.strip(), order).date()


def moment(text: str, order: str) -> dt.datetime:
    """Read a moment, or the first of a day, in UTC. Raises ValueError for all else."""
    return _read(text.strip(), order).astimezone(dt.UTC)


def order(cells: Iterable[str]) -> Found:
    """Find the order of day, month and year that all cells of a column agree on.

    Cells that need none (`2025-03-18`, `18 mars 2025`) or are no days say nothing; where no
    cell needs one, any order will do.
    """
    triples = {cell.strip(): triple for cell in cells if (triple := _unplain(cell))}
    if not triples:
        return Found(ORDERS[0])
    example = next(iter(triples))
    fits = {one: sum(triple.fits(one) for triple in triples.values()) for one in ORDERS}
    most = max(fits.values())
    if most < 0.9 * len(triples):  # Both ways of writing in one column.
        return Found(None, example)
    best = _likeliest([one for one in ORDERS if fits[one] == most], list(triples.values()))
    for cell, triple in triples.items():
        if len({triple.date(one) for one in best}) > 1:
            return Found(None, cell)
    return Found(best[0], example)


def _likeliest(orders: list[str], triples: Sequence[_Triple]) -> list[str]:
    """Of the orders that fit, keep those that people would use."""
    signs = {triple.sign for triple in triples}
    if signs == {"/"}:  # Between slashes, a year of two digits stands at the end.
        orders = [one for one in orders if one[-1] == "y"] or orders
    if signs == {"."} and "dmy" in orders and all(len(triple.third) == 4 for triple in triples):
        return ["dmy"]  # Who writes dots begins with the day.
    # Years change less often from row to row than days.
    years = {one: len({triple.named(one)["y"] for triple in triples}) for one in orders}
    return [one for one in orders if years[one] == min(years.values())]


def _unplain(cell: str) -> _Triple | None:
    """Take apart a day of three numbers, unless it begins with a year of four digits."""
    folded = _folded(cell)
    if len(folded) > _LONGEST or _PLAIN.fullmatch(cell):
        return None
    try:
        match = _TRIPLE.fullmatch(_without_time(folded)[0])
    except ValueError:
        return None
    if match is None or len(match[1]) > 2:
        return None
    return _Triple(match[1], match[3], match[4], match[2])


def _year(digits: str) -> int:
    if len(digits) == 4:
        return int(digits)
    if len(digits) != 2:
        raise ValueError(digits)
    return 2000 + int(digits) if int(digits) < 70 else 1900 + int(digits)


@lru_cache(maxsize=4096)
def _read(text: str, order: str) -> dt.datetime:
    """Read a moment in the zone it names, else in UTC. ValueError where it is none."""
    if match := _PLAIN.fullmatch(text):
        return _bounded(_of_digits(match.groups()[:6]))
    folded = _folded(text)
    if not folded or len(folded) > _LONGEST:
        raise ValueError(text)
    if _NUMBER.fullmatch(folded) or _COMPACT.fullmatch(folded):
        return _bounded(_counted(folded))
    bare, time, zone = _without_time(folded)
    match = _TRIPLE.fullmatch(bare)
    parts = _Triple(match[1], match[3], match[4], match[2]) if match else None
    date = parts.date(order) if parts else _worded(bare)
    if date is None:
        raise ValueError(text)
    return _bounded(dt.datetime.combine(date, time, zone))


def _of_digits(parts: Sequence[str | None]) -> dt.datetime:
    year, month, day, hour, minute, second = (int(part or 0) for part in parts)
    return dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC)


def _folded(text: str) -> str:
    return fold(text).strip(" ,;'’\"")


def _counted(folded: str) -> dt.datetime:
    """Read a day in digits alone: `20250318`, a spreadsheet's `45734.4`, seconds of Unix."""
    if match := _COMPACT.fullmatch(folded):
        return _of_digits(match.groups())
    whole = re.split("[.,]", folded)[0]
    if len(whole) == 5:
        return _SERIAL + dt.timedelta(minutes=round(float(folded.replace(",", ".")) * 1440))
    if len(whole) in (10, 13, 16):
        return _EPOCH + dt.timedelta(seconds=int(whole) / 10 ** (len(whole) - 10))
    raise ValueError(folded)


def _without_time(folded: str) -> tuple[str, dt.time, dt.tzinfo]:
    """Part the time of day and its zone from a day."""
    for match in _TIME.finditer(folded):
        hour, minute, second, mark = match.groups()
        if minute is None and mark is None:
            continue
        zone = _ZONE.match(folded, match.end())
        assert zone is not None
        at = int(hour)
        if mark and mark != "h":
            if not 1 <= at <= 12:
                raise ValueError(folded)
            at = at % 12 + 12 * (mark[0] == "p")
        time = dt.time(at, int(minute or 0), int(second or 0))
        before = re.sub(r"(?<=\d)t$", "", folded[: match.start()])
        rest = f"{before.rstrip(' ,')} {folded[zone.end() :].strip(' ,')}"
        return rest.strip(" ,."), time, _zone(*zone.groups())
    return folded, dt.time(), dt.UTC


def _zone(name: str | None, hours: str | None, minutes: str | None) -> dt.tzinfo:
    if hours is None:
        return dt.timezone(dt.timedelta(hours=_HOURS.get(name or "", 0)))
    ahead = dt.timedelta(hours=abs(int(hours)), minutes=int(minutes or 0))
    return dt.timezone(-ahead if hours[0] == "-" else ahead)


def _worded(bare: str) -> dt.date:
    """Read a day whose month is a word: `18 mars 2025`, `March 18, 2025`, `18-Mar-25`."""
    words = [word for word in _WORDS.findall(bare) if word not in IDLE]
    names = [word for word in words if word in MONTHS]
    if len(names) == 2 and TUESDAY in names:
        names.remove(TUESDAY)
    numbers = [word for word in words if word.isdigit()]
    others = [word for word in words if not word.isdigit() and word not in MONTHS]
    if len(names) != 1 or len(numbers) != 2 or others:
        raise ValueError(bare)
    first, second = numbers
    if len(first) == 4:
        first, second = second, first
    return dt.date(_year(second), MONTHS[names[0]], int(first))


def _bounded(moment: dt.datetime) -> dt.datetime:
    if not FIRST <= moment.date() <= _LAST:
        raise ValueError(moment.isoformat())
    return moment
