"""Reasons of paths, proposals and risks as sentences, made when shown, in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from irm.i18n import _, _n
from irm.models import Stage, TieKind

Reason: TypeAlias = Mapping[str, Any]
Names: TypeAlias = Mapping[int, str]


def sentence(reason: Reason, names: Names) -> str:
    """Make the sentence of a reason; `names` are those of whom it may name.

    That is people, but for risks on a community or on a colleague (`on`), and for `risk.single`,
    which names colleagues. A code this version does not know gives "".
    """
    make = _SENTENCES.get(str(reason.get("code")))
    return "" if make is None else make(reason, names)


def kinds(words: list[str]) -> str:
    """Name the kinds of some ties as words within a sentence."""
    known = {kind.value: str(kind.label) for kind in TieKind}
    found = [known.get(word, word) for word in words]
    return ", ".join(word[:1].lower() + word[1:] for word in found)


def _name(names: Names, id: Any) -> str:
    return names.get(int(id), "") or _("Somebody")


def _stage(reason: Reason, _names: Names) -> str:
    stage = next((str(one.label) for one in Stage if one == reason["stage"]), reason["stage"])
    if reason["proven"]:
        return _("At %(stage)s, and the evidence supports it.", stage=stage)
    return _("At %(stage)s, which the evidence does not support yet.", stage=stage)


def _spoken(reason: Reason, _names: Names) -> str:
    if not reason["days"]:
        return _("You spoke with each other today.")
    return _n(
        "You spoke with each other yesterday.",
        "You spoke with each other %(n)s days ago.",
        reason["days"],
    )


def _given(reason: Reason, _names: Names) -> str:
    if not reason["gives"]:
        return _("Nothing was given since they were last asked for something.")
    return _n(
        "One give since they were last asked for something.",
        "%(n)s gives since they were last asked for something.",
        reason["gives"],
    )


def _asked(reason: Reason, _names: Names) -> str:
    asked = _n(
        "They were asked for one introduction before, or are to be.",
        "They were asked for %(n)s introductions before, or are to be.",
        reason["asked"],
    )
    left = _("%(share)s%% of their readiness is left.", share=round(100 / (1 + reason["fatigue"])))
    return f"{asked} {left}"


def _step(reason: Reason, names: Names) -> str:
    params = {
        "one": _name(names, reason["from"]),
        "other": _name(names, reason["to"]),
        "kinds": kinds(reason["kinds"]),
        "strength": reason["strength"],
    }
    if reason["mutual"]:
        said = _("%(one)s and %(other)s, both ways: %(kinds)s (strength %(strength)s).", **params)
    else:
        said = _("%(one)s and %(other)s, one way: %(kinds)s (strength %(strength)s).", **params)
    if reason["last_seen"] is None:
        return said
    seen = _("Last seen on %(day)s.", day=reason["last_seen"])
    return f"{said} {seen}"


def _share(reason: Reason, names: Names) -> str:
    make = _SHARES.get((reason["of"], reason["on"]))
    if make is None:
        return ""
    found = [_name(names, id) for id in reason["ids"]]
    return make(f"{100 * reason['share']:.0f}", ", ".join(found))


#: What a share is of, and what it rests on. Names are those of people, of the community, or of the
#: colleague: ids of the three are of three tables, so whoever asks hands in those of one.
_SHARES: dict[tuple[str, str], Callable[[str, str], str]] = {
    ("audience", "people"): lambda share, who: _(
        "%(share)s%% of the audience of those engaged is that of three people: %(who)s.",
        share=share,
        who=who,
    ),
    ("audience", "community"): lambda share, who: _(
        "%(share)s%% of the audience of those engaged is in one community: %(who)s.",
        share=share,
        who=who,
    ),
    ("audience", "colleague"): lambda share, who: _(
        "%(share)s%% of the audience of those engaged is with one colleague: %(who)s.",
        share=share,
        who=who,
    ),
    ("ambassadors", "people"): lambda share, who: _(
        "%(share)s%% of the ambassadors are three people: %(who)s.", share=share, who=who
    ),
    ("ambassadors", "community"): lambda share, who: _(
        "%(share)s%% of the ambassadors are in one community: %(who)s.", share=share, who=who
    ),
    ("ambassadors", "colleague"): lambda share, who: _(
        "%(share)s%% of the ambassadors are with one colleague: %(who)s.", share=share, who=who
    ),
    ("interactions", "people"): lambda share, who: _(
        "%(share)s%% of the interactions of the last year were with three people: %(who)s.",
        share=share,
        who=who,
    ),
    ("interactions", "community"): lambda share, who: _(
        "%(share)s%% of the interactions of the last year were with one community: %(who)s.",
        share=share,
        who=who,
    ),
    ("interactions", "colleague"): lambda share, who: _(
        "%(share)s%% of the interactions of the last year were logged by one colleague: %(who)s.",
        share=share,
        who=who,
    ),
}


def _single(reason: Reason, names: Names) -> str:
    alone = _n(
        "One person, of %(of)s contacted, is known by one of us alone.",
        "%(n)s people, of %(of)s contacted, are known by one of us alone.",
        reason["people"],
        of=reason["of"],
    )
    by = [f"{_name(names, id)} ({people})" for id, people in reason["by"]]
    most = _("Most of them by: %(who)s.", who=", ".join(by))
    return f"{alone} {most}"


def _reached(reason: Reason, names: Names) -> str:
    who = ", ".join(_name(names, id) for id in reason["ids"])
    return _n(
        "One person you value follows or mentions them: %(who)s.",
        "%(n)s people you value follow or mention them, such as %(who)s.",
        reason["by"],
        who=who,
    )


def _common(reason: Reason, names: Names) -> str:
    who = ", ".join(_name(names, id) for id in reason["ids"])
    return _n(
        "Both have ties with one person: %(who)s.",
        "Both have ties with %(n)s people, such as %(who)s.",
        reason["common"],
        who=who,
    )


_SENTENCES: dict[str, Callable[[Reason, Names], str]] = {
    "path.stage": _stage,
    "path.spoken": _spoken,
    "path.given": _given,
    "path.asked": _asked,
    "path.step": _step,
    "alike.reached": _reached,
    "alike.rank": lambda reason, _names: _(
        "By influence number %(rank)s of your network.", rank=reason["rank"]
    ),
    "partners.common": _common,
    "partners.apart": lambda *_args: _("They belong to different communities."),
    "mentor.community": lambda *_args: _("An ambassador of the same community."),
    "mentor.tied": lambda *_args: _("They have a tie already."),
    "mentor.common": _common,
    "risk.share": _share,
    "risk.single": _single,
}
