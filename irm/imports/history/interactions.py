"""What happened: exchanges from our own export, or from the sheet somebody kept before irm."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.directory import search
from irm.funnel import links
from irm.funnel.interactions import PRESENT_LENGTH, SUMMARY_LENGTH
from irm.imports.complaints import Complaint
from irm.imports.history import cells as words
from irm.imports.history import relating
from irm.imports.history.kind import History, change
from irm.imports.history.record import Record, Settled
from irm.imports.kinds import OVERWRITE, Context, Step
from irm.ledger import proving
from irm.ledger import relationships as ledger
from irm.models import (
    Brand,
    Channel,
    Direction,
    Interaction,
    Kind,
    Relationship,
    Touchpoint,
    Verdict,
    Visibility,
    inserts,
)

#: A bare day stands for its noon at the brand: the same day in nearly every zone.
NOON = dt.time(12)

#: A sheet's one column `Type` holds what we call kind in one row and channel in the next.
_TYPES = {**words.CHANNELS, **words.KINDS}


class Interactions(History):
    """A list of exchanges: an exact moment, a text and a person make one of them."""

    name = "interactions"
    WORDS = {
        "happened_at": "date day jour fecha datetime dateheure when quand le dateducontact"
        " datedecontact contactdate datedelechange interactiondate dateinteraction dia",
        "summary": "note notes resume commentaire remarque remarques description detail details"
        " text texte contenu content nota notas resumen objet subject sujet asunto descripcion",
        "kind": "type tipo nature typedecontact typedechange interactiontype",
        "channel": "canal moyen medium via canaldecontact",
        "direction": "sens sentido",
        "activity": "activite actividad",
        "outcome": "resultat resultado",
        "present": "presents participants attendees participantes personnespresentes",
        "links": "liens enlaces piecesjointes attachments adjuntos",
        "visibility": "visibilite visibilidad",
        "author": "auteur autor by par loggedby saisipar owner responsable",
    }
    TEXTS = {
        "summary": SUMMARY_LENGTH,
        "activity": 32,
        "present": PRESENT_LENGTH,
        "links": links.MOST * (links.LENGTH + 4),
    }
    MOMENTS = ("happened_at", "touchpoint_created_at", "created_at")
    DAYS = ("touchpoint_on",)
    COLLEAGUES = ("author",)
    LISTED = {
        "kind": _TYPES,
        "direction": words.DIRECTIONS,
        "channel": words.CHANNELS,
        "outcome": words.OUTCOMES,
        "visibility": words.VISIBILITIES,
        "is_breach": words.FLAGS,
    }
    OWN = frozenset(("happenedat", "direction", "summary"))
    SIGNS = (frozenset(("happened_at",)), frozenset(("summary", "channel", "kind")))
    NEEDED = ("happened_at",)
    ruled: Mapping[str, str] = {
        "kind": OVERWRITE,
        "direction": OVERWRITE,
        "channel": OVERWRITE,
        "activity": OVERWRITE,
        "outcome": OVERWRITE,
        "present": OVERWRITE,
    }

    def told(self, record: Record) -> Record:
        """Return a record with its mark. Raises Complaint where day or words are missing."""
        said = dict(record.said)
        if "happened_at" not in said:
            raise Complaint("no_day")
        kind = said.get("kind")
        if isinstance(kind, Channel):
            said.setdefault("channel", said.pop("kind"))
            kind = None
        if not said.get("summary"):
            # Where nobody wrote a word, the type of contact stands for it.
            kept = said.get("channel", kind)
            if kept is None:
                raise Complaint("no_text")
            said["summary"] = str(kept.label)
        if kind is not Kind.ASK:
            said.pop("outcome", None)
        unread = record.unread
        if "links" in said:
            said["links"], others = _addresses(said["links"])
            unread += tuple(f"links: {one[:60]}" for one in others)
        mark = (said["happened_at"].isoformat(), _squeezed(said["summary"]))
        return record._replace(said=said, mark=mark, unread=unread)

    def settle(self, session: Session, decisions: Sequence[Settled], context: Context) -> None:
        """Find those that are stored; refuse what has not happened yet."""
        zone = ZoneInfo(session.get_one(Brand, context.brand_id).timezone)
        for one in decisions:
            one.values["happened_at"] = _moment(one.said["happened_at"], zone)
            if one.values["happened_at"] > context.at + dt.timedelta(days=1):
                one.verdict, one.complaint = Verdict.REFUSED, Complaint("not_yet")
        taken = [one for one in decisions if one.verdict is Verdict.CREATED]
        stored = _stored(session, taken)
        ties = _Links(session, taken)
        for one in taken:
            found = stored.get(_key(one))
            link = ties.of(one, found)
            if found is None:
                one.values = _columns(one, link, context)
                continue
            one.target = found
            said = {name: one.said[name] for name in self.ruled if name in one.said}
            if link is not None:
                said["touchpoint_id"] = link
            change(one, found._mapping, said, {**self.ruled, **context.field_rules})

    def write(
        self, session: Session, decisions: Sequence[Any], context: Context, step: Step
    ) -> None:
        """Write exchanges, let their words be found, and keep the last contacts."""
        relationships = relating.related(session, decisions, context, step)
        made: list[tuple[Interaction, Relationship]] = []
        for one in decisions:
            if one.verdict is Verdict.UPDATED:
                relating.rewrite(session, Interaction, one, step)
            elif one.verdict is Verdict.CREATED and one.influencer_id is not None:
                of = relationships[one.influencer_id]
                made.append((Interaction(relationship_id=of.id, **one.values), of))
        session.add_all([new for new, _ in made])
        session.flush()
        step.creates(Interaction, [new.id for new, _ in made])
        for new, of in made:
            search.index_note(session, new, of)
        ids = sorted(of.id for of in relationships.values())
        ledger.rebuild_these(session, ids)
        proving.settle(session, ids, context.at)


def _moment(said: dt.datetime | dt.date, zone: ZoneInfo) -> dt.datetime:
    if isinstance(said, dt.datetime):
        return said
    return dt.datetime.combine(said, NOON, zone).astimezone(dt.UTC)


def _squeezed(text: str) -> str:
    """A text without what a spreadsheet does to its blanks and line ends."""
    return " ".join(text.split())


def _addresses(text: str) -> tuple[list[str], list[str]]:
    """The web addresses of a cell, and what of it is none: a list in JSON, or signs between."""
    parts: list[str] = text.replace(";", " ").split()
    if text.lstrip().startswith("["):
        try:
            parts = [str(one) for one in json.loads(text)]
        except ValueError:
            return [], [text]
    found = [one for one in dict.fromkeys(parts) if links.is_link(one)]
    taken = [one for one in found if len(one) <= links.LENGTH][: links.MOST]
    return taken, [one for one in parts if one not in taken]


def _key(one: Settled) -> tuple[int | None, dt.datetime, str]:
    assert one.known is not None
    return one.known.relationship_id, one.values["happened_at"], _squeezed(one.said["summary"])


def _stored(session: Session, decisions: Sequence[Settled]) -> dict[tuple[Any, ...], Any]:
    """Find stored exchanges of these moments: by relationship, moment and text."""
    of = {one.known.relationship_id for one in decisions if one.known is not None} - {None}
    if not of:
        return {}
    found = session.execute(
        select(*inserts.table_of(Interaction).c).where(
            Interaction.relationship_id.in_(of),
            Interaction.happened_at.in_({one.values["happened_at"] for one in decisions}),
        )
    )
    return {(row.relationship_id, row.happened_at, _squeezed(row.summary)): row for row in found}


def _columns(one: Settled, link: int | None, context: Context) -> dict[str, Any]:
    """The columns of a new exchange: what a row leaves open is a word of ours in the team."""
    said = one.said
    return {
        "happened_at": one.values["happened_at"],
        "kind": said.get("kind", Kind.TALK),
        "direction": said.get("direction", Direction.OUT),
        "channel": said.get("channel", Channel.OTHER),
        "activity": said.get("activity"),
        "outcome": said.get("outcome"),
        "summary": said["summary"],
        "present": said.get("present", ""),
        "links": said.get("links", []),
        "visibility": said.get("visibility", Visibility.TEAM),
        "is_breach": said.get("is_breach", False),
        "author_id": one.values.get("author_id"),
        "touchpoint_id": link,
        "created_at": said.get("created_at", context.at),
    }


class _Links:
    """The touchpoints that exchanges say they kept, each given away once."""

    def __init__(self, session: Session, decisions: Sequence[Settled]) -> None:
        self._free: dict[int, list[Any]] = defaultdict(list)
        of = {
            one.known.relationship_id
            for one in decisions
            if one.known is not None and "touchpoint_on" in one.said
        } - {None}
        if not of:
            return
        kept = select(Interaction.touchpoint_id).where(Interaction.touchpoint_id == Touchpoint.id)
        found = session.execute(
            select(
                Touchpoint.id, Touchpoint.relationship_id, Touchpoint.due_on, Touchpoint.created_at
            )
            .where(Touchpoint.relationship_id.in_(of), ~kept.exists())
            .order_by(Touchpoint.id)
        )
        for row in found:
            self._free[row.relationship_id].append(row)

    def of(self, one: Settled, stored: Any) -> int | None:
        """Return the touchpoint an exchange kept; None where it has one, or there is none."""
        assert one.known is not None
        if "touchpoint_on" not in one.said or (stored and stored.touchpoint_id is not None):
            return None
        free = self._free[one.known.relationship_id or 0]
        planned = one.said.get("touchpoint_created_at")
        for row in free:
            if row.due_on == one.said["touchpoint_on"] and planned in (None, row.created_at):
                free.remove(row)
                return int(row.id)
        return None
