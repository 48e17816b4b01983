"""Evidence as people see it: what a stage rests on, what they type in, and what they take back."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from irm.audit import Action, record
from irm.directory.search import Reader
from irm.errors import Refused
from irm.funnel.interactions import FIRST_DAY
from irm.i18n import _l
from irm.ledger import evidence, proving
from irm.ledger.evidence import Earned
from irm.models import (
    Brand,
    Interaction,
    Platform,
    Post,
    Proof,
    ProofKind,
    Relationship,
    Task,
    User,
    Visibility,
)
from irm.models.keys import fold

#: How long a note may be; longer texts belong in an interaction.
NOTE_LENGTH = 500

#: Proofs shown at once, the newest of them.
SHOWN = 100

#: The last day of an agreement that anybody means.
LAST_DAY = dt.date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form says: a proof that nothing logged or published shows."""

    kind: ProofKind
    day: dt.date
    until: dt.date | None = None
    note: str = ""


class Shown(NamedTuple):
    """One proof with the row it rests on; of a private note only that it is there."""

    kind: ProofKind
    day: dt.date
    until: dt.date | None
    #: `logged`, `typed` or `published`.
    what: str
    row: Any


def add(
    session: Session,
    relationship: Relationship,
    typed: Typed,
    *,
    author: User,
    at: dt.datetime,
) -> Proof:
    """Type in a proof; the earned stage is read anew.

    Raises Refused where its days cannot be.
    """
    today = _today(session.get_one(Brand, relationship.brand_id), at)
    is_agreement = typed.kind is ProofKind.AGREEMENT
    if typed.day > (LAST_DAY if is_agreement else max(today, at.astimezone(author.zone).date())):
        raise Refused(_l("Evidence cannot lie in the future."))
    if typed.day < FIRST_DAY or (typed.until is not None and typed.until > LAST_DAY):
        raise Refused(_l("This day is too far away to be right."))
    if typed.until is not None and not is_agreement:
        raise Refused(_l("Only an agreement has a last day."))
    if typed.until is not None and typed.until < typed.day:
        raise Refused(_l("The last day of an agreement cannot come before its first."))
    proof = Proof(
        relationship_id=relationship.id,
        kind=typed.kind,
        day=typed.day,
        until=typed.until,
        note=typed.note,
        author_id=author.id,
        created_at=at,
    )
    session.add(proof)
    session.flush()
    _note(session, author, at, relationship, proof, "added")
    proving.settle_one(session, relationship, at)
    return proof


def remove(session: Session, proof: Proof, *, user: User, at: dt.datetime) -> None:
    """Take back what was typed in by mistake."""
    relationship = proof.relationship
    _note(session, user, at, relationship, proof, "removed")
    session.delete(proof)
    session.flush()
    proving.settle_one(session, relationship, at)


def _note(
    session: Session,
    user: User,
    at: dt.datetime,
    relationship: Relationship,
    proof: Proof,
    change: str,
) -> None:
    ids = {"relationship_id": relationship.id, "proof_id": proof.id}
    record(session, user, Action.PROOF_CHANGED, at, **ids, change=f"{change}:{proof.kind.value}")


def standing(session: Session, relationship: Relationship, at: dt.datetime) -> Earned:
    """What the evidence supports today, and what is missing; two statements."""
    return _gathered(session, relationship, at)[1]


def shown(
    session: Session, relationship: Relationship, reader: Reader, at: dt.datetime
) -> tuple[Earned, list[Shown], int]:
    """What the evidence supports today, the newest SHOWN of it, and how much there is."""
    gathered, earned = _gathered(session, relationship, at)
    newest = sorted(gathered.sources, key=lambda one: (one.fact.day, one.id), reverse=True)[:SHOWN]
    ids: dict[str, set[int]] = {"logged": set(), "typed": set(), "published": set()}
    for one in newest:
        ids[one.what].add(one.id)
    rows = {
        "logged": _by_id(session, select(Interaction), Interaction, ids["logged"]),
        "typed": _by_id(
            session, select(Proof).options(joinedload(Proof.author)), Proof, ids["typed"]
        ),
        "published": _by_id(session, select(Post), Post, ids["published"]),
    }
    found = [
        Shown(*one.fact, one.what, _readable(rows[one.what].get(one.id), reader)) for one in newest
    ]
    return earned, found, len(gathered.sources)


def _gathered(
    session: Session, relationship: Relationship, at: dt.datetime
) -> tuple[proving.Gathered, Earned]:
    brand = relationship.brand
    zone = ZoneInfo(brand.timezone)
    gathered = proving.gather(session, {relationship.id: zone})[relationship.id]
    return gathered, gathered.earned(_today(brand, at), evidence.thresholds(brand.evidence))


def _today(brand: Brand, at: dt.datetime) -> dt.date:
    return at.astimezone(ZoneInfo(brand.timezone)).date()


def _by_id(session: Session, statement: Any, model: Any, ids: set[int]) -> dict[int, Any]:
    if not ids:
        return {}
    return {row.id: row for row in session.scalars(statement.where(model.id.in_(sorted(ids))))}


def _readable(row: Any, reader: Reader) -> Any:
    """A row, unless it is a colleague's private note."""
    is_private = isinstance(row, Interaction) and row.visibility is Visibility.PRIVATE
    if is_private and not (reader.reads_private or row.author_id == reader.user_id):
        return None
    return row


def lines_of(text: str) -> list[str]:
    """The lines of a field that say something, each once."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if fold(line)))


def handles_of(text: str) -> list[dict[str, str | None]]:
    """Handles as they are typed, one a line: `@nova`, or on one platform `instagram: @nova`.

    Raises Refused where there is no such platform, or a handle holds a blank.
    """
    found: list[dict[str, str | None]] = []
    for line in lines_of(text):
        platform, colon, handle = line.rpartition(":")
        handle, platform = handle.strip().removeprefix("@"), platform.strip().lower()
        if colon and platform not in {one.value for one in Platform}:
            raise Refused(_l("There is no platform called “%(name)s”.", name=platform[:40]))
        if not fold(handle) or " " in handle:
            raise Refused(_l("“%(name)s” is no handle.", name=line[:40]))
        found.append({"platform": platform or None, "handle": handle})
    return found


def handle_lines(stored: Iterable[Any]) -> str:
    """Stored handles as they are typed."""
    return "\n".join(
        f"{one['platform']}: @{one['handle']}" if one.get("platform") else f"@{one['handle']}"
        for one in stored or []
    )


def rule(
    session: Session,
    brand: Brand,
    *,
    handles: Sequence[dict[str, str | None]],
    aliases: Sequence[str],
    thresholds: evidence.Thresholds,
    user: User,
    at: dt.datetime,
) -> bool:
    """Set by what a brand is known and how much evidence a stage takes; whether anything changed.

    The worker then reads all evidence of the brand anew.
    """
    marks = list(handles), list(aliases)
    is_known_otherwise = marks != (list(brand.handles or []), list(brand.aliases or []))
    if not is_known_otherwise and evidence.thresholds(brand.evidence) == thresholds:
        return False
    brand.handles, brand.aliases = marks
    brand.evidence = evidence.stored(thresholds)
    record(session, user, Action.BRAND_CHANGED, at, brand_id=brand.id)
    session.add(
        Task(
            kind="evidence",
            arguments={"posts": is_known_otherwise},
            brand_id=brand.id,
            user_id=user.id,
            created_at=at,
        )
    )
    return True
