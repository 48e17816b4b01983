"""Everything that happened with one person at one brand, the newest first."""

import datetime as dt
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    Subquery,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from irm.directory import entries
from irm.errors import Refused
from irm.i18n import _l
from irm.models import (
    Change,
    InteractionColleague,
    InteractionVersion,
    Relationship,
    User,
    Visibility,
)
from irm.models.base import Rows, UTCDateTime
from irm.named_rows import named

PAGE = 50

KINDS = (
    "interaction",
    "removal",
    "move",
    "touchpoint",
    "pause",
    "resume",
    "fact",
    "promise",
    "question",
    "post",
    "import",
)


def page(
    session: Session,
    relationship: Relationship,
    *,
    user_id: int,
    reads_private: bool,
    kind: str | None = None,
    before: str | None = None,
) -> list[Any]:
    """Everything of irm/directory/entries.py, the newest first.

    PAGE of them, and one more where there are more; `before` is the token of the entry above.

    Rows: `what id at by text code detail extra private`, and of an interaction `activity outcome
    is_breach version present links is_edited versions colleagues`, where `code` and `detail` are
    stored codes (kind and direction of an interaction, the stages of a move, the state of a
    touchpoint, a question or a promise and whose it is, kind and source of a fact, platform and
    likes of a post, verdict and state of an import).
    `kind` keeps one of KINDS.
    """
    values: dict[str, Any] = {
        "of": relationship.id,
        "person": relationship.influencer_id,
        "brand": relationship.brand_id,
        "reader": user_id,
    }
    if before:
        values |= _key_of(before)
    statement = _statement(reads_private, kind if kind in KINDS else None, bool(before))
    return named(session.connection().execute(statement, values))


@lru_cache(32)
def _statement(reads_private: bool, kind: str | None, goes_on: bool) -> Rows:
    """The statement, kept: to put it together takes longer than to ask it."""
    parts = {
        "interaction": entries.interactions(reads_private),
        "removal": entries.removals(reads_private),
        "move": entries.moves(),
        "touchpoint": entries.touchpoints(),
        "pause": entries.pauses(),
        "resume": entries.resumptions(),
        "fact": entries.facts(reads_private),
        "promise": entries.promises(reads_private),
        "question": entries.questions(reads_private),
        "post": entries.posts(),
        "import": entries.imports(),
    }
    chosen = {kind: parts[kind]} if kind is not None else parts
    newest = [_newest(what, part, goes_on) for what, part in chosen.items()]
    every = (union_all(*newest) if len(newest) > 1 else newest[0]).subquery("entries")
    author = aliased(User, name="author")
    return (
        select(
            *every.c,
            author.name.label("by"),
            _versions(every, reads_private).label("versions"),
            _colleagues(every).label("colleagues"),
        )
        .join(author, author.id == every.c.by_id, isouter=True)
        .order_by(every.c.at.desc(), every.c.what.desc(), every.c.id.desc())
        .limit(PAGE + 1)
    )


def _versions(every: Subquery, reads_private: bool) -> ColumnElement[int | None]:
    """How many earlier versions of an interaction the reader may read."""
    found = select(func.count()).where(
        InteractionVersion.interaction_id == every.c.id,
        InteractionVersion.change != Change.RESTORED,
    )
    if not reads_private:
        author = InteractionVersion.before["author_id"].as_integer()
        is_team = InteractionVersion.visibility == Visibility.TEAM
        found = found.where(or_(is_team, author == bindparam("reader", type_=Integer())))
    return case((every.c.is_edited, found.scalar_subquery()), else_=None)


def _colleagues(every: Subquery) -> ColumnElement[str | None]:
    """The names of the colleagues who took part in an interaction."""
    names = (
        select(func.aggregate_strings(User.name, ", "))
        .select_from(InteractionColleague)
        .join(User, User.id == InteractionColleague.user_id)
        .where(InteractionColleague.interaction_id == every.c.id)
    )
    return case((every.c.what == "interaction", names.scalar_subquery()), else_=None)


def _newest(what: str, part: Rows, goes_on: bool) -> Rows:
    """The newest of one kind, as many as a page can hold: somebody may have published for years."""
    _what, id, at = list(part.selected_columns)[:3]
    if goes_on:
        above_at = bindparam("above_at", type_=UTCDateTime())
        key = (literal(what), id)
        above = (bindparam("above_what", type_=String()), bindparam("above_id", type_=Integer()))
        part = part.where(at <= above_at, or_(at < above_at, tuple_(*key) < tuple_(*above)))
    page = part.order_by(at.desc(), id.desc()).limit(PAGE + 1).subquery()
    return select(*page.c)


def _key_of(token: str) -> dict[str, Any]:
    """What a token names (`at~what~id`).

    Raises Refused where it was typed by hand.
    """
    try:
        at, what, id = token.split("~")
        if not id.isdecimal() or len(id) > 9:
            raise ValueError(id)
        moment = dt.datetime.fromisoformat(at).astimezone(dt.UTC)
        return {"above_at": moment, "above_what": what, "above_id": int(id)}
    except (ValueError, OverflowError):
        raise Refused(_l("This page address is not valid; begin at the first page.")) from None


def page_token(entry: Any) -> str:
    """What asks for the entries before this one."""
    return f"{entry.at.isoformat()}~{entry.what}~{entry.id}"
