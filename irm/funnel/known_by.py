"""Who has one contact among us alone: if that colleague goes, nobody knows them any more.

A colleague knows a person when she logged an exchange with them, or took part in one. Colleagues
who are gone know nobody.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from irm.directory.people import is_listed
from irm.errors import Refused
from irm.i18n import _l
from irm.models import Influencer, Interaction, InteractionColleague, Relationship, User
from irm.models.base import Rows

#: People shown at once.
PAGE = 50

#: Counted exactly up to so many.
MOST = 10_000

_logged, _other, _present = aliased(Interaction), aliased(Interaction), aliased(Interaction)


def _knows(user_id: Any) -> ColumnElement[bool]:
    """Whether a colleague had an exchange in the relationship of the row."""
    return exists().where(
        _logged.relationship_id == Relationship.id, _logged.author_id == user_id
    ) | exists().where(
        _present.relationship_id == Relationship.id,
        InteractionColleague.interaction_id == _present.id,
        InteractionColleague.user_id == user_id,
    )


def _another_knows(user_id: Any) -> ColumnElement[bool]:
    """Whether somebody else of us, who is still here, had one."""
    return exists().where(
        _other.relationship_id == Relationship.id,
        _other.author_id != user_id,
        User.id == _other.author_id,
        User.is_active,
    ) | exists().where(
        _present.relationship_id == Relationship.id,
        InteractionColleague.interaction_id == _present.id,
        InteractionColleague.user_id != user_id,
        User.id == InteractionColleague.user_id,
        User.is_active,
    )


#: Whoever of us logged with them and is still here: where they have one contact, it is she.
ONE = (
    select(func.min(_logged.author_id))
    .join(User, and_(User.id == _logged.author_id, User.is_active))
    .where(_logged.relationship_id == Relationship.id)
    .correlate(Relationship)
    .scalar_subquery()
)


def only_by(user_id: int) -> ColumnElement[bool]:
    """The condition that of us this colleague alone knows them."""
    return and_(_knows(user_id), ~_another_knows(user_id))


def has_one_contact() -> ColumnElement[bool]:
    """The condition that exactly one of us knows them."""
    return and_(ONE.is_not(None), ~_another_knows(ONE))


def listed(brand_id: int, user_id: int | None = None) -> Rows:
    """Select those of a brand whom one colleague alone knows, the best fit first.

    Of the colleague who is named, else of any.
    """
    sole = only_by(user_id) if user_id else has_one_contact()
    contact = aliased(User)
    return (
        select(
            Relationship.id,
            Relationship.influencer_id,
            Influencer.name,
            Relationship.stage,
            Relationship.fit_order,
            Relationship.last_contact_at,
            contact.name.label("contact"),
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .join(contact, contact.id == (user_id or ONE))
        .where(Relationship.brand_id == brand_id, is_listed(), sole)
        .order_by(Relationship.fit_order, Relationship.id)
    )


def counted(session: Session, *conditions: ColumnElement[bool]) -> int:
    """How many relationships these conditions find, up to MOST and one more."""
    some = (
        select(Relationship.id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(*conditions)
        .limit(MOST + 1)
    )
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def below(token: str) -> ColumnElement[bool]:
    """The condition that begins below the row a token names.

    Raises Refused where the token was typed by hand.
    """
    try:
        fit, id = token.split("~")
        if not (id.isascii() and id.isdecimal()) or len(id) > 9:
            raise ValueError(id)
        key = float(fit), int(id)
    except ValueError:
        raise Refused(_l("This page address is not valid; begin at the first page.")) from None
    return tuple_(Relationship.fit_order, Relationship.id) > tuple_(*key)


def token(row: Any) -> str:
    """What asks for the rows below this one."""
    return f"{row.fit_order}~{row.id}"
