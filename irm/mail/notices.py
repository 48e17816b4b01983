"""Letters about what happened: somebody entrusted, a mention, a question unanswered, proposals.

Each is one function that renders what irm/funnel/happened.py found, in the recipient's language
and zone; one letter tells of all that came together, however much it is.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from flask_babel import force_locale

from irm.funnel import claims, stage_names
from irm.i18n import _, _n, calling
from irm.mail import unsubscribing
from irm.mail.letters import Letter, render
from irm.mail.phrasing import date, public_url, short
from irm.models import Notice

#: So many people, notes or questions are named; a link leads to the rest.
NAMED = 15

#: A longer note is cut: the page has the rest.
EXCERPT = 500

#: Brands by their ids: rows with `name` and `stage_labels`.
Brands = Mapping[int, Any]

_NONE: Brands = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Line:
    """What a letter says of one person."""

    name: str
    stage: str
    href: str
    #: When, or by whom.
    when: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines under a title, and where the rest of them is."""

    title: str
    lines: Sequence[Line]
    total: int
    href: str

    @property
    def more(self) -> int:
        return self.total - len(self.lines)


def assignment(
    recipient: Any, people: Sequence[Any], givers: Sequence[str], brands: Brands = _NONE
) -> Letter:
    """Tell a colleague who was entrusted to her.

    `people` are rows of `happened.still_theirs`, the best fit first; `givers` the names of those
    who did it, the one who gave most first: none where irm itself gave them back.
    """
    locale, by_brand = recipient.locale, _by_brand(people)
    with force_locale(locale):
        parts = [
            Part(
                _title(brand_id, by_brand, brands),
                [_line(row, locale, brands) for row in _share(rows, len(by_brand))],
                len(rows),
                f"{public_url()}/influencers?owner=me&brand={brand_id}",
            )
            for brand_id, rows in by_brand.items()
        ]
        return _notice(
            "assignment",
            recipient,
            people,
            headline=_entrusted(people, givers, locale),
            by=_several(givers),
            people=len(people),
            parts=parts,
            home=parts[0].href,
        )


def _several(givers: Sequence[str]) -> str:
    """Who they are, where they are several; of many the first three."""
    names = ", ".join(short(name, 80) for name in givers[:3])
    return f"{names} …" if len(givers) > 3 else names if len(givers) > 1 else ""


def _entrusted(people: Sequence[Any], givers: Sequence[str], locale: str) -> str:
    n, first = len(people), short(people[0].name, 80)
    number = format_decimal(n, locale=locale)
    if len(givers) != 1:
        if n == 1:
            return _("%(name)s is entrusted to you now", name=first)
        return _n(
            "%(number)s person is entrusted to you now",
            "%(number)s people are entrusted to you now",
            n,
            number=number,
        )
    who = short(givers[0], 80)
    if n == 1:
        return _("%(who)s entrusted %(name)s to you", who=who, name=first)
    return _n(
        "%(who)s entrusted %(number)s person to you",
        "%(who)s entrusted %(number)s people to you",
        n,
        who=who,
        number=number,
    )


def mention(
    recipient: Any, notes: Sequence[Any], at: dt.datetime, brands: Brands = _NONE
) -> Letter:
    """Tell a colleague where she was called by an @.

    `notes` are rows of `happened.written` or `rewritten`, in their order. What was written of many
    people at once is told once, with how many more it is about.
    """
    locale, zone = recipient.locale, ZoneInfo(recipient.timezone)
    today = at.astimezone(zone).date()
    same: dict[tuple[Any, str], list[Any]] = {}
    for row in notes:
        same.setdefault((row.author_id, row.summary), []).append(row)
    with force_locale(locale):
        lines = []
        for rows in list(same.values())[:NAMED]:
            row, others = rows[0], len(rows) - 1
            who = short(row.author_name or _("Somebody who has left"), 80)
            when = f"{who} · {date(row.at.astimezone(zone).date(), today, locale)}"
            if others:
                when += " · " + _n("and of %(n)s more", "and of %(n)s more", others)
            href = f"{_person(row)}#interaction-{row.id}"
            said = short(row.summary, EXCERPT)
            lines.append(replace(_line(row, locale, brands), when=when, said=said, href=href))
        first = notes[0]
        headline = _n(
            "You were mentioned in %(n)s note", "You were mentioned in %(n)s notes", len(same)
        )
        if len(same) == 1 and first.author_name:
            who, name = short(first.author_name, 80), short(first.name, 80)
            headline = _("%(who)s mentions you with %(name)s", who=who, name=name)
        part = Part("", lines, len(same), f"{public_url()}/today")
        return _notice(
            "mention", recipient, notes, headline=headline, parts=[part], home=lines[0].href
        )


def question(
    recipient: Any,
    own: Sequence[Any],
    led: Sequence[Any],
    at: dt.datetime,
    brands: Brands = _NONE,
    owners: Mapping[int, str] = MappingProxyType({}),
) -> Letter:
    """Tell a colleague who waits for an answer beyond the time that the brand gives itself.

    Rows of `happened.unanswered`: `own` are hers to answer, `led` are those of her team that she
    is told of as a lead. `owners` are the names of those who have them.
    """
    locale, zone = recipient.locale, ZoneInfo(recipient.timezone)
    today = at.astimezone(zone).date()

    def moment(when: dt.datetime) -> str:
        local = when.astimezone(zone)
        return f"{date(local.date(), today, locale)}, {local:%H:%M}"

    def line(row: Any, is_led: bool) -> Line:
        asked, by = moment(row.asked_at), moment(row.answer_by)
        when = _("asked %(when)s, an answer was due by %(by)s", when=asked, by=by)
        if is_led:
            owner = short(owners.get(row.owner_id or 0) or _("nobody"), 80)
            when += " · " + _("with %(name)s", name=owner)
        return replace(_line(row, locale, brands), when=when, said=short(row.text, EXCERPT))

    with force_locale(locale):
        parts = [
            Part(
                title if is_led or (own and led) else "",
                [line(row, is_led) for row in rows[:NAMED]],
                len(rows),
                f"{public_url()}/promises",
            )
            for title, rows, is_led in (
                (_("For you to answer"), own, False),
                (_("Of your team, waiting twice as long as agreed"), led, True),
            )
            if rows
        ]
        every = [*own, *led]
        headline = _n(
            "%(n)s question waits for an answer", "%(n)s questions wait for an answer", len(every)
        )
        if len(every) == 1:
            headline = _("%(name)s waits for an answer", name=short(every[0].name, 80))
        home = parts[0].lines[0].href if len(every) == 1 else parts[0].href
        return _notice("question", recipient, every, headline=headline, parts=parts, home=home)


def proposal(
    recipient: Any, rows: Sequence[Any], others: int, at: dt.datetime, brands: Brands = _NONE
) -> Letter:
    """Tell a colleague which moves the evidence proposes for her people since she was last told.

    `rows` are those of `happened.proposals` that are new, `others` is how many wait beside them.
    """
    locale = recipient.locale
    today = at.astimezone(ZoneInfo(recipient.timezone)).date()
    by_brand = _by_brand(rows)
    with force_locale(locale):
        parts = [
            Part(
                _title(brand_id, by_brand, brands),
                [_proposed(row, today, locale, brands) for row in _share(some, len(by_brand))],
                len(some),
                f"{public_url()}/funnel/proposals?mine=1&brand={brand_id}",
            )
            for brand_id, some in by_brand.items()
        ]
        number = format_decimal(len(rows), locale=locale)
        headline = _n(
            "The evidence proposes %(number)s move with your people",
            "The evidence proposes %(number)s moves with your people",
            len(rows),
            number=number,
        )
        beside = ""
        if others:
            beside = _n(
                "Beside them, %(n)s that you were told of waits for your decision.",
                "Beside them, %(n)s that you were told of wait for your decision.",
                others,
            )
        return _notice(
            "proposal",
            recipient,
            rows,
            headline=headline,
            beside=beside,
            parts=parts,
            home=parts[0].href,
        )


def _proposed(row: Any, today: dt.date, locale: str, brands: Brands) -> Line:
    with calling(_stages(row, brands, locale)):
        start, end = str(row.stage.label), str(claims.proposed(row).label)
    when = ""
    if row.earned_on is not None:
        when = _("newest proof: %(day)s", day=date(row.earned_on, today, locale))
    said = _("From “%(start)s” to “%(end)s”", start=start, end=end)
    return Line(short(row.name, 80), "", _person(row), when, said)


def _line(row: Any, locale: str, brands: Brands) -> Line:
    with calling(_stages(row, brands, locale)):
        return Line(short(row.name, 80), str(row.stage.label), _person(row))


def _stages(row: Any, brands: Brands, locale: str) -> dict[str, str]:
    brand = brands.get(row.brand_id)
    return stage_names.of(brand.stage_labels if brand else None, locale)


def _title(brand_id: int, by_brand: Brands, brands: Brands) -> str:
    """The name of a brand, where there are several."""
    brand = brands.get(brand_id)
    return short(brand.name, 80) if brand and len(by_brand) > 1 else ""


def _person(row: Any) -> str:
    return f"{public_url()}/influencers/{row.influencer_id}"


def _by_brand(rows: Sequence[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.brand_id, []).append(row)
    return found


def _share(rows: Sequence[Any], brands: int) -> Sequence[Any]:
    """The first of a brand's people: of several brands, each has its share of those named."""
    return rows[: max(3, NAMED // brands)]


def _notice(letter: str, recipient: Any, rows: Sequence[Any], **words: Any) -> Letter:
    name = short(recipient.name, 80)
    stopped = unsubscribing.of(recipient, Notice(letter))
    settings = f"{public_url()}/settings/profile"
    made = render(
        letter,
        recipient.locale,
        name=name,
        settings=settings,
        unsubscribe=stopped.href,
        **words,
    )
    tells_of = tuple(sorted({row.brand_id for row in rows}))
    return replace(made, tells_of=tells_of, headers=made.headers | stopped.headers)
