"""Whom a lead is told of, in words; for the Today page and the mail alike."""

from irm.funnel.escalation import Group, Row, Told
from irm.i18n import _, _n


def title(told: Told) -> str:
    """How many people of how many colleagues."""
    number = f"{told.people}" if told.is_exact else f"{told.people}+"
    people = _n("%(number)s person", "%(number)s people", told.people, number=number)
    if not told.colleagues:
        return _("Beyond the second limit: %(people)s", people=people)
    colleagues = _n("%(n)s colleague", "%(n)s colleagues", told.colleagues)
    return _(
        "Beyond the second limit: %(people)s of %(colleagues)s",
        people=people,
        colleagues=colleagues,
    )


def group(one: Group) -> str:
    """Whose they are, and how many."""
    people = _n("%(n)s person", "%(n)s people", one.people)
    name = one.owner_name if one.owner_id is not None else _("Nobody looks after them")
    return _("%(name)s: %(people)s", name=name, people=people)


def quiet(row: Row) -> str:
    """For how long somebody was left alone."""
    return _n("%(n)s day without contact", "%(n)s days without contact", row.days)
