"""One event or meeting, logged with each of several people who were there. Nobody is asked so."""

from irm.errors import Refused
from irm.funnel import activities
from irm.funnel.interactions import Exchange
from irm.i18n import _l
from irm.models import Kind

#: Beyond this nobody speaks of having met each of them.
MOST = 200

#: What may be logged with several at once.
ACTIVITIES = tuple(one for one in activities.ALL if one.group)


def refuse_unfit(exchange: Exchange, people: int) -> None:
    """Raise Refused where this is nothing to log with so many at once."""
    known = activities.find(exchange.activity)
    if exchange.kind is Kind.ASK or (known is not None and known.kind is Kind.ASK):
        raise Refused(_l("Nobody is asked in a group: ask each of them by themselves."))
    if known is None or not known.group:
        raise Refused(
            _l("Only a meeting or an event is logged with several people: choose what it was.")
        )
    if not people:
        raise Refused(_l("Choose at least one person."))
    if people > MOST:
        raise Refused(_l("At most %(n)s people at once.", n=MOST))
