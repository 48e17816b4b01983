"""Who may do what: one list of permissions, one table of roles, one way to load.

Loading and permission are one act: `load(Touchpoint, id, Permission.LOG)` gives the row or ends
the request, 404 where the user may not even know that it exists, 403 where she may look only.
"""

import enum
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar, cast

from flask import g, request, session
from flask_login import current_user
from sqlalchemy import BindParameter, CompoundSelect, Integer, bindparam, null, select, union_all
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import joinedload

from irm import assigned
from irm.db import db
from irm.errors import Forbidden, Merged, NotFound
from irm.models import (
    Brand,
    BrandMember,
    Influencer,
    Prospect,
    Relationship,
    Role,
    SavedView,
    User,
)
from irm.models.base import Rows

M = TypeVar("M")


class Permission(enum.StrEnum):
    """Everything that can be allowed, named `noun.verb`."""

    SEE = "people.see"
    #: To see everybody of a brand, and what tells of the brand as a whole.
    SEE_ALL = "people.see_all"
    #: To bring somebody into the brand, to say who looks after whom, to share a view, to look at
    #: a colleague's day: what takes whoever works for the brand as a whole.
    ADD = "people.add"
    ASSIGN = "people.assign"
    SHARE = "views.share"
    SEE_DAYS = "team.see_days"
    LOG = "relationship.log"
    MOVE = "relationship.move"
    EDIT = "people.edit"
    PRIVATE = "notes.read_private"
    IMPORT = "people.import"
    MERGE = "people.merge"
    BULK_EDIT = "people.bulk_edit"
    EXPORT_LIST = "people.export_list"
    REVIEW = "review.lead"
    HAND_OVER = "people.hand_over"
    GIVE_OUT = "people.give_out"
    ERASE = "people.erase"
    #: To change or take away what a colleague logged.
    AMEND = "relationship.amend"
    ALL_ASKS = "asks.see_all"
    ALL_PROMISES = "promises.see_all"
    CAMPAIGNS = "campaigns.edit"
    PLAN_ALL = "plan.make_for_all"
    TOPICS = "brand.edit"
    INVITE = "team.invite"
    MEMBERS = "team.members"
    OWN_MAIL = "mail.see_own"
    ALL_MAIL = "mail.see_all"
    STATUS = "status.see"
    AUDIT = "audit.see"
    ADMINISTER = "organisation.administer"


_VIEWER = frozenset({Permission.SEE, Permission.SEE_ALL})
#: With those she owns alone, and on the pages of irm/assigned.py.
_PARTNER = frozenset({Permission.SEE, Permission.LOG, Permission.MOVE, Permission.EDIT})
_MANAGER = (
    _VIEWER
    | _PARTNER
    | {
        Permission.ADD,
        Permission.ASSIGN,
        Permission.SHARE,
        Permission.SEE_DAYS,
        Permission.IMPORT,
        Permission.MERGE,
        Permission.BULK_EDIT,
        Permission.EXPORT_LIST,
        Permission.CAMPAIGNS,
        Permission.OWN_MAIL,
    }
)
_LEAD = _MANAGER | {
    Permission.PRIVATE,
    Permission.AMEND,
    Permission.ALL_ASKS,
    Permission.ALL_PROMISES,
    Permission.PLAN_ALL,
    Permission.REVIEW,
    Permission.HAND_OVER,
    Permission.GIVE_OUT,
    Permission.ERASE,
    Permission.TOPICS,
    Permission.INVITE,
    Permission.MEMBERS,
    Permission.ALL_MAIL,
    Permission.STATUS,
    Permission.AUDIT,
}

#: What each role may do at its brand.
RIGHTS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.PARTNER: _PARTNER,
    Role.MANAGER: _MANAGER,
    Role.LEAD: _LEAD,
}

#: What an administrator may do everywhere. Private notes stay with author and lead.
ADMINISTRATOR = frozenset(Permission) - {Permission.PRIVATE}


@dataclass(frozen=True, slots=True)
class Membership:
    """The brand somebody works in now, and what she may do there."""

    brand_id: int
    brand_name: str
    role: Role | None
    is_demo: bool = False
    timezone: str = "UTC"
    #: As stored; irm/web/ageing.py reads them.
    limits: Any = None
    #: As stored; irm/funnel/stage_names.py reads them.
    stage_labels: Any = None


def me() -> User:
    """The signed-in user herself, not a stand-in for her."""
    found: User | None = g.get("me")
    if found is None:
        found = cast(User, current_user._get_current_object())
        if found.is_authenticated:
            g.me = found
    return found


def memberships() -> list[Membership]:
    """The brands this user may enter, by name; an administrator enters all."""
    if "memberships" not in g:
        asked = _brands_of(me().id, me().is_admin)
        g.memberships = [Membership(*row) for row in db.session.connection().execute(asked)]
    return cast(list[Membership], g.memberships)


@lru_cache(1024)
def _brands_of(user_id: int, is_admin: bool) -> Rows:
    joined = (BrandMember.brand_id == Brand.id) & (BrandMember.user_id == user_id)
    return (
        select(
            Brand.id,
            Brand.name,
            BrandMember.role,
            Brand.is_demo,
            Brand.timezone,
            Brand.limits,
            Brand.stage_labels,
        )
        .join(BrandMember, joined, isouter=is_admin)
        .order_by(Brand.name_key)
    )


def here() -> Membership:
    """The current brand: `?brand=`, else the one of last time, else where she may do most.

    Raises NotFound where the address names a brand that is not theirs, or they have none.
    """
    if "here" not in g:
        g.here = _choose()
    return cast(Membership, g.here)


def _choose() -> Membership:
    found = {membership.brand_id: membership for membership in memberships()}
    asked = request.args.get("brand")
    if asked is not None:
        if not asked.isdecimal() or len(asked) > 9 or int(asked) not in found:
            raise NotFound()
        if session.get("brand") != int(asked):
            session["brand"] = int(asked)
        return found[int(asked)]
    kept = found.get(session.get("brand", 0))
    if kept is None and not found:
        raise NotFound()
    # Of several alike the first: max keeps the order, and they come by name.
    return kept or max(found.values(), key=lambda one: len(RIGHTS[one.role]) if one.role else 0)


def has_brand() -> bool:
    """Whether there is any brand this user may enter."""
    return bool(memberships())


def rights() -> frozenset[Permission]:
    """What the user may do at the current brand, looked up once a request."""
    if "rights" not in g:
        role = here().role if memberships() else None
        found = RIGHTS[role] if role is not None else frozenset[Permission]()
        g.rights = found | ADMINISTRATOR if me().is_admin else found
    return cast(frozenset[Permission], g.rights)


def can(permission: Permission, brand_id: int | None = None) -> bool:
    """Whether the user may do this at that brand (default: the current one)."""
    if brand_id is None:
        return permission in rights()
    if me().is_admin and permission in ADMINISTRATOR:
        return True
    role = next((m.role for m in memberships() if m.brand_id == brand_id), None)
    return role is not None and permission in RIGHTS[role]


def require(permission: Permission, brand_id: int | None = None) -> None:
    """Let the request go on, or end it.

    Raises Forbidden where the user may see the brand, NotFound where she may not.
    """
    if can(permission, brand_id):
        return
    if brand_id is not None and not can(Permission.SEE, brand_id):
        raise NotFound()
    raise Forbidden()


def is_narrowed(brand_id: int | None = None) -> bool:
    """Whether the user sees those alone at a brand who are assigned to her: whom she owns."""
    return not can(Permission.SEE_ALL, brand_id)


def refuse_closed_to_partners() -> None:
    """Raise Forbidden where a partner asks at her brand for a page that is not for partners."""
    # Of an address that does not exist there is nothing to be closed.
    if request.endpoint is None:
        return
    if request.endpoint not in assigned.OPEN and _is_partner_here():
        raise Forbidden()


def _is_partner_here() -> bool:
    try:
        return has_brand() and is_narrowed()
    except NotFound:
        # The address names a brand that is not hers: whoever answers it says so.
        return False


def load(model: type[M], id: int, permission: Permission) -> M:
    """Fetch a row by id, if the user may do this with it.

    Raises NotFound where there is no such row in a brand of theirs, or to a partner where it is
    not of somebody assigned to her; Forbidden where the role at that brand does not allow it,
    Merged where it is somebody who is another one now.
    """
    row = _fetch(model, id) if id < 2**31 else None
    if row is None:
        raise NotFound()
    if isinstance(row, Influencer) and row.merged_into_id is not None:
        raise Merged(row.id, load(Influencer, row.merged_into_id, permission).id)
    brand_id = _brand_of(row)
    # First whether she may know of it, then whether she may do it.
    is_partner = is_narrowed(brand_id)
    if is_partner and not _is_assigned(row, brand_id):
        raise NotFound()
    require(permission, brand_id)
    if is_partner and request.endpoint not in assigned.OPEN:
        raise Forbidden()
    return row


def _is_assigned(row: Any, brand_id: int) -> bool:
    """Whether a row is of somebody who is assigned to the user at a brand where she is a partner.

    What belongs to no relationship is for nobody but whoever works for the brand as a whole.
    """
    if isinstance(row, SavedView):
        return row.user_id == me().id
    if isinstance(row, Influencer):
        return brand_id in _brands_that_know(row.id)
    relationship = row if isinstance(row, Relationship) else getattr(row, "relationship", None)
    return relationship is not None and relationship.owner_id == me().id


def may_see(influencer_id: int) -> bool:
    """Whether a brand of the user's has a relationship with a person, and she may know of it."""
    rows = db.session.execute(
        select(Relationship.brand_id, Relationship.owner_id).where(
            Relationship.influencer_id == influencer_id
        )
    )
    return any(
        can(Permission.SEE, brand_id) and (not is_narrowed(brand_id) or owner_id == me().id)
        for brand_id, owner_id in rows
    )


def _fetch(model: type[M], id: int) -> M | None:
    if model is Relationship:
        return cast(M | None, db.session.scalar(_RELATIONSHIP, {"of_id": id}))
    return db.session.get(model, id)


#: With its person and its owner, whom everybody asks for next.
_RELATIONSHIP = (
    select(Relationship)
    .where(Relationship.id == bindparam("of_id"))
    .options(joinedload(Relationship.influencer), joinedload(Relationship.owner))
)


def _brand_of(row: Any) -> int:
    if isinstance(row, Brand):
        return row.id
    if isinstance(row, Influencer):
        return _brand_that_knows(row)
    if isinstance(row, Relationship) or hasattr(row, "brand_id"):
        return cast(int, row.brand_id)
    return cast(int, row.relationship.brand_id)


_MINE: BindParameter[Any] = bindparam("mine", expanding=True)
_KNOWN_TO: CompoundSelect[Any] = union_all(
    select(Relationship.brand_id, Relationship.owner_id).where(
        Relationship.influencer_id == bindparam("of_id"), Relationship.brand_id.in_(_MINE)
    ),
    select(Prospect.brand_id, cast_to(null(), Integer)).where(
        Prospect.influencer_id == bindparam("of_id"), Prospect.is_own, Prospect.brand_id.in_(_MINE)
    ),
)


_WITH = (
    select(Relationship)
    .where(
        Relationship.influencer_id == bindparam("person"),
        Relationship.brand_id == bindparam("brand"),
    )
    .options(joinedload(Relationship.owner), joinedload(Relationship.brand))
)


def relationship_with(influencer: Influencer) -> Relationship | None:
    """The current brand's relationship with a person, its owner at hand: read once a request.

    None too where it is not for a partner's eyes.
    """
    kept: dict[int, Relationship] = g.setdefault("relationships", {})
    if influencer.id not in kept:
        both = {"person": influencer.id, "brand": here().brand_id}
        found = db.session.scalar(_WITH, both)
        if found is None or (is_narrowed() and found.owner_id != me().id):
            return None
        kept[influencer.id] = found
    return kept[influencer.id]


def _brand_that_knows(influencer: Influencer) -> int:
    """The current brand if it knows them, else another one of the user's that does.

    A brand knows whom it has a relationship with, and the prospects it brought in itself.
    """
    if has_brand() and not is_narrowed() and relationship_with(influencer) is not None:
        return here().brand_id
    known_to = _brands_that_know(influencer.id)
    if not known_to:
        raise NotFound()
    # Where she sees all before where she sees some.
    first = min(known_to, key=lambda id: (is_narrowed(id), id))
    return here().brand_id if here().brand_id in known_to else first


def _brands_that_know(influencer_id: int) -> set[int]:
    mine = [membership.brand_id for membership in memberships()]
    rows = db.session.execute(_KNOWN_TO, {"of_id": influencer_id, "mine": mine})
    return {id for id, owner_id in rows if not is_narrowed(id) or owner_id == me().id}
