"""What is offered for the next touchpoint: 3 days, a week, a month, the day by the cadence."""

import datetime as dt
from typing import NamedTuple

from irm.funnel import cadence
from irm.i18n import _
from irm.models import Relationship
from irm.web.words import Words


class Offer(NamedTuple):
    """One day to choose."""

    day: dt.date
    words: str
    said: str


def offers(relationship: Relationship, said: Words) -> list[Offer]:
    """The days offered to somebody who plans the next contact."""
    rhythm = cadence.with_ceiling(cadence.of(relationship), relationship.influencer.contact_ceiling)
    days = [
        (3, _("3 days")),
        (7, _("1 week")),
        (30, _("1 month")),
        (rhythm.ideal, _("By cadence, %(days)s", days=said.days[rhythm.ideal])),
    ]
    found = [(said.today + dt.timedelta(days=number), words) for number, words in days]
    return [Offer(day, words, said.both[day]) for day, words in found]
