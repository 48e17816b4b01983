"""How long relationships of the current brand have stood still, in words for its pages."""

import datetime as dt
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from flask import g

from irm import clock
from irm.access import here
from irm.funnel import ageing_words, pauses
from irm.i18n import _
from irm.ledger import ageing
from irm.ledger.ageing import Age, Limits
from irm.models import Relationship, Touchpoint
from irm.web.words import Words, words


class Rule(NamedTuple):
    """By what the current brand reckons ages: its limits, its zone and the day it is there."""

    limits: Limits
    zone: ZoneInfo
    day: dt.date


def rule() -> Rule:
    """That of the current brand; put together once a request."""
    if "age_rule" not in g:
        zone = ZoneInfo(here().timezone)
        g.age_rule = Rule(ageing.limits(here().limits), zone, clock.today(zone))
    return cast(Rule, g.age_rule)


def age_of(row: Any) -> Age:
    """The age of a relationship of the current brand today; see irm/ledger/ageing.py for the row.

    `is_paused` says whether it is to be muted.
    """
    limits, zone, day = rule()
    return ageing.age(row, day, zone, limits)


def age_words(row: Any, words: Words) -> str:
    """The worst that is to be said of its age, or until when it is paused; mostly nothing.

    A card has room for one: "Over the limit: 104 days at this stage, 90 are usual".
    """
    return next(iter(all_age_words(row, words)), "")


def all_age_words(row: Any, words: Words) -> list[str]:
    """All that is to be said of its age, the worst first."""
    return ageing_words.sentences(age_of(row), words.date.__getitem__)


def paused_words(relationship: Relationship, words: Words) -> str:
    """Until when it is paused, and why; empty where no pause holds."""
    until = relationship.paused_until
    if until is None or not age_of(relationship).is_paused:
        return ""
    if not relationship.paused_why:
        return _("Until %(day)s", day=words.date[until])
    return _("Until %(day)s: %(why)s", day=words.date[until], why=relationship.paused_why)


def pause_then(planned: Touchpoint) -> str:
    """One sentence more where they are still left in peace on the day of a touchpoint."""
    until = planned.relationship.paused_until
    if until is None or not pauses.holds_on(planned.relationship, planned.due_on, clock.now()):
        return ""
    return " " + _("They are paused until %(day)s.", day=words().date[until])
