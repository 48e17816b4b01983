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
from flask import current_app
from flask_babel import force_locale

from irm.calendar_words import said_day
from irm.funnel import stage_names
from irm.funnel.minutes import Entry, Minutes
from irm.funnel.minutes_words import sentence
from irm.i18n import _, _n, calling
from irm.mail.digest_parts import Beyond, Owed, Section, line, of_beyond, of_owed
from irm.mail.phrasing import date, in_one_line, public_url, short
from irm.mail.unsubscribing import of as unsubscribing_of
from irm.models import Decision, Notice, Review
from irm.network.resting import Rests

#: So many people of one decision stand in the minutes; a link leads to the rest.
TOLD = 60


NOTHING_OWED = Owed()
ON_NOTHING = Rests()

#: Gmail cuts a mail off at 102 KB of HTML, and what it cuts off is the way to stop it.
CLIPPED = 98_000

#: How many lines a part of a digest keeps at most: fewer where the mail is cut off otherwise.
SHORTER = (20, 15, 10, 5)


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


def digest(
    recipient: Any,
    day: dt.date,
    parts: Mapping[str, Section],
    labels: Mapping[int, Any] = MappingProxyType({}),
    beyond: Sequence[Beyond] = (),
    owed: Owed = NOTHING_OWED,
    told_on: dt.date | None = None,
) -> Letter | None:
    """Render the digest of one colleague for one of her days; None where there is nothing in it.

    `beyond` is what she is told as a lead, `told_on` the day of the digest before this one, since
    which the part `meanwhile` fell due.
    `recipient` is a row of `recipients_due`, `parts` are named as in irm/funnel/digest.py. Stages
    are called as the brand of each line calls them, by `labels`.
    """
    has_own = any(part.total for part in parts.values())
    if not has_own and not beyond and not owed.total:
        return None
    for most in SHORTER:
        cut = {name: part.cut(most) for name, part in parts.items()}
        owing = replace(owed, promises=owed.promises.cut(most), questions=owed.questions.cut(most))
        letter = _digest(recipient, day, cut, labels, beyond, owing, told_on or day)
        if len(letter.html.encode()) <= CLIPPED:
            break
    told = (*parts.values(), owed.promises, owed.questions)
    tells_of = {row.brand_id for part in told for row in part.rows}
    tells_of |= {one.brand_id for one in beyond}
    return replace(letter, tells_of=tuple(sorted(tells_of)))


def _digest(
    recipient: Any,
    day: dt.date,
    parts: Mapping[str, Section],
    labels: Mapping[int, Any],
    beyond: Sequence[Beyond],
    owed: Owed,
    told_on: dt.date,
) -> Letter:
    zone = ZoneInfo(recipient.timezone)
    has_own = any(part.total for part in parts.values())
    unsubscribing = unsubscribing_of(recipient)
    with force_locale(recipient.locale):
        sections = {
            name: {
                "lines": [
                    line(row, day, recipient, labels.get(row.brand_id)) for row in section.rows
                ],
                "total": section.total,
                "more": section.total - len(section.rows),
            }
            for name, section in parts.items()
        }
        letter = render(
            "digest",
            recipient.locale,
            name=short(recipient.name, 80),
            # In full: a shortened month ends in a dot in French, and the sentence ends there.
            day=said_day(day, "EEEE d MMMM", recipient.locale),
            home=f"{public_url()}/today",
            owed_home=f"{public_url()}/promises",
            settings=f"{public_url()}/settings/profile",
            unsubscribe=unsubscribing.href,
            has_own=has_own,
            beyond=[of_beyond(one, recipient.locale, labels, len(beyond) > 1) for one in beyond],
            left_alone=sum(one.told.people for one in beyond),
            since=_since(told_on, day, recipient.locale),
            **sections,
            **of_owed(owed, day, zone, recipient.locale, labels),
        )
    return replace(letter, headers=letter.headers | unsubscribing.headers)


def _since(told_on: dt.date, day: dt.date, locale: str) -> str:
    """The heading of what fell due since the digest before: the weekday alone where it is clear."""
    pattern = "EEEE" if (day - told_on).days < 7 else "EEEE d MMMM"
    return _("Fell due since %(day)s", day=said_day(told_on, pattern, locale))


def test(name: str, locale: str, server: str, sent_at: dt.datetime) -> Letter:
    """Render the letter by which an administrator sees whether mail arrives.

    `server` is what the mail server is called, `sent_at` a moment in the reader's zone.
    """
    with force_locale(locale):
        return render(
            "test",
            locale,
            name=short(name, 80),
            server=server,
            day=said_day(sent_at.date(), "EEEE d MMMM", locale),
            time=f"{sent_at:%H:%M}",
            home=f"{public_url()}/status/mail",
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """What the minutes say of one person."""

    name: str
    what: str
    note: str
    href: str


def minutes(
    recipient: Any, review: Review, told: Minutes, labels: object, rests: Rests = ON_NOTHING
) -> Letter:
    """Render the minutes of a closed review for one colleague.

    `recipient` is a row of irm/funnel/minutes.py, `labels` what the brand calls its stages, `rests`
    what its reach rests on.
    """
    zone, locale = ZoneInfo(recipient.timezone), recipient.locale
    stopped = unsubscribing_of(recipient, Notice.MINUTES)
    closed_at = review.closed_at or review.started_at
    today = closed_at.astimezone(zone).date()
    with force_locale(locale), calling(stage_names.of(labels, locale)):
        groups = [
            _group(str(decision.label), entries, today, locale, decision is Decision.PLANNED)
            for decision, entries in told.groups
        ]
        if told.undecided:
            groups.append(_group(_("Still open"), told.undecided, today, locale, False))
        letter = render(
            "minutes",
            locale,
            name=short(recipient.name, 80),
            brand=short(review.brand.name, 80),
            day=said_day(today, "EEEE d MMMM", locale),
            counts=_n(
                "%(done)s of %(n)s person was decided on.",
                "%(done)s of %(n)s people were decided on.",
                told.total,
                done=told.decided,
            ),
            groups=groups,
            risks=[one._replace(text=short(one.text, 600)) for one in rests.said()],
            home=f"{public_url()}/funnel/reviews/{review.id}",
            unsubscribe=stopped.href,
        )
    return replace(letter, tells_of=(review.brand_id,), headers=letter.headers | stopped.headers)


def _group(
    title: str, entries: Sequence[Entry], today: dt.date, locale: str, is_work: bool
) -> dict[str, Any]:
    shown = [
        Decided(
            name=short(entry.name, 80),
            what=short(sentence(entry, lambda day: date(day, today, locale)), 600),
            note=short(entry.note, 500),
            href=f"{public_url()}/influencers/{entry.influencer_id}",
        )
        for entry in entries[:TOLD]
    ]
    return {
        "title": title,
        "lines": shown,
        "total": len(entries),
        "more": len(entries) - len(shown),
        "is_work": is_work,
    }


def render(letter: str, locale: str, **words: Any) -> Letter:
    """Render the three templates of a letter; not as pages are, for there is no reader here."""

    def part(file: str) -> str:
        template = current_app.jinja_env.get_template(f"mail/{letter}/{file}")
        return template.render(locale=locale, **words).strip() + "\n"

    return Letter(
        name=letter,
        subject=in_one_line(part("subject.txt")),
        text=part("body.txt"),
        html=_inliner().inline(part("body.html")),
        headers={"Auto-Submitted": "auto-generated"},
    )


@lru_cache(1)
def _inliner() -> css_inline.CSSInliner:
    # The style tag is kept for what cannot be inlined: the rules for dark mode.
    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)
