"""The teams of a brand: made, renamed, filled, emptied, taken away."""

from typing import NamedTuple

from flask import Blueprint, render_template
from wtforms.fields.choices import SelectChoice

from irm import clock
from irm.access import Membership, Permission, here, load, me, require
from irm.db import db
from irm.directory import team as colleagues
from irm.directory import teams
from irm.errors import NotFound, Refused
from irm.forms.team import NameForm, TeamForm, TeamMemberForm
from irm.funnel import board
from irm.i18n import _
from irm.models import Team, User
from irm.web.answers import Answer, back_to, refuse_faults, undoable

bp = Blueprint("teams", __name__)


class Shown(NamedTuple):
    """A team as its page shows it."""

    id: int
    name: str
    members: list[tuple[int, str]]
    #: Who works for the brand and is not in it.
    others: list[tuple[int, str]]
    #: How many people its members look after.
    people: int


@bp.get("/settings/teams")
def index() -> str:
    """Every team of the brand with its members, and the form for another one."""
    return _page(_brand(), TeamForm(formdata=None))


@bp.post("/settings/teams")
def add() -> Answer:
    """Make a team."""
    brand, form = _brand(), TeamForm()
    _offer(form, _members(brand))
    if not form.validate():
        return _page(brand, form), 422
    try:
        team = teams.add(
            db.session,
            brand.brand_id,
            name=form.name.data,
            user_ids=form.members.data,
            by=me(),
            at=clock.now(),
        )
    except Refused as refused:
        db.session.rollback()
        form.name.errors = [refused.message]
        return _page(brand, form), refused.status
    db.session.commit()
    said = _("The team “%(name)s” is made.", name=team.name)
    return _back(team, undoable(said, f"/settings/teams/{team.id}/remove", {}))


@bp.post("/settings/teams/<int:id>/rename")
def rename(id: int) -> Answer:
    """Call a team otherwise."""
    team, form = _team(id), NameForm()
    refuse_faults(form)
    before = team.name
    teams.rename(db.session, team, form.name.data, by=me(), at=clock.now())
    db.session.commit()
    said = _("The team “%(before)s” is now “%(name)s”.", before=before, name=team.name)
    return _back(team, undoable(said, f"/settings/teams/{id}/rename", {"name": before}))


@bp.post("/settings/teams/<int:id>/put")
def put(id: int) -> Answer:
    """Put a colleague into a team."""
    team, user = _team(id), _user()
    teams.put(db.session, team, user.id, by=me(), at=clock.now())
    db.session.commit()
    said = _("%(name)s is in the team “%(team)s” now.", name=user.name, team=team.name)
    return _back(team, undoable(said, f"/settings/teams/{id}/take", {"user": user.id}))


@bp.post("/settings/teams/<int:id>/take")
def take(id: int) -> Answer:
    """Take a colleague out of a team."""
    team, user = _team(id), _user()
    teams.take(db.session, team, user.id, by=me(), at=clock.now())
    db.session.commit()
    said = _("%(name)s is not in the team “%(team)s” any more.", name=user.name, team=team.name)
    return _back(team, undoable(said, f"/settings/teams/{id}/put", {"user": user.id}))


@bp.post("/settings/teams/<int:id>/remove")
def remove(id: int) -> Answer:
    """Take a team away; the message about it brings it back with all it had."""
    team = _team(id)
    teams.remove(db.session, team, by=me(), at=clock.now())
    db.session.commit()
    said = _("The team “%(name)s” is gone. Its members stay.", name=team.name)
    return _back(team, undoable(said, f"/settings/teams/{id}/restore", {}))


@bp.post("/settings/teams/<int:id>/restore")
def restore(id: int) -> Answer:
    """Take a removal back."""
    team = load(Team, id, Permission.MEMBERS)
    teams.restore(db.session, team, by=me(), at=clock.now())
    db.session.commit()
    return _back(team, _("The team “%(name)s” is back.", name=team.name))


def _brand() -> Membership:
    require(Permission.MEMBERS)
    return here()


def _team(id: int) -> Team:
    """The team with this id. Raises NotFound where it is gone or none of the reader's."""
    team = load(Team, id, Permission.MEMBERS)
    if team.removed_at is not None:
        raise NotFound()
    return team


def _user() -> User:
    """The colleague whom the form names. Raises NotFound where there is none."""
    form = TeamMemberForm()
    refuse_faults(form)
    user = db.session.get(User, form.user.data)
    if user is None:
        raise NotFound()
    return user


def _back(team: Team, message: object) -> Answer:
    return back_to(f"/settings/teams?brand={team.brand_id}", message)  # type: ignore[arg-type]


def _members(brand: Membership) -> list[tuple[int, str]]:
    return [(id, name) for id, name in db.session.execute(colleagues.members(brand.brand_id))]


def _offer(form: TeamForm, members: list[tuple[int, str]]) -> None:
    form.members.choices = [SelectChoice(id, name) for id, name in members]


def _page(brand: Membership, form: TeamForm) -> str:
    known = _members(brand)
    _offer(form, known)
    return render_template("settings/teams.html", form=form, teams=_shown(brand, known))


def _shown(brand: Membership, known: list[tuple[int, str]]) -> list[Shown]:
    names: dict[int, str] = {}
    inside: dict[int, list[tuple[int, str]]] = {}
    for row in db.session.execute(teams.members(brand.brand_id)):
        names[row.team_id] = row.name
        there = inside.setdefault(row.team_id, [])
        if row.user_id is not None:
            there.append((row.user_id, row.user_name))
    owned = board.owned(db.session, brand.brand_id)
    return [
        Shown(
            id,
            name,
            inside[id],
            [one for one in known if one not in inside[id]],
            sum(owned.get(user_id, 0) for user_id, _name in inside[id]),
        )
        for id, name in names.items()
    ]
