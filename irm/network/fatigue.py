"""How much of somebody's kindness was used: each introduction asked costs, and it fades."""

import datetime as dt
from collections.abc import Iterable

from irm.models import IntroductionState

HALF_LIFE_DAYS = 90
"""After so many days an introduction that was asked costs half as much."""

COSTS: dict[IntroductionState, float] = {
    # What is planned is as good as asked: else one would be chosen ten times before the first.
    IntroductionState.PLANNED: 1.0,
    IntroductionState.ASKED: 1.0,
    IntroductionState.AGREED: 1.0,
    IntroductionState.MADE: 1.0,
    IntroductionState.UNANSWERED: 1.0,
    # Who said no is left alone for longer: a quarter of a year more.
    IntroductionState.DECLINED: 2.0,
    IntroductionState.DROPPED: 0.0,
}
"""What an introduction costs on the day it is asked."""


def fatigue(asked: Iterable[tuple[IntroductionState, dt.date | None]], day: dt.date) -> float:
    """What is left, on a day, of all introductions somebody was asked for, each with its day.

    One without a day was not asked yet, and costs in full. 0 is rested; 1 is one asked today.
    """
    return sum(COSTS[state] * _fading(on, day) for state, on in asked)


def freshness(tired: float) -> float:
    """The part of their readiness that is left: 1 rested, half after one asked today."""
    return 1.0 / (1.0 + tired)


def _fading(on: dt.date | None, day: dt.date) -> float:
    return 1.0 if on is None else float(0.5 ** (max(0, (day - on).days) / HALF_LIFE_DAYS))
