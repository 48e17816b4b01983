"""Days as people say them, in English and French at once: those gone by, and those to come.

Numbers alone (`12/05`) are not read: half of the readers would mean another day.
"""

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterable

from irm.funnel.interactions import FIRST_DAY
from irm.funnel.line.words import Words, phrase

#: A day of ours and the index behind its words.
Found = tuple[dt.date, int]

#: The latest day that is planned: so far ahead nobody means it.
_MOST_DAYS = 3 * 366

_NUMBERS = {
    word: n
    for n, words in enumerate(
        (
            *("a an one un une", "two deux", "three trois", "four quatre", "five cinq"),
            *("six", "seven sept", "eight huit", "nine neuf", "ten dix", "eleven onze"),
            "twelve douze",
        ),
        start=1,
    )
    for word in words.split()
}
_WEEKDAYS = {
    word: n
    for n, words in enumerate(
        (
            *("monday lundi", "tuesday tues mardi", "wednesday mercredi"),
            *("thursday thurs jeudi", "friday vendredi", "saturday samedi", "sunday dimanche"),
        )
    )
    for word in words.split()
}
_MONTHS = {
    word: n
    for n, words in enumerate(
        (
            *("january jan janvier janv", "february feb fevrier fevr fev", "march mars"),
            *("april apr avril avr", "may mai", "june jun juin", "july jul juillet juil"),
            *("august aug aout", "september sept sep septembre", "october oct octobre"),
            *("november nov novembre", "december dec decembre"),
        ),
        start=1,
    )
    for word in words.split()
}


def _one_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_N = rf"(?P<n>\d{{1,4}}|{_one_of(_NUMBERS)})"
_UNIT = r"(?P<unit>d|j|w|days?|jours?|weeks?|wks?|semaines?|sem|months?|mois|mo)"
_SPAN = rf"{_N} ?{_UNIT}"
_WEEKDAY = rf"(?P<weekday>{_one_of(_WEEKDAYS)})"
_MONTH = rf"(?P<month>{_one_of(_MONTHS)})(?: \.)?"
_DATE = (
    rf"(?:(?:on |le )?(?:{_one_of(_WEEKDAYS)}) (?:, )?)?(?:le |on |the )?(?:"
    r"(?P<iso>\d{4}-\d\d?-\d\d?)"
    rf"|(?P<d1>\d\d?)(?:er|st|nd|rd|th)? (?:of )?{_MONTH}(?: (?P<y1>\d{{4}}))?"
    rf"|{_MONTH.replace('month', 'month2')} (?P<d2>\d\d?)(?:st|nd|rd|th)?(?: (?P<y2>\d{{4}}))?"
    r")"
)

_TODAY = phrase(
    r"today|this morning|this afternoon|tonight|just now"
    r"|aujourd'hui|ce matin|ce soir|cet apres-midi"
)
_YESTERDAY = phrase(r"(?:the )?day before yesterday|avant-hier|yesterday|last night|hier soir|hier")
_AGO = phrase(rf"{_SPAN} ago|il y a {_SPAN.replace('<n>', '<n2>').replace('<unit>', '<unit2>')}")
_LAST_WEEKDAY = phrase(
    rf"(?:(?P<last>last) |on |this |ce |le )?{_WEEKDAY}(?P<dernier> dernier| passe)?"
)
_TOMORROW = phrase(r"(?:the )?day after tomorrow|apres-demain|tomorrow|demain")
_IN = phrase(rf"(?:in |dans |d'ici )?{_SPAN}")
_NEXT_WEEKDAY = phrase(rf"(?:next |on |this |ce |le )?{_WEEKDAY}(?: prochain)?")
_NEXT_PERIOD = phrase(
    r"next (?P<en>week|month)|la (?P<fr>semaine) prochaine|le (?P<fr2>mois) prochain"
)
_DAY = phrase(_DATE)


def gone_by(words: Words, index: int, today: dt.date) -> Found | None:
    """A day up to today that is named from an index on."""
    return _first(_GONE_BY, words, index, today, FIRST_DAY, today)


def to_come(words: Words, index: int, today: dt.date) -> Found | None:
    """A day from today on that is named from an index on."""
    return _first(_TO_COME, words, index, today, today, today + dt.timedelta(days=_MOST_DAYS))


def impossible(words: Words, index: int) -> int | None:
    """The index behind a day that no month has, such as 30 February; None where there is none.

    Only such days are meant: what is `march 35` in words is a number of something.
    """
    found = words.match(_DAY, index)
    if found is None:
        return None
    said, end = found
    number = int(said["d1"] or said["d2"] or said["iso"][-2:].lstrip("-"))
    is_last = end >= len(words) or words.is_separator(end)
    if not 29 <= number <= 31 or (said["d2"] and not is_last):
        return None
    try:
        # A leap year has all the days there are; a year that is said may be another one.
        day = _date(-1)(said, dt.date(2024, 12, 31))
    except ValueError:
        day = None
    return end if day is None else None


_Reader = Callable[[re.Match[str], dt.date], dt.date | None]


def _first(
    readers: Iterable[tuple[re.Pattern[str], _Reader]],
    words: Words,
    index: int,
    today: dt.date,
    first: dt.date,
    last: dt.date,
) -> Found | None:
    for pattern, read in readers:
        if (found := words.match(pattern, index)) is None:
            continue
        try:
            day = read(found[0], today)
        except (ValueError, OverflowError):
            continue
        if day is not None and first <= day <= last:
            return day, found[1]
    return None


def _yesterday(found: re.Match[str], today: dt.date) -> dt.date:
    return today - dt.timedelta(
        days=2 if found[0].endswith(("before yesterday", "avant-hier")) else 1
    )


def _tomorrow(found: re.Match[str], today: dt.date) -> dt.date:
    return today + dt.timedelta(days=2 if "after" in found[0] or "apres" in found[0] else 1)


def _ago(found: re.Match[str], today: dt.date) -> dt.date:
    return _away(today, found["n"] or found["n2"], found["unit"] or found["unit2"], -1)


def _in(found: re.Match[str], today: dt.date) -> dt.date:
    return _away(today, found["n"], found["unit"], 1)


def _away(today: dt.date, said: str, unit: str, sign: int) -> dt.date:
    """So many days, weeks or months away.

    Raises ValueError or OverflowError where there is no such day.
    """
    n = sign * (_NUMBERS.get(said) or int(said))
    if unit.startswith("m"):
        month = today.year * 12 + today.month - 1 + n
        year, month = divmod(month, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return dt.date(year, month + 1, min(today.day, last))
    return today + dt.timedelta(days=n * (7 if unit.startswith(("w", "s")) else 1))


def _last_weekday(found: re.Match[str], today: dt.date) -> dt.date:
    back = (today.weekday() - _WEEKDAYS[found["weekday"]]) % 7
    if back == 0 and (found["last"] or found["dernier"]):
        back = 7
    return today - dt.timedelta(days=back)


def _next_weekday(found: re.Match[str], today: dt.date) -> dt.date:
    return today + dt.timedelta(days=(_WEEKDAYS[found["weekday"]] - today.weekday() - 1) % 7 + 1)


def _next_period(found: re.Match[str], today: dt.date) -> dt.date:
    is_week = found["en"] == "week" or found["fr"] is not None
    return _away(today, "1", "w" if is_week else "month", 1)


def _date(sign: int) -> _Reader:
    """A date; without its year the nearest that lies behind us, or before us."""

    def read(found: re.Match[str], today: dt.date) -> dt.date | None:
        if found["iso"]:
            year, month, day = map(int, found["iso"].split("-"))
            return dt.date(year, month, day)
        day = int(found["d1"] or found["d2"])
        month = _MONTHS[found["month"] or found["month2"]]
        if given := found["y1"] or found["y2"]:
            return dt.date(int(given), month, day)
        # 29 February may be eight years away.
        for away in range(9):
            year = today.year + sign * away
            if day <= calendar.monthrange(year, month)[1]:
                nearest = dt.date(year, month, day)
                if (nearest - today).days * sign >= 0:
                    return nearest
        return None

    return read


_GONE_BY: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_TODAY, lambda _found, today: today),
    (_YESTERDAY, _yesterday),
    (_AGO, _ago),
    (_DAY, _date(-1)),
    (_LAST_WEEKDAY, _last_weekday),
)
_TO_COME: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_TOMORROW, _tomorrow),
    (_IN, _in),
    (_DAY, _date(1)),
    (_NEXT_WEEKDAY, _next_weekday),
    (_NEXT_PERIOD, _next_period),
)
