"""Words that a brand sorts its people by: putting them on, taking them off, renaming them."""

import datetime as dt
from collections.abc import Sequence
from typing import cast

from sqlalchemy import Insert, Select, Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory.search import Reader
from irm.errors import Refused
from irm.i18n import _l
from irm.models import Relationship, RelationshipTag, Tag, User
from irm.models.base import Rows
from irm.models.keys import fold

#: Characters of a tag.
LONGEST = 60

#: More tags than this and nobody finds the right one.
MOST_TAGS = 500


def of_brand(brand_id: int) -> Select[Tag]:
    """Select a brand's tags by name."""
    return select(Tag).where(Tag.brand_id == brand_id).order_by(Tag.name_key)


def known_to(reader: Reader) -> Select[Tag]:
    """Select the tags a reader may know of, by name: the brand's; a partner's are her people's."""
    if not reader.only_own:
        return of_brand(reader.brand_id)
    on = (
        select(RelationshipTag.tag_id)
        .join(Relationship, Relationship.id == RelationshipTag.relationship_id)
        .where(RelationshipTag.tag_id == Tag.id, *reader.seen)
    )
    return of_brand(reader.brand_id).where(on.exists())


def used(brand_id: int) -> Rows:
    """Select a brand's tags by name, each with how many relationships have it: `Tag uses`."""
    uses = (
        select(func.count())
        .where(RelationshipTag.tag_id == Tag.id)
        .correlate(Tag)
        .scalar_subquery()
        .label("uses")
    )
    return select(Tag, uses).where(Tag.brand_id == brand_id).order_by(Tag.name_key)


def of_relationships(ids: Sequence[int]) -> Rows:
    """Select the tags of several relationships by name: `relationship_id id name`."""
    return (
        select(RelationshipTag.relationship_id, Tag.id, Tag.name)
        .join(Tag, Tag.id == RelationshipTag.tag_id)
        .where(RelationshipTag.relationship_id.in_(ids))
        .order_by(RelationshipTag.relationship_id, Tag.name_key)
    )


def named(session: Session, brand_id: int, name: str) -> Tag:
    """The brand's tag of this name, made if there is none; "Été" and "ete" are one tag.

    Two who make the same at once get the same one. Raises Refused where the name cannot be a
    tag's, or the brand has too many.
    """
    name, key = _checked(name)
    of_that_name = select(Tag).where(Tag.brand_id == brand_id, Tag.name_key == key)
    found = session.scalar(of_that_name)
    if found is not None:
        return found
    if (session.scalar(select(func.count()).where(Tag.brand_id == brand_id)) or 0) >= MOST_TAGS:
        raise Refused(_l("A brand has %(n)s tags at most.", n=MOST_TAGS))
    made = _insert(session, Tag).values(brand_id=brand_id, name=name, name_key=key)
    session.execute(made.on_conflict_do_nothing())  # type: ignore[attr-defined]
    return session.scalars(of_that_name).one()


def add(
    session: Session, relationship: Relationship, name: str, *, user: User, at: dt.datetime
) -> Tag:
    """Put a tag on a relationship; a tag of that name is made where there is none.

    Raises Refused where the name cannot be a tag's.
    """
    tag = named(session, relationship.brand_id, name)
    if put(session, relationship.id, tag.id):
        _changed(session, relationship.id, tag.id, "added", user, at)
    return tag


def remove(
    session: Session, relationship: Relationship, tag: Tag, *, user: User, at: dt.datetime
) -> None:
    """Take a tag off a relationship."""
    if take(session, relationship.id, tag.id):
        _changed(session, relationship.id, tag.id, "removed", user, at)


def put(session: Session, relationship_id: int, tag_id: int) -> bool:
    """Put a tag on, without an entry in the audit; whether it was not there before."""
    values = {"relationship_id": relationship_id, "tag_id": tag_id}
    made = _insert(session, RelationshipTag).values(values)
    done = session.execute(
        made.on_conflict_do_nothing().returning(RelationshipTag.tag_id)  # type: ignore[attr-defined]
    )
    return done.first() is not None


def take(session: Session, relationship_id: int, tag_id: int) -> bool:
    """Take a tag off, without an entry in the audit; whether it was there."""
    gone = delete(RelationshipTag).where(
        RelationshipTag.relationship_id == relationship_id, RelationshipTag.tag_id == tag_id
    )
    done = session.execute(gone.returning(RelationshipTag.tag_id))
    return done.first() is not None


def rename(session: Session, tag: Tag, name: str, *, user: User, at: dt.datetime) -> None:
    """Call a tag otherwise, wherever it is. Raises Refused where another one is called so."""
    name, key = _checked(name)
    other = select(Tag.id).where(
        Tag.brand_id == tag.brand_id, Tag.name_key == key, Tag.id != tag.id
    )
    if session.scalar(other) is not None:
        raise Refused(_l("There is a tag “%(name)s” already.", name=name))
    try:
        with session.begin_nested():
            tag.name, tag.name_key = name, key
    except IntegrityError:  # somebody made one of that name meanwhile
        raise Refused(_l("There is a tag “%(name)s” already.", name=name)) from None
    _of_brand_changed(session, tag, "renamed", user, at)


def drop(session: Session, tag: Tag, *, user: User, at: dt.datetime) -> None:
    """Take a tag off everybody and out of the brand's list."""
    _of_brand_changed(session, tag, "removed", user, at)
    session.delete(tag)


def checked(name: str) -> str:
    """A name as a tag keeps it. Raises Refused where it cannot be a tag's."""
    return _checked(name)[0]


def _checked(name: str) -> tuple[str, str]:
    name = " ".join(name.split())
    key = fold(name)
    if not key:
        raise Refused(_l("A tag needs a name."))
    if len(name) > LONGEST or len(key) > LONGEST:
        raise Refused(_l("A tag has %(n)s characters at most.", n=LONGEST))
    if "," in name or ";" in name or name.startswith("-"):
        raise Refused(_l("A tag has no comma or semicolon in it, and begins with no minus."))
    return name, key


def _insert(session: Session, model: type[Tag] | type[RelationshipTag]) -> Insert:
    """An insert that can pass over what is there already; the same on both databases."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    make = sqlite.insert if is_sqlite else postgresql.insert
    return make(cast(Table, model.__table__))


def _changed(
    session: Session, relationship_id: int, tag_id: int, change: str, user: User, at: dt.datetime
) -> None:
    record(
        session,
        user,
        Action.TAGGED,
        at,
        relationship_id=relationship_id,
        tag_id=tag_id,
        change=change,
    )


def _of_brand_changed(session: Session, tag: Tag, change: str, user: User, at: dt.datetime) -> None:
    session.flush()
    record(
        session,
        user,
        Action.TAG_CHANGED,
        at,
        brand_id=tag.brand_id,
        tag_id=tag.id,
        change=change,
    )
