"""A card of a review in words: why it is here, what is known, what was decided."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from irm import clock
from irm.access import me
from irm.db import db
from irm.directory import timeline
from irm.funnel import ageing_words, reviews, touchpoints
from irm.funnel.review_items import Cause
from irm.i18n import _, _n
from irm.ledger import ageing
from irm.ledger import evidence as rule
from irm.ledger import proving as ledger
from irm.models import Direction, Kind, Relationship, ReviewItem, Stage
from irm.web import proving
from irm.web.words import Words

#: The last exchanges that are shown, and so much of each.
EXCHANGES, SUMMARY = 3, 240


class Exchange(NamedTuple):
    """One of the last exchanges."""

    day: dt.date
    kind: str
    text: str


class Planned(NamedTuple):
    """One open touchpoint."""

    day: dt.date
    text: str
    owner: str


class Known(NamedTuple):
    """What is known of somebody when they are looked at."""

    whys: list[str]
    earned: str
    evidence: str
    missing: str
    exchanges: list[Exchange]
    planned: list[Planned]


def known(item: ReviewItem, said: Words) -> Known:
    """All that helps to decide; private notes only for whom they are meant."""
    relationship = item.relationship
    zone = ZoneInfo(relationship.brand.timezone)
    rules = rule.thresholds(relationship.brand.evidence)
    gathered = ledger.gather(db.session, {relationship.id: zone})[relationship.id]
    earned = gathered.earned(clock.today(zone), rules)
    return Known(
        whys(item.why, relationship, said),
        proving.earned_words(relationship.earned_stage),
        proving.rests_on(gathered, earned, said),
        proving.missing(earned),
        _exchanges(relationship, said),
        [
            Planned(row.due_on, row.purpose or str(Kind(row.kind).label), row.owner_name or "")
            for row in db.session.execute(touchpoints.OPEN_ROWS, {"of_id": relationship.id})
        ],
    )


def _exchanges(relationship: Relationship, said: Words) -> list[Exchange]:
    rows = timeline.page(
        db.session,
        relationship,
        user_id=me().id,
        # It is looked at together: what a colleague keeps to herself is no part of it.
        reads_private=False,
        kind="interaction",
    )
    return [
        Exchange(
            said.day(row.at),
            f"{Kind(row.code).label}, {Direction(row.detail).label}",
            row.text if len(row.text) <= SUMMARY else f"{row.text[: SUMMARY - 1].rstrip()}…",
        )
        for row in rows[:EXCHANGES]
    ]


def whys(stored: Any, relationship: Relationship, said: Words) -> list[str]:
    """Why a card is here, a sentence for each code; an unknown code says nothing."""
    found = []
    for one in stored if isinstance(stored, list) else []:
        found += _why(one, relationship, said)
    return found


def _why(one: Mapping[str, Any], relationship: Relationship, said: Words) -> list[str]:
    start, end = reviews.stage_of(one.get("from", "")), reviews.stage_of(one.get("to", ""))
    code = one.get("code")
    if code == Cause.MOVED and start and end:
        steps = int(one.get("steps", 1))
        moved = _("Moved from “%(start)s” to “%(end)s”", start=start.label, end=end.label)
        far = _n("%(n)s step", "%(n)s steps", steps)
        return [f"{moved}, {far}" if steps > 1 else moved]
    if code == Cause.PROPOSED and start and end:
        return [_proposed(start, end)]
    if code == Cause.LATE:
        return _late(relationship, said)
    if code in tuple(Cause):
        return [str(Cause(str(code)).label)]
    return []


def _proposed(claimed: Stage, earned: Stage) -> str:
    if list(Stage).index(earned) > list(Stage).index(claimed):
        return _("The evidence is ahead: it supports “%(stage)s”", stage=earned.label)
    return _("The evidence is behind: it supports “%(stage)s” only", stage=earned.label)


def _late(relationship: Relationship, said: Words) -> list[str]:
    brand = relationship.brand
    zone = ZoneInfo(brand.timezone)
    age = ageing.age(relationship, clock.today(zone), zone, ageing.limits(brand.limits))
    found = ageing_words.sentences(age, lambda day: said.date[day])
    return found or [str(Cause.LATE.label)]
