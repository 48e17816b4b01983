"""Doubts as sentences, made when they are shown, in the reader's language.

Each names what was seen, and other causes than the bad one: irm does not know which it was.
"""

import datetime as dt
from collections.abc import Callable
from typing import TypeAlias

from irm.i18n import _, _l, _n
from irm.scoring import sentences
from irm.scoring.doubts import Doubt
from irm.scoring.facts import UNDATED_AGE
from irm.scoring.reasons import short
from irm.scoring.resonance import LAST_POSTS
from irm.scoring.sentences import Format, plain, platform_label

Day: TypeAlias = Callable[[dt.date], str]


def title(doubt: Doubt) -> str:
    """Name a doubt in a few words; "" for a code this version does not know."""
    return str(_TITLES.get(str(doubt.get("code")), ""))


def sentence(doubt: Doubt, number: Format = plain, day: Day = str) -> str:
    """Make the sentence of a doubt: what was seen, and what else may have caused it.

    `number` and `day` write as the reader's language does.
    """
    make = _SENTENCES.get(str(doubt.get("code")))
    return "" if make is None else make(doubt, number, day)


def evidence(doubt: Doubt, number: Format = plain, day: Day = str) -> list[str]:
    """Say what a doubt rests on, a sentence for each; nothing where its sentence says it all."""
    make = _EVIDENCE.get(str(doubt.get("code")))
    return [] if make is None else make(doubt, number, day)


def _rose(doubt: Doubt, number: Format, day: Day) -> str:
    return _(
        "%(platform)s: %(gained)s more followers between %(first)s and %(last)s, where about "
        "%(usual)s would be usual for this account.",
        platform=platform_label(doubt["platform"]),
        gained=number(doubt["now"] - doubt["was"]),
        first=_day(doubt["first"], day),
        last=_day(doubt["last"], day),
        usual=number(max(0, doubt["usual"])),
    )


def _unmatched(doubt: Doubt, number: Format, day: Day) -> str:
    why = _(
        "People hardly react more than before. Bought followers look like this; so does a "
        "campaign, a prize draw or a mention by somebody larger."
    )
    return f"{_rose(doubt, number, day)} {why}"


def _unchecked(doubt: Doubt, number: Format, day: Day) -> str:
    why = _(
        "Too little is known of how people reacted before and since. A post that went viral, a "
        "campaign or bought followers all look like this."
    )
    return f"{_rose(doubt, number, day)} {why}"


def _high(doubt: Doubt, number: Format, _on: Day) -> str:
    return _(
        "%(platform)s: people react more than %(times)s times as much as is usual for this size. "
        "Bought reactions look like this; so does a prize draw, a video shown to people who do "
        "not follow, or a number of followers that is out of date.",
        platform=platform_label(doubt["platform"]),
        times=number(doubt["times"]),
    )


def _low(doubt: Doubt, number: Format, _on: Day) -> str:
    return _(
        "%(platform)s: people react less than 1/%(times)s as much as is usual for this size. "
        "Bought followers look like this; so does an account that was left alone for long, or "
        "counts taken just after posting.",
        platform=platform_label(doubt["platform"]),
        times=number(doubt["times"]),
    )


def _above(doubt: Doubt, number: Format, _on: Day) -> str:
    return _(
        "%(platform)s: %(posts)s of %(of)s posts have more than %(times)s times as many likes as "
        "there are followers. Bought likes look like this; so do videos shown to people who do "
        "not follow, or a number of followers that is out of date.",
        platform=platform_label(doubt["platform"]),
        posts=number(doubt["posts"]),
        of=number(doubt["of"]),
        times=number(doubt["times"]),
    )


def _alone(doubt: Doubt, number: Format, _on: Day) -> str:
    params = {"platform": platform_label(doubt["platform"]), "most": number(doubt["most"])}
    if doubt["followers"] is None:
        return _(
            "%(platform)s: up to %(most)s likes, but the followers are not known. The account is "
            "left out of reach and resonance.",
            **params,
        )
    return _(
        "%(platform)s: up to %(most)s likes, but 0 followers: these figures look wrong. The "
        "account is left out of resonance.",
        **params,
    )


def _views(doubt: Doubt, number: Format, _on: Day) -> str:
    return _n(
        "%(platform)s: one post has more likes than views: these figures look wrong, or were "
        "taken on different days. It counts as it is.",
        "%(platform)s: %(count)s posts have more likes than views: these figures look wrong, or "
        "were taken on different days. They count as they are.",
        doubt["posts"],
        platform=platform_label(doubt["platform"]),
        count=number(doubt["posts"]),
    )


def _posts_ahead(doubt: Doubt, number: Format, day: Day) -> str:
    return _n(
        "%(platform)s: one post is dated %(last)s, which is still to come: the date looks wrong. "
        "It counts as %(age)s days old, as a post without a date does.",
        "%(platform)s: %(count)s posts bear dates that are still to come, up to %(last)s: they "
        "look wrong. They count as %(age)s days old, as posts without a date do.",
        doubt["posts"],
        platform=platform_label(doubt["platform"]),
        count=number(doubt["posts"]),
        last=_day(doubt["last"], day),
        age=number(UNDATED_AGE),
    )


def _figures_ahead(doubt: Doubt, number: Format, day: Day) -> str:
    return _n(
        "%(platform)s: there are figures of %(last)s, a day that is still to come: the date looks "
        "wrong. Growth leaves them out.",
        "%(platform)s: there are figures of %(count)s days that are still to come, up to "
        "%(last)s: the dates look wrong. Growth leaves them out.",
        doubt["days"],
        platform=platform_label(doubt["platform"]),
        count=number(doubt["days"]),
        last=_day(doubt["last"], day),
    )


def _crowded(doubt: Doubt, number: Format, day: Day) -> str:
    return _n(
        "%(platform)s: %(most)s posts on %(on)s: these figures look wrong, or an automatic feed "
        "wrote them. That day is left out of posts per week; resonance looks at the newest "
        "%(newest)s posts only.",
        "%(platform)s: more than %(bound)s posts a day on %(count)s days, most on %(on)s with "
        "%(most)s: these figures look wrong, or an automatic feed wrote them. Those days are left "
        "out of posts per week; resonance looks at the newest %(newest)s posts only.",
        doubt["days"],
        platform=platform_label(doubt["platform"]),
        most=number(doubt["most"]),
        on=_day(doubt["on"], day),
        bound=number(doubt["bound"]),
        count=number(doubt["days"]),
        newest=number(LAST_POSTS),
    )


def _negative(doubt: Doubt, number: Format, _on: Day) -> str:
    return _n(
        "%(platform)s: one figure is below 0, which no count can be. It is read as not known.",
        "%(platform)s: %(count)s figures are below 0, which no count can be. They are read as not "
        "known.",
        doubt["figures"],
        platform=platform_label(doubt["platform"]),
        count=number(doubt["figures"]),
    )


def _of_jump(doubt: Doubt, number: Format, day: Day) -> list[str]:
    found = [
        _(
            "%(was)s followers on %(first)s, %(now)s on %(last)s.",
            was=number(doubt["was"]),
            first=_day(doubt["first"], day),
            now=number(doubt["now"]),
            last=_day(doubt["last"], day),
        ),
        _n(
            "Usual for this account: %(daily)s%% a day, give or take %(spread)s%%, by one other "
            "change.",
            "Usual for this account: %(daily)s%% a day, give or take %(spread)s%%, by %(n)s other "
            "changes.",
            doubt["changes"],
            daily=number(doubt["daily"]),
            spread=number(doubt["spread"]),
        ),
    ]
    if "before" not in doubt:
        return found
    found.append(
        _(
            "Reactions to a post, where a comment counts twice and a share three times: "
            "%(before)s before, %(after)s since.",
            before=number(doubt["before"]),
            after=number(doubt["after"]),
        )
    )
    if doubt["posts_before"]:
        of_posts = _(
            "Posts looked at: %(before)s before, %(after)s since.",
            before=number(doubt["posts_before"]),
            after=number(doubt["posts_after"]),
        )
        return [*found, of_posts]
    return [*found, _("It rests on the averages of a list.")]


def _of_rate(doubt: Doubt, number: Format, _on: Day) -> list[str]:
    found = [sentences.sentence({**doubt, "code": "resonance.rate"}, number)]
    if doubt["rate"]:
        ratio = short(doubt["rate"] / doubt["expected"])
        found.append(_("That is %(ratio)s times the usual rate.", ratio=number(ratio)))
    return found


def _of_above(doubt: Doubt, number: Format, _on: Day) -> list[str]:
    return [
        _(
            "%(followers)s followers; the post with the most likes has %(most)s.",
            followers=number(doubt["followers"]),
            most=number(doubt["most"]),
        )
    ]


def _of_views(doubt: Doubt, number: Format, _on: Day) -> list[str]:
    return [
        _(
            "Furthest apart: %(likes)s likes and %(views)s views.",
            likes=number(doubt["likes"]),
            views=number(doubt["views"]),
        )
    ]


def _of_negative(doubt: Doubt, number: Format, _on: Day) -> list[str]:
    return [_("The lowest is %(least)s.", least=number(doubt["least"]))]


def _day(stored: str, day: Day) -> str:
    return day(dt.date.fromisoformat(stored))


_TITLES = {
    "jump.unmatched": _l("More followers, hardly more reactions"),
    "jump.unchecked": _l("A jump of followers"),
    "rate.high": _l("Reactions far above what is usual"),
    "rate.low": _l("Reactions far below what is usual"),
    "likes.above": _l("Likes far above the followers"),
    "likes.alone": _l("Likes without followers"),
    "likes.views": _l("More likes than views"),
    "posts.ahead": _l("Posts dated in the future"),
    "figures.ahead": _l("Figures dated in the future"),
    "posts.crowded": _l("More posts a day than anybody writes"),
    "negative": _l("Counts below zero"),
}

_SENTENCES: dict[str, Callable[[Doubt, Format, Day], str]] = {
    "jump.unmatched": _unmatched,
    "jump.unchecked": _unchecked,
    "rate.high": _high,
    "rate.low": _low,
    "likes.above": _above,
    "likes.alone": _alone,
    "likes.views": _views,
    "posts.ahead": _posts_ahead,
    "figures.ahead": _figures_ahead,
    "posts.crowded": _crowded,
    "negative": _negative,
}

_EVIDENCE: dict[str, Callable[[Doubt, Format, Day], list[str]]] = {
    "jump.unmatched": _of_jump,
    "jump.unchecked": _of_jump,
    "rate.high": _of_rate,
    "rate.low": _of_rate,
    "likes.above": _of_above,
    "likes.views": _of_views,
    "negative": _of_negative,
}
