"""Numbers as people write them in lists: `477.9M`, `1 234,5`, `12.3K`, `N/A`."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

# Above this a count of followers is a slip of the keyboard, not a figure.
LARGEST = 10**12

# What lists write when they do not know, once folded: dashes, words, and the errors of
# spreadsheets in the languages we meet.
_MISSING = """
    - -- – — ? . / [] {} () n/a n.a. na nan nil null none nd n.d. nc n.c. s/o tbd unknown inconnu
    #valor! #value! #valeur! #wert! #name? #nom? #nombre? #n/a #n/d #na #ref! #div/0! #num! #null!
    #####
"""
MISSING = frozenset(_MISSING.split())

_SUFFIXES = {
    "": 1,
    "k": 10**3,
    "m": 10**6,
    "mio": 10**6,
    "million": 10**6,
    "millions": 10**6,
    "b": 10**9,
    "bn": 10**9,
    "md": 10**9,
    "mrd": 10**9,
    "lakh": 10**5,
    "lakhs": 10**5,
    "crore": 10**7,
    "crores": 10**7,
}
_NUMBER = re.compile(r"[~≈]?(\d[\d.,]*|[.,]\d+)(e[+-]?\d{1,2})?([a-z]*)\+?")
# Apostrophes part thousands in Switzerland; spaces of every width elsewhere.
_GAPS = re.compile(r"(?<=\d)['’\s](?=\d{3}(?!\d))|\s")


def is_missing(text: str) -> bool:
    """Say whether a cell stands for "not known"; a stray apostrophe changes nothing."""
    folded = text.strip().strip("'’").strip().casefold()
    return not folded or folded in MISSING


def figure(text: str, decimal: str | None = None) -> Decimal | None:
    """Read a count or an average, exactly.

    Returns None where the cell says that nobody knows (never 0). Raises ValueError
    where it says something that is no number of zero or more.

    One comma before exactly three digits parts thousands (`1,234`), any other single
    comma is a decimal one (`1,5`); of two kinds of signs the last is the decimal one.
    `decimal` is the sign of the whole column, where `decimal_sign` found one: there
    `1,234` can be a little more than one.
    """
    if text.isascii() and text.isdigit():  # By far the most cells.
        return _bounded(Decimal(text))
    if is_missing(text):
        return None
    plain = _GAPS.sub("", unicodedata.normalize("NFKC", text.strip()).casefold())
    match = _NUMBER.fullmatch(plain)
    if match is None or match[3] not in _SUFFIXES:
        raise ValueError(text)
    scale = _SUFFIXES[match[3]]
    digits = _with_decimal_point(match[1], decimal, scaled=scale > 1)
    return _bounded(Decimal(digits + (match[2] or "")) * scale)


def count(text: str, decimal: str | None = None) -> int | None:
    """Read a whole number of people or things; None where it is not known.

    A single point before exactly three digits parts thousands here (`12.345`), since
    nobody has a fraction of a follower. Raises ValueError as `figure` does.
    """
    if text.isascii() and text.isdigit():
        value: Decimal | None = _bounded(Decimal(text))
    elif re.fullmatch(r"\d{1,3}[.,]\d{3}", plain := text.strip()):
        value = Decimal(re.sub("[.,]", "", plain))
    else:
        value = figure(plain, decimal)
    return None if value is None else int(value.to_integral_value())


def decimal_sign(cells: Iterable[str]) -> str | None:
    """Find the sign before the decimals of a column; None where its cells do not tell.

    `1,234` alone can be read both ways; beside `0,5` or `1.234,5` it cannot.
    """
    found = {sign for cell in cells if (sign := _tells(cell))}
    return found.pop() if len(found) == 1 else None


def _tells(cell: str) -> str | None:
    """Return the sign that must be the decimal one in a cell."""
    if "." not in cell and "," not in cell:
        return None
    digits = re.search(r"\d[\d.,'’\s]*", cell)
    plain = _GAPS.sub("", digits[0]).strip(".,") if digits else ""
    signs = [sign for sign in plain if sign in ".,"]
    if not signs:
        return None
    last, other = signs[-1], "," if signs[-1] == "." else "."
    if len(set(signs)) == 2:
        return last if signs.count(last) == 1 else None
    if len(signs) > 1:  # It parts thousands, or nothing that we know.
        return other if re.fullmatch(r"\d{1,3}(?:[.,]\d{2,3})*[.,]\d{3}", plain) else None
    whole, rest = plain.split(last)
    return last if len(rest) != 3 or len(whole) > 3 or whole == "0" else None


def _with_decimal_point(digits: str, decimal: str | None, *, scaled: bool) -> str:
    """Return the digits with no mark for thousands and a point before the decimals."""
    marks = {mark for mark in ".," if mark in digits}
    if len(marks) == 2:
        decimal = max(marks, key=digits.rindex)
        thousands = "." if decimal == "," else ","
        whole, _, rest = digits.partition(decimal)
        if thousands in rest or decimal in rest:
            raise ValueError(digits)
        return _ungrouped(whole, thousands) + "." + rest
    if not marks:
        return digits
    mark = marks.pop()
    if digits.count(mark) > 1:
        return _ungrouped(digits, mark)
    whole, _, rest = digits.partition(mark)
    grouped = len(rest) == 3 and 1 <= len(whole) <= 3 and whole != "0" and not scaled
    if grouped and mark != decimal and (mark == "," or decimal):
        return whole + rest
    return f"{whole or 0}.{rest or 0}"


def _ungrouped(digits: str, mark: str) -> str:
    """Take the marks out of `1,234,567` or, as India has it, `12,34,567`.

    Raises ValueError where the groups are not of three, or of two and then of three.
    """
    first, *groups = digits.split(mark)
    if not groups:
        return first
    *between, last = map(len, groups)
    if last != 3 or not 1 <= len(first) <= 3 or len(set(between)) > 1:
        raise ValueError(digits)
    if between and between[0] != 3 and (between[0] != 2 or len(first) > 2):
        raise ValueError(digits)
    return first + "".join(groups)


def _bounded(value: Decimal) -> Decimal:
    if value > LARGEST:
        raise ValueError(str(value))
    return value
