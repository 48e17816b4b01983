"""The parts of a digest: what is due, what was promised and asked, and who was left alone."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from irm.funnel import elsewhere, escalation, escalation_words, stage_names, whys
from irm.i18n import _, _n, calling
from irm.mail.phrasing import date, public_url, short
from irm.mail.signed import act_address

#: A longer last exchange is cut: the page has the rest.
SUMMARY = 160


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a digest: its first rows (irm/funnel/digest.py), and how many there are."""

    rows: Sequence[Any]
    total: int

    def cut(self, most: int) -> "Section":
        """The same with so many rows at most; the rest is counted still."""
        return Section(self.rows[:most], self.total) if len(self.rows) > most else self


@dataclass(frozen=True, slots=True)
class Owed:
    """What a colleague promised, and the questions that wait for her (irm/funnel/mailed.py)."""

    promises: Section = Section((), 0)
    questions: Section = Section((), 0)
    #: By this moment a clock has run out or not; None where nobody asked anything.
    at: dt.datetime | None = None

    @property
    def total(self) -> int:
        return self.promises.total + self.questions.total


@dataclass(frozen=True, slots=True)
class Beyond:
    """Who was left alone too long at one brand, for its lead."""

    brand_id: int
    brand_name: str
    told: escalation.Told


@dataclass(frozen=True, slots=True)
class Line:
    """What a digest says of one touchpoint."""

    name: str
    stage: str
    when: str
    why: str
    last: str
    href: str
    #: Where one says what became of it; empty where there is nothing to be said.
    act: str = ""
    #: That another brand is in touch with them; empty where none is.
    busy: str = ""


def line(row: Any, day: dt.date, recipient: Any, labels: object) -> Line:
    """Say what a colleague is to know of one touchpoint on her day, and where she acts on it."""
    zone, locale = ZoneInfo(recipient.timezone), recipient.locale
    last = ""
    if row.last_summary is not None:
        on = date(row.last_at.astimezone(zone).date(), day, locale)
        last = " · ".join(part for part in (on, short(row.last_summary, SUMMARY)) if part)
    with calling(stage_names.of(labels, locale)):
        stage, why = str(row.stage.label), row.purpose or whys.why(row.why or {})
    return Line(
        name=short(row.name, 80),
        stage=stage,
        when=_when(row.due_on, day, locale),
        why=short(why, 200),
        last=last,
        href=f"{public_url()}/influencers/{row.influencer_id}",
        act=act_address(recipient, row, day),
        busy=_busy(row, day, zone, locale),
    )


def _busy(row: Any, day: dt.date, zone: ZoneInfo, locale: str) -> str:
    """Until when another brand is in touch with them; empty where none is."""
    until = elsewhere.until(row, day, zone)
    return elsewhere.said(date(until, day, locale)) if until else ""


def of_owed(
    owed: Owed, day: dt.date, zone: ZoneInfo, locale: str, labels: Mapping[int, Any]
) -> dict[str, Any]:
    """Promises and questions as the parts of a digest are."""
    promised = [
        _debt(row, row.what, _when(row.due_on, day, locale), locale, labels)
        for row in owed.promises.rows
    ]
    asked = [
        _debt(row, row.text, _clock(row, owed.at, day, zone, locale), locale, labels)
        for row in owed.questions.rows
    ]
    return {
        name: {"lines": lines, "total": part.total, "more": part.total - len(lines)}
        for name, lines, part in (
            ("promises", promised, owed.promises),
            ("questions", asked, owed.questions),
        )
    }


def _debt(row: Any, what: str, when: str, locale: str, labels: Mapping[int, Any]) -> Line:
    with calling(stage_names.of(labels.get(row.brand_id), locale)):
        stage = str(row.stage.label)
    href = f"{public_url()}/influencers/{row.influencer_id}"
    return Line(short(row.name, 80), stage, when, short(what, 200), "", href)


def _clock(row: Any, at: dt.datetime | None, day: dt.date, zone: ZoneInfo, locale: str) -> str:
    """By when a question wants an answer, by the recipient's clock."""
    local = row.answer_by.astimezone(zone)
    when = f"{date(local.date(), day, locale)}, {local:%H:%M}"
    if at is not None and row.answer_by < at:
        return _("beyond its time since %(when)s", when=when)
    return _("an answer by %(when)s", when=when)


def of_beyond(
    one: Beyond, locale: str, labels: Mapping[int, Any], is_named: bool
) -> dict[str, Any]:
    """What a lead is told of one brand, which is named where it is not the only one."""
    title = escalation_words.title(one.told)
    people = f"{public_url()}/influencers"
    with calling(stage_names.of(labels.get(one.brand_id), locale)):
        groups = [
            {
                "title": short(escalation_words.group(group), 120),
                "lines": [
                    {
                        "name": short(row.name, 80),
                        "stage": str(row.stage.label),
                        "when": escalation_words.quiet(row),
                        "href": f"{people}/{row.influencer_id}",
                    }
                    for row in group.rows
                ],
            }
            for group in one.told.groups
        ]
    return {
        "title": f"{title} · {short(one.brand_name, 80)}" if is_named else title,
        "groups": groups,
        "href": f"{people}?age=lost&brand={one.brand_id}",
    }


def _when(due_on: dt.date, day: dt.date, locale: str) -> str:
    """How late it is, or on which day it comes; nothing where it is today."""
    if due_on < day:
        return _n("%(n)s day overdue", "%(n)s days overdue", (day - due_on).days)
    return date(due_on, day, locale) if due_on > day else ""
