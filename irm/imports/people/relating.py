"""The brand's relationships with people whom a list names, and the tags on them."""

from typing import Any, NamedTuple

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from irm.imports.kinds import Step
from irm.imports.people import giving, prospecting
from irm.imports.people.comparing import Plan
from irm.ledger import counters, proving
from irm.ledger.orders import score_order
from irm.models import (
    UNKNOWN_ORDER,
    Influencer,
    Relationship,
    RelationshipTag,
    Stage,
    StageMove,
    Tag,
    inserts,
)
from irm.models.ids import draw
from irm.models.keys import name_order

_keys: BindParameter[Any] = bindparam("keys", expanding=True)
_people, _tags = (inserts.table_of(model) for model in (Influencer, Tag))

#: A rescoring must not change what they are counted by in between.
_COUNTED = (
    select(
        _people.c.id,
        _people.c.name,
        _people.c.tier,
        _people.c.audience,
        _people.c.reach,
        _people.c.resonance,
        _people.c.archived_at,
    )
    .where(_people.c.id.in_(_keys))
    .order_by(_people.c.id)
    .with_for_update()
)
_NAMED = select(_tags.c.name_key, _tags.c.id).where(
    _tags.c.brand_id == bindparam("brand"), _tags.c.name_key.in_(_keys)
)


class _Counted(NamedTuple):
    """What of a person the board counts, and the keys by which they are sorted."""

    person_id: int
    name: str
    tier: Any
    audience: int | None
    archived_at: Any
    reach: float | None = None
    resonance: float | None = None


def relate(session: Session, plan: Plan, step: Step) -> None:
    """Begin the brand's relationships: unaware, with the first move, counted, given and tagged."""
    _begin(session, plan, step)
    giving.give(session, plan, step)
    _put_tags(session, plan, step)


def _begin(session: Session, plan: Plan, step: Step) -> None:
    new = set(plan.people)
    counted = [
        _Counted(
            p.id or 0, p.now["name"], p.now["tier"], p.now["audience"], p.kept.get("archived_at")
        )
        for p in plan.relates
        if p in new
    ]
    known = [person.id for person in plan.relates if person not in new]
    if known:
        prospecting.end(session, plan.context.brand_id, [id for id in known if id], step)
        counted += [
            _Counted(r.id, r.name, r.tier, r.audience, r.archived_at, r.reach, r.resonance)
            for r in session.connection().execute(_COUNTED, {"keys": known})
        ]
    if not counted:
        return
    drawn = draw(session, {Relationship: len(counted), StageMove: len(counted)})
    ids = dict(zip((one.person_id for one in counted), drawn[Relationship], strict=True))
    for person in plan.relates:
        person.relationship_id = ids[person.id or 0]
    context = plan.context
    owners = {person.id: person.owner and person.owner.id for person in plan.relates}
    inserts.put(
        session,
        Relationship,
        [
            {
                "id": ids[one.person_id],
                "influencer_id": one.person_id,
                "owner_id": owners[one.person_id],
                "name_order": name_order(one.name),
                "reach_order": score_order(one.reach),
                "resonance_order": score_order(one.resonance),
            }
            for one in counted
        ],
        brand_id=context.brand_id,
        stage=Stage.UNAWARE,
        stage_since=context.at,
        fit_order=UNKNOWN_ORDER,
        relevance_order=UNKNOWN_ORDER,
        created_at=context.at,
    )
    inserts.put(
        session,
        StageMove,
        [
            {"id": move, "relationship_id": id}
            for move, id in zip(drawn[StageMove], drawn[Relationship], strict=True)
        ],
        brand_id=context.brand_id,
        to_stage=Stage.UNAWARE,
        at=context.at,
        user_id=context.user_id,
    )
    for model, made in drawn.items():
        step.creates(model, made)
    cells = (
        counters.Cell(
            context.brand_id, Stage.UNAWARE, one.tier, owners[one.person_id], one.audience
        )
        for one in counted
        if one.archived_at is None
    )
    counters.shift(session, [(None, cell) for cell in cells])
    # Of those who are new, nobody has published anything yet.
    begun = [ids[id] for id in known if id]
    proving.settle(session, proving.mentioned(session, begun), context.at)


def _put_tags(session: Session, plan: Plan, step: Step) -> None:
    """Put tags on relationships, beside those that are there; make those that nobody has made."""
    if not plan.tags:
        return
    names = {key: tag for _, tag, key in plan.tags}
    brand = plan.context.brand_id
    found = session.connection().execute(_NAMED, {"brand": brand, "keys": list(names)})
    ids: dict[str, int] = {row.name_key: row.id for row in found}
    if new := [key for key in names if key not in ids]:
        drawn = draw(session, {Tag: len(new)})[Tag]
        ids |= dict(zip(new, drawn, strict=True))
        rows = [{"id": ids[key], "name": names[key], "name_key": key} for key in new]
        inserts.put(session, Tag, rows, brand_id=brand)
        step.creates(Tag, drawn)
    pairs = [
        (person.relationship_id, ids[key])
        for person, _, key in plan.tags
        if person.relationship_id is not None
    ]
    inserts.put(
        session,
        RelationshipTag,
        [{"relationship_id": relationship, "tag_id": tag} for relationship, tag in pairs],
    )
    for relationship, tag in pairs:
        step.tags(relationship, tag)
