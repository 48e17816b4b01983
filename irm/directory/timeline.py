"""Everything that happened with one person at one brand, the newest first."""

import datetime as dt
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Integer,
    String,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from irm.errors import Refused
from irm.i18n import _l
from irm.models import (
    Account,
    BatchState,
    ImportBatch,
    ImportRow,
    Interaction,
    Pause,
    Post,
    Relationship,
    StageMove,
    State,
    Touchpoint,
    User,
    Verdict,
    Visibility,
)
from irm.models.base import Rows, UTCDateTime

PAGE = 50

KINDS = ("interaction", "move", "touchpoint", "pause", "resume", "post", "import")

#: So much of a post is shown.
POST_LENGTH = 280

_of, _reader = bindparam("of", type_=Integer()), bindparam("reader", type_=Integer())
_person = bindparam("person", type_=Integer())
_brand = bindparam("brand", type_=Integer())

#: What interactions alone have.
_NOT_LOGGED = (
    literal(None, String).label("activity"),
    literal(None, String).label("outcome"),
    literal(False).label("is_breach"),
    literal(None, Integer).label("version"),
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
    """A relationship's interactions, moves, closed touchpoints, posts and imports, newest first.

    PAGE of them, and one more where there are more; `before` is the token of the entry above.

    Rows: `what id at by text code detail extra private`, and of an interaction `activity outcome
    is_breach version`, where `code` and `detail` are stored codes (kind and direction of an
    interaction, the stages of a move, the state of a touchpoint, the platform and likes of a post,
    the verdict and state of an import).
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
    return list(session.connection().execute(statement, values))


@lru_cache(32)
def _statement(reads_private: bool, kind: str | None, goes_on: bool) -> Rows:
    """The statement, kept: to put it together takes longer than to ask it."""
    parts = {
        "interaction": _interactions(reads_private),
        "move": _moves(),
        "touchpoint": _touchpoints(),
        "pause": _pauses(),
        "resume": _resumptions(),
        "post": _posts(),
        "import": _imports(),
    }
    chosen = {kind: parts[kind]} if kind is not None else parts
    newest = [_newest(what, part, goes_on) for what, part in chosen.items()]
    every = (union_all(*newest) if len(newest) > 1 else newest[0]).subquery("entries")
    author = aliased(User, name="author")
    return (
        select(*every.c, author.name.label("by"))
        .join(author, author.id == every.c.by_id, isouter=True)
        .order_by(every.c.at.desc(), every.c.what.desc(), every.c.id.desc())
        .limit(PAGE + 1)
    )


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


def _interactions(reads_private: bool) -> Rows:
    found = select(
        literal("interaction").label("what"),
        Interaction.id.label("id"),
        Interaction.happened_at.label("at"),
        Interaction.author_id.label("by_id"),
        Interaction.summary.label("text"),
        cast(Interaction.kind, String).label("code"),
        cast(Interaction.direction, String).label("detail"),
        cast(Interaction.channel, String).label("extra"),
        (Interaction.visibility == Visibility.PRIVATE).label("private"),
        Interaction.activity.label("activity"),
        cast(Interaction.outcome, String).label("outcome"),
        Interaction.is_breach.label("is_breach"),
        Interaction.row_version.label("version"),
    ).where(Interaction.relationship_id == _of)
    if reads_private:
        return found
    return found.where(
        or_(Interaction.visibility == Visibility.TEAM, Interaction.author_id == _reader)
    )


def _moves() -> Rows:
    return select(
        literal("move").label("what"),
        StageMove.id.label("id"),
        StageMove.at.label("at"),
        StageMove.user_id.label("by_id"),
        StageMove.reason.label("text"),
        cast(StageMove.to_stage, String).label("code"),
        cast(StageMove.from_stage, String).label("detail"),
        literal(None, String).label("extra"),
        literal(False).label("private"),
        *_NOT_LOGGED,
    ).where(StageMove.relationship_id == _of)


def _touchpoints() -> Rows:
    return select(
        literal("touchpoint").label("what"),
        Touchpoint.id.label("id"),
        Touchpoint.closed_at.label("at"),
        Touchpoint.closed_by_id.label("by_id"),
        Touchpoint.purpose.label("text"),
        cast(Touchpoint.state, String).label("code"),
        cast(Touchpoint.planned_by, String).label("detail"),
        cast(Touchpoint.due_on, String).label("extra"),
        literal(False).label("private"),
        *_NOT_LOGGED,
    ).where(
        Touchpoint.relationship_id == _of,
        Touchpoint.state != State.OPEN,
        Touchpoint.closed_at.is_not(None),
        # What the cadence planned and a colleague's plan replaced never was anybody's intention.
        or_(Touchpoint.state == State.DONE, Touchpoint.closed_by_id.is_not(None)),
    )


def _pauses() -> Rows:
    return select(
        literal("pause").label("what"),
        Pause.id.label("id"),
        Pause.at.label("at"),
        Pause.user_id.label("by_id"),
        Pause.why.label("text"),
        literal(None, String).label("code"),
        literal(None, String).label("detail"),
        cast(Pause.until, String).label("extra"),
        literal(False).label("private"),
        *_NOT_LOGGED,
    ).where(Pause.relationship_id == _of)


def _resumptions() -> Rows:
    """Pauses that somebody ended before their day."""
    return select(
        literal("resume").label("what"),
        Pause.id.label("id"),
        Pause.ended_at.label("at"),
        Pause.ended_by_id.label("by_id"),
        literal("", String).label("text"),
        literal(None, String).label("code"),
        literal(None, String).label("detail"),
        cast(Pause.until, String).label("extra"),
        literal(False).label("private"),
        *_NOT_LOGGED,
    ).where(Pause.relationship_id == _of, Pause.ended_at.is_not(None))


def _posts() -> Rows:
    theirs = select(Account.id).where(Account.influencer_id == _person)
    return (
        select(
            literal("post").label("what"),
            Post.id.label("id"),
            Post.published_at.label("at"),
            literal(None, Integer).label("by_id"),
            func.substr(Post.text, 1, POST_LENGTH).label("text"),
            cast(Account.platform, String).label("code"),
            cast(Post.likes, String).label("detail"),
            Post.url.label("extra"),
            literal(False).label("private"),
            *_NOT_LOGGED,
        )
        .join(Account, Account.id == Post.account_id)
        .where(Post.account_id.in_(theirs), Post.published_at.is_not(None))
    )


def _imports() -> Rows:
    return (
        select(
            literal("import").label("what"),
            ImportRow.id.label("id"),
            func.coalesce(ImportBatch.finished_at, ImportBatch.created_at).label("at"),
            ImportBatch.user_id.label("by_id"),
            ImportBatch.file_name.label("text"),
            cast(ImportRow.verdict, String).label("code"),
            cast(ImportBatch.state, String).label("detail"),
            literal(None, String).label("extra"),
            literal(False).label("private"),
            *_NOT_LOGGED,
        )
        .join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
        .where(
            ImportRow.influencer_id == _person,
            ImportBatch.brand_id == _brand,
            ImportRow.verdict.in_((Verdict.CREATED, Verdict.UPDATED)),
            ImportBatch.state.not_in((BatchState.DRAFT, BatchState.TRYING, BatchState.TRIED)),
        )
    )
