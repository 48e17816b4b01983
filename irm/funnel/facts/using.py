"""Making use of a fact with the person, once for each occasion: nobody congratulates twice."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from irm.errors import Refused
from irm.funnel.facts import days
from irm.i18n import LazyText, _l
from irm.ledger import relationships as ledger
from irm.models import Fact, FactKind, FactUse, Interaction, User


class Used(Refused):
    """Somebody made use of it for the same occasion; `when` says when, in the reader's words."""

    def __init__(self, name: str, at: dt.datetime, when: str = "") -> None:
        super().__init__(_said(name, when or f"{at:%Y-%m-%d}"))
        self.name = name
        self.at = at


def use(
    session: Session,
    fact: Fact,
    *,
    user: User,
    at: dt.datetime,
    today: dt.date,
    interaction: Interaction | None = None,
) -> FactUse:
    """Note that a fact was made use of, `today` being the user's day.

    The occasion is the year of a yearly day, the day itself where it comes once, else today.
    Raises Used where somebody did for this occasion, Refused where it is not to be used.
    """
    if fact.ended_at is not None:
        raise Refused(_l("This holds no more. Bring it back first."))
    if fact.kind is FactKind.NO_GO:
        raise Refused(_l("This is never spoken of, so there is nothing to make use of."))
    # Of two who congratulate at once, the second sees what the first did.
    ledger.hold(session, fact.relationship)
    occasion = occasion_of(fact, today)
    before = session.scalar(
        select(FactUse)
        .where(FactUse.fact_id == fact.id, FactUse.occasion == occasion)
        .options(joinedload(FactUse.user))
    )
    if before is not None:
        raise Used(before.user.name if before.user else "", before.at)
    made = FactUse(
        fact_id=fact.id,
        occasion=occasion,
        at=at,
        user_id=user.id,
        interaction_id=interaction.id if interaction else None,
    )
    session.add(made)
    session.flush()
    return made


def take_back(session: Session, fact: Fact, use_id: int) -> None:
    """Take a use back, as if it had not been; one that is gone stays gone."""
    made = session.get(FactUse, use_id)
    if made is not None and made.fact_id == fact.id:
        session.delete(made)
        session.flush()


def occasion_of(fact: Fact, today: dt.date) -> str:
    """Which time a use of today is for."""
    day = days.of(fact)
    return day.occasion(today) if day else today.isoformat()


def _said(name: str, when: str) -> LazyText:
    if not name:
        return _l(
            "Somebody who left made use of this already, %(when)s: once is enough.", when=when
        )
    return _l("%(name)s made use of this already, %(when)s: once is enough.", name=name, when=when)
