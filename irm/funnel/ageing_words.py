"""How long a relationship has stood still, in sentences; for pages and mails alike."""

from collections.abc import Callable

from irm.i18n import _, _n
from irm.ledger.ageing import Age, Ageing


def sentences(age: Age, say_day: Callable[..., str]) -> list[str]:
    """A sentence for each mark, the worst first; none where nothing is to be said.

    `say_day` writes a day: a page and a mail each have their own way.
    """
    return [_sentence(mark, age, say_day) for mark in age.marks]


def _sentence(mark: Ageing, age: Age, say_day: Callable[..., str]) -> str:
    if mark is Ageing.PAUSED:
        return _("Paused until %(day)s", day=say_day(age.rests_until))
    if mark is Ageing.STUCK:
        return _n(
            "Over the limit: %(n)s day at this stage, %(limit)s are usual",
            "Over the limit: %(n)s days at this stage, %(limit)s are usual",
            age.days_at_stage,
            limit=age.stage_limit,
        )
    if mark is Ageing.SLIPPING:
        return _n(
            "Slipping away: %(n)s day without contact, the limit is %(limit)s",
            "Slipping away: %(n)s days without contact, the limit is %(limit)s",
            age.days_quiet or 0,
            limit=age.quiet_limit,
        )
    return _n(
        "Beyond the second limit: %(n)s day without contact, the limit is %(limit)s",
        "Beyond the second limit: %(n)s days without contact, the limit is %(limit)s",
        age.days_quiet or 0,
        limit=age.quiet_limit,
    )
