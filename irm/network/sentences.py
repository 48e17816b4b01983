"""Reasons of paths, proposals and risks as sentences, made when shown, in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from irm.i18n import _, _n
from irm.models import Stage, TieKind

Reason: TypeAlias = Mapping[str, Any]
Names: TypeAlias = Mapping[int, str]


def sentence(reason: Reason, names: Names) -> str:
    """Make the sentence of a reason; `names` are those of the people and colleagues it may name.

    A code this version does not know gives "".
    """
    make = _SENTENCES.get(str(reason.get("code")))
    return "" if make is None else make(reason, names)


def kinds(words: list[str]) -> str:
    """Name the kinds of some ties, in lower case but for the first."""
    known = {kind.value: str(kind.label) for kind in TieKind}
    found = [known.get(word, word) for word in words]
    return ", ".join([*found[:1], *(word[:1].lower() + word[1:] for word in found[1:])])


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
    return f"{said} {_('Last seen on %(day)s.', day=reason['last_seen'])}"


_SENTENCES: dict[str, Callable[[Reason, Names], str]] = {
    "path.stage": _stage,
    "path.spoken": _spoken,
    "path.given": _given,
    "path.asked": _asked,
    "path.step": _step,
}
