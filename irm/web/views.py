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
from irm.web.influencers import kept_count
from irm.web.listing import Listing
from irm.web.words import words

bp = Blueprint("views", __name__)

#: What stands in a column of its own.
_SHOWN = ("columns", "fields")

#: Views shown as tabs, each with its count.
TABS = 8


@bp.get("/views")
def index() -> str:
    """All views: one's own and the team's."""
    require(Permission.SEE)
    found = listing.all_views()
    is_lead = can(Permission.TOPICS)
    changeable = {one.id for one in found if views.may_change(one, me(), is_lead=is_lead)}
    return render_template("views/index.html", views=found, changeable=changeable)


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
    is_team = bool(request.form.get("is_team"))
    if is_team:
        require(Permission.EDIT)
    maker = _maker()
    view = views.add(
        db.session,
        here().brand_id,
        name=one_line(request.form.get("name")),
        query=_query(shown),
        columns=shown.shown,
        is_team=is_team,
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
    """Give a view another name, to the team or back to its maker."""
    view, is_team = _view(id), bool(request.form.get("is_team"))
    if is_team:
        require(Permission.EDIT)
    _change(view, name=one_line(request.form.get("name")), is_team=is_team)
    return back_to("/views", _kept(view))


@bp.post("/views/<int:id>/delete")
def delete(id: int) -> Answer:
    """Delete a view; undoing that keeps it again."""
    view = _view(id)
    undo = {
        "name": view.name,
        "list": replace(_plain(view), columns=tuple(view.columns)).encoded(),
        "is_team": "1" if view.is_team else "",
        "maker": view.user_id,
    }
    views.remove(db.session, view, user=me(), is_lead=can(Permission.TOPICS), at=clock.now())
    db.session.commit()
    said = _("The view “%(name)s” is gone.", name=undo["name"])
    return back_to("/views", undoable(said, "/views", undo))


def _view(id: int) -> SavedView:
    """The view with this id. Raises NotFound where it is none of the reader's."""
    view = load(SavedView, id, Permission.SEE)
    views.refuse_unseen(view, me())
    return view


def _change(view: SavedView, **given: Any) -> None:
    is_lead = can(Permission.TOPICS, view.brand_id)
    views.change(db.session, view, user=me(), is_lead=is_lead, at=clock.now(), **given)
    db.session.commit()


def _kept(view: SavedView) -> str:
    return _("The view “%(name)s” is kept.", name=view.name)


def _maker() -> int | None:
    """Whose view it was, when a lead undoes a deletion."""
    given = request.form.get("maker", "")
    if not (given.isascii() and given.isdecimal() and len(given) < 10) or int(given) == me().id:
        return None
    if not (can(Permission.TOPICS) and request.form.get("is_team")):
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
