"""What campaigns ask of a plan: tighter rhythms, warming up, and what is owed afterwards."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from irm.funnel import cadence, campaigns
from irm.funnel.planner.calendar import Calendar
from irm.funnel.planner.choosing import usual_minutes
from irm.funnel.planner.terms import NO_CAMPAIGN_AHEAD, WARM_UP, WARM_UP_WEEKS, Duty, Span
from irm.models import Stage

#: What is done for a member before the next campaign begins: it asks for nothing.
BETWEEN = "between"

_HARDLY_KNOWN = (Stage.UNAWARE, Stage.AWARE)


def factor(around: Sequence[Any], stage: Stage, today: dt.date) -> float:
    """By how much a relationship counts more for the campaigns ahead of it, or their lack."""
    ahead = [campaign for campaign in around if campaign.ends_on >= today]
    if not ahead:
        return NO_CAMPAIGN_AHEAD
    latest = today + dt.timedelta(weeks=WARM_UP_WEEKS)
    is_soon = any(today <= day <= latest for campaign in ahead for day in campaign.event_days)
    return WARM_UP if is_soon and stage in _HARDLY_KNOWN else 1.0


def is_warm_up(around: Sequence[Any], stage: Stage, day: dt.date) -> dt.date | None:
    """The event ahead of a day for which somebody who hardly knows us is warmed up."""
    if stage not in _HARDLY_KNOWN:
        return None
    latest = day + dt.timedelta(weeks=WARM_UP_WEEKS)
    found = (one for campaign in around for one in campaign.event_days if day <= one <= latest)
    return min(found, default=None)


def spans(
    around: Iterable[Any], policies: cadence.Policies, terms: Mapping[str, Any], calendar: Calendar
) -> tuple[Span, ...]:
    """The days on which a campaign makes somebody's rhythm tighter."""
    found = []
    for campaign in around:
        for phase in campaign.spans:
            first, last = calendar.number(phase.first), calendar.number(phase.last)
            if last < 0 or first >= calendar.length or policies.by_phase[phase.phase] is None:
                continue
            tight = cadence.rhythm(policies, **terms, phase=phase.phase)
            if tight.rule is cadence.Rule.CAMPAIGN:
                found.append(Span(first, last, tight.cadence.ideal, tight.cadence.worst))
    return tuple(found)


def tactic_of(what: str) -> str:
    """What is done for a duty: a touch between two campaigns is a message."""
    return "message" if what == BETWEEN else what


def duties(
    person_id: int,
    around: Sequence[Any],
    given: Mapping[tuple[int, int], Sequence[dt.datetime | None]],
    planned: Mapping[tuple[str, int], int],
    minutes: Mapping[str, int],
    calendar: Calendar,
) -> list[Duty]:
    """What a member is owed by the campaigns that end before the plan does.

    `given` says what they had already; `planned` on which day the plan before this one had it.
    """
    owed = []
    starts = sorted(calendar.number(campaign.starts_on) for campaign in around)
    for campaign in around:
        end = calendar.number(campaign.ends_on)
        if end >= calendar.length - 1:
            continue
        thanks, results = given.get((campaign.campaign_id, person_id), (None, None))
        wanted = [
            ("thanks", thanks, end + 1, end + campaigns.THANKS_DAYS),
            ("results", results, end + 1, end + campaigns.RESULTS_DAYS),
        ]
        following = next((start for start in starts if start > end), None)
        if following is not None and following - 1 <= calendar.length - 1:
            first = min(end + campaigns.RESULTS_DAYS + 1, following - 1)
            wanted.append((BETWEEN, None, max(first, end + 1), following - 1))
        for what, done, first, last in wanted:
            if done is not None or last < 0 or last < first:
                continue
            cost = minutes.get(what, usual_minutes(tactic_of(what)))
            before = planned.get((what, campaign.campaign_id))
            owed.append(Duty(person_id, what, first, last, cost, campaign.campaign_id, before))
    return owed
