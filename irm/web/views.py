"""Saved views of the list and of the board: kept, changed, shared, deleted."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request

from irm import clock
from irm.access import Permission, can, here, load, me, require
from irm.db import db
from irm.directory import filters, people, team, views
from irm.errors import Forbidden, NotFound, Refused
from irm.forms.text import one_line
from irm.i18n import _
from irm.models import SavedView
from irm.web import listing
from irm.web.answers import Answer, back_to, undoable
from irm.web.guard import is_fragment
from irm.web.influencers import kept_count
from irm.web.listing import Listing
from irm.web.words import words

bp = Blueprint("views", __name__)

#: What stands in a column of its own.
_SHOWN = ("columns", "fields")

#: Shared with all of the brand, as a form says it; a team is said by its number.
ALL = "all"

#: Views shown as tabs, each with its count.
TABS = 8


@bp.get("/views")
def index() -> str:
    """All views: one's own, those of one's teams and those of all."""
    require(Permission.SEE)
    found = listing.all_views()
    is_lead = can(Permission.TOPICS)
    changeable = {one.id for one in found if views.may_change(one, me(), is_lead=is_lead)}
    offered = _sharing() if changeable else []
    return render_template("views/index.html", views=found, changeable=changeable, offered=offered)


@bp.get("/views/sharing")
def sharing() -> str:
    """With whom a new view can be shared; asked for once somebody is about to keep one."""
    require(Permission.SEE)
    page = "views/_sharing.html" if is_fragment() else "views/sharing.html"
    return render_template(page, offered=_sharing(), id="view-shared", label="", shared=None)


@bp.get("/views/tabs")
def tabs() -> str:
    """The tabs with how many each finds; asked for after the page."""
    require(Permission.SEE)
    page = listing.BOARD if request.args.get("page") == listing.BOARD else listing.LIST
    found = [one for one in listing.all_views() if one.page == page]
    view = next((one for one in found if str(one.id) == request.args.get("view")), None)
    counts = {one.id: _said_count(one) for one in found[:TABS]}
    return render_template(
        "views/_tabs.html", views=found, view=view, counts=counts, listed=f"/{page}"
    )


@bp.post("/views")
def add() -> Answer:
    """Keep the list under a name; also what undoing a deletion sends."""
    require(Permission.SEE)
    shown = listing.of(request.form.get("list", ""))
    is_team, team_id = _shared()
    maker = _maker(is_shared=is_team or team_id is not None)
    view = views.add(
        db.session,
        here().brand_id,
        name=one_line(request.form.get("name")),
        query=_query(shown),
        columns=shown.shown,
        is_team=is_team,
        team_id=team_id,
        is_lead=can(Permission.TOPICS),
        user=me(),
        at=clock.now(),
        maker_id=maker,
        page=shown.page,
    )
    db.session.commit()
    return back_to(_href(view), _kept(view))


@bp.post("/views/<int:id>")
def save(id: int) -> Answer:
    """Let a view be what the list shows now."""
    view, shown = _view(id), listing.of(request.form.get("list", ""))
    if shown.page != view.page:
        raise NotFound()
    _change(view, query=_query(shown), columns=shown.shown)
    return back_to(_href(view), _kept(view))


@bp.post("/views/<int:id>/rename")
def rename(id: int) -> Answer:
    """Give a view another name, to a team, to all or back to its maker."""
    view, (is_team, team_id) = _view(id), _shared()
    _change(view, name=one_line(request.form.get("name")), is_team=is_team, team_id=team_id)
    return back_to("/views", _kept(view))


@bp.post("/views/<int:id>/delete")
def delete(id: int) -> Answer:
    """Delete a view; undoing that keeps it again."""
    view = _view(id)
    undo = {
        "name": view.name,
        "list": replace(_plain(view), columns=tuple(view.columns)).encoded(),
        "shared": ALL if view.is_team else getattr(view.shared_team, "id", ""),
        "maker": view.user_id,
    }
    views.remove(db.session, view, user=me(), is_lead=can(Permission.TOPICS), at=clock.now())
    db.session.commit()
    said = _("The view “%(name)s” is gone.", name=undo["name"])
    return back_to("/views", undoable(said, "/views", undo))


def _view(id: int) -> SavedView:
    """The view with this id. Raises NotFound where it is none of the reader's."""
    view = load(SavedView, id, Permission.SEE)
    is_lead = can(Permission.TOPICS, view.brand_id)
    views.refuse_unseen(db.session, view, me(), is_lead=is_lead)
    if view.is_team or view.team_id is not None:
        require(Permission.SEE_ALL, view.brand_id)
    return view


def _change(view: SavedView, **given: Any) -> None:
    is_lead = can(Permission.TOPICS, view.brand_id)
    views.change(db.session, view, user=me(), is_lead=is_lead, at=clock.now(), **given)
    db.session.commit()


def _kept(view: SavedView) -> str:
    return _("The view “%(name)s” is kept.", name=view.name)


def _sharing() -> list[tuple[int, str]]:
    """The teams with which the reader may share a view, as id and name."""
    some = views.may_share(here().brand_id, me().id, can(Permission.TOPICS))
    return [(one.id, one.name) for one in db.session.scalars(some)]


def _shared() -> tuple[bool, int | None]:
    """Whether all of the brand are to see it, or else which team.

    Raises NotFound where that is no team, Forbidden where the reader shares nothing.
    """
    given = request.form.get("shared", "")
    if not given:
        return False, None
    require(Permission.SHARE)
    if given == ALL:
        return True, None
    if not (given.isascii() and given.isdecimal() and len(given) < 10):
        raise NotFound()
    return False, int(given)


def _maker(*, is_shared: bool) -> int | None:
    """Whose view it was, when a lead undoes a deletion."""
    given = request.form.get("maker", "")
    if not (given.isascii() and given.isdecimal() and len(given) < 10) or int(given) == me().id:
        return None
    if not (can(Permission.TOPICS) and is_shared):
        raise Forbidden()
    if int(given) not in _members():
        return None
    return int(given)


def _members() -> set[int]:
    return {id for id, _name in db.session.execute(team.members(here().brand_id))}


def _plain(view: SavedView) -> Listing:
    return listing.plain(view.query, view.page)


def _href(view: SavedView) -> str:
    return f"/{view.page}?view={view.id}"


def _query(shown: Listing) -> str:
    """What a view keeps of a list: filters and sort; the columns stand beside.

    Raises Refused where a filter means nothing: it would mean nothing for ever.
    """
    filters.refuse_unread(shown.query)
    return filters.encoded([pair for pair in shown.said() if pair[0] not in _SHOWN])


def _said_count(view: SavedView) -> str:
    """How many a view finds; nothing where its words mean nothing any more."""
    try:
        shown = _plain(view)
        number = kept_count(shown)
        if number is None:
            asked, archived = shown.ask(), shown.query.archived
            number = people.count(db.session, here().brand_id, asked.conditions, archived)
            if number > people.COUNTED:
                return words().number(people.COUNTED) + "+"
    except Refused:
        return "?"
    return words().number(number)
