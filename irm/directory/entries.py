"""What stands on a timeline: each kind of entry as a select, all with the same columns.

They are bound to `of` (the relationship), `person`, `brand` and `reader` when they are asked.
"""

from sqlalchemy import (
    Integer,
    String,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from irm.models import (
    Account,
    BatchState,
    Change,
    Fact,
    ImportBatch,
    ImportRow,
    Interaction,
    InteractionVersion,
    Pause,
    Post,
    Promise,
    PromiseState,
    Question,
    StageMove,
    State,
    Touchpoint,
    Verdict,
    Visibility,
)
from irm.models.base import Rows

_of, _reader = bindparam("of", type_=Integer()), bindparam("reader", type_=Integer())
_person = bindparam("person", type_=Integer())
_brand = bindparam("brand", type_=Integer())

#: So much of a post is shown.
POST_LENGTH = 280

#: What interactions alone have.
_NOT_LOGGED = (
    literal(None, String).label("activity"),
    literal(None, String).label("outcome"),
    literal(False).label("is_breach"),
    literal(None, Integer).label("version"),
    literal(None, String).label("present"),
    literal(None, String).label("links"),
    literal(False).label("is_edited"),
)


def interactions(reads_private: bool) -> Rows:
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
        Interaction.present.label("present"),
        cast(Interaction.links, String).label("links"),
        Interaction.edited_at.is_not(None).label("is_edited"),
    ).where(Interaction.relationship_id == _of)
    if reads_private:
        return found
    return found.where(
        or_(Interaction.visibility == Visibility.TEAM, Interaction.author_id == _reader)
    )


def removals(reads_private: bool) -> Rows:
    """Interactions that were taken away and not brought back; `extra` is the id each had."""
    there = exists().where(Interaction.id == InteractionVersion.interaction_id)
    author = InteractionVersion.before["author_id"].as_integer()
    found = select(
        literal("removal").label("what"),
        InteractionVersion.id.label("id"),
        InteractionVersion.at.label("at"),
        InteractionVersion.user_id.label("by_id"),
        literal("", String).label("text"),
        literal(None, String).label("code"),
        literal(None, String).label("detail"),
        cast(InteractionVersion.interaction_id, String).label("extra"),
        (InteractionVersion.visibility == Visibility.PRIVATE).label("private"),
        *_NOT_LOGGED,
    ).where(
        InteractionVersion.relationship_id == _of,
        InteractionVersion.change == Change.REMOVED,
        ~there,
    )
    if reads_private:
        return found
    return found.where(or_(InteractionVersion.visibility == Visibility.TEAM, author == _reader))


def moves() -> Rows:
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


def touchpoints() -> Rows:
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


def pauses() -> Rows:
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


def resumptions() -> Rows:
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


def facts(reads_private: bool) -> Rows:
    is_private = (Fact.visibility == Visibility.PRIVATE) | Fact.is_sensitive
    found = select(
        literal("fact").label("what"),
        Fact.id.label("id"),
        Fact.created_at.label("at"),
        Fact.author_id.label("by_id"),
        Fact.text.label("text"),
        cast(Fact.kind, String).label("code"),
        cast(Fact.source, String).label("detail"),
        literal(None, String).label("extra"),
        is_private.label("private"),
        *_NOT_LOGGED,
    ).where(Fact.relationship_id == _of)
    return found if reads_private else found.where(or_(~is_private, Fact.author_id == _reader))


def promises(reads_private: bool) -> Rows:
    """Promises where they were made; what was kept after its day has the code `late`."""
    is_late = (Promise.state == PromiseState.KEPT) & (Promise.closed_on > Promise.due_on)
    found = select(
        literal("promise").label("what"),
        Promise.id.label("id"),
        Promise.created_at.label("at"),
        Promise.author_id.label("by_id"),
        Promise.what.label("text"),
        case((is_late, "late"), else_=cast(Promise.state, String)).label("code"),
        cast(Promise.promiser, String).label("detail"),
        cast(Promise.due_on, String).label("extra"),
        (Promise.visibility == Visibility.PRIVATE).label("private"),
        *_NOT_LOGGED,
    ).where(Promise.relationship_id == _of)
    if reads_private:
        return found
    return found.where(or_(Promise.visibility == Visibility.TEAM, Promise.author_id == _reader))


def questions(reads_private: bool) -> Rows:
    """Questions where they were asked."""
    found = select(
        literal("question").label("what"),
        Question.id.label("id"),
        Question.asked_at.label("at"),
        Question.author_id.label("by_id"),
        Question.text.label("text"),
        cast(Question.state, String).label("code"),
        literal(None, String).label("detail"),
        literal(None, String).label("extra"),
        (Question.visibility == Visibility.PRIVATE).label("private"),
        *_NOT_LOGGED,
    ).where(Question.relationship_id == _of)
    if reads_private:
        return found
    return found.where(or_(Question.visibility == Visibility.TEAM, Question.author_id == _reader))


def posts() -> Rows:
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


def imports() -> Rows:
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
