"""A person's tier, in words: by the scores, or by whose hand, why, and the way back."""

from typing import Any

from irm.db import db
from irm.i18n import _
from irm.models import Influencer, User
from irm.scoring import reasons, sentences, tiers
from irm.scoring.rules import Rules
from irm.web.words import Words


def shown(influencer: Influencer, said: Words, rules: Rules) -> dict[str, Any]:
    """The tier as a line of the scores; `by_hand` is what a colleague said, where one set it."""
    thresholds = rules.thresholds
    computed = tiers.tier(influencer.audience, influencer.archetype, thresholds)
    why = reasons.of_tier(computed, influencer.audience, influencer.archetype, thresholds)
    told = [sentences.sentence(one, said.number) for one in why]
    is_by_hand = is_set(influencer)
    if is_by_hand:
        told.insert(0, _("By the scores it would be: %(tier)s.", tier=computed.label))
    return {
        "words": _("Tier"),
        "value": influencer.tier.label,
        "bar": None,
        "reasons": [text for text in told if text],
        "by_hand": _by_hand(influencer, said) if is_by_hand else "",
        "computed": computed.label,
    }


def is_set(influencer: Influencer) -> bool:
    """Whether a colleague set the tier."""
    return tiers.is_chosen(influencer.tier_set_by_id, influencer.tier_reason)


def label(influencer: Influencer) -> str:
    """The tier, and that it was set by hand, where it was."""
    if is_set(influencer):
        return _("%(tier)s, set by hand", tier=influencer.tier.label)
    return str(influencer.tier.label)


def _by_hand(influencer: Influencer, said: Words) -> str:
    """Who set it, when and why; the reason outlives a colleague who was removed."""
    by = db.session.get(User, influencer.tier_set_by_id) if influencer.tier_set_by_id else None
    name, why, at = by.name if by else "", influencer.tier_reason or "", influencer.tier_set_at
    day = said.date[said.day(at)] if at else ""
    if name and day:
        who = _("Set by %(name)s on %(day)s", name=name, day=day)
    elif name:
        who = _("Set by %(name)s", name=name)
    else:
        who = _("Set by hand on %(day)s", day=day) if day else _("Set by hand")
    return _("%(who)s: %(why)s", who=who, why=why) if why else f"{who}."
