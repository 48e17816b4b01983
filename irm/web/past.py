"""The board as of a past day: to be looked at, not to be changed."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request

from irm import clock
from irm.access import Permission, here, require
from irm.db import db
from irm.directory import team
from irm.errors import NotFound, Refused
from irm.funnel import past, past_heads
from irm.funnel.board import COLUMN
from irm.funnel.past import Narrowed
from irm.funnel.timing import DAY
from irm.i18n import _, _l, _n
from irm.models import Stage, Tier
from irm.web import filters
from irm.web.answers import Answer, back_to
from irm.web.words import Words, initials, words

bp = Blueprint("past", __name__)

#: Of a reason, so much stands on a card.
REASON = 160


class Card(NamedTuple):
    """One card as it stood, in words."""

    id: int
    influencer_id: int
    name: str
    tier: str
    fit: str
    owner: str
    owner_name: str
    in_stage: str
    moved: str
    reason: str
    #: Where they stand today, if somewhere else.
    now: str


class Column(NamedTuple):
    """A column: its cards, and the address of the next ones."""

    stage: Stage
    cards: list[Card]
    more: str | None


class Head(NamedTuple):
    """How many stood there, and how many more or fewer there are since."""

    stage: Stage
    people: str
    since: str


@bp.get("/funnel/past")
def index() -> Answer:
    """The board at the end of a day."""
    require(Permission.SEE)
    asked = _day()
    known = past.of(db.session, here().brand_id)
    today = clock.today(known.zone)
    day = asked or today - DAY
    if day >= today:
        return back_to(
            "/funnel", _("This day is not over yet: this is the board as it stands now.")
        )
    moment, narrowed = known.end_of(day), _narrowed()
    found = past.cards(db.session, here().brand_id, moment, known, narrowed)
    said, owners = words(), _owners()
    return render_template(
        "past/index.html",
        day=day,
        columns=[
            Column(stage, _cards(rows[:COLUMN], day, said), _more(rows, stage, day))
            for stage, rows in found.items()
        ],
        steps=_steps(day, today, said),
        latest=today - DAY,
        is_empty=known.first is None or known.first >= moment,
        first=known.first,
        heads=filters.address("/funnel/past/heads", {"day": day.isoformat()}, _kept()),
        tiers=Tier,
        owners=owners,
        teams=filters.team_options(request.args.get("team", "")),
        filters={
            "tier": narrowed.tier,
            "owner": narrowed.owner_id,
            "team": request.args.get("team", ""),
        },
    )


@bp.get("/funnel/past/cards")
def more_cards() -> str:
    """The next cards of one column of that day."""
    require(Permission.SEE)
    stage, day = filters.word(Stage, "stage"), _day()
    known = past.of(db.session, here().brand_id)
    if stage is None or day is None or day >= clock.today(known.zone):
        raise NotFound()
    found = past.cards(
        db.session,
        here().brand_id,
        known.end_of(day),
        known,
        _narrowed(),
        (stage,),
        past.key_of(request.args.get("after", "")),
    )[stage]
    return render_template(
        "past/_cards.html",
        cards=_cards(found[:COLUMN], day, words()),
        more=_more(found, stage, day),
    )


@bp.get("/funnel/past/heads")
def heads() -> str:
    """How many stood in each column, for the page that is there already."""
    require(Permission.SEE)
    day, said = _day(), words()
    known = past.of(db.session, here().brand_id)
    if day is None or day >= clock.today(known.zone):
        raise NotFound()
    counted = past_heads.heads(db.session, here().brand_id, known.end_of(day), _narrowed())
    return render_template(
        "past/_heads.html",
        heads=[
            Head(stage, said.number(then), _since(now - then, said))
            for stage, (then, now) in counted.items()
        ],
        said=_sum(counted, said),
    )


def _sum(counted: dict[Stage, tuple[int, int]], said: Words) -> str:
    then, now = (sum(pair[at] for pair in counted.values()) for at in (0, 1))
    return _n(
        "%(number)s person that evening, %(now)s today",
        "%(number)s people that evening, %(now)s today",
        then,
        number=said.number(then),
        now=said.number(now),
    )


def _since(difference: int, said: Words) -> str:
    if not difference:
        return _("as many today")
    number = said.number(abs(difference))
    if difference > 0:
        return _("+%(number)s since", number=number)
    return _("−%(number)s since", number=number)


def _day() -> dt.date | None:
    """The day that the address names. Raises Refused where it is none."""
    text = request.args.get("day", "")
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refused(_l("Write a day as 2026-03-31.")) from None


def _narrowed() -> Narrowed:
    return Narrowed(filters.word(Tier, "tier"), _owner(), filters.team())


def _owner() -> int | None:
    """Whose the cards are today; 0: nobody's. Raises Refused where it was typed by hand."""
    value = request.args.get("owner")
    if not value:
        return None
    if not (value.isascii() and value.isdecimal()) or len(value) > 9:
        raise Refused(_l("This address names a filter that does not exist."))
    return int(value)


def _owners() -> list[tuple[int, str]]:
    """Who may own a relationship, and "nobody"."""
    return [*db.session.execute(team.members(here().brand_id)), (0, _("No owner"))]


def _kept() -> dict[str, str]:
    """The filters as they stand in an address."""
    return {name: request.args.get(name, "") for name in ("tier", "owner", "team")}


def _cards(rows: Sequence[Any], day: dt.date, said: Words) -> list[Card]:
    return [
        Card(
            row.id,
            row.influencer_id,
            row.name,
            str(row.tier.label),
            said.score(row.fit),
            initials(row.owner_name) if row.owner_name else "",
            row.owner_name or "",
            _in_stage((day - said.day(row.since)).days),
            _moved(row, said),
            _short(row.reason or ""),
            _("Today: %(stage)s", stage=row.stage_now.label) if row.stage_now != row.stage else "",
        )
        for row in rows
    ]


def _in_stage(days: int) -> str:
    if days <= 0:
        return _("Came to this stage that day")
    return _n("%(n)s day at this stage", "%(n)s days at this stage", days)


def _moved(row: Any, said: Words) -> str:
    """Who put them there and when."""
    on = said.date[said.day(row.since)]
    if row.from_stage is None:
        return _("Here since %(day)s", day=on)
    if row.mover_name is None:
        return _("Moved on %(day)s", day=on)
    return _("Moved on %(day)s by %(name)s", day=on, name=row.mover_name)


def _short(text: str) -> str:
    return text if len(text) <= REASON else f"{text[: REASON - 1].rstrip()}…"


def _more(rows: Sequence[Any], stage: Stage, day: dt.date) -> str | None:
    if len(rows) <= COLUMN:
        return None
    after = {"stage": stage.value, "after": past.token_of(rows[COLUMN - 1])}
    return filters.address("/funnel/past/cards", {"day": day.isoformat()}, _kept(), after)


def _steps(day: dt.date, today: dt.date, said: Words) -> list[tuple[str, str, str]]:
    """Where one may go from a day: words, address, and the day it leads to."""
    wanted = (
        (_("A month back"), _month_before(day)),
        (_("A week back"), day - 7 * DAY),
        (_("A day back"), day - DAY),
        (_("A day on"), day + DAY),
        (_("A week on"), day + 7 * DAY),
        (_("A month on"), _month_after(day)),
    )
    return [
        (name, filters.address("/funnel/past", {"day": to.isoformat()}, _kept()), said.date[to])
        for name, to in wanted
        if past.EARLIEST <= to < today
    ]


def _month_before(day: dt.date) -> dt.date:
    """The same day of the month before, or its last one."""
    last = day.replace(day=1) - DAY
    return last.replace(day=min(day.day, last.day))


def _month_after(day: dt.date) -> dt.date:
    """The same day of the month after, or its last one."""
    first = (day.replace(day=28) + 4 * DAY).replace(day=1)
    last = (first.replace(day=28) + 4 * DAY).replace(day=1) - DAY
    return first.replace(day=min(day.day, last.day))
