"""What is or was planned: touchpoints from our own export, or from a sheet of things to do."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.imports import colleagues
from irm.imports.complaints import Complaint
from irm.imports.history import belonging, relating
from irm.imports.history import cells as words
from irm.imports.history.kind import History, change
from irm.imports.history.record import Record, Settled
from irm.imports.kinds import OVERWRITE, Context, Step
from irm.ledger import relationships as ledger
from irm.models import (
    Channel,
    Kind,
    Planner,
    Stage,
    State,
    Touchpoint,
    Verdict,
    inserts,
)

#: A touchpoint that takes longer is a slip of the finger.
_DAY_MINUTES = 24 * 60

#: Further ahead than this nothing is planned.
_HORIZON = dt.timedelta(days=3 * 366)


class Touchpoints(History):
    """A list of planned contacts: a person, a day and a purpose make one of them.

    One of our own is known by the moment it was planned, wherever it was moved since.
    """

    name = "touchpoints"
    WORDS = {
        "due_on": "due duedate dueday echeance datedecheance dateprevue prevule aplanifier relance"
        " daterelance datederelance prochaincontact nextcontact followup followupdate nextstep"
        " vencimiento fechaprevista proximocontacto deadline remindon",
        "purpose": "objet objectif motif but task tache note notes action asunto objetivo tarea"
        " subject sujet description",
        "kind": "type tipo nature",
        "channel": "canal moyen medium",
        "tactic": "tactique tactica",
        "state": "statut status etat estado",
        "owner": colleagues.OWNERS,
        "campaign": "campagne campana",
    }
    TEXTS = {"purpose": 200, "tactic": 32, "why": 4000, "campaign": 120}
    MOMENTS = ("created_at", "closed_at")
    DAYS = ("due_on",)
    COLLEAGUES = ("owner", "author", "closed_by")
    NUMBERS = ("snoozes", "minutes")
    LISTED = {
        "kind": {**words.CHANNELS, **words.KINDS},
        "channel": words.CHANNELS,
        "state": words.STATES,
        "planned_by": words.PLANNERS,
        "is_pinned": words.FLAGS,
    }
    OWN = frozenset(("dueon", "plannedby", "purpose"))
    SIGNS = (frozenset(("due_on",)),)
    NEEDED = ("due_on",)
    ruled: Mapping[str, str] = {
        "due_on": OVERWRITE,
        "state": OVERWRITE,
        "owner": OVERWRITE,
        "kind": OVERWRITE,
    }

    def told(self, record: Record) -> Record:
        """Return a record with its mark. Raises Complaint where it names no day."""
        said = dict(record.said)
        if not isinstance(said.get("due_on"), dt.date):
            raise self._no_day(record)
        if said.get("minutes", 0) > _DAY_MINUTES:
            unread = f"minutes: {said.pop('minutes')}"
            record = record._replace(unread=(*record.unread, unread))
        if isinstance(said.get("kind"), Channel):
            said.setdefault("channel", said.pop("kind"))
        mark = (_iso(said.get("created_at")), _iso(said["due_on"]), said.get("purpose", ""))
        return record._replace(said=said, mark=mark)

    def _no_day(self, record: Record) -> Complaint:
        """What is wrong with the day of a row: there is none, or it is no day, or too long ago."""
        for column in self.columns["due_on"]:
            heading = f"{self._headings[column]}: "
            for cell in record.unread:
                if cell.startswith(heading):
                    return Complaint("bad_day", day=cell.removeprefix(heading))
        return Complaint("no_day")

    def settle(self, session: Session, decisions: Sequence[Settled], context: Context) -> None:
        """Find those that are stored; refuse a day nobody can mean.

        What is open and new is somebody's, and an ask only where it was one in irm already.
        """
        stored = _stored(session, decisions)
        owners = belonging.owners(session, decisions)
        running = belonging.campaigns(session, decisions, context.brand_id)
        taken: set[int] = set()
        for one in decisions:
            assert one.known is not None
            if one.said["due_on"] > context.at.date() + _HORIZON:
                one.verdict, one.complaint = Verdict.REFUSED, Complaint("too_far")
                continue
            belonging.put_into_campaign(one, running)
            candidates = stored.get(one.known.relationship_id or 0, ())
            found = _same(one.said, [row for row in candidates if row.id not in taken])
            if found is None:
                belonging.give_to_somebody(one, owners, context)
                one.values = _columns(one, context)
                continue
            taken.add(found.id)
            one.target = found
            values = {name: one.said[name] for name in _RENEWED if name in one.said}
            values |= {name: one.values[name] for name in _FOUND if name in one.values}
            _leave_closed(one, found, values)
            values |= {name: str(values[name]) for name in ("channel", "kind") if name in values}
            change(one, found._mapping, values, {**self.ruled, **context.field_rules})

    def write(
        self, session: Session, decisions: Sequence[Any], context: Context, step: Step
    ) -> None:
        """Write touchpoints in the order of the file, and keep the next days."""
        relationships = relating.related(session, decisions, context, step)
        made: list[Touchpoint] = []
        for one in decisions:
            if one.verdict is Verdict.UPDATED:
                relating.rewrite(session, Touchpoint, one, step)
            elif one.verdict is Verdict.CREATED and one.influencer_id is not None:
                of = relationships[one.influencer_id]
                made.append(Touchpoint(relationship_id=of.id, **one.values))
        session.add_all(made)
        session.flush()
        step.creates(Touchpoint, [new.id for new in made])
        _point_back(session, made)
        ledger.rebuild_these(session, sorted(of.id for of in relationships.values()))


_RENEWED = (
    "due_on",
    "state",
    "kind",
    "channel",
    "minutes",
    "is_pinned",
    "snoozes",
    "closed_at",
)
_FOUND = ("owner_id", "closed_by_id", "campaign_id")


def _iso(said: dt.date | None) -> str:
    return said.isoformat() if said is not None else ""


def _stored(session: Session, decisions: Sequence[Settled]) -> Mapping[int, list[Any]]:
    """Return all touchpoints of these relationships, in the order they were made."""
    of = {one.known.relationship_id for one in decisions if one.known is not None} - {None}
    stored: dict[int, list[Any]] = defaultdict(list)
    if of:
        found = select(*inserts.table_of(Touchpoint).c).where(Touchpoint.relationship_id.in_(of))
        for row in session.execute(found.order_by(Touchpoint.id)):
            stored[row.relationship_id].append(row)
    return stored


def _same(said: Mapping[str, Any], stored: Sequence[Any]) -> Any:
    """Return the stored touchpoint that a row is about; None where it is a new one."""
    if planned := said.get("created_at"):
        stored = [row for row in stored if row.created_at == planned]
        alike = [row for row in stored if row.due_on == said["due_on"]]
        if not alike and len(stored) == 1:
            return stored[0]  # It was moved to another day since.
    else:
        alike = [row for row in stored if row.due_on == said["due_on"]]
    purpose = said.get("purpose", "")
    return next((row for row in alike if row.purpose == purpose), None)


def _columns(one: Settled, context: Context) -> dict[str, Any]:
    """The columns of a new touchpoint: what a row leaves open is a talk that is still to come."""
    said = one.said
    state = said.get("state", State.OPEN)
    closed = None if state is State.OPEN else said.get("closed_at", context.at)
    channel = said.get("channel")
    return {
        "due_on": said["due_on"],
        "kind": str(_kind(one, state)),
        "purpose": said.get("purpose", ""),
        "tactic": said.get("tactic"),
        "channel": str(channel) if channel else None,
        "state": state,
        "planned_by": said.get("planned_by", Planner.PERSON),
        "why": _why(said.get("why", "")),
        "campaign_id": one.values.get("campaign_id"),
        "minutes": said.get("minutes"),
        "is_pinned": said.get("is_pinned", False),
        "snoozes": said.get("snoozes", 0),
        "closed_at": closed,
        "created_at": said.get("created_at", context.at),
        **{name: one.values.get(name) for name in ("owner_id", "author_id", "closed_by_id")},
    }


def _kind(one: Settled, state: State) -> Kind:
    """What a new touchpoint is. Nobody gets around the gate by a list: an open ask is a talk.

    One that was planned in irm passed the gate there, and is judged again when it is logged.
    """
    kind: Kind = one.said.get("kind", Kind.TALK)
    if kind is not Kind.ASK or state is not State.OPEN:
        return kind
    before = one.complaint.params if one.complaint else {}
    if "created_at" in one.said:
        one.complaint = one.complaint or Complaint("ask_kept")
        return kind
    without = before.get("cells") or before.get("emails") or before.get("name")
    one.complaint = (
        Complaint("ask_as_talk_without", cells=without) if without else Complaint("ask_as_talk")
    )
    return Kind.TALK


def _leave_closed(one: Settled, stored: Any, values: dict[str, Any]) -> None:
    """Let no row make an open ask of a touchpoint that is none now."""
    kind, state = values.get("kind", stored.kind), values.get("state", stored.state)
    is_one = stored.kind == Kind.ASK and stored.state is State.OPEN
    if kind == Kind.ASK and state is State.OPEN and not is_one:
        one.complaint = Complaint("ask_stays")
        for name in ("kind", "state", "closed_at"):
            values.pop(name, None)


def _why(text: str) -> dict[str, Any]:
    """Read a reason as we export it, and nothing in it that is not one of ours."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        found = {}
    if not isinstance(found, dict) or not isinstance(found.get("code"), str):
        return {"code": "planned"}
    why: dict[str, Any] = {"code": found["code"][:32]}
    if type(found.get("days")) is int and 0 <= found["days"] < 1000:
        why["days"] = found["days"]
    if found.get("stage") in tuple(Stage):
        why["stage"] = found["stage"]
    if found.get("replaced") is True:
        why["replaced"] = True
    if isinstance(found.get("replaces"), list):
        why["replaces"] = [one for one in found["replaces"] if isinstance(one, str)]
    return why


def _point_back(session: Session, made: Sequence[Touchpoint]) -> None:
    """Let touchpoints know which of irm's own they replaced, as these have ids again."""
    for new in made:
        if not new.why.get("replaces"):
            continue
        found = session.scalars(
            select(Touchpoint.id)
            .where(
                Touchpoint.relationship_id == new.relationship_id,
                Touchpoint.created_at.in_(_moments(new.why["replaces"])),
                Touchpoint.planned_by != Planner.PERSON,
                Touchpoint.id != new.id,
            )
            .order_by(Touchpoint.id)
        ).all()
        new.why = {**new.why, "replaces": list(found)}
    session.flush()


def _moments(texts: Sequence[str]) -> list[dt.datetime]:
    try:
        found = [dt.datetime.fromisoformat(one) for one in texts]
    except ValueError:
        return []
    return [one for one in found if one.tzinfo is not None]
