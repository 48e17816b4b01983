"""Filters of the list as they stand in an address: and, or, not; read, checked, written again.

`stage=aware,interested&tier=-macro&reach=50..80` keeps who is aware or interested, not macro, and
reaches 50 to 80: commas are "or", a leading minus is "not", fields are joined by "and". Each `or=`
is one more group that is as good as the first: `or=tag:food;country:fr`. A comma, a semicolon, a
percent sign or a leading minus within a value is written as in addresses: `%2C`.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlencode

from irm.directory.teams import MINE
from irm.errors import Refused
from irm.i18n import LazyText, _l
from irm.ledger.ageing import Ageing
from irm.ledger.claims import Backing
from irm.models import Archetype, Origin, Platform, Stage, Tier
from irm.models.base import LabelledEnum
from irm.models.keys import fold

#: Stands for "nothing is known" or "there is none".
NONE = "none"

#: Stands for whoever reads the list, so that a team can share "mine".
ME = "me"

#: More than this nobody reads as one list.
MOST_GROUPS, MOST_CLAUSES, MOST_VALUES = 6, 12, 60

#: What anybody types into a search field; more is a slip of the clipboard.
LONGEST_SEARCH = 200

_LONGEST_VALUE = 80
_MOST_DAYS = 36_500

_NUMBER = re.compile(r"\d{1,12}(\.\d{1,3})?", re.ASCII)
_AGO = re.compile(r"([<>])(\d{1,5})d", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that people can be filtered by."""

    label: LazyText
    #: How the values are chosen: `choice`, `range` or `days`.
    kind: str
    #: A value as it is kept, or None where the field does not know it.
    read: Callable[[str], str | None]
    #: The words to choose from, where they never change.
    words: type[LabelledEnum] | None = None
    #: Whether there may be none, or none known.
    has_none: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """One field and what it has to be, or must not be: any of these values."""

    field: str
    values: tuple[str, ...]
    is_not: bool = False
    #: What of the values was typed and means nothing to the field: the clause then keeps everybody.
    unread: str = ""

    def __str__(self) -> str:
        return ("-" if self.is_not else "") + ",".join(map(_escaped, self.values))


#: Clauses that all have to hold.
Group = tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """Whom a list shows: who fits any of the groups, and the words searched for."""

    groups: tuple[Group, ...] = ()
    text: str = ""
    #: Empty: people in the archive are left out; `yes`: they alone; `any`: they too.
    archived: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Query()


def _words(enum: type[LabelledEnum], *more: str) -> Callable[[str], str | None]:
    known = {*(word.value for word in enum), *more}
    return lambda value: value if value in known else None


def _id(value: str) -> str | None:
    is_id = value.isascii() and value.isdecimal() and len(value) <= 9
    return str(int(value)) if is_id else None


def _owner(value: str) -> str | None:
    return value if value == ME else _id(value)


def _team(value: str) -> str | None:
    return value if value == MINE else _id(value)


def _text(value: str) -> str | None:
    text = " ".join(value.split())
    return text if 0 < len(text) <= _LONGEST_VALUE and fold(text) else None


def is_number(value: str) -> bool:
    """Whether a filter reads this as a number; people write it in more ways (see forms/figures)."""
    return _number(value) is not None


def _number(value: str) -> str | None:
    if not _NUMBER.fullmatch(value):
        return None
    return f"{float(value):.3f}".rstrip("0").rstrip(".")


def _day(value: str) -> str | None:
    if not _DAY.fullmatch(value):
        return None
    try:
        return dt.date.fromisoformat(value).isoformat()
    except ValueError:
        return None


def between(value: str) -> tuple[str, str] | None:
    """The two ends of `from..to`, either of which may be empty; None where it is no range."""
    start, dots, end = value.partition("..")
    return (start, end) if dots and (start or end) else None


def _range(read: Callable[[str], str | None]) -> Callable[[str], str | None]:
    def reader(value: str) -> str | None:
        ends = between(value)
        if ends is None:
            return None
        found = [read(end) if end else "" for end in ends]
        return None if None in found else f"{found[0]}..{found[1]}"

    return reader


def ago(value: str) -> tuple[str, int] | None:
    """The sign and the days of `>30d`; None where it is something else."""
    found = _AGO.fullmatch(value)
    return (found[1], int(found[2])) if found and int(found[2]) <= _MOST_DAYS else None


def _days(*words: str) -> Callable[[str], str | None]:
    in_days = _range(_day)

    def reader(value: str) -> str | None:
        if value in words:
            return value
        found = ago(value)
        return f"{found[0]}{found[1]}d" if found else in_days(value)

    return reader


def _or_none(read: Callable[[str], str | None]) -> Callable[[str], str | None]:
    return lambda value: value if value == NONE else read(value)


_scores = _or_none(_range(_number))

#: What can be filtered by, in the order it is offered.
FIELDS: dict[str, Field] = {
    "stage": Field(_l("Stage"), "choice", _words(Stage), Stage),
    "claim": Field(_l("Evidence"), "choice", _words(Backing), Backing),
    "age": Field(_l("Age"), "choice", _words(Ageing), Ageing),
    "tier": Field(_l("Tier"), "choice", _words(Tier), Tier),
    "owner": Field(_l("Owner"), "choice", _owner),
    "team": Field(_l("Team"), "choice", _team),
    "tag": Field(_l("Tag"), "choice", _text, has_none=True),
    "campaign": Field(_l("Campaign"), "choice", _or_none(_id), has_none=True),
    "topic": Field(_l("Topic"), "choice", _or_none(_id), has_none=True),
    "platform": Field(_l("Platform"), "choice", _words(Platform), Platform),
    "country": Field(_l("Country"), "choice", _text, has_none=True),
    "language": Field(_l("Language"), "choice", _text, has_none=True),
    "archetype": Field(
        _l("Archetype"), "choice", _words(Archetype, NONE), Archetype, has_none=True
    ),
    "origin": Field(_l("Origin"), "choice", _words(Origin), Origin),
    "fit": Field(_l("Fit"), "range", _scores, has_none=True),
    "reach": Field(_l("Reach"), "range", _scores, has_none=True),
    "resonance": Field(_l("Resonance"), "range", _scores, has_none=True),
    "relevance": Field(_l("Relevance"), "range", _scores, has_none=True),
    "audience": Field(_l("Audience"), "range", _scores, has_none=True),
    "contact": Field(_l("Last contact"), "days", _days("never", "unanswered")),
    "due": Field(_l("Next touchpoint"), "days", _days("overdue", "today", NONE)),
    "added": Field(_l("Added"), "days", _days()),
}

ARCHIVED = ("yes", "any")

#: Every word of an address that is part of a filter.
NAMES = ("q", *FIELDS, "or", "archived")


def read(pairs: Iterable[tuple[str, str]]) -> Query:
    """The query that the words of an address say, to be done as it says.

    Raises Refused as `written` does, and where a clause was typed that means nothing.
    """
    found = written(pairs)
    refuse_unread(found)
    return found


def written(pairs: Iterable[tuple[str, str]]) -> Query:
    """The query that the words of an address say; words of other things are passed over.

    A number or a day that means nothing stays in its clause, so that it can be shown and mended.
    Raises Refused where there is no such word to choose, or there is more than anybody reads.
    """
    text, archived, first = "", "", []
    groups: list[Group] = []
    for name, value in pairs:
        if name == "q":
            text = _searched(value)
        elif not value:
            continue
        elif name == "archived":
            archived = _one_of(ARCHIVED, value)
        elif name == "or":
            groups.append(_group(value))
        elif name in FIELDS:
            first.append(clause(name, value))
    kept = tuple(group for group in (_once(first), *groups) if group)
    if len(kept) > MOST_GROUPS:
        raise Refused(_l("These are more filters than anybody can read; take some away."))
    return Query(tuple(dict.fromkeys(kept)), text, archived)


def refuse_unread(query: Query) -> None:
    """Raises Refused where a clause means nothing: what it leaves out is then not known."""
    for one in (one for group in query.groups for one in group if one.unread):
        raise _unknown(one.field, one.unread)


def without_unread(query: Query) -> Query:
    """A query without the clauses that mean nothing."""
    kept = (tuple(one for one in group if not one.unread) for group in query.groups)
    return replace(query, groups=tuple(group for group in kept if group))


def clause(field: str, value: str) -> Clause:
    """One clause as it stands in an address: `-macro,middle`. Raises Refused as `made` does."""
    is_not = value.startswith("-")
    values = [unquote(part).strip() for part in value.removeprefix("-").split(",")]
    return made(field, [part for part in values if part], is_not)


def made(field: str, values: Sequence[str], is_not: bool = False) -> Clause:
    """A clause of these values.

    Raises Refused where there is no such word to choose, or no value at all.
    """
    if field not in FIELDS:
        raise Refused(_l("This address names a filter that does not exist."))
    if not values:
        raise Refused(_l("Choose at least one value."))
    if len(values) > MOST_VALUES:
        raise Refused(_l("These are more filters than anybody can read; take some away."))
    if FIELDS[field].kind == "choice":
        return Clause(field, tuple(dict.fromkeys(_known(field, one) for one in values)), is_not)
    typed = [one[:_LONGEST_VALUE].strip() for one in values]
    unread = next((one for one in typed if FIELDS[field].read(one) is None), "")
    known = (FIELDS[field].read(one) or one for one in typed)
    return Clause(field, tuple(dict.fromkeys(known)), is_not, unread)


def pairs(query: Query) -> list[tuple[str, str]]:
    """The words of an address that say a query."""
    found = [("q", query.text)] if query.text else []
    for number, group in enumerate(query.groups):
        if number == 0:
            found += [(one.field, str(one)) for one in group]
        else:
            found.append(("or", ";".join(f"{one.field}:{one}" for one in group)))
    return [*found, ("archived", query.archived)] if query.archived else found


def encoded(pairs: Iterable[tuple[str, str]]) -> str:
    """Words of an address as one string, with what people read left as it is."""
    return urlencode(list(pairs), safe=",:;<>-.@")


def _group(value: str) -> Group:
    found = []
    for part in value.split(";"):
        field, _colon, values = part.partition(":")
        found.append(clause(field.strip(), values))
    return _once(found)


def _once(clauses: Iterable[Clause]) -> Group:
    group = tuple(dict.fromkeys(clauses))
    if len(group) > MOST_CLAUSES:
        raise Refused(_l("These are more filters than anybody can read; take some away."))
    return group


def _known(field: str, value: str) -> str:
    known = FIELDS[field].read(value)
    if known is None:
        raise _unknown(field, value)
    return known


def _unknown(field: str, value: str) -> Refused:
    label = FIELDS[field].label
    said = value[:_LONGEST_VALUE]
    return Refused(_l("The filter “%(field)s” knows no “%(value)s”.", field=label, value=said))


def _one_of(words: Sequence[str], value: str) -> str:
    if value not in words:
        raise Refused(_l("This address names a filter that does not exist."))
    return value


def _searched(value: str) -> str:
    text = " ".join(value.split())
    if len(text) > LONGEST_SEARCH:
        raise Refused(
            _l("This is too long to search for: %(n)s characters at most.", n=LONGEST_SEARCH)
        )
    return text


def _escaped(value: str) -> str:
    for sign in "%,;":
        value = value.replace(sign, f"%{ord(sign):02X}")
    return f"%2D{value[1:]}" if value.startswith("-") else value
