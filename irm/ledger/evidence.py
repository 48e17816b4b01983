"""What dated evidence supports: the earned stage of one relationship, on one day.

It is read from facts alone, so that whoever reads them again comes to the same stage. Nothing here
moves anybody: a person claims a stage, the evidence covers it or does not.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple

from irm.ledger.contact import ANSWER_DAYS
from irm.models import Direction, ProofKind, Stage

#: More than this is no threshold any more, but "ever".
MOST_DAYS, MOST_EXCHANGES = 3650, 20

#: Signs of life from them, any of which ever makes somebody aware of us.
SIGNS = (ProofKind.REPLY, ProofKind.FOLLOW, ProofKind.MENTION, ProofKind.APPLICATION)

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How much evidence a stage takes, and how old it may be; each brand has its own."""

    exchanges: int = 2
    exchange_days: int = 60
    activity_days: int = 180
    mention_days: int = 180


class Fact(NamedTuple):
    """One proof: what it is, its day, and for an agreement its last day."""

    kind: ProofKind
    day: dt.date
    until: dt.date | None = None


class Earned(NamedTuple):
    """What the evidence supports on a day."""

    #: None: nothing is proven.
    stage: Stage | None = None
    #: The day of the newest proof that this stage, or one below it, rests on.
    on: dt.date | None = None
    #: What the next stage still takes, as codes with parameters; empty at the last one.
    missing: Sequence[Mapping[str, Any]] = ()
    #: The first day on which time alone may change this; None: it stays.
    check_on: dt.date | None = None


class Lack(NamedTuple):
    """What one stage still takes of its own, as codes with parameters."""

    stage: Stage
    missing: Sequence[Mapping[str, Any]]


def thresholds(stored: object) -> Thresholds:
    """Read a brand's thresholds; what is not set, or not sound, has its default."""
    values = stored if isinstance(stored, dict) else {}
    sound = {
        one.name: values[one.name]
        for one in fields(Thresholds)
        if type(values.get(one.name)) is int and 1 <= values[one.name] <= MOST_DAYS
    }
    return Thresholds(**sound)


def stored(chosen: Thresholds) -> dict[str, int]:
    """Thresholds as a brand keeps them."""
    return asdict(chosen)


def exchanges(history: Iterable[tuple[dt.datetime, Direction]]) -> list[dt.datetime]:
    """The moments of the two-way exchanges among interactions, oldest first.

    An exchange is an interaction `both`, or an `in` within ANSWER_DAYS of an `out`, whichever of
    the two came first; what went both ways went out as well.
    """
    rows = sorted(history, key=lambda row: row[0])
    window, found = dt.timedelta(days=ANSWER_DAYS), []
    ours = [at for at, direction in rows if direction is not Direction.IN]
    before, after = None, iter(ours)
    coming = next(after, None)
    for at, direction in rows:
        while coming is not None and coming <= at:
            before, coming = coming, next(after, None)
        near = (before is not None and at - before <= window) or (
            coming is not None and coming - at <= window
        )
        if direction is Direction.BOTH or (direction is Direction.IN and near):
            found.append(at)
    return found


def earned(
    proofs: Iterable[Fact], two_way: Iterable[dt.date], day: dt.date, rules: Thresholds
) -> Earned:
    """Read the earned stage: the highest whose own proof, and all below it, hold on this day."""
    facts, days = list(proofs), list(two_way)
    stage, newest = None, dt.date.min
    check_on = _next_change(facts, days, day, rules)
    for of, support, missing in _steps(facts, days, day, rules):
        if not support:
            return Earned(stage, newest if stage else None, missing, check_on)
        stage, newest = of, max(newest, *support)
    return Earned(stage, newest, (), check_on)


def lacking(
    proofs: Iterable[Fact],
    two_way: Iterable[dt.date],
    day: dt.date,
    rules: Thresholds,
    to: Stage,
) -> list[Lack]:
    """All that is missing for a stage and for those below it, lowest first; empty: it is earned."""
    order = tuple(Stage)
    return [
        Lack(of, missing)
        for of, support, missing in _steps(list(proofs), list(two_way), day, rules)
        if not support and order.index(of) <= order.index(to)
    ]


def _steps(
    facts: Sequence[Fact], days: Sequence[dt.date], day: dt.date, rules: Thresholds
) -> list[tuple[Stage, list[dt.date], list[dict[str, Any]]]]:
    """Each stage with the days its own proof rests on, and what is missing where there are none."""
    there = [one for one in facts if one.day <= day]
    recent = [one for one in days if one <= day and _is_within(one, rules.exchange_days, day)]
    return [
        (Stage.AWARE, [one.day for one in there if one.kind in SIGNS], [{"code": "sign"}]),
        (
            Stage.INTERESTED,
            recent if len(recent) >= rules.exchanges else [],
            [
                {
                    "code": "exchanges",
                    "n": rules.exchanges,
                    "have": len(recent),
                    "days": rules.exchange_days,
                }
            ],
        ),
        (
            Stage.ENGAGED,
            _of(there, ProofKind.ACTIVITY, rules.activity_days, day),
            [{"code": "activity", "days": rules.activity_days}],
        ),
        (Stage.AMBASSADOR, *_last_step(there, day, rules)),
    ]


def _last_step(
    there: Sequence[Fact], day: dt.date, rules: Thresholds
) -> tuple[list[dt.date], list[dict[str, Any]]]:
    agreements = [
        one.day
        for one in there
        if one.kind is ProofKind.AGREEMENT and (one.until is None or one.until >= day)
    ]
    mentions = _of(there, ProofKind.MENTION, rules.mention_days, day)
    missing: list[dict[str, Any]] = []
    if not agreements:
        missing.append({"code": "agreement"})
    if not mentions:
        missing.append({"code": "mention", "days": rules.mention_days})
    return ([] if missing else agreements + mentions), missing


def _of(facts: Iterable[Fact], kind: ProofKind, days: int, day: dt.date) -> list[dt.date]:
    return [one.day for one in facts if one.kind is kind and _is_within(one.day, days, day)]


def _is_within(of: dt.date, days: int, day: dt.date) -> bool:
    return (day - of).days <= days


def _next_change(
    facts: Iterable[Fact], days: Iterable[dt.date], day: dt.date, rules: Thresholds
) -> dt.date | None:
    """The first day after this one on which a fact begins or ceases to count."""
    ages = {ProofKind.ACTIVITY: rules.activity_days, ProofKind.MENTION: rules.mention_days}
    ends = [one + dt.timedelta(days=rules.exchange_days) for one in days]
    begins = [one for one in days if one > day]
    for fact in facts:
        if fact.day > day:
            begins.append(fact.day)
        if fact.kind in ages:
            ends.append(fact.day + dt.timedelta(days=ages[fact.kind]))
        elif fact.until is not None:
            ends.append(fact.until)
    # The last day of all has no tomorrow, and nobody will see it.
    changes = [*begins, *(one + _ONE_DAY for one in ends if day <= one < dt.date.max)]
    return min(changes, default=None)
