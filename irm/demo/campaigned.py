"""The demo's campaigns: one that ended two weeks ago, one that runs, one that comes."""

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.demo.diary import Team
from irm.directory import search
from irm.funnel import repacing
from irm.ledger import relationships as ledger
from irm.models import (
    Brand,
    Campaign,
    CampaignDay,
    CampaignMember,
    Channel,
    Direction,
    Interaction,
    Kind,
    Relationship,
    Stage,
    inserts,
)


class _Plot(NamedTuple):
    """One campaign: days from today, members, and its event, if it has one."""

    name: str
    goal: str
    first: int
    last: int
    members: int
    event: tuple[int, str] | None = None


_PLOTS = (
    _Plot(
        "Harvest tables",
        "Twelve long tables at twelve farms: each host brings people who never heard of us.",
        -35,
        -14,
        18,
        (-21, "The long table"),
    ),
    _Plot(
        "Winter kitchen",
        "Show the new line in use, in twenty real kitchens.",
        -10,
        18,
        14,
    ),
    _Plot(
        "Open house",
        "Let our hundred closest see how things are made, before anybody else does.",
        33,
        54,
        20,
        (40, "A day at the workshop"),
    ),
)

#: Of those who took part in what is over, so many in ten were thanked, and told what came of it.
_THANKED, _TOLD = 6, 2

_THANKS = {
    "en": "Thanked them for taking part, with a picture of their table.",
    "fr": "Remerciements pour leur participation, avec une photo de leur table.",
}
_RESULTS = {
    "en": "Sent what came of it: guests, posts, and what the hosts said.",
    "fr": "Envoi du bilan : invités, publications et retours des hôtes.",
}


def hold(session: Session, team: Team, *, seed: int, today: dt.date) -> None:
    """Write the campaigns of a brand whose people are there."""
    rng = random.Random(f"campaigns {seed}")  # nosec B311  # dice
    people = session.execute(
        select(
            Relationship.id,
            Relationship.influencer_id,
            Relationship.owner_id,
        )
        .where(
            Relationship.brand_id == team.brand_id,
            Relationship.stage.in_((Stage.INTERESTED, Stage.ENGAGED, Stage.AMBASSADOR)),
            Relationship.last_contact_at.is_not(None),
            Relationship.owner_id.is_not(None),
        )
        .order_by(Relationship.fit_order, Relationship.id)
        .limit(120)
    ).all()
    touched: set[int] = set()
    for plot in _PLOTS:
        members = rng.sample(people, min(plot.members, len(people)))
        campaign = _make(session, plot, team, today)
        inserts.put(
            session,
            CampaignMember,
            [{"relationship_id": one.id} for one in members],
            campaign_id=campaign.id,
            added_at=campaign.created_at,
            added_by_id=team.lead,
        )
        if plot.last < 0:
            _care(session, rng, team, campaign, members)
        touched.update(one.id for one in members)
    ledger.rebuild_these(session, sorted(touched))
    repacing.repace(session, session.get_one(Brand, team.brand_id), sorted(touched))


def _make(session: Session, plot: _Plot, team: Team, today: dt.date) -> Campaign:
    def day(number: int) -> dt.date:
        return today + dt.timedelta(days=number)

    campaign = Campaign(
        brand_id=team.brand_id,
        name=plot.name,
        goal=plot.goal,
        starts_on=day(plot.first),
        ends_on=day(plot.last),
        owner_id=team.english,
        author_id=team.lead,
        created_at=_noon(day(min(plot.first, 0) - 20)),
    )
    session.add(campaign)
    session.flush()
    if plot.event:
        number, name = plot.event
        session.add(CampaignDay(campaign_id=campaign.id, day=day(number), name=name))
        session.flush()
    return campaign


def _care(
    session: Session, rng: random.Random, team: Team, campaign: Campaign, members: Sequence[Any]
) -> None:
    """Let some members be thanked, and some of them have the results."""
    for one in members:
        if rng.randrange(10) >= _THANKED:
            continue
        language = "fr" if one.owner_id == team.french else "en"
        thanked = campaign.ends_on + dt.timedelta(days=rng.randint(1, 6))
        _say(session, one, "thanks", _THANKS[language], thanked)
        if rng.randrange(_THANKED) < _TOLD:
            told = campaign.ends_on + dt.timedelta(days=rng.randint(8, 12))
            _say(session, one, "results", _RESULTS[language], told)


def _say(session: Session, one: Any, activity: str, summary: str, day: dt.date) -> None:
    at = _noon(day)
    session.add(
        interaction := Interaction(
            relationship_id=one.id,
            happened_at=at,
            kind=Kind.GIVE if activity == "results" else Kind.TALK,
            direction=Direction.OUT,
            channel=Channel.EMAIL,
            activity=activity,
            summary=summary,
            author_id=one.owner_id,
            created_at=at,
        )
    )
    session.flush()
    search.index_note(session, interaction, session.get_one(Relationship, one.id))


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC)
