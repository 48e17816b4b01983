"""What a brand wants to be part of: its topics, each with keywords and a weight."""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.errors import Refused
from irm.i18n import _l
from irm.models import Brand, Task, Topic, User

#: More topics than this and nobody can say what the brand stands for.
MOST_TOPICS = 50


def of_brand(brand_id: int) -> Select[Topic]:
    """Select a brand's topics in the order of their making."""
    return select(Topic).where(Topic.brand_id == brand_id).order_by(Topic.id)


def add(
    session: Session,
    brand: Brand,
    *,
    name: str,
    keywords: Sequence[str],
    weight: float,
    user: User,
    at: dt.datetime,
) -> Topic:
    """Add a topic and queue the rescoring it calls for.

    Raises Refused where the brand has one of that name, or too many.
    """
    topic = _add(session, brand, name, keywords, weight, user, at)
    _rescore(session, brand.id, user, at)
    return topic


def add_all(
    session: Session,
    brand: Brand,
    wanted: Iterable[tuple[str, Sequence[str], float]],
    *,
    user: User,
    at: dt.datetime,
) -> list[Topic]:
    """Add topics, each a name, keywords and a weight, and queue one rescoring for all of them.

    Raises Refused as `add` does.
    """
    made = [_add(session, brand, *one, user, at) for one in wanted]
    if made:
        _rescore(session, brand.id, user, at)
    return made


def _add(
    session: Session,
    brand: Brand,
    name: str,
    keywords: Sequence[str],
    weight: float,
    user: User,
    at: dt.datetime,
) -> Topic:
    if (session.scalar(_count(brand)) or 0) >= MOST_TOPICS:
        raise Refused(_l("A brand has %(n)s topics at most.", n=MOST_TOPICS))
    _refuse_double(session, brand.id, name, None)
    topic = Topic(
        brand_id=brand.id, name=name, keywords=list(keywords), weight=weight, created_at=at
    )
    session.add(topic)
    session.flush()
    _changed(session, topic, "added", user, at)
    return topic


def change(
    session: Session,
    topic: Topic,
    *,
    name: str,
    keywords: Sequence[str],
    weight: float,
    user: User,
    at: dt.datetime,
) -> None:
    """Change a topic and queue the rescoring it calls for.

    Raises Refused where the brand has another one of that name.
    """
    _refuse_double(session, topic.brand_id, name, topic.id)
    topic.name, topic.keywords, topic.weight = name, list(keywords), weight
    _changed(session, topic, "changed", user, at)
    _rescore(session, topic.brand_id, user, at)


def remove(session: Session, topic: Topic, *, user: User, at: dt.datetime) -> None:
    """Remove a topic and queue the rescoring it calls for."""
    _changed(session, topic, "removed", user, at)
    _rescore(session, topic.brand_id, user, at)
    session.delete(topic)


def _changed(session: Session, topic: Topic, change: str, user: User, at: dt.datetime) -> None:
    record(
        session,
        user,
        Action.TOPIC_CHANGED,
        at,
        brand_id=topic.brand_id,
        topic_id=topic.id,
        change=change,
    )


def _rescore(session: Session, brand_id: int, user: User, at: dt.datetime) -> None:
    session.add(Task(kind="score", arguments={}, brand_id=brand_id, user_id=user.id, created_at=at))


def _refuse_double(session: Session, brand_id: int, name: str, own_id: int | None) -> None:
    taken = select(Topic.id).where(
        Topic.brand_id == brand_id, func.lower(Topic.name) == func.lower(name)
    )
    if session.scalar(taken.where(Topic.id != own_id) if own_id else taken) is not None:
        raise Refused(_l("There is a topic “%(name)s” already.", name=name))


def _count(brand: Brand) -> Select[int]:
    return select(func.count()).select_from(Topic).where(Topic.brand_id == brand.id)
