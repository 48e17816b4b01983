"""Choosing what stands on a card of the board: for oneself, or for the view that is open."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from irm.access import Permission, me, require
from irm.db import db
from irm.errors import NotFound
from irm.funnel import fields
from irm.web import listing
from irm.web.guard import is_fragment
from irm.web.listing import Listing

bp = Blueprint("card_fields", __name__)


@bp.get("/funnel/fields")
def choose() -> str:
    """The fields of a card, to show and to hide."""
    require(Permission.SEE)
    shown = _board(request.args.get("list", ""))
    given = {
        "fields": [
            (name, str(label), name in shown.shown) for name, label in fields.FIELDS.items()
        ],
        "list": shown.encoded(),
        "of_view": shown.view_id is not None or shown.columns is not None,
    }
    if is_fragment():
        return render_template("funnel/_fields.html", **given)
    return render_template("influencers/step.html", step="funnel/_fields.html", **given)


@bp.post("/funnel/fields")
def put() -> AnyResponse:
    """Keep the fields: with the view that is open, else for the reader."""
    require(Permission.SEE)
    shown = _board(request.form.get("list", ""))
    chosen = fields.chosen(request.form.getlist("field"))
    is_reset = "reset" in request.form
    if shown.view_id is not None or shown.columns is not None:
        kept = replace(shown, columns=None) if is_reset else shown.changed(columns=chosen)
        return redirect(kept.href(), 303)
    user = me()
    kept_before = {name: value for name, value in (user.board or {}).items() if name != "fields"}
    user.board = kept_before if is_reset else kept_before | {"fields": list(chosen)}
    db.session.commit()
    return redirect(shown.href(), 303)


def _board(address: str) -> Listing:
    """The board that was written down. Raises NotFound where it is a list."""
    shown = listing.of(address or f"page={listing.BOARD}")
    if shown.page != listing.BOARD:
        raise NotFound()
    return shown
