"""Moving a card: the answer is the card and the heads of both columns."""

from flask import Blueprint, render_template, request
from sqlalchemy.orm.exc import StaleDataError

from irm import clock
from irm.access import Permission, load, me
from irm.db import db
from irm.directory import people
from irm.errors import NotFound, Refused, Stale
from irm.forms.move import MoveForm
from irm.funnel import board, stages
from irm.i18n import _
from irm.models import Relationship, Stage, StageMove
from irm.web import filters
from irm.web.answers import Answer, Message, back_to, refuse_faults, undoable
from irm.web.cards import cards, column, row_words
from irm.web.guard import is_fragment
from irm.web.heads import heads_of, sorted_by
from irm.web.words import words

bp = Blueprint("moves", __name__)


@bp.post("/relationships/<int:id>/move")
def move(id: int) -> Answer:
    """Move a card; the answer is the card and the heads of both columns."""
    relationship = load(Relationship, id, Permission.MOVE)
    form = MoveForm()
    refuse_faults(form)
    before = relationship.stage
    try:
        made = _move(relationship, form)
        db.session.commit()
    except (Stale, StaleDataError) as stale:
        db.session.rollback()
        return _too_late(id, stale)
    name = relationship.influencer.name
    said = _("%(name)s moved to %(stage)s.", name=name, stage=relationship.stage.label)
    undo = {"stage": before, "row_version": relationship.row_version, "undoes": made.id}
    url = f"/relationships/{id}/move"
    if not is_fragment():
        message: Message | str = said if made.undoes_id else undoable(said, url, undo)
        return back_to(f"/influencers/{relationship.influencer_id}", message)
    # The board's filters go along, so that the heads count what is shown.
    asked = request.query_string.decode("ascii", "ignore")
    message = (
        said
        if made.undoes_id
        else undoable(said, f"{url}?{asked}" if asked else url, undo, f"#card-{id}")
    )
    return _moved(relationship, before, message)


def _move(relationship: Relationship, form: MoveForm) -> StageMove:
    at, user = clock.now(), me()
    if form.undoes.data:
        made = db.session.get(StageMove, form.undoes.data)
        if made is None or made.relationship_id != relationship.id:
            raise NotFound()
        return stages.undo(db.session, made, relationship, user=user, at=at)
    return stages.move(
        db.session,
        relationship,
        form.stage.data,
        user=user,
        at=at,
        reason=form.reason.data or None,
        seen_version=form.row_version.data,
    )


def _moved(relationship: Relationship, before: Stage, message: Message | str) -> str:
    filter = filters.read()
    brand_id, said = relationship.brand_id, words()
    heads = heads_of(brand_id, filter, people.conditions(db.session, filter, filters.reader()))
    return render_template(
        "funnel/_moved.html",
        cards=cards(board.card(db.session, relationship.id), said, sorted_by()),
        columns=[column(stage, heads[stage], said) for stage in (before, relationship.stage)],
        message=message,
        words=row_words(sorted_by()),
        may_move=True,
    )


def _too_late(id: int, stale: Exception) -> Answer:
    relationship = load(Relationship, id, Permission.MOVE)
    sentence = str(stale) if isinstance(stale, Refused) else str(Stale())
    if not is_fragment():
        raise Stale(sentence)
    fragment = render_template(
        "funnel/_stale.html",
        sentence=sentence,
        cards=cards(board.card(db.session, relationship.id), words(), sorted_by()),
        words=row_words(sorted_by()),
        may_move=True,
    )
    return fragment, 409
