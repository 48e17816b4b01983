"""What a brand has with its people: stage, owner, cadence, tags."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from irm.directory import tags
from irm.errors import Refused
from irm.imports import colleagues, handing, placing
from irm.imports.complaints import Complaint
from irm.imports.history import cells as words
from irm.imports.history import relating
from irm.imports.history.kind import History, change
from irm.imports.history.record import Record, Settled
from irm.imports.kinds import OVERWRITE, Context, Step
from irm.models import Relationship, RelationshipTag, StageMove, Tag, Verdict, inserts
from irm.models.keys import fold


class Relationships(History):
    """A list of people with where each of them stands with the brand."""

    name = "relationships"
    WORDS = {
        "stage": "etape etapa funnelstage etapedufunnel niveaudengagement",
        "stage_since": "since depuis desde etapedepuis stagedate",
        "owner": colleagues.OWNERS,
        "level": "niveau nivel",
        "tags": "tag etiquette etiquettes etiqueta etiquetas libelles labels label motscles",
        "paused_until": "pausejusqu pausejusquau pauseduntil enpausejusquau",
        "paused_why": "raisondelapause pausereason",
    }
    TEXTS = {"paused_why": 200, "tags": 4000}
    MOMENTS = ("stage_since", "created_at")
    DAYS = ("paused_until",)
    COLLEAGUES = AT_WORK = ("owner",)
    NUMBERS = ("cadence_ideal", "cadence_worst")
    LISTED = {"stage": words.STAGES, "level": words.LEVELS}
    OWN = frozenset(("stage", "stagesince", "cadenceideal"))
    SIGNS = (frozenset(("stage",)),)
    ruled: Mapping[str, str] = dict.fromkeys(
        ("stage", "owner", "level", "cadence_ideal", "cadence_worst", "paused_until", "paused_why"),
        OVERWRITE,
    )

    def told(self, record: Record) -> Record:
        """Return a record, its tags as a list. Raises Complaint where it says nothing."""
        said = dict(record.said)
        for name in self.MOMENTS:
            if name in said and not isinstance(said[name], dt.datetime):
                said[name] = dt.datetime.combine(said[name], dt.time(12), dt.UTC)
        if "tags" in said:
            try:
                said["tags"] = words.words(said["tags"])
            except ValueError:
                raise Complaint("bad_tags") from None
        return record._replace(said=said)

    def settle(self, session: Session, decisions: Sequence[Settled], context: Context) -> None:
        """Compare what rows say with where the relationships stand."""
        stored, tagged = _stored(session, decisions)
        moved = _moved(session, stored)
        taken: dict[int, int] = {}
        for one in decisions:
            assert one.known is not None
            id = one.known.influencer_id
            if id in taken:
                row = Complaint("overruled", row=taken[id])
                one.verdict, one.complaint = Verdict.CONFLICT, row
                continue
            taken[id] = one.number
            columns = {name: one.said[name] for name in _PLAIN if name in one.said}
            if "owner_id" in one.values:
                columns["owner_id"] = one.values["owner_id"]
            found = stored.get(one.known.relationship_id or 0)
            if found is None:
                one.values = columns
                continue
            one.target = found
            _weigh(columns, found, moved)
            change(one, found._mapping, columns, {**self.ruled, **context.field_rules})
            _go_together(one, found, context)
            fresh = _fresh(one.said.get("tags", ()), tagged[found.id])
            if fresh:
                one.changes["tags"] = [None, ", ".join(fresh)]
                one.verdict = Verdict.UPDATED

    def write(
        self, session: Session, decisions: Sequence[Any], context: Context, step: Step
    ) -> None:
        """Write where relationships stand; a stage that changes is a move."""
        relationships = relating.related(session, decisions, context, step)
        wanted: dict[int, dict[str, Any]] = {}
        given: dict[int, tuple[int | None, int]] = {}
        for one in decisions:
            if one.verdict not in (Verdict.CREATED, Verdict.UPDATED) or not one.influencer_id:
                continue
            of = relationships[one.influencer_id]
            if one.verdict is Verdict.CREATED and "stage" in one.values:
                one.values.setdefault("stage_since", context.at)
            _antedate(session, of, one.values, step)
            _move(session, of, one.values, step)
            wanted[of.id] = one.values
            if one.values.get("owner_id", of.owner_id) != of.owner_id:
                given[of.id] = of.owner_id, one.values["owner_id"]
            _tag(session, of.id, one, context, step)
        placing.rewrite(session, wanted, step)
        handing.give_along(session, given, context, step)


_PLAIN = (
    "stage",
    "stage_since",
    "level",
    "cadence_ideal",
    "cadence_worst",
    "paused_until",
    "paused_why",
    "created_at",
)
_BEGINNINGS = ("created_at", "stage_since")


def _stored(
    session: Session, decisions: Sequence[Settled]
) -> tuple[dict[int, Any], Mapping[int, set[str]]]:
    """Return the stored relationships, and the folded names of their tags."""
    of = {one.known.relationship_id for one in decisions if one.known is not None} - {None}
    tagged: dict[int, set[str]] = defaultdict(set)
    if not of:
        return {}, tagged
    for id, key in session.execute(
        select(RelationshipTag.relationship_id, Tag.name_key)
        .join(Tag, Tag.id == RelationshipTag.tag_id)
        .where(RelationshipTag.relationship_id.in_(of))
    ):
        tagged[id].add(key)
    table = inserts.table_of(Relationship)
    found = session.execute(select(*table.c).where(table.c.id.in_(of)))
    return {row.id: row for row in found}, tagged


def _moved(session: Session, ids: Iterable[int]) -> dict[int, dt.datetime]:
    """Return when each of some relationships was last moved, births aside."""
    found = session.execute(
        select(StageMove.relationship_id, func.max(StageMove.at))
        .where(StageMove.relationship_id.in_(ids), StageMove.from_stage.is_not(None))
        .group_by(StageMove.relationship_id)
    )
    return {row[0]: row[1] for row in found}


def _weigh(columns: dict[str, Any], stored: Any, moved: Mapping[int, dt.datetime]) -> None:
    """Leave out what the list is too old, or too young, to know."""
    if "created_at" in columns and columns["created_at"] > stored.created_at:
        del columns["created_at"]  # We had known them before it did.
    since, last = columns.get("stage_since"), moved.get(stored.id)
    if since and last and since < last and columns.get("stage", stored.stage) is not stored.stage:
        del columns["stage"], columns["stage_since"]  # They were moved since.


def _go_together(one: Settled, stored: Any, context: Context) -> None:
    """A stage and its clock are one thing: a rule that keeps the one keeps the other."""
    if one.said.get("stage", stored.stage) is stored.stage:
        return
    if "stage" not in one.values:  # Kept by its rule.
        one.values.pop("stage_since", None)
        one.changes.pop("stage_since", None)
        one.verdict = Verdict.UPDATED if one.values else Verdict.SAME
    elif "stage_since" not in one.said:
        one.values["stage_since"] = context.at


def _move(session: Session, of: Relationship, values: Mapping[str, Any], step: Step) -> None:
    """Put the move on record that led to another stage; irm itself makes it."""
    if values.get("stage", of.stage) is of.stage:
        return
    at = values.get("stage_since", of.stage_since)
    there = select(StageMove.id).where(
        StageMove.relationship_id == of.id,
        StageMove.at == at,
        StageMove.to_stage == values["stage"],
    )
    if session.scalar(there.limit(1)) is None:
        made = StageMove(
            relationship_id=of.id,
            brand_id=of.brand_id,
            from_stage=of.stage,
            to_stage=values["stage"],
            at=at,
        )
        session.add(made)
        session.flush()
        step.creates(StageMove, [made.id])


def _antedate(session: Session, of: Relationship, values: Mapping[str, Any], step: Step) -> None:
    """Let a relationship that a list began be as old as the list's own word of it."""
    earliest = min([of.created_at, *(values[name] for name in _BEGINNINGS if name in values)])
    birth = session.execute(
        select(*inserts.table_of(StageMove).c).where(
            StageMove.relationship_id == of.id,
            StageMove.from_stage.is_(None),
            StageMove.at == of.created_at,
        )
    ).first()
    if birth is not None and earliest < birth.at:
        antedated = Settled(0, Verdict.UPDATED, target=birth, values={"at": earliest})
        relating.rewrite(session, StageMove, antedated, step)


def _fresh(names: Sequence[str], tagged: set[str]) -> list[str]:
    return [name for name in names if fold(name) not in tagged]


def _tag(session: Session, id: int, one: Settled, context: Context, step: Step) -> None:
    """Put tags on; one that cannot be a tag is left out, with a note."""
    for name in one.said.get("tags", ()):
        key = fold(name)
        was_there = session.scalar(
            select(Tag.id).where(Tag.brand_id == context.brand_id, Tag.name_key == key)
        )
        try:
            tag = tags.named(session, context.brand_id, name)
        except Refused:
            one.complaint = Complaint("bad_tag", tag=name[:60])
            continue
        if was_there is None:
            step.creates(Tag, [tag.id])
        if tags.put(session, id, tag.id):
            step.tags(id, tag.id)
