"""Filters of the list and of the board under a name: one's own and the team's."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from irm.audit import Action, record
from irm.errors import Forbidden, NotFound, Refused
from irm.i18n import _l
from irm.models import SavedView, User

#: More than these nobody finds again.
MOST_VIEWS = 60

LONGEST_NAME, LONGEST_QUERY = 80, 2000


@lru_cache(1024)
def visible(brand_id: int, user_id: int) -> Select[SavedView]:
    """Select the views of both pages that a user sees: her own, and the team's; by name."""
    return (
        select(SavedView)
        .where(
            SavedView.brand_id == brand_id,
            or_(SavedView.is_team, SavedView.user_id == user_id),
        )
        .options(joinedload(SavedView.user))
        .order_by(SavedView.is_team, func.lower(SavedView.name), SavedView.id)
    )


def refuse_unseen(view: SavedView, user: User) -> None:
    """Raises NotFound where a view is somebody else's alone."""
    if not view.is_team and view.user_id != user.id:
        raise NotFound()


def may_change(view: SavedView, user: User, *, is_lead: bool) -> bool:
    """Whether a user may change a view: whoever made it, and of the team's the lead too."""
    return view.user_id == user.id or (view.is_team and is_lead)


def add(
    session: Session,
    brand_id: int,
    *,
    name: str,
    query: str,
    columns: Sequence[str],
    is_team: bool,
    user: User,
    at: dt.datetime,
    maker_id: int | None = None,
    page: str = "influencers",
) -> SavedView:
    """Keep a view of a page; `maker_id` is whose it is where it is not the user's own.

    Raises Refused where the name is missing, too long or taken, or there are too many.
    """
    maker_id = maker_id or user.id
    known = list(session.scalars(visible(brand_id, maker_id)))
    if len(known) >= MOST_VIEWS:
        raise Refused(_l("There are %(n)s views already; delete some first.", n=MOST_VIEWS))
    view = SavedView(
        brand_id=brand_id,
        user_id=maker_id,
        page=page,
        name=_name(name, [one for one in known if one.page == page], None),
        query=_query(query),
        columns=list(columns),
        is_team=is_team,
        created_at=at,
    )
    session.add(view)
    _changed(session, view, "added", user, at)
    return view


def change(
    session: Session,
    view: SavedView,
    *,
    user: User,
    is_lead: bool,
    at: dt.datetime,
    name: str | None = None,
    is_team: bool | None = None,
    query: str | None = None,
    columns: Sequence[str] | None = None,
) -> None:
    """Change what is given. Raises Forbidden where the user may not, Refused as `add` does."""
    if not may_change(view, user, is_lead=is_lead):
        raise Forbidden()
    if name is not None:
        known = session.scalars(visible(view.brand_id, view.user_id))
        view.name = _name(name, [one for one in known if one.page == view.page], view)
    if is_team is not None:
        view.is_team = is_team
    if query is not None:
        view.query = _query(query)
    if columns is not None:
        view.columns = list(columns)
    _changed(session, view, "changed", user, at)


def remove(
    session: Session, view: SavedView, *, user: User, is_lead: bool, at: dt.datetime
) -> None:
    """Delete a view. Raises Forbidden where the user may not."""
    if not may_change(view, user, is_lead=is_lead):
        raise Forbidden()
    _changed(session, view, "removed", user, at)
    session.delete(view)


def _name(name: str, known: Sequence[SavedView], own: SavedView | None) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused(_l("Give the view a name."))
    if len(name) > LONGEST_NAME:
        raise Refused(_l("The name is too long: %(n)s characters at most.", n=LONGEST_NAME))
    if any(one is not own and one.name.casefold() == name.casefold() for one in known):
        raise Refused(_l("There is a view “%(name)s” already.", name=name))
    return name


def _query(query: str) -> str:
    if len(query) > LONGEST_QUERY:
        raise Refused(_l("These are more filters than anybody can read; take some away."))
    return query


def _changed(session: Session, view: SavedView, change: str, user: User, at: dt.datetime) -> None:
    session.flush()
    record(
        session,
        user,
        Action.VIEW_CHANGED,
        at,
        brand_id=view.brand_id,
        view_id=view.id,
        change=change,
    )
