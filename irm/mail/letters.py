"""The mails irm sends: one function for each, one folder for its subject, text and HTML.

Rendered once, in the recipient's language and zone, and stored as rendered.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import css_inline
from babel.dates import format_date
from flask import current_app
from flask_babel import force_locale

from irm.funnel import stage_names, whys
from irm.i18n import _n, calling

#: A longer last exchange is cut: the page has the rest.
SUMMARY = 160


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered mail."""

    name: str
    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)
    #: The ids of the brands it tells of.
    tells_of: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a digest: its first rows (irm/funnel/digest.py), and how many there are."""

    rows: Sequence[Any]
    total: int


@dataclass(frozen=True, slots=True)
class Line:
    """What a digest says of one touchpoint."""

    name: str
    stage: str
    when: str
    why: str
    last: str
    href: str


def digest(
    recipient: Any,
    day: dt.date,
    parts: Mapping[str, Section],
    labels: Mapping[int, Any] = MappingProxyType({}),
) -> Letter | None:
    """Render the digest of one colleague for one of her days; None where there is nothing in it.

    `recipient` is a row of `recipients_due`, `parts` are named as in irm/funnel/digest.py. Stages
    are called as the brand of each line calls them, by `labels`.
    """
    if not any(part.total for part in parts.values()):
        return None
    zone = ZoneInfo(recipient.timezone)
    with force_locale(recipient.locale):
        sections = {
            name: {
                "lines": [
                    _line(row, day, zone, recipient.locale, labels.get(row.brand_id))
                    for row in section.rows
                ],
                "total": section.total,
                "more": section.total - len(section.rows),
            }
            for name, section in parts.items()
        }
        letter = _render(
            "digest",
            recipient.locale,
            name=_short(recipient.name, 80),
            # In full: a shortened month ends in a dot in French, and the sentence ends there.
            day=format_date(day, "EEEE d MMMM", locale=recipient.locale),
            home=f"{_public_url()}/today",
            settings=f"{_public_url()}/settings/profile",
            **sections,
        )
    tells_of = {row.brand_id for part in parts.values() for row in part.rows}
    return replace(letter, tells_of=tuple(sorted(tells_of)))


def _line(row: Any, day: dt.date, zone: ZoneInfo, locale: str, labels: object) -> Line:
    last = ""
    if row.last_summary is not None:
        on = _date(row.last_at.astimezone(zone).date(), day, locale)
        last = " · ".join(part for part in (on, _short(row.last_summary, SUMMARY)) if part)
    with calling(stage_names.of(labels, locale)):
        stage, why = str(row.stage.label), row.purpose or whys.why(row.why or {})
    return Line(
        name=_short(row.name, 80),
        stage=stage,
        when=_when(row.due_on, day, locale),
        why=_short(why, 200),
        last=last,
        href=f"{_public_url()}/influencers/{row.influencer_id}",
    )


def _when(due_on: dt.date, day: dt.date, locale: str) -> str:
    """How late it is, or on which day it comes; nothing where it is today."""
    if due_on < day:
        return _n("%(n)s day overdue", "%(n)s days overdue", (day - due_on).days)
    return _date(due_on, day, locale) if due_on > day else ""


@lru_cache(1024)
def _date(day: dt.date, today: dt.date, locale: str) -> str:
    pattern = "EEE d MMM" if day.year == today.year else "EEE d MMM y"
    return format_date(day, pattern, locale=locale)


def _short(text: str, length: int) -> str:
    """One line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def _public_url() -> str:
    return str(current_app.config["IRM"].public_url)


def _render(letter: str, locale: str, **words: Any) -> Letter:
    """Render the three templates of a letter; not as pages are, for there is no reader here."""

    def part(file: str) -> str:
        template = current_app.jinja_env.get_template(f"mail/{letter}/{file}")
        return template.render(locale=locale, **words).strip() + "\n"

    return Letter(
        name=letter,
        subject=" ".join(part("subject.txt").split()),
        text=part("body.txt"),
        html=_inliner().inline(part("body.html")),
        headers={"Auto-Submitted": "auto-generated"},
    )


@lru_cache(1)
def _inliner() -> css_inline.CSSInliner:
    # The style tag is kept for what cannot be inlined: the rules for dark mode.
    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)
