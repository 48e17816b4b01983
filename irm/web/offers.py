"""What is offered for the next touchpoint: 3 days, a week, a month, the day by the cadence."""

import datetime as dt
from typing import Any, NamedTuple

from flask import render_template

from irm.db import db
from irm.funnel import pacing, touchpoints
from irm.funnel.cadence import Cadence
from irm.funnel.whys import why
from irm.i18n import _
from irm.models import Planner, Relationship, Touchpoint
from irm.web.words import Words, words


class Offer(NamedTuple):
    """One day to choose."""

    day: dt.date
    words: str
    said: str


def offers(rhythm: Cadence, said: Words) -> list[Offer]:
    """The days offered to somebody who plans the next contact of such a rhythm."""
    days = [
        (3, _("3 days")),
        (7, _("1 week")),
        (30, _("1 month")),
        (rhythm.ideal, _("By cadence, %(days)s", days=said.days[rhythm.ideal])),
    ]
    found = [(said.today + dt.timedelta(days=number), words) for number, words in days]
    return [Offer(day, words, said.both[day]) for day, words in found]


def next_of(relationship: Relationship) -> Touchpoint | None:
    """The open touchpoint that comes first."""
    return next(iter(touchpoints.open_ones(db.session, relationship)), None)


def asked(relationship: Relationship, planned: Touchpoint | None, said: str) -> dict[str, Any]:
    """What touchpoints/_next.html shows once something was logged, as `said`."""
    today = words().today
    is_due = planned is not None and planned.due_on <= today
    return {
        "relationship_id": relationship.id,
        "said": said,
        "offers": offers(pacing.of(db.session, relationship, today).cadence, words()),
        "planned": planned,
        "due": (planned.purpose or why(planned.why)) if planned is not None and is_due else "",
        "is_due": is_due,
        "by_cadence": planned is not None and planned.planned_by is Planner.CADENCE,
    }


def what_next(relationship: Relationship, planned: Touchpoint | None, said: str) -> str:
    """Say what was done, and ask for the next touchpoint."""
    return render_template("touchpoints/_next.html", **asked(relationship, planned, said))
