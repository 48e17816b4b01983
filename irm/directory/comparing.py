"""Two people side by side: where they differ, which value is likely the better one, what moves."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from irm.directory import moving
from irm.directory.moving import Row
from irm.models import LawfulBasis, Origin, Stage
from irm.models.keys import fold

KEPT, GONE = "kept", "gone"

#: What is chosen between two people, and the columns that go together.
FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "country": ("country",),
    "city": ("city",),
    "language": ("language",),
    "further_languages": ("further_languages",),
    "timezone": ("timezone",),
    "bio": ("bio",),
    "categories": ("categories",),
    "archetype": ("archetype",),
    "origin": ("origin",),
    "tier": ("tier_reason", "tier_set_by_id", "tier_set_at", "tier"),
    "preferred_channel": ("preferred_channel",),
    "contact_ceiling": ("contact_ceiling",),
    "do_not_contact": ("do_not_contact",),
    "business_model": ("business_model",),
    "looks_for": ("looks_for",),
    "may_be_paid": ("may_be_paid", "may_be_paid_why"),
    "source": ("source",),
    "lawful_basis": ("lawful_basis",),
}

#: Columns that are computed; nobody chooses them.
COMPUTED = ("audience", "reach", "resonance")

#: What a person has where nobody said anything.
_UNSAID = (None, "", False, Origin.EXTERNAL, LawfulBasis.LEGITIMATE_INTEREST.value)

_STAGES = tuple(Stage)
_PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two people differ in, and whose value is proposed."""

    name: str
    kept: Any
    gone: Any
    proposed: str
    #: When the other one came here, where both are filled and the proposed one is the older.
    newer: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """Two relationships with one brand, and whose stage and owner are proposed."""

    brand_id: int
    kept: Row
    gone: Row
    stage: str
    owner: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a merge has to decide, and what it moves: counts by word."""

    kept: Row
    gone: Row
    differences: list[Difference]
    shared: list[Shared]
    moving: dict[str, int]


def compare(
    session: Session, kept_id: int, gone_id: int, brand_ids: Iterable[int] | None = None
) -> Comparison | None:
    """Compare two people, or None where one of them is not there.

    `brand_ids` are the brands whose relationships the reader may see; None stands for all.
    """
    people = moving.table("influencers")
    found = session.execute(select(people).where(people.c.id.in_((kept_id, gone_id)))).mappings()
    rows = {row["id"]: dict(row) for row in found}
    if len(rows) < 2:
        return None
    kept, gone = rows[kept_id], rows[gone_id]
    related = relationships(session, kept_id, gone_id)
    seen = None if brand_ids is None else set(brand_ids)
    pairs = [pair for pair in shared(related, kept_id) if seen is None or pair.brand_id in seen]
    theirs = [
        row["id"]
        for row in related
        if row["influencer_id"] == gone_id and (seen is None or row["brand_id"] in seen)
    ]
    return Comparison(
        kept,
        gone,
        differences(kept, gone, handles(session, (kept_id, gone_id))),
        pairs,
        _counts(session, gone_id, theirs),
    )


def relationships(session: Session, kept_id: int, gone_id: int) -> list[Row]:
    """All relationships of both."""
    rows = moving.table("relationships")
    found = select(rows).where(rows.c.influencer_id.in_((kept_id, gone_id))).order_by(rows.c.id)
    return [dict(row) for row in session.execute(found).mappings()]


def handles(session: Session, people: Iterable[int]) -> set[str]:
    """The handles of some people, bare of punctuation."""
    accounts = moving.table("accounts")
    found = select(accounts.c.handle_key).where(accounts.c.influencer_id.in_(list(people)))
    return {_bare(handle) for handle in session.scalars(found)}


def differences(kept: Row, gone: Row, handles: set[str]) -> list[Difference]:
    """The fields in which two people differ, those that are filled on both sides or on one."""
    found = []
    for name, columns in FIELDS.items():
        mine, yours = kept[columns[0]], gone[columns[0]]
        if name == "tier":
            if not (_is_chosen(kept) or _is_chosen(gone)):
                continue
            mine, yours = kept["tier"], gone["tier"]
        if mine != yours and not (mine in (None, "") and yours in (None, "")):
            side = _proposed(name, kept, gone, handles)
            newer = gone["created_at"] if side == KEPT and _is_newer(name, kept, gone) else None
            found.append(Difference(name, mine, yours, side, newer))
    return found


def shared(related: Iterable[Row], kept_id: int) -> list[Shared]:
    """The relationships of both that are with one brand, by brand."""
    by_brand: dict[int, dict[str, Row]] = {}
    for row in related:
        side = KEPT if row["influencer_id"] == kept_id else GONE
        by_brand.setdefault(row["brand_id"], {})[side] = row
    return [
        Shared(brand, pair[KEPT], pair[GONE], _further(pair), _owner(pair))
        for brand, pair in sorted(by_brand.items())
        if len(pair) == 2
    ]


def chosen(choices: Mapping[str, str], name: str, proposed: str) -> str:
    """The side that was chosen, or the proposed one where nobody chose."""
    side = choices.get(name)
    return side if side in (KEPT, GONE) else proposed


def _proposed(name: str, kept: Row, gone: Row, handles: set[str]) -> str:
    """The more careful, then filled over empty, chosen over computed, and then the kept one's.

    Somebody chose who is kept for what stands there; that the other came later says little.
    """
    if name == "contact_ceiling" and None not in (kept[name], gone[name]):
        return KEPT if kept[name] <= gone[name] else GONE
    if name == "may_be_paid" and False in (kept[name], gone[name]):
        # Somebody had a reason to say no; that nobody did elsewhere takes nothing from it.
        return KEPT if kept[name] is False else GONE
    mine, yours = _is_said(name, kept), _is_said(name, gone)
    if name == "name":
        # A name that is only the handle was made by an import that knew no better.
        mine, yours = _bare(kept[name]) not in handles, _bare(gone[name]) not in handles
    return GONE if yours and not mine else KEPT


def _is_said(name: str, person: Row) -> bool:
    """Whether somebody said this of a person, or it is what stands where nobody did."""
    if name == "tier":
        return _is_chosen(person)
    if name == "contact_ceiling":
        # None at all is a wish, though Python takes 0 for False.
        return person[name] is not None
    return person[name] not in _UNSAID


def _is_newer(name: str, kept: Row, gone: Row) -> bool:
    """Whether both say something, and the other one came here on a later day."""
    both = _is_said(name, kept) and _is_said(name, gone)
    return both and gone["created_at"].date() > kept["created_at"].date()


def _is_chosen(person: Row) -> bool:
    return person["tier_set_by_id"] is not None or person["tier_reason"] is not None


def _bare(text: str) -> str:
    return _PUNCTUATION.sub("", fold(text))


def _further(pair: dict[str, Row]) -> str:
    mine, yours = (_STAGES.index(pair[side]["stage"]) for side in (KEPT, GONE))
    return KEPT if mine >= yours else GONE


def _owner(pair: dict[str, Row]) -> str:
    """Whoever looks after them; of two, the one who spoke with them last."""
    mine, yours = pair[KEPT], pair[GONE]
    if mine["owner_id"] is None or yours["owner_id"] is None:
        return GONE if mine["owner_id"] is None and yours["owner_id"] is not None else KEPT
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    spoke = [row["last_contact_at"] or never for row in (mine, yours)]
    return KEPT if spoke[0] >= spoke[1] else GONE


def _counts(session: Session, gone_id: int, relationship_ids: list[int]) -> dict[str, int]:
    """How much of the gone moves; of relationships, only what hangs on these."""
    asked = {
        "interactions": ("relationship_id", relationship_ids),
        "touchpoints": ("relationship_id", relationship_ids),
        "stage_moves": ("relationship_id", relationship_ids),
        "relationship_tags": ("relationship_id", relationship_ids),
        "accounts": ("influencer_id", [gone_id]),
        "contact_points": ("influencer_id", [gone_id]),
    }
    parts = []
    for name, (column, values) in asked.items():
        rows = moving.table(name)
        counted = select(func.count()).select_from(rows).where(rows.c[column].in_(values))
        parts.append(counted.scalar_subquery().label(name))
    counted_all = session.execute(select(*parts)).one()
    return {"relationships": len(relationship_ids), **dict(zip(asked, counted_all, strict=True))}
