"""Where somebody's resonance stands among the others: the accounts of a platform, drawn."""

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, render_template
from sqlalchemy import select

from irm.access import Permission, load
from irm.db import db
from irm.i18n import _, _n
from irm.models import Account, Influencer, Score, ScoreKind, Setting
from irm.scoring import rules, sentences
from irm.scoring.reasons import Reason, short
from irm.scoring.resonance import VIEWED, Expectation, expectation
from irm.web.words import Words, words

bp = Blueprint("resonance", __name__)

#: The drawing's own measures; the page scales it.
WIDTH, HEIGHT = 360, 250
LEFT, RIGHT, TOP, BOTTOM = 46, 22, 8, 20

#: Half, and twice the usual rate: where the score is 25 and 75 with many posts.
OCTAVE = math.log10(2)

#: One in so many accounts at either end may lie beyond the drawing's edge, and is drawn on it.
WILD = 100


class Tick(NamedTuple):
    """A mark on an axis."""

    at: float
    words: str


class Drawing(NamedTuple):
    """A cloud of accounts on logarithmic scales, the usual rate, and the account itself."""

    dots: str
    line: str
    half: str
    twice: str
    #: Where the lines of half and twice end, at the right.
    ends: tuple[float, float, float]
    point: tuple[float, float] | None
    across: list[Tick]
    upwards: list[Tick]


class Band(NamedTuple):
    """One line of the table: accounts of a size."""

    size: str
    accounts: int
    rates: tuple[str, str, str]
    usual: str


class Place(NamedTuple):
    """One account among the others."""

    id: int
    title: str
    #: What the rates are rates of.
    per_view: bool
    words: list[str]
    drawing: Drawing
    drawn: int
    bands: list[Band]


@bp.get("/influencers/<int:id>/resonance")
def show(id: int) -> str:
    """Each account beside those of its platform, and what is usual for its size."""
    influencer, said = load(Influencer, id, Permission.SEE), words()
    newest = db.session.execute(_newest(influencer.id)).first()
    reasons = [one for one in (newest.reasons if newest else ()) if "followers" in one]
    clouds: dict[str, Any] = {}
    handles: dict[int, str] = {}
    if reasons:
        ids = [one["account"] for one in reasons]
        named = select(Account.id, Account.handle).where(Account.id.in_(ids))
        handles = {row.id: row.handle for row in db.session.execute(named)}
        found = db.session.execute(rules.clouds().with_only_columns(*_NAMED))
        clouds = {row.name.removeprefix(rules.CLOUD): row.value for row in found}
    return render_template(
        "influencers/resonance.html",
        influencer=influencer,
        value=said.score(newest.value) if newest else "–",
        places=[
            _place(one, handles, rules.cloud(clouds.get(one["platform"])), said) for one in reasons
        ],
        instead=_instead(newest, said),
    )


_NAMED = (Setting.name, Setting.value)


def _newest(influencer_id: int) -> Any:
    return (
        select(Score.value, Score.reasons)
        .where(
            Score.influencer_id == influencer_id,
            Score.relationship_id.is_(None),
            Score.kind == ScoreKind.RESONANCE,
        )
        .order_by(Score.day.desc())
        .limit(1)
    )


def _instead(newest: Any, said: Words) -> str:
    """What is said where there is nothing to draw."""
    told = [sentences.sentence(one, said.number) for one in (newest.reasons if newest else ())]
    return next((text for text in told if text), _("Not scored yet."))


def _place(
    reason: Reason,
    handles: Mapping[int, str],
    cloud: Sequence[tuple[float, float]],
    said: Words,
) -> Place:
    platform, followers, rate = reason["platform"], reason["followers"], reason["rate"]
    line = _line(reason)
    own = (math.log10(followers), math.log10(rate)) if followers > 0 and rate > 0 else None
    told = [sentences.sentence(reason, said.number)]
    if own and cloud:
        told.append(_rank(own, cloud, line, said))
    if not cloud:
        told.append(_("Once thirty accounts here are known, they are drawn beside it."))
    return Place(
        reason["account"],
        _(
            "%(platform)s · %(handle)s, %(followers)s followers",
            platform=sentences.platform_label(platform),
            # An account may be gone since the score was made.
            handle=handles.get(reason["account"], "–"),
            followers=said.compact(followers),
        ),
        platform in VIEWED,
        told,
        draw(cloud, line, own, said),
        len(cloud),
        _bands(cloud, line, said),
    )


def _line(reason: Mapping[str, Any]) -> Expectation:
    """The line that the score rests on; what was scored long ago kept none."""
    if "intercept" not in reason or "slope" not in reason:
        return expectation(reason["platform"])
    return Expectation(reason["intercept"], reason["slope"], reason["line"])


def _rank(
    own: tuple[float, float], cloud: Sequence[tuple[float, float]], line: Expectation, said: Words
) -> str:
    """How many of the others react less, each measured by what is usual for its size."""
    above = sorted(y - _usual(line, x) for x, y in cloud)
    # Rounded as the others are, so that nobody is found above their own dot.
    x, y = round(own[0], 2), round(own[1], 2)
    less = bisect_left(above, y - _usual(line, x))
    return _n(
        "For their size, %(less)s of the %(count)s account drawn here react less.",
        "For their size, %(less)s of the %(count)s accounts drawn here react less.",
        len(cloud),
        less=said.number(less),
        count=said.number(len(cloud)),
    )


def _usual(line: Expectation, x: float) -> float:
    return line.intercept + line.slope * x


def draw(
    cloud: Sequence[tuple[float, float]],
    line: Expectation,
    own: tuple[float, float] | None,
    said: Words,
) -> Drawing:
    """Draw accounts, (log10 followers, log10 rate), around a line; whole decades on both axes."""
    shown = [*cloud, *([own] if own else [])]
    across = _decades([x for x, _y in shown], (3, 6))
    level = [_usual(line, x) for x in across]
    upwards = _decades([y for _x, y in _tame(cloud)] + [own[1] if own else level[0]] + level)
    x_of = _scale(across, LEFT, WIDTH - RIGHT)
    y_of = _scale(upwards, HEIGHT - BOTTOM, TOP)

    def stroke(shift: float) -> str:
        ends = [(x, _usual(line, x) + shift) for x in across]
        return " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in ends)

    def end(shift: float) -> float:
        return round(y_of(level[1] + shift) + 3.5, 1)

    return Drawing(
        # A stroke of no length with round ends is a dot: hundreds of them are one element.
        dots="".join(f"M{x_of(x):.1f} {y_of(y):.1f}h0" for x, y in cloud),
        line=stroke(0),
        half=stroke(-OCTAVE),
        twice=stroke(OCTAVE),
        ends=(end(0), end(-OCTAVE), end(OCTAVE)),
        point=(round(x_of(own[0]), 1), round(y_of(own[1]), 1)) if own else None,
        across=[
            Tick(round(x_of(n), 1), said.compact(10**n)) for n in range(across[0], across[1] + 1)
        ],
        upwards=[
            Tick(round(y_of(n), 1), _percent(10.0**n, said))
            for n in range(upwards[0], upwards[1] + 1)
        ],
    )


def _tame(cloud: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The cloud without its few wildest rates, which would press all others into a stripe."""
    beyond = len(cloud) // WILD
    return sorted(cloud, key=lambda point: point[1])[beyond : len(cloud) - beyond]


def _decades(values: Sequence[float], least: tuple[int, int] | None = None) -> tuple[int, int]:
    """The whole decades around some values, and around the `least` that are always shown."""
    numbers = [*values, *(least or ())]
    low, high = math.floor(min(numbers)), math.ceil(max(numbers))
    return low, max(high, low + 1)


def _scale(span: tuple[int, int], start: float, end: float) -> Callable[[float], float]:
    """Where a value stands between two places of the drawing; none stands outside."""
    low, high = span
    return lambda value: start + (end - start) * (min(max(value, low), high) - low) / (high - low)


def _bands(cloud: Sequence[tuple[float, float]], line: Expectation, said: Words) -> list[Band]:
    """The drawing in numbers: accounts by the power of ten of their size."""
    by_size: dict[int, list[float]] = {}
    for x, y in cloud:
        by_size.setdefault(math.floor(x), []).append(y)
    return [
        Band(
            _(
                "%(least)s to %(most)s",
                least=said.compact(10**size),
                most=said.compact(10 ** (size + 1)),
            ),
            len(rates),
            _quarters(sorted(rates), said),
            _percent(10 ** _usual(line, size + 0.5), said),
        )
        for size, rates in sorted(by_size.items())
    ]


def _quarters(rates: Sequence[float], said: Words) -> tuple[str, str, str]:
    """A quarter of the accounts lies below the first, half below the second, and so on."""
    last = len(rates) - 1
    low, middle, high = (rates[round(last * part)] for part in (0.25, 0.5, 0.75))
    return _percent(10**low, said), _percent(10**middle, said), _percent(10**high, said)


def _percent(rate: float, said: Words) -> str:
    return _("%(n)s%%", n=said.number(short(100 * rate)))
