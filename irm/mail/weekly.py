"""The week in review, for whoever leads a brand: short, and each part with a link to the rest."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import force_locale
from sqlalchemy.orm import Session

from irm.calendar_words import said_day, said_minutes
from irm.funnel import escalation_words, stage_names, weekly
from irm.funnel.moved import Moved, Way
from irm.funnel.timing import DAY, week_name
from irm.funnel.weekly import MOST, Load, Week
from irm.i18n import _, _n, calling
from irm.mail import unsubscribing
from irm.mail.digests import Common
from irm.mail.letters import Letter, render
from irm.mail.phrasing import date, public_url, short
from irm.models import Notice

#: The name of the letter, and of its folder.
NAME = Notice.WEEKLY.value


@dataclass(frozen=True, slots=True)
class Line:
    """One line: whom or what it is of, and what there is to say."""

    name: str
    what: str
    #: Empty: there is no page of it.
    href: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One part of a brand's week."""

    title: str
    lines: Sequence[Line]
    #: The page that has all of it.
    href: str
    #: What the lines leave out.
    more: str = ""
    #: `late` or `now`, as the style has them.
    kind: str = "now"


def key_of(user_id: int, day: dt.date) -> str:
    """Return the key under which the outbox takes the week of this day once and never again."""
    return f"{NAME}:{user_id}:{week_name(day)}"


def compose(session: Session, recipient: Any, common: Common) -> Letter | None:
    """Render the week in review of a lead; None where there is nothing to say of her brands."""
    weeks = [
        weekly.read(
            session,
            brand,
            common.told_of(session, brand),
            user_id=recipient.id,
            at=common.at,
        )
        for brand in common.led.get(recipient.id, ())
    ]
    return letter(recipient, weeks, common.labels)


def letter(recipient: Any, weeks: Iterable[Week], labels: Any) -> Letter | None:
    """Render the letter of some weeks; None where none of them has anything to say."""
    told = [week for week in weeks if not week.is_empty]
    if not told:
        return None
    locale, stopped = recipient.locale, unsubscribing.of(recipient, Notice.WEEKLY)
    with force_locale(locale):
        names = ", ".join(short(week.brand_name, 60) for week in told)
        first, last = told[0].since, told[0].since + 6 * DAY
        made = render(
            NAME,
            locale,
            name=short(recipient.name, 80),
            brands=[_brand(week, locale, labels.get(week.brand_id)) for week in told],
            names=names,
            first=said_day(first, "d MMMM", locale),
            last=said_day(last, "d MMMM", locale),
            settings=f"{public_url()}/settings/profile",
            unsubscribe=stopped.href,
        )
    tells_of = tuple(sorted(week.brand_id for week in told))
    return replace(made, tells_of=tells_of, headers=made.headers | stopped.headers)


def _brand(week: Week, locale: str, labels: object) -> dict[str, Any]:
    with calling(stage_names.of(labels, locale)):
        parts = [
            _movement(week, locale),
            _slipping(week),
            _promises(week, locale),
            _asks(week, locale),
            _ahead(week, locale),
        ]
    return {"name": short(week.brand_name, 80), "parts": [part for part in parts if part]}


def _page(week: Week, path: str) -> str:
    return f"{public_url()}{path}{'&' if '?' in path else '?'}brand={week.brand_id}"


def _person(week: Week, influencer_id: int) -> str:
    return _page(week, f"/influencers/{influencer_id}")


def _number(total: int) -> str:
    return f"{total}" if total <= MOST else f"{MOST}+"


def _movement(week: Week, locale: str) -> Told | None:
    up, back, new = (week.counts[way] for way in (Way.UP, Way.BACK, Way.NEW))
    if not (up or back or new):
        return None
    counted = [
        _n("%(n)s up", "%(n)s up", up) if up else "",
        _n("%(n)s back", "%(n)s back", back) if back else "",
        _n("%(n)s new", "%(n)s new", new) if new else "",
    ]
    lines = [
        Line(short(one.name, 80), _move(one, week, locale), _person(week, one.influencer_id))
        for one in week.moved
    ]
    evening = week.since - DAY
    return Told(
        _(
            "Moved since %(day)s: %(counts)s",
            day=date(week.since, week.today, locale),
            counts=", ".join(one for one in counted if one),
        ),
        lines,
        _page(week, f"/funnel/moved?since={evening.isoformat()}"),
        _more(up + back - len(lines)),
    )


def _move(one: Moved, week: Week, locale: str) -> str:
    stages = [str(stage.label) for stage in (one.start, one.end) if stage is not None]
    on = date(one.at.astimezone(week.zone).date(), week.today, locale)
    said = [" → ".join(stages), _("by %(name)s", name=short(one.by, 80)) if one.by else "", on]
    return " · ".join(part for part in said if part)


def _slipping(week: Week) -> Told | None:
    if not week.told.people:
        return None
    lines = [
        Line(
            short(row.name, 80),
            " · ".join((str(row.stage.label), escalation_words.quiet(row), _whose(group))),
            _person(week, row.influencer_id),
        )
        for group in week.told.groups
        for row in group.rows
    ]
    return Told(
        escalation_words.title(week.told),
        lines,
        _page(week, "/influencers?age=lost"),
        _more(week.told.people - len(lines)),
        "late",
    )


def _whose(group: Any) -> str:
    return short(group.owner_name, 80) if group.owner_id is not None else _("nobody’s")


def _promises(week: Week, locale: str) -> Told | None:
    total = week.broken.total + week.due.total
    if not total:
        return None
    broken = [_promise(row, week, _("broken")) for row in week.broken.rows]
    due = [_promise(row, week, _due(row, week, locale)) for row in week.due.rows]
    lines = (broken[: weekly.LINES // 2] + due)[: weekly.LINES]
    return Told(
        _(
            "Promises: %(broken)s broken, %(due)s due",
            broken=_number(week.broken.total),
            due=_number(week.due.total),
        ),
        lines,
        _page(week, "/promises"),
        _more(total - len(lines)),
        "late" if week.broken.total else "now",
    )


def _promise(row: Any, week: Week, when: str) -> Line:
    said = (short(row.what, 160), when, short(row.owner_name or "", 80))
    what = " · ".join(part for part in said if part)
    return Line(short(row.name, 80), what, _person(week, row.influencer_id))


def _due(row: Any, week: Week, locale: str) -> str:
    if row.due_on < week.today:
        days = (week.today - row.due_on).days
        return _n("%(n)s day overdue", "%(n)s days overdue", days)
    return date(row.due_on, week.today, locale)


def _asks(week: Week, locale: str) -> Told | None:
    total = week.overrides.total + week.breaches.total
    if not total:
        return None
    overrides = [
        _ask(row, week, locale, _("reason: %(reason)s", reason=short(row.reason, 160)))
        for row in week.overrides.rows
    ]
    breaches = [_ask(row, week, locale, _("no reason")) for row in week.breaches.rows]
    lines = (breaches[: weekly.LINES // 2] + overrides)[: weekly.LINES]
    return Told(
        _("Asks without gives: %(number)s", number=_number(total)),
        lines,
        _page(week, "/funnel/asks"),
        _more(total - len(lines)),
        "late",
    )


def _ask(row: Any, week: Week, locale: str, why: str) -> Line:
    on = date(row.at.astimezone(week.zone).date(), week.today, locale)
    said = (short(row.colleague or "", 80), on, why)
    what = " · ".join(part for part in said if part)
    return Line(short(row.name, 80), what, _person(week, row.influencer_id))


def _ahead(week: Week, locale: str) -> Told | None:
    touches = sum(one.touches for one in week.loads)
    if not touches:
        return None
    minutes = sum(one.minutes for one in week.loads)
    has = sum(one.has_minutes for one in week.loads)
    fullest = sorted(week.loads, key=lambda one: (one.has_minutes - one.minutes, one.name))
    return Told(
        _(
            "Until %(day)s: %(work)s of work, %(time)s of time",
            day=date(week.until, week.today, locale),
            work=said_minutes(minutes),
            time=said_minutes(has),
        ),
        [Line(short(one.name, 80), _load(one)) for one in fullest[: weekly.LINES]],
        _page(week, "/plan"),
        _more(len(fullest) - weekly.LINES),
        "late" if minutes > has else "now",
    )


def _load(one: Load) -> str:
    said = [_n("%(n)s contact", "%(n)s contacts", one.touches)]
    if one.overdue:
        said.append(_n("%(n)s overdue", "%(n)s overdue", one.overdue))
    said.append(
        _(
            "%(work)s of %(time)s",
            work=said_minutes(one.minutes),
            time=said_minutes(one.has_minutes),
        )
    )
    return " · ".join(said)


def _more(number: int) -> str:
    return _n("and %(n)s more", "and %(n)s more", number) if number > 0 else ""
