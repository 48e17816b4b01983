"""Evidence in sentences: what a stage rests on, and what the next one still takes."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from irm.i18n import _, _n
from irm.ledger.evidence import Earned
from irm.ledger.proving import Gathered
from irm.models import ProofKind, Stage
from irm.web.words import Words

_STAGES = tuple(Stage)


def lacks(missing: Iterable[Mapping[str, Any]]) -> list[str]:
    """What a stage still takes, a sentence for each code; an unknown code says nothing."""
    return [text for one in missing if (text := _lack(one))]


def _lack(one: Mapping[str, Any]) -> str:
    code, days = one.get("code"), one.get("days", 0)
    if code == "sign":
        return _("no reply, follow, mention or application from them yet")
    if code == "exchanges":
        return _(
            "%(have)s of %(n)s exchanges both ways in the last %(days)s days",
            have=one.get("have", 0),
            n=one.get("n", 0),
            days=days,
        )
    if code == "activity":
        return _("no activity they took part in, in the last %(days)s days", days=days)
    if code == "agreement":
        return _("no agreement in force")
    if code == "mention":
        return _("no mention of their own accord in the last %(days)s days", days=days)
    return ""


def next_stage(earned: Stage | None) -> Stage | None:
    """The stage above what was earned; None at the last one."""
    place = _STAGES.index(earned) + 1 if earned else 1
    return _STAGES[place] if place < len(_STAGES) else None


def missing(earned: Earned) -> str:
    """What the next stage still takes, in one sentence; empty at the last one."""
    above = next_stage(earned.stage)
    if above is None:
        return ""
    return _("For “%(stage)s”: %(what)s.", stage=above.label, what="; ".join(lacks(earned.missing)))


def earned_words(stage: Stage | None) -> str:
    """The earned stage, or that nothing is proven."""
    return str(stage.label) if stage else _("Nothing proven")


def newest(on: dt.date | None, said: Words) -> str:
    """How old the newest proof is; empty where there is none."""
    return _("newest proof %(when)s", when=said.near[on]) if on else ""


def rests_on(gathered: Gathered, earned: Earned, said: Words) -> str:
    """What there is of evidence, counted by kind, in one sentence."""
    kinds = Counter(one.fact.kind for one in gathered.sources)
    parts = [_COUNTED[kind](kinds[kind]) for kind in ProofKind if kinds[kind]]
    if not parts:
        return _("No evidence.")
    if gathered.exchanges:
        n = len(gathered.exchanges)
        parts.insert(0, _n("%(n)s exchange both ways", "%(n)s exchanges both ways", n))
    if earned.on is None:
        return _("Whatever its age: %(evidence)s.", evidence=", ".join(parts))
    return _(
        "Newest that counts on %(day)s. Whatever its age: %(evidence)s.",
        evidence=", ".join(parts),
        # With a move it is kept as its reason: no "yesterday".
        day=said.date[earned.on],
    )


_COUNTED = {
    ProofKind.REPLY: lambda n: _n("%(n)s reply", "%(n)s replies", n),
    ProofKind.FOLLOW: lambda n: _n("%(n)s follow", "%(n)s follows", n),
    ProofKind.MENTION: lambda n: _n("%(n)s mention", "%(n)s mentions", n),
    ProofKind.APPLICATION: lambda n: _n("%(n)s application", "%(n)s applications", n),
    ProofKind.ACTIVITY: lambda n: _n("%(n)s accepted activity", "%(n)s accepted activities", n),
    ProofKind.AGREEMENT: lambda n: _n("%(n)s agreement", "%(n)s agreements", n),
}
