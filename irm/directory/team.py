"""Colleagues and brands: adding them, and who belongs where."""

import datetime as dt
import shlex
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory import passwords, sessions
from irm.directory.search import Reader
from irm.errors import Refused
from irm.i18n import _l
from irm.models import Brand, BrandMember, Role, User
from irm.models.keys import fold

#: What the columns hold, of texts and of their keys.
NAME_LENGTH = 120
EMAIL_LENGTH = 254


def add_user(
    session: Session,
    *,
    name: str,
    email: str,
    password: str,
    at: dt.datetime,
    locale: str = "en",
    timezone: str = "UTC",
    is_admin: bool = False,
    is_demo: bool = False,
    known_as: str = "",
) -> User:
    """Add a colleague; `known_as` is what others call her, which is no password of hers either.

    Raises Refused where the address is not one or is taken, or the password is too short.
    """
    address, key = _free(session, email)
    name = name.strip()
    if not 1 <= len(name) <= NAME_LENGTH:
        raise Refused(_l("A name needs 1 to 120 characters."))
    user = User(
        name=name,
        email=address,
        email_key=key,
        password_hash=passwords.keep(
            password, is_admin=is_admin, about=[known_as, *about(session, name, address)]
        ),
        is_admin=is_admin,
        is_demo=is_demo,
        locale=locale,
        timezone=zone(timezone).key,
        created_at=at,
    )
    session.add(user)
    session.flush()
    record(session, None, Action.USER_ADDED, at, user_id=user.id)
    return user


def change_address(session: Session, user: User, email: str, at: dt.datetime) -> str:
    """Let a colleague sign in with another address; returns the one of before.

    All her sessions end, and a link to a new password is dead. Raises Refused where the address is
    not one or is taken.
    """
    before, (user.email, user.email_key) = user.email, _free(session, email)
    sessions.end_all(session, user)
    record(session, None, Action.ADDRESS_CHANGED, at, user_id=user.id)
    return before


def _free(session: Session, email: str) -> tuple[str, str]:
    """An address as it is kept, and its key. Raises Refused where it is none, or somebody's."""
    address = email_address(email)
    key = fold(address)
    if len(key) > EMAIL_LENGTH:
        raise Refused(_l("“%(text)s” is not an e-mail address.", text=address[:80]))
    if session.scalar(select(User.id).where(User.email_key == key)) is not None:
        raise Refused(_l("%(email)s is already a user.", email=address))
    return address, key


def about(session: Session, name: str, email: str) -> list[str]:
    """What a password of hers may not be made of: who she is, and whom she works for."""
    brands = session.scalars(select(Brand.name).order_by(Brand.id).limit(200))
    return [name, *email.split("@"), *brands]


def email_address(text: str) -> str:
    """The address a text is, normalised.

    Raises Refused where it is none.
    """
    try:
        return validate_email(
            text.strip(), check_deliverability=False, test_environment=True
        ).normalized
    except EmailNotValidError:
        raise Refused(_l("“%(text)s” is not an e-mail address.", text=text[:80])) from None


def zone(name: str) -> ZoneInfo:
    """The time zone of that name.

    Raises Refused where there is none.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Refused(
            _l("“%(name)s” is not a time zone such as Europe/Paris.", name=name[:60])
        ) from None


def add_brand(
    session: Session, *, name: str, at: dt.datetime, timezone: str = "UTC", is_demo: bool = False
) -> Brand:
    """Add a brand.

    Raises Refused where the name is empty, too long or taken.
    """
    name = name.strip()
    key = _name_key(session, name)
    brand = Brand(name=name, name_key=key, timezone=timezone, is_demo=is_demo, created_at=at)
    session.add(brand)
    session.flush()
    record(session, None, Action.BRAND_ADDED, at, brand_id=brand.id)
    return brand


def rename_brand(session: Session, brand: Brand, name: str) -> None:
    """Give a brand another name.

    Raises Refused where it is empty, too long or another brand's.
    """
    brand.name_key = _name_key(session, name, brand.id)
    brand.name = name


def _name_key(session: Session, name: str, own_id: int | None = None) -> str:
    """The key of a brand's name, which can be longer: some characters stand for a phrase."""
    key = fold(name)
    if not (1 <= len(name) <= NAME_LENGTH and 1 <= len(key) <= NAME_LENGTH):
        raise Refused(_l("A name needs 1 to 120 characters."))
    taken = session.scalar(select(Brand.id).where(Brand.name_key == key))
    if taken not in (None, own_id):
        raise Refused(_l("There is a brand “%(name)s” already.", name=name))
    return key


def join(session: Session, user: User, brand: Brand, role: Role) -> BrandMember:
    """Make a colleague a member of a brand, or change her role there."""
    member = session.scalar(
        select(BrandMember).where(BrandMember.user_id == user.id, BrandMember.brand_id == brand.id)
    )
    if member is None:
        member = BrandMember(user_id=user.id, brand_id=brand.id, role=role)
        session.add(member)
    member.role = role
    return member


def brand_named(session: Session, name: str | None) -> Brand:
    """The brand a command means: by name, or the only one that is not a demo.

    Raises Refused where none or several fit, naming those there are.
    """
    if name is not None:
        brand = session.scalar(select(Brand).where(Brand.name_key == fold(name)))
        if brand is None:
            raise Refused(
                _l(
                    "There is no brand “%(name)s”. There are: %(others)s.",
                    name=name[:120],
                    others=_names(session) or "–",
                )
            )
        return brand
    own = select(Brand).where(Brand.is_demo.is_(False)).order_by(Brand.name_key)
    real = session.scalars(own.limit(2)).all()
    if not real:
        raise Refused(_l("There is no brand of your own yet: add one with `irm brand add NAME`."))
    if len(real) > 1:
        raise Refused(
            _l(
                "There are several brands: %(names)s. Say which one is meant: --brand %(name)s.",
                names=_names(session),
                name=shlex.quote(real[0].name),
            )
        )
    return real[0]


def _names(session: Session) -> str:
    return ", ".join(session.scalars(select(Brand.name).order_by(Brand.name_key).limit(20)))


@lru_cache(256)
def members(brand_id: int) -> Select[int, str]:
    """Select `id name` of those who work for a brand, by name."""
    return (
        select(User.id, User.name)
        .join(BrandMember, BrandMember.user_id == User.id)
        .where(BrandMember.brand_id == brand_id, User.is_active)
        .order_by(User.name, User.id)
    )


@lru_cache(256)
def around(brand_id: int, owner_id: int | None) -> Select[int, str]:
    """Select `id name` of those who may see a relationship of a brand with this owner.

    A partner may see it where she is that owner.
    """
    return members(brand_id).where(
        or_(BrandMember.role != Role.PARTNER, BrandMember.user_id == owner_id, User.is_admin)
    )


def known_to(reader: Reader) -> Select[int, str]:
    """Select `id name` of the colleagues a reader may know of; a partner knows of no other one."""
    if reader.only_own:
        return around(reader.brand_id, reader.user_id)
    return members(reader.brand_id)


def is_partner(session: Session, user_id: int, brand_id: int) -> bool:
    """Whether a colleague sees those alone at a brand whom she owns."""
    found = (
        select(BrandMember.id)
        .join(User, User.id == BrandMember.user_id)
        .where(
            BrandMember.brand_id == brand_id,
            BrandMember.user_id == user_id,
            BrandMember.role == Role.PARTNER,
            User.is_admin.is_(False),
        )
    )
    return session.scalar(found) is not None


def is_within_reach(user_id: Any, brand_id: Any, owner_id: Any) -> ColumnElement[bool]:
    """The condition that a colleague may see a relationship of a brand with this owner.

    The three are columns, bound values or ids; without an owner, that she works for the brand as a
    whole.
    """
    return exists().where(
        BrandMember.brand_id == brand_id,
        BrandMember.user_id == user_id,
        or_(BrandMember.role != Role.PARTNER, owner_id == user_id),
    )


@lru_cache(256)
def may_contact(brand_id: int) -> Select[int, str]:
    """Select `id name` of those who make contacts for a brand: whoever only looks does not."""
    return members(brand_id).where(BrandMember.role != Role.VIEWER)


@lru_cache(256)
def may_take(brand_id: int, owner_id: int | None) -> Select[int, str]:
    """Select `id name` of those who may be given work with a relationship that has this owner."""
    return around(brand_id, owner_id).where(BrandMember.role != Role.VIEWER)


def refuse_onlooker(session: Session, user: User, brand_id: int) -> None:
    """Raise Refused where somebody only looks at a brand: what she is given, nobody would do."""
    role = select(BrandMember.role).where(
        BrandMember.brand_id == brand_id, BrandMember.user_id == user.id
    )
    if session.scalar(role) is Role.VIEWER and not user.is_admin:
        raise Refused(
            _l("%(name)s only looks: choose somebody who looks after people.", name=user.name)
        )
