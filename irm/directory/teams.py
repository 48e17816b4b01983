"""Teams: colleagues of a brand under one name, to filter by and to share views with.

A team owns nobody. Whose somebody is says one colleague, and by her the teams she is in.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, false, func, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory.search import Reader
from irm.errors import Done, NotFound, Refused
from irm.i18n import _l
from irm.models import (
    AuditEntry,
    BrandMember,
    Relationship,
    StageCounter,
    Team,
    TeamMember,
    User,
)
from irm.models.aside import aside
from irm.models.base import Rows
from irm.models.keys import fold

#: Characters of a name.
LONGEST = 60

#: More teams than these nobody chooses from.
MOST_TEAMS = 60

#: Stands for the teams of whoever reads, so that a view says "my teams" to each.
MINE = "mine"


@dataclass(frozen=True, slots=True)
class Teams:
    """Some teams of a brand as a filter names them; with a user, all that she is in."""

    brand_id: int
    ids: tuple[int, ...] = ()
    user_id: int | None = None

    @property
    def key(self) -> str:
        """These teams in a word, to keep by it what was read of them."""
        return ",".join(["t", *map(str, self.ids), f"u{self.user_id or ''}"])

    def hold(self, owner: Any) -> ColumnElement[bool]:
        """The condition that an owner is in one of them; a team that is gone holds nobody."""
        condition: ColumnElement[bool] = owner.in_(_owners(self))
        return condition


def look_after(session: Session, teams: Teams, wanted: int) -> ColumnElement[bool]:
    """The condition on Relationship that its owner is in one of these teams, by the shortest way.

    `wanted` is how many a page shows. Of many, a list is walked in its order, passing by the
    others; few are gone to by their owners and sorted. One statement tells, from the kept counters.
    """
    rows = session.execute(_counted(teams)).all()
    if not rows:
        return false()
    ids, people = [row.user_id for row in rows], sum(row.people for row in rows)
    owner: ColumnElement[Any] = Relationship.owner_id.expression
    # As if whose somebody is had nothing to do with where they stand in the list.
    is_walk = people > 0 and wanted * rows[0].everybody // people < people
    return (aside(owner) if is_walk else owner).in_(ids)


@lru_cache(1024)
def _counted(teams: Teams) -> Rows:
    """Select `user_id people everybody`: who is in the teams, with how many of the brand's."""
    ours = StageCounter.brand_id == teams.brand_id
    own = select(func.coalesce(func.sum(StageCounter.people), 0)).where(
        ours, StageCounter.owner_id == User.id
    )
    everybody = select(func.coalesce(func.sum(StageCounter.people), 0)).where(ours)
    return select(
        User.id.label("user_id"),
        own.correlate(User).scalar_subquery().label("people"),
        everybody.scalar_subquery().label("everybody"),
    ).where(User.id.in_(_owners(teams)))


def named(brand_id: int, user_id: int, values: Collection[str]) -> Teams:
    """The teams that these values of a filter name, for the colleague who reads."""
    ids = tuple(sorted({int(one) for one in values if one != MINE}))
    return Teams(brand_id, ids, user_id if MINE in values else None)


@lru_cache(1024)
def _owners(teams: Teams) -> Select[int]:
    """Select the ids of those who are in one of these teams."""
    some = [Team.id.in_(teams.ids)]
    if teams.user_id is not None:
        hers = select(TeamMember.team_id).where(TeamMember.user_id == teams.user_id)
        some.append(Team.id.in_(hers))
    return (
        select(TeamMember.user_id)
        .join(Team, Team.id == TeamMember.team_id)
        .where(Team.brand_id == teams.brand_id, Team.removed_at.is_(None), or_(*some))
    )


@lru_cache(256)
def of_brand(brand_id: int) -> Select[Team]:
    """Select a brand's teams by name."""
    return (
        select(Team)
        .where(Team.brand_id == brand_id, Team.removed_at.is_(None))
        .order_by(Team.name_key)
    )


@lru_cache(256)
def members(brand_id: int) -> Rows:
    """Select `team_id name user_id user_name` of a brand's teams, by both names.

    A team without members is in it once, with nobody. Who is deactivated is left out.
    """
    there = (
        select(TeamMember.team_id, User.id, User.name)
        .join(User, User.id == TeamMember.user_id)
        .where(TeamMember.brand_id == brand_id, User.is_active)
        .subquery("there")
    )
    return (
        select(
            Team.id.label("team_id"),
            Team.name,
            there.c.id.label("user_id"),
            there.c.name.label("user_name"),
        )
        .join(there, there.c.team_id == Team.id, isouter=True)
        .where(Team.brand_id == brand_id, Team.removed_at.is_(None))
        .order_by(Team.name_key, there.c.name, there.c.id)
    )


def known_to(reader: Reader) -> Select[Team]:
    """Select the teams a reader may know of, by name: the brand's; a partner's are her own."""
    found = of_brand(reader.brand_id)
    if reader.only_own:
        found = found.where(Team.id.in_(of_user(reader.brand_id, reader.user_id)))
    return found


@lru_cache(1024)
def of_user(brand_id: int, user_id: int) -> Select[int]:
    """Select the ids of the teams of a brand that somebody is in."""
    return (
        select(TeamMember.team_id)
        .join(Team, Team.id == TeamMember.team_id)
        .where(
            TeamMember.user_id == user_id,
            TeamMember.brand_id == brand_id,
            Team.removed_at.is_(None),
        )
    )


def add(
    session: Session,
    brand_id: int,
    *,
    name: str,
    user_ids: Collection[int],
    by: User,
    at: dt.datetime,
) -> Team:
    """Make a team of these members.

    Raises Refused where the name is missing, too long or taken, or there are too many teams;
    NotFound where one of them is no member of the brand.
    """
    count = select(func.count()).select_from(of_brand(brand_id).subquery())
    if (session.scalar(count) or 0) >= MOST_TEAMS:
        raise Refused(_l("A brand has %(n)s teams at most.", n=MOST_TEAMS))
    team = Team(brand_id=brand_id, created_at=at)
    _call(session, team, name)
    _changed(session, team, "added", by, at)
    for id in sorted(set(user_ids)):
        put(session, team, id, by=by, at=at)
    return team


def rename(session: Session, team: Team, name: str, *, by: User, at: dt.datetime) -> None:
    """Call a team otherwise, wherever it stands. Raises Refused as `add` does."""
    _call(session, team, name)
    _changed(session, team, "renamed", by, at)


def put(session: Session, team: Team, user_id: int, *, by: User, at: dt.datetime) -> None:
    """Put a colleague into a team.

    Raises NotFound where she does not work for the brand, Done where she is in it already.
    """
    place = select(BrandMember.id).join(User, User.id == BrandMember.user_id)
    place = place.where(
        BrandMember.brand_id == team.brand_id, BrandMember.user_id == user_id, User.is_active
    )
    if session.scalar(place) is None:
        raise NotFound()
    values = {"team_id": team.id, "user_id": user_id, "brand_id": team.brand_id}
    try:
        with session.begin_nested():
            session.execute(insert(TeamMember).values(values))
    except IntegrityError:
        raise Done(_l("She is in this team already.")) from None
    _member_changed(session, team, user_id, "added", by, at)


def take(session: Session, team: Team, user_id: int, *, by: User, at: dt.datetime) -> None:
    """Take a colleague out of a team. Raises Done where she is not in it."""
    gone = delete(TeamMember).where(TeamMember.team_id == team.id, TeamMember.user_id == user_id)
    if session.execute(gone.returning(TeamMember.user_id)).first() is None:
        raise Done(_l("She is not in this team any more."))
    _member_changed(session, team, user_id, "removed", by, at)


def remove(session: Session, team: Team, *, by: User, at: dt.datetime) -> None:
    """Take a team away: nobody sees it, and filters that name it find nobody.

    What it had stays for `restore`. Raises Done where it is gone already.
    """
    if team.removed_at is not None:
        raise Done(_l("The team “%(name)s” is gone already.", name=team.name))
    team.removed_at, team.name_key = at, None
    _changed(session, team, "removed", by, at)


def restore(session: Session, team: Team, *, by: User, at: dt.datetime) -> None:
    """Take a removal back, with the members and the views it had.

    Raises Done where it is there, Refused where another team has its name now.
    """
    if team.removed_at is None:
        raise Done(_l("The team “%(name)s” is there already.", name=team.name))
    team.removed_at = None
    _call(session, team, team.name)
    _changed(session, team, "restored", by, at)


def leave(session: Session, brand_id: int, user_id: int, *, by: User, at: dt.datetime) -> None:
    """Take somebody who leaves a brand out of all its teams; `come_back` undoes that."""
    mine = select(Team).join(TeamMember, TeamMember.team_id == Team.id)
    mine = mine.where(TeamMember.brand_id == brand_id, TeamMember.user_id == user_id)
    for team in session.scalars(mine.order_by(Team.id)):
        _member_changed(session, team, user_id, "left", by, at)
    gone = delete(TeamMember).where(TeamMember.brand_id == brand_id, TeamMember.user_id == user_id)
    session.execute(gone, execution_options={"synchronize_session": False})


def come_back(
    session: Session,
    brand_id: int,
    user_id: int,
    left_at: dt.datetime,
    *,
    by: User,
    at: dt.datetime,
) -> None:
    """Put somebody back into the teams she left with her brand, as far as they are there."""
    left = session.scalars(
        select(AuditEntry.ids).where(
            AuditEntry.brand_id == brand_id,
            AuditEntry.action == Action.TEAM_MEMBER_CHANGED.code,
            AuditEntry.at == left_at,
        )
    )
    ids = {one["team_id"] for one in left if (one["user_id"], one["change"]) == (user_id, "left")}
    there = select(Team).where(Team.id.in_(ids), Team.brand_id == brand_id).order_by(Team.id)
    for team in session.scalars(there).all():
        put(session, team, user_id, by=by, at=at)


def _call(session: Session, team: Team, name: str) -> None:
    """Give a team its name, if it is no other's."""
    name = " ".join(name.split())
    key = fold(name)
    if not key:
        raise Refused(_l("A team needs a name."))
    if len(name) > LONGEST or len(key) > LONGEST:
        raise Refused(_l("The name is too long: %(n)s characters at most.", n=LONGEST))
    taken = Refused(_l("There is a team “%(name)s” already.", name=name))
    other = select(Team.id).where(Team.brand_id == team.brand_id, Team.name_key == key)
    if session.scalar(other) not in (None, team.id):
        raise taken
    try:
        with session.begin_nested():
            team.name, team.name_key = name, key
            session.add(team)
    except IntegrityError:  # somebody made one of that name meanwhile
        raise taken from None


def _changed(session: Session, team: Team, change: str, by: User, at: dt.datetime) -> None:
    session.flush()
    record(
        session,
        by,
        Action.TEAM_CHANGED,
        at,
        brand_id=team.brand_id,
        team_id=team.id,
        change=change,
    )


def _member_changed(
    session: Session, team: Team, user_id: int, change: str, by: User, at: dt.datetime
) -> None:
    record(
        session,
        by,
        Action.TEAM_MEMBER_CHANGED,
        at,
        brand_id=team.brand_id,
        team_id=team.id,
        user_id=user_id,
        change=change,
    )
