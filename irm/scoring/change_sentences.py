"""What moved a score as sentences, made when they are shown, in the reader's language."""

from collections.abc import Callable

from irm.i18n import _, _n
from irm.scoring import sentences
from irm.scoring.changes import Cause
from irm.scoring.reasons import short
from irm.scoring.sentences import Format, plain, platform_label


def sentence(cause: Cause, number: Format = plain) -> str:
    """Make the sentence of a cause in the reader's language.

    `number` writes a number as that language does. A code this version does not know gives "".
    """
    make = _SENTENCES.get(str(cause.get("code")))
    return "" if make is None else make(cause, number)


def _formula(cause: Cause, number: Format) -> str:
    return _("irm has a new formula for it: version %(now)s.", now=number(cause["now"]))


def _overlap(cause: Cause, number: Format) -> str:
    return _(
        "Smaller accounts count at %(now)s%% now, at %(was)s%% before: a setting was changed.",
        now=number(100 * cause["now"]),
        was=number(100 * cause["was"]),
    )


def _accounts(cause: Cause, number: Format) -> str:
    return _n(
        "%(n)s account counts now; before it was %(was)s.",
        "%(n)s accounts count now; before it was %(was)s.",
        cause["now"],
        was=number(cause["was"]),
    )


def _audience(cause: Cause, number: Format) -> str:
    return _("The audience went from %(was)s to %(now)s.", **_between(cause, number))


def _sized(cause: Cause, number: Format) -> str:
    return _(
        "%(platform)s counts now, with %(followers)s followers: the account was added, or its "
        "followers were not known.",
        platform=platform_label(cause["platform"]),
        followers=number(cause["followers"]),
    )


def _unsized(cause: Cause, number: Format) -> str:
    return _(
        "%(platform)s no longer counts; it had %(followers)s followers.",
        platform=platform_label(cause["platform"]),
        followers=number(cause["followers"]),
    )


def _followers(cause: Cause, number: Format) -> str:
    return _(
        "%(platform)s: the followers went from %(was)s to %(now)s.",
        platform=platform_label(cause["platform"]),
        **_between(cause, number),
    )


def _rated(cause: Cause, _number: Format) -> str:
    return _(
        "%(platform)s counts now: the account was added, or nothing was known of how people react.",
        platform=platform_label(cause["platform"]),
    )


def _gone(cause: Cause, _number: Format) -> str:
    return _(
        "%(platform)s no longer counts: the account is gone, or nothing recent is known of how "
        "people react.",
        platform=platform_label(cause["platform"]),
    )


def _entered(cause: Cause, _number: Format) -> str:
    platform = platform_label(cause["platform"])
    return _("%(platform)s is among the three largest accounts now.", platform=platform)


def _left(cause: Cause, _number: Format) -> str:
    platform = platform_label(cause["platform"])
    return _("%(platform)s is no longer among the three largest accounts.", platform=platform)


def _line(cause: Cause, number: Format) -> str:
    rates = {"platform": platform_label(cause["platform"]), **_percents(cause, number)}
    if not cause["accounts"]:
        return _(
            "%(platform)s: %(now)s%% is usual for this size now, %(was)s%% before; it is irm’s own "
            "estimate again.",
            **rates,
        )
    return _n(
        "%(platform)s: the usual rate was fitted anew on %(count)s account; for this size it is "
        "%(now)s%% now, %(was)s%% before.",
        "%(platform)s: the usual rate was fitted anew on %(count)s accounts; for this size it is "
        "%(now)s%% now, %(was)s%% before.",
        cause["accounts"],
        count=number(cause["accounts"]),
        **rates,
    )


def _from_posts(cause: Cause, number: Format) -> str:
    return _(
        "%(platform)s: the rate comes from posts now, from the averages of a list before: "
        "%(now)s%% instead of %(was)s%%.",
        platform=platform_label(cause["platform"]),
        **_percents(cause, number),
    )


def _from_averages(cause: Cause, number: Format) -> str:
    return _(
        "%(platform)s: the rate comes from the averages of a list now, from posts before: "
        "%(now)s%% instead of %(was)s%%.",
        platform=platform_label(cause["platform"]),
        **_percents(cause, number),
    )


def _new_posts(cause: Cause, number: Format) -> str:
    platform = platform_label(cause["platform"])
    if cause["was"] == cause["now"]:
        return _("%(platform)s: there are other newest posts.", platform=platform)
    return _(
        "%(platform)s: with other newest posts people react at %(now)s%%, at %(was)s%% before.",
        platform=platform,
        **_percents(cause, number),
    )


def _counted_posts(cause: Cause, number: Format) -> str:
    return _n(
        "%(platform)s: %(n)s post counts now; before it was %(was)s.",
        "%(platform)s: %(n)s posts count now; before it was %(was)s.",
        cause["now"],
        platform=platform_label(cause["platform"]),
        was=number(cause["was"]),
    )


def _reactions(cause: Cause, number: Format) -> str:
    return _(
        "%(platform)s: people react at %(now)s%% now, at %(was)s%% before.",
        platform=platform_label(cause["platform"]),
        **_percents(cause, number),
    )


def _texts(cause: Cause, number: Format) -> str:
    return _n(
        "%(count)s text was read; before it was %(was)s.",
        "%(count)s texts were read; before it was %(was)s.",
        cause["now"],
        count=number(cause["now"]),
        was=number(cause["was"]),
    )


def _topic_posts(cause: Cause, number: Format) -> str:
    if cause["was"] == cause["now"]:
        return _("Other posts than before speak of “%(topic)s”.", topic=cause["name"])
    return _n(
        "“%(topic)s” appears in %(n)s post now; before it was %(was)s.",
        "“%(topic)s” appears in %(n)s posts now; before it was %(was)s.",
        cause["now"],
        topic=cause["name"],
        was=number(cause["was"]),
    )


def _topic_gives(cause: Cause, number: Format) -> str:
    return _(
        "“%(topic)s” gives %(now)s points now, %(was)s before: its share of all that was said "
        "changed.",
        topic=cause["name"],
        **_between(cause, number),
    )


def _renamed(cause: Cause, _number: Format) -> str:
    return _(
        "The topic “%(was)s” is called “%(topic)s” now.", was=cause["was"], topic=cause["name"]
    )


def _part(cause: Cause, number: Format) -> str:
    parts = {"reach": _("Reach"), "resonance": _("Resonance"), "relevance": _("Relevance")}
    part = parts.get(cause["part"], cause["part"])
    if cause["now"] is None:
        return _("%(part)s is no longer known.", part=part)
    if cause["was"] is None:
        return _("%(part)s is known now: %(now)s.", part=part, now=number(cause["now"]))
    return _("%(part)s went from %(was)s to %(now)s.", part=part, **_between(cause, number))


def _lost(cause: Cause, number: Format) -> str:
    why = sentences.sentence(cause["why"], number)
    return _("It is not known any more. %(why)s", why=why)


def _found(cause: Cause, number: Format) -> str:
    return _("It was not known before. %(why)s", why=sentences.sentence(cause["why"], number))


def _between(cause: Cause, number: Format) -> dict[str, str]:
    return {"was": number(cause["was"]), "now": number(cause["now"])}


def _percents(cause: Cause, number: Format) -> dict[str, str]:
    return {name: number(short(100 * cause[name])) for name in ("was", "now")}


_SENTENCES: dict[str, Callable[[Cause, Format], str]] = {
    "formula": _formula,
    "overlap": _overlap,
    "accounts": _accounts,
    "audience": _audience,
    "account.sized": _sized,
    "account.unsized": _unsized,
    "account.rated": _rated,
    "account.gone": _gone,
    "account.entered": _entered,
    "account.left": _left,
    "followers": _followers,
    "line": _line,
    "rate.posts": _from_posts,
    "rate.averages": _from_averages,
    "posts.new": _new_posts,
    "posts.counted": _counted_posts,
    "reactions": _reactions,
    "texts": _texts,
    "topics": lambda *_args: _("Other topics of the brand were added, changed or removed."),
    "topic.added": lambda cause, _number: _("“%(topic)s” is a new topic.", topic=cause["name"]),
    "topic.removed": lambda cause, _number: _(
        "“%(topic)s” is no longer a topic of the brand.", topic=cause["name"]
    ),
    "topic.edited": lambda cause, _number: _(
        "The keywords or the weight of the topic “%(topic)s” were changed.", topic=cause["name"]
    ),
    "topic.new": lambda cause, _number: _("“%(topic)s” counts now.", topic=cause["name"]),
    "topic.gone": lambda cause, _number: _("“%(topic)s” no longer counts.", topic=cause["name"]),
    "topic.entered": lambda cause, _number: _(
        "“%(topic)s” is among the five strongest topics now.", topic=cause["name"]
    ),
    "topic.left": lambda cause, _number: _(
        "“%(topic)s” is no longer among the five strongest topics.", topic=cause["name"]
    ),
    "topic.posts": _topic_posts,
    "topic.bio": lambda cause, _number: _(
        "“%(topic)s” appears in the bio now.", topic=cause["name"]
    ),
    "topic.no_bio": lambda cause, _number: _(
        "“%(topic)s” no longer appears in the bio.", topic=cause["name"]
    ),
    "topic.renamed": _renamed,
    "topic.gives": _topic_gives,
    "weights": lambda *_args: _("The brand’s weights of the fit were changed."),
    "part": _part,
    "score.lost": _lost,
    "score.found": _found,
    "other": lambda *_args: _("It moved by less than irm keeps the reasons of."),
}
