"""The rhythm of single relationships: what it goes by, as stored, and when the next contact is due.

irm/funnel/cadence.py has the rules.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from irm.funnel import cadence
from irm.funnel.cadence import Rhythm, Span
from irm.models import CadencePolicy, Campaign, CampaignMember, Level, Relationship, Stage


class Terms(NamedTuple):
    """What the cadence of one relationship goes by."""

    stage: Stage
    level: Level | None
    cadence_ideal: int | None
    cadence_worst: int | None
    contact_ceiling: int | None


def terms(relationship: Relationship) -> Terms:
    """The terms of a relationship with its person."""
    return Terms(
        relationship.stage,
        relationship.level,
        relationship.cadence_ideal,
        relationship.cadence_worst,
        relationship.influencer.contact_ceiling,
    )


class Part(NamedTuple):
    """A campaign that somebody takes part in."""

    id: int
    name: str
    starts_on: dt.date
    ends_on: dt.date


class Setting(NamedTuple):
    """By what the cadence of one relationship is reckoned."""

    policies: cadence.Policies
    spans: Sequence[Span]
    #: The campaigns that the spans are of, the last to end first.
    campaigns: Sequence[Part] = ()


def setting_of(session: Session, relationship: Relationship) -> Setting:
    """The policies of its brand and the phases of its campaigns, by one statement."""
    whose = {"brand": relationship.brand_id, "relationship": relationship.id}
    rows = session.connection().execute(_SETTING, whose).all()
    parts = [
        Part(row.ideal, row.key, row.starts_on, row.ends_on) for row in rows if row.scope is None
    ]
    return Setting(
        cadence.Policies.of(row for row in rows if row.scope is not None),
        [span for one in parts for span in cadence.spans_of(one.starts_on, one.ends_on)],
        sorted(parts, key=lambda one: (one.ends_on, one.id), reverse=True),
    )


_NO_DAY = cast(null(), Campaign.starts_on.type)
_SETTING = union_all(
    cadence.POLICIES.add_columns(_NO_DAY.label("starts_on"), _NO_DAY.label("ends_on")),
    select(
        cast(null(), CadencePolicy.scope.type).label("scope"),
        Campaign.name,
        Campaign.id,
        literal(0),
        Campaign.starts_on,
        Campaign.ends_on,
    )
    .join(CampaignMember, CampaignMember.campaign_id == Campaign.id)
    .where(
        CampaignMember.relationship_id == bindparam("relationship"),
        Campaign.cancelled_at.is_(None),
    ),
)


def of(session: Session, relationship: Relationship, today: dt.date) -> Rhythm:
    """The rhythm of one relationship on a day: its brand's policies, its running campaign."""
    return on(setting_of(session, relationship), relationship, today)


def on(setting: Setting, relationship: Relationship, today: dt.date) -> Rhythm:
    """The rhythm of one relationship on a day, of which the setting is known."""
    return _rhythm(setting.policies, terms(relationship), cadence.phase_on(today, setting.spans))


class Due(NamedTuple):
    """The day the next contact is due, and the rhythm that says so."""

    day: dt.date
    rhythm: Rhythm


def due(
    setting: Setting, terms: Any, *, last_contact: dt.date, last_two_way: dt.date | None
) -> Due:
    """When the next contact is due: by the usual rhythm, or earlier by a phase that lies ahead.

    `terms` are those of `terms` or a row of the same columns. A phase tightens from its first day
    on: nobody is called in before it began because of it.
    """

    def by(phase: str | None, not_before: dt.date) -> Due:
        found = _rhythm(setting.policies, terms, phase)
        day = cadence.next_day(found.cadence, last_contact=last_contact, last_two_way=last_two_way)
        return Due(max(day, not_before), found)

    best = by(None, last_contact)
    for span in setting.spans:
        one = by(span.phase, span.first)
        if one.day <= span.last and one.day < best.day:
            best = one
    return best


def why(
    due: Due, stage: Stage, last_contact: dt.date, *, is_answered: bool
) -> dict[str, str | int]:
    """What is stored as the reason of a touchpoint that the cadence planned.

    Half the interval, because nobody answered yet, is not the cadence: the reader is told.
    """
    days = due.rhythm.cadence.ideal
    is_full = (due.day - last_contact).days >= days
    return {
        "code": "cadence" if is_full or is_answered else "unanswered",
        "days": days,
        "stage": stage.value,
        "rule": due.rhythm.rule.value,
    }


def _rhythm(policies: cadence.Policies, row: Any, phase: str | None) -> Rhythm:
    return cadence.rhythm(
        policies,
        stage=row.stage,
        level=row.level,
        own_ideal=row.cadence_ideal,
        own_worst=row.cadence_worst,
        ceiling=row.contact_ceiling,
        phase=phase,
    )
