"""The columns of the list: which there are, which are shown, and what each reads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from irm.errors import Refused
from irm.i18n import LazyText, _l
from irm.models import ContactPoint, Influencer, Relationship, RelationshipTag, Tag, User
from irm.models.keys import fold

owner = aliased(User, name="owner")

#: Stands between the tags of a row; in no tag, as each is one line of text.
_BETWEEN = "\n"

_tags = (
    select(func.aggregate_strings(Tag.name, _BETWEEN))
    .join(RelationshipTag, RelationshipTag.tag_id == Tag.id)
    .where(RelationshipTag.relationship_id == Relationship.id)
    .correlate(Relationship)
    .scalar_subquery()
)


_first_email = (
    select(ContactPoint.value)
    .where(ContactPoint.influencer_id == Relationship.influencer_id, ContactPoint.kind == "email")
    .order_by(ContactPoint.id)
    .limit(1)
    .correlate(Relationship)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the list; the name is always there and stands first."""

    label: LazyText
    #: What it reads of Relationship, Influencer and owner.
    expressions: tuple[Any, ...]
    is_number: bool = False
    #: The word of `sorting.Sort` that a click on its head sorts by.
    sort: str = ""


#: Every column, in the order they are offered.
COLUMNS: dict[str, Column] = {
    "stage": Column(_l("Stage"), (Relationship.stage,)),
    "tier": Column(_l("Tier"), (Influencer.tier,)),
    "fit": Column(_l("Fit"), (Relationship.fit,), True, "fit"),
    "reach": Column(_l("Reach"), (Influencer.reach,), True, "reach"),
    "resonance": Column(_l("Resonance"), (Influencer.resonance,), True, "resonance"),
    "relevance": Column(_l("Relevance"), (Relationship.relevance,), True, "relevance"),
    # Reach is made of the audience alone: both sort alike.
    "audience": Column(_l("Audience"), (Influencer.audience,), True, "reach"),
    "contact": Column(_l("Last contact"), (Relationship.last_contact_at,), False, "contact"),
    "next": Column(
        _l("Next touchpoint"),
        # During a pause nothing is overdue.
        (Relationship.next_touchpoint_on, Relationship.paused_until),
        False,
        "next",
    ),
    "owner": Column(_l("Owner"), (owner.name.label("owner_name"),)),
    "tags": Column(_l("Tags"), (_tags.label("tags"),)),
    "email": Column(_l("E-mail"), (_first_email.label("email"),)),
    "country": Column(_l("Country"), (Influencer.country,)),
    "city": Column(_l("City"), (Influencer.city,)),
    "language": Column(_l("Language"), (Influencer.language,)),
    "archetype": Column(_l("Archetype"), (Influencer.archetype,)),
    "origin": Column(_l("Origin"), (Influencer.origin,)),
    "earned": Column(_l("Earned stage"), (Relationship.earned_stage,)),
    "since": Column(_l("At this stage since"), (Relationship.stage_since,)),
    "age": Column(
        _l("Age"),
        (
            Relationship.stage,
            Relationship.stage_since,
            Relationship.last_contact_at,
            Relationship.next_touchpoint_on,
            Relationship.paused_until,
        ),
    ),
    "paused": Column(_l("Paused until"), (Relationship.paused_until,)),
    "gives": Column(_l("Gives since the last ask"), (Relationship.gives_since_ask,), True),
    "added": Column(_l("Added"), (Relationship.created_at,), False, "added"),
}

#: Those shown until somebody chooses.
DEFAULT = (
    "stage",
    "tier",
    "fit",
    "reach",
    "resonance",
    "relevance",
    "audience",
    "contact",
    "next",
    "owner",
    "tags",
)


def chosen(words: Iterable[str]) -> tuple[str, ...]:
    """Columns by their words, each once. Raises Refused where there is none of that word."""
    found = tuple(dict.fromkeys(word for word in words if word))
    for word in found:
        if word not in COLUMNS:
            raise Refused(_l("There is no column “%(name)s”.", name=word[:80]))
    return found


def expressions(words: Sequence[str]) -> list[Any]:
    """What a statement selects for these columns; what two of them read, once."""
    return list(dict.fromkeys(one for word in words for one in COLUMNS[word].expressions))


def tag_names(together: str | None) -> list[str]:
    """The tags of a row, which it has as one text, by name."""
    return sorted(together.split(_BETWEEN), key=fold) if together else []
