"""What stands on a card of the board: the name always, the rest as each colleague likes it."""

from collections.abc import Iterable, Mapping
from typing import Any

from irm.errors import Refused
from irm.i18n import LazyText, _l

#: Every field, in the order of the card.
FIELDS: dict[str, LazyText] = {
    "tier": _l("Tier"),
    "archetype": _l("Archetype"),
    "country": _l("Country"),
    "owner": _l("Owner"),
    "fit": _l("Fit"),
    "reach": _l("Reach"),
    "resonance": _l("Resonance"),
    "relevance": _l("Relevance"),
    "tags": _l("Tags"),
    "earned": _l("Earned stage, where it differs"),
    "balance": _l("Balance: gives against what an ask takes"),
    "since": _l("Days at this stage"),
    "contact": _l("Last contact"),
    "next": _l("Next touchpoint"),
}

#: Those that are scores.
SCORES = ("fit", "reach", "resonance", "relevance")

#: Those shown until somebody chooses.
DEFAULT = (
    "tier",
    "owner",
    "reach",
    "resonance",
    "relevance",
    "earned",
    "balance",
    "since",
    "contact",
    "next",
)


def chosen(words: Iterable[str]) -> tuple[str, ...]:
    """Fields by their words, in the order of the card. Raises Refused where there is none such."""
    wanted = [word for word in words if word]
    for word in wanted:
        if word not in FIELDS:
            raise Refused(_l("There is no field “%(name)s”.", name=word[:80]))
    return tuple(field for field in FIELDS if field in wanted)


def of_user(board: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The fields that somebody has chosen; those of old that are gone are passed over."""
    kept = (board or {}).get("fields")
    if kept is None:
        return DEFAULT
    return tuple(field for field in FIELDS if field in kept)
