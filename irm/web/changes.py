"""Other people's moves, for a board that is open: nothing, or the cards and heads that changed."""

from typing import Any, NamedTuple

from flask import Blueprint, Response, render_template, request

from irm import clock
from irm.access import Permission, can, here, me, require
from irm.db import db
from irm.funnel import changes
from irm.funnel.grouping import Grouping
from irm.i18n import _
from irm.models import Stage
from irm.web import filters, heads
from irm.web.cards import row_words

bp = Blueprint("changes", __name__)

#: Where the answer says what is seen with it.
SINCE = "X-Since"


class Change(NamedTuple):
    """One card that was moved, and the sentence about it; of one's own moves there is none."""

    id: int
    #: The card as this board shows it; empty where it shows none.
    cards: list[Any]
    said: str


@bp.get("/funnel/changes")
def show() -> Response:
    """What moved since: 204 where nothing did; a board of many changes is loaded anew."""
    require(Permission.SEE)
    token = request.args.get("since")
    if not token:
        return _answer(None, changes.begin(clock.now()))
    found = changes.since(db.session, filters.reader(), changes.read(token))
    if not found.moves and not found.are_many:
        return _answer(None, found.since)
    page = heads.here_and_now()
    is_by_stage = page.by is Grouping.STAGE
    # Who moved from where is not asked: the heads are read at once, all five.
    keys = [stage.value for stage in Stage] if is_by_stage and not found.are_many else []
    body = render_template(
        "funnel/_changes.html",
        changes=_changes(page, found.moves),
        columns=page.columns(keys) if keys else [],
        are_many=found.are_many,
        words=row_words(),
        may_move=can(Permission.MOVE),
    )
    return _answer(body, found.since)


def _answer(body: str | None, since: changes.Since) -> Response:
    response = Response(body or "", status=200 if body else 204, mimetype="text/html")
    response.headers[SINCE] = str(since)
    response.headers["Cache-Control"] = "no-store"
    return response


def _changes(page: heads.Board, moves: Any) -> list[Change]:
    ids = [row.relationship_id for row in moves]
    _conditions, _owner_id, stages = page.asked
    shown = changes.matching(
        db.session, here().brand_id, ids, page.listing.query.archived, page.whole
    )
    by = changes.names(db.session, {row.user_id for row in moves if row.user_id})
    found = []
    for row in moves:
        one = shown.get(row.relationship_id)
        is_there = one is not None and one.stage in stages
        cards = page.card(row.relationship_id) if is_there else []
        found.append(Change(row.relationship_id, cards, _said(row, one, by) if is_there else ""))
    return found


def _said(row: Any, card: Any, by: dict[int, str]) -> str:
    if row.user_id == me().id:
        return ""
    who, stage = by.get(row.user_id, "irm"), card.stage.label
    return _("%(who)s moved %(name)s to %(stage)s.", who=who, name=card.name, stage=stage)
