"""How a person's accounts grow, and what looks odd in their figures, in words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from irm.db import db
from irm.i18n import _, _n
from irm.models import Influencer
from irm.scoring import doubt_sentences, doubts, observed, rules
from irm.scoring.doubts import Doubt
from irm.scoring.growth import MONTH, YEAR, Frequency, Growth, frequency, growth, together
from irm.scoring.observed import Observed
from irm.scoring.sentences import platform_label
from irm.web.words import Words


class Rate(NamedTuple):
    """One figure of an account: what it is, how much, and the days it rests on."""

    label: str
    value: str
    words: str


class Grown(NamedTuple):
    """How one account went."""

    title: str
    rates: list[Rate]


class Doubted(NamedTuple):
    """A doubt about an account in words; `is_wrong` of figures that look wrong.

    `handle` tells the accounts of one platform apart, where there are several.
    """

    account: int
    title: str
    handle: str
    words: str
    evidence: list[str]
    is_wrong: bool


class Shown(NamedTuple):
    """What a page says of it; `together` only where more than one account counts in it."""

    accounts: list[Grown]
    together: Rate | None
    doubts: list[Doubted]
    #: How many doubts there are; "" where there are none.
    warning: str


def known_of(influencer: Influencer) -> list[Observed]:
    """Read what is known of a person's accounts over time, in three queries."""
    rows = (
        db.session.connection().execute(select(influencer.id))
        for select in (observed.accounts, observed.posts, observed.snapshots)
    )
    return observed.observed(*rows)


def shown(influencer: Influencer, said: Words) -> Shown:
    """Growth of each account and of all, posts per week, and the doubts."""
    found = known_of(influencer)
    monthly = [growth(one.snapshots, said.today, MONTH) for one in found]
    grown = [_grown(one, month, said) for one, month in zip(found, monthly, strict=True)]
    odd = doubted(found, said)
    warning = _n(
        "There is %(n)s doubt about these figures.",
        "There are %(n)s doubts about these figures.",
        len(odd),
    )
    return Shown(grown, _together(monthly, said), odd, warning if odd else "")


def doubted(found: Sequence[Observed], said: Words) -> list[Doubted]:
    """Say the doubts about some accounts, with their evidence."""
    lines = rules.rules(db.session).expectations
    of_platform = Counter(one.account.platform for one in found)
    return [
        _doubted(doubt, one.handle if of_platform[one.account.platform] > 1 else "", said)
        for one in found
        for doubt in doubts.of(one.account, one.snapshots, said.today, lines)
    ]


def month(one: Observed, said: Words) -> str:
    """The growth of one account in 30 days, in a few words; "" where it is not known."""
    found = growth(one.snapshots, said.today, MONTH)
    if found is None:
        return ""
    rate = _rate("", found, said)
    return _("%(value)s in 30 days: %(words)s", value=rate.value, words=rate.words)


def _grown(one: Observed, month: Growth | None, said: Words) -> Grown:
    year = growth(one.snapshots, said.today, YEAR)
    often = frequency(one.account.posts, said.today)
    return Grown(
        f"{platform_label(one.account.platform)} · {one.handle}",
        [
            _rate(_("In 30 days"), month, said),
            _rate(_("In 30 days, over the last year"), year, said),
            _often(often, said),
        ],
    )


def _rate(label: str, found: Growth | None, said: Words) -> Rate:
    if found is None:
        return Rate(label, "–", _("Not known: it takes figures of two days that far apart."))
    rests = _(
        "%(was)s followers on %(first)s, %(now)s on %(last)s",
        was=said.number(found.was),
        first=said.date[found.first],
        now=said.number(found.now),
        last=said.date[found.last],
    )
    return Rate(label, _value(found.followers, found.percent, said), rests)


def _together(monthly: Iterable[Growth | None], said: Words) -> Rate | None:
    found = together(monthly)
    if found is None or found.accounts < 2:
        return None
    return Rate(
        _("All accounts, in 30 days"),
        _value(found.followers, found.percent, said),
        _(
            "%(n)s accounts are known on two days; who follows several counts on each.",
            n=found.accounts,
        ),
    )


def _value(followers: float, percent: float | None, said: Words) -> str:
    """Both, with their sign: "+3.2% (+1,240)"; followers alone where it began with nobody."""
    gained = _signed(round(followers), said)
    if percent is None:
        return gained
    return _(
        "%(percent)s%% (%(followers)s)", percent=_signed(_one(percent), said), followers=gained
    )


def _signed(number: float, said: Words) -> str:
    size = said.number(abs(number))
    return f"+{size}" if number > 0 else f"−{size}" if number < 0 else size


def _one(number: float) -> float:
    """Round to one decimal, or to the first figure of what is smaller."""
    return round(number, 1) if abs(number) >= 0.1 else float(f"{number:.1g}")


def _often(found: Frequency | None, said: Words) -> Rate:
    label = _("Posts a week")
    if found is None:
        return Rate(label, "–", _("Not known: no post of the last 90 days that counts."))
    rests = _n(
        "%(count)s post in %(days)s days",
        "%(count)s posts in %(days)s days",
        found.posts,
        count=said.number(found.posts),
        days=found.days,
    )
    return Rate(label, said.number(_one(found.per_week)), rests)


def _doubted(doubt: Doubt, handle: str, said: Words) -> Doubted:
    day = said.date.__getitem__
    return Doubted(
        doubt["account"],
        doubt_sentences.title(doubt),
        handle,
        doubt_sentences.sentence(doubt, said.number, day),
        doubt_sentences.evidence(doubt, said.number, day),
        doubt["code"] in doubts.WRONG,
    )
