"""The rows of the list as they are shown.

Cell by cell the page would be thousands of small pieces and take longer than all the rest. So what
repeats, such as a stage or a day, is written once by the template's macros, and a row goes out
whole.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from flask import current_app
from markupsafe import Markup

from irm.directory.columns import COLUMNS, Column, tag_names
from irm.directory.excerpts import Excerpt
from irm.directory.sorting import LOWEST, Sort, turned
from irm.i18n import _
from irm.ledger.ageing import Ageing, is_paused
from irm.models import Platform, Stage
from irm.web.ageing import age_of
from irm.web.phrases import phrases
from irm.web.words import Memo, Words
from irm.web.written import joined

#: Names of platforms are the same in every language.
_PLATFORMS = {platform.value: str(platform.label) for platform in Platform}

#: A cell as it stands in the page, from a row of the database. Each is written by a template, or of
#: numbers alone.
_Maker = Callable[[Any], Markup]


def rows(
    found: Sequence[Any],
    columns: Sequence[str],
    said: Words,
    why: Mapping[int, Excerpt],
    *,
    may_pick: bool,
) -> list[Markup]:
    """Write rows of what the list selected; `why` says by person what a search found."""
    cells = _cells(said)
    makers = [cells.of[key] for key in columns]
    return [
        cells.row(row, why.get(row.influencer_id), may_pick, joined([make(row) for make in makers]))
        for row in found
    ]


def handle(account: str | None) -> str:
    """The largest account in words: the platform's name and the handle."""
    platform, _space, name = (account or "").partition(" ")
    return f"{_PLATFORMS.get(platform, platform)} · {name}" if name else ""


def language_name(code: str, locale: str) -> str:
    """A language by its name in the reader's language, or by its code where it has none."""
    try:
        return str(Locale.parse(locale).languages.get(code, code))
    except (UnknownLocaleError, ValueError):
        return code


def heads(
    columns: Sequence[str], sort: Sort, address: Callable[[str], str]
) -> list[tuple[str, bool, str | None, str | None]]:
    """Heads of the table: words, whether numbers stand below, where a click leads, the order.

    A click on the head that it is sorted by turns it round, where that makes sense.
    """
    return [_head(COLUMNS[key], sort, address) for key in columns]


def _head(
    column: Column, sort: Sort, address: Callable[[str], str]
) -> tuple[str, bool, str | None, str | None]:
    if not column.sort:
        return str(column.label), column.is_number, None, None
    own = Sort(column.sort)
    other = turned(own)
    is_sorted = sort in (own, other)
    wanted = other if sort is own else own
    order = _direction(sort) if is_sorted else None
    return str(column.label), column.is_number, address(wanted.value), order


def _direction(sort: Sort) -> str:
    rising = sort in LOWEST or sort in (Sort.NAME, Sort.NEXT, Sort.CONTACT)
    return "ascending" if rising else "descending"


class _Cells:
    """How each cell is written, in one language on one day; what repeats is written once."""

    def __init__(self, said: Words) -> None:
        write: Any = current_app.jinja_env.get_template("influencers/_cells.html").module
        about, plain = phrases(said), write.plain
        self._row = write.row
        self._archive = _("Archive")
        self._sources = {
            "note": _("Note:"),
            "fact": _("Fact:"),
            "post": _("Post:"),
            "contact": _("Contact:"),
        }
        self._handle = _("Handle:")

        def stage(one: Stage | None) -> Any:
            return write.stage(one.value, about.stages[one]) if one else plain("–")

        def following(day: dt.date | None) -> Any:
            if day is None:
                return plain(about.brief[None])
            return write.day("late" if day < said.today else "day", day, about.brief[day])

        stages: Memo[Stage | None, Markup] = Memo(stage)
        nexts: Memo[dt.date | None, Markup] = Memo(following)
        # What is paused is not overdue: its day stands there as it is.
        waiting: Memo[dt.date | None, Markup] = Memo(
            lambda day: write.day("day", day, said.near[day]) if day else following(None)
        )
        tiers: Memo[Any, Markup] = Memo(lambda tier: plain(about.tiers[tier]))
        words: Memo[Any, Markup] = Memo(lambda word: plain(str(word.label) if word else "–"))
        days: Memo[dt.date, Markup] = Memo(lambda day: plain(said.near[day]))
        numbers: Memo[str, Markup] = Memo(write.number)
        ages: Memo[tuple[Ageing, ...], Markup] = Memo(
            lambda marks: plain(", ".join(str(mark.label) for mark in marks) or "–")
        )
        pauses: Memo[dt.date | None, Markup] = Memo(
            lambda day: plain(said.date[day] if day and is_paused(day, said.today) else "–")
        )
        languages: Memo[str | None, Markup] = Memo(
            lambda code: plain(language_name(code, said.locale) if code else "–")
        )
        never, unknown, untagged = plain(_("Never")), plain("–"), write.tags(())
        local_day, score = said.day, said.score

        def reasoned(kind: str, say: Callable[[Any], str], name: str) -> _Maker:
            """A number that leads to what it rests on: its id is not worth a macro a row."""
            ends: Memo[str, Markup] = Memo(lambda text: write.reasons(kind, text))
            begin: Markup = write.reasoned()
            return lambda row: joined((begin, row.influencer_id, ends[say(getattr(row, name))]))

        def ago(at: dt.datetime | None, otherwise: Markup = unknown) -> Markup:
            return days[local_day(at)] if at else otherwise

        #: By column.
        self.of: dict[str, _Maker] = {
            "stage": lambda row: stages[row.stage],
            "tier": lambda row: tiers[row.tier],
            "fit": reasoned("fit", score, "fit"),
            "reach": reasoned("reach", score, "reach"),
            "resonance": reasoned("resonance", score, "resonance"),
            "relevance": reasoned("relevance", score, "relevance"),
            "audience": reasoned("reach", said.compact, "audience"),
            "contact": lambda row: ago(row.last_contact_at, never),
            "next": lambda row: (waiting if is_paused(row.paused_until, said.today) else nexts)[
                row.next_touchpoint_on
            ],
            "owner": lambda row: plain(row.owner_name) if row.owner_name else unknown,
            "tags": lambda row: write.tags(tag_names(row.tags)) if row.tags else untagged,
            "email": lambda row: plain(row.email) if row.email else unknown,
            "country": lambda row: plain(row.country) if row.country else unknown,
            "city": lambda row: plain(row.city) if row.city else unknown,
            "language": lambda row: languages[row.language],
            "archetype": lambda row: words[row.archetype],
            "origin": lambda row: words[row.origin],
            "earned": lambda row: stages[row.earned_stage],
            "since": lambda row: ago(row.stage_since),
            "age": lambda row: ages[age_of(row).marks],
            "paused": lambda row: pauses[row.paused_until],
            "gives": lambda row: numbers[str(row.gives_since_ask)],
            "added": lambda row: ago(row.created_at),
        }

    def row(self, row: Any, why: Excerpt | None, may_pick: bool, cells: Markup) -> Markup:
        """A whole row: the box that selects it, the person, the cells."""
        written: Markup = self._row(
            row.id,
            row.influencer_id,
            row.name,
            handle(row.account),
            self._archive if row.archived_at is not None else "",
            self._sources.get(why.source, self._handle) if why else "",
            why,
            may_pick,
            cells,
        )
        return written


@lru_cache(64)
def _cells(said: Words) -> _Cells:
    """The cells that go with these words."""
    return _Cells(said)
