"""Filters of the list and of the board under a name: one's own and the team's."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from irm.audit import Action, record
from irm.directory import teams
from irm.errors import Forbidden, NotFound, Refused
from irm.i18n import _l
from irm.models import SavedView, Team, User

#: More than these nobody finds again.
MOST_VIEWS = 60

LONGEST_NAME, LONGEST_QUERY = 80, 2000


@lru_cache(1024)
def visible(
    brand_id: int, user_id: int, is_lead: bool = False, *, only_own: bool = False
) -> Select[SavedView]:
    """Select the views of both pages that a user sees, by name.

    They are her own, those of all, and those of her teams; a lead's are those of every team.
    `only_own`: a partner's are those she keeps for herself.
    """
    hers = SavedView.user_id == user_id
    of_team = and_(SavedView.team_id.is_not(None), Team.removed_at.is_(None))
    if not is_lead:
        of_team &= SavedView.team_id.in_(teams.of_user(brand_id, user_id))
    if only_own:
        seen = and_(hers, SavedView.is_team.is_(False), SavedView.team_id.is_(None))
    else:
        seen = or_(SavedView.is_team, hers, of_team)
    return (
        select(SavedView)
        .join(Team, Team.id == SavedView.team_id, isouter=True)
        .where(SavedView.brand_id == brand_id, seen)
        .options(joinedload(SavedView.user), contains_eager(SavedView.team))
        .order_by(SavedView.is_team, func.lower(SavedView.name), SavedView.id)
    )


def refuse_unseen(session: Session, view: SavedView, user: User, *, is_lead: bool) -> None:
    """Raises NotFound where a view is somebody else's alone, or a team's she is not in."""
    seen = visible(view.brand_id, user.id, is_lead).where(SavedView.id == view.id)
    if session.scalar(seen) is None:
        raise NotFound()


def may_change(view: SavedView, user: User, *, is_lead: bool) -> bool:
    """Whether a user may change a view: whoever made it, and of a shared one the lead too."""
    is_shared = view.is_team or view.shared_team is not None
    return view.user_id == user.id or (is_shared and is_lead)


def may_share(brand_id: int, user_id: int, is_lead: bool) -> Select[Team]:
    """Select the teams with which a user may share a view: her own, a lead every one."""
    found = teams.of_brand(brand_id)
    return found if is_lead else found.where(Team.id.in_(teams.of_user(brand_id, user_id)))


def _team(
    session: Session, brand_id: int, team_id: int | None, user: User, is_lead: bool
) -> int | None:
    """The team to share with. Raises NotFound where there is none, or she may not."""
    if team_id is None:
        return None
    found = may_share(brand_id, user.id, is_lead).where(Team.id == team_id)
    if session.scalar(found) is None:
        raise NotFound()
    return team_id


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
    team_id: int | None = None,
    is_lead: bool = False,
    maker_id: int | None = None,
    page: str = "influencers",
) -> SavedView:
    """Keep a view of a page, for oneself, for a team or, `is_team`, for all of the brand.

    `maker_id` is whose it is where it is not the user's own. Raises Refused where the name is
    missing, too long or taken, or there are too many; NotFound where the team is not to be had.
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
        team_id=_team(session, brand_id, team_id, user, is_lead),
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
    team_id: int | None = None,
    query: str | None = None,
    columns: Sequence[str] | None = None,
) -> None:
    """Change what is given; `is_team` and `team_id` together say with whom it is shared.

    Raises Forbidden where the user may not, Refused and NotFound as `add` does.
    """
    if not may_change(view, user, is_lead=is_lead):
        raise Forbidden()
    if name is not None:
        known = session.scalars(visible(view.brand_id, view.user_id))
        view.name = _name(name, [one for one in known if one.page == view.page], view)
    if is_team is not None:
        view.is_team = is_team
        # Whoever left the team since goes on sharing with it what she shared before.
        if team_id is None or team_id != getattr(view.shared_team, "id", None):
            view.team_id = _team(session, view.brand_id, team_id, user, is_lead)
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
