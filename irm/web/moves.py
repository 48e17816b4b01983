"""Moving a card: the answer is the card and the heads of both columns."""

from flask import Blueprint, render_template, request
from sqlalchemy.orm.exc import StaleDataError

from irm import clock
from irm.access import Permission, here, load, me, require
from irm.db import db
from irm.errors import Done, NotFound, PutAway, Refused, Stale, Unreasoned
from irm.forms.evidence import ProofForm
from irm.forms.move import MoveForm
from irm.funnel import evidence, stages
from irm.funnel.grouping import Grouping
from irm.i18n import _
from irm.models import Relationship, Stage, StageMove
from irm.web import halts, heads
from irm.web.answers import Answer, Message, back_to, refuse_faults, undoable
from irm.web.cards import row_words
from irm.web.guard import is_fragment

bp = Blueprint("moves", __name__)


@bp.post("/relationships/<int:id>/move")
def move(id: int) -> Answer:
    """Move a card; the answer is the card and the heads of both columns.

    Where that takes a reason, or somebody was faster, the answer is what there is to decide.
    """
    form = MoveForm()
    try:
        relationship = load(Relationship, id, Permission.MOVE)
    except NotFound:
        return halts.merged(form)
    refuse_faults(form)
    return _moved_or_halted(relationship, form)


@bp.post("/relationships/<int:id>/move/proof")
def prove(id: int) -> Answer:
    """Add a proof that a move lacks; the move goes on where nothing else is missing."""
    relationship = load(Relationship, id, Permission.MOVE)
    require(Permission.LOG, relationship.brand_id)
    form, proof = MoveForm(), ProofForm()
    refuse_faults(form)
    refuse_faults(proof)
    typed = evidence.Typed(proof.kind.data, proof.day.data, proof.until.data, proof.note.data or "")
    evidence.add(db.session, relationship, typed, author=me(), at=clock.now())
    db.session.commit()
    return _moved_or_halted(relationship, form)


def _moved_or_halted(relationship: Relationship, form: MoveForm) -> Answer:
    id, before = relationship.id, relationship.stage
    if is_fragment():
        # An address that means nothing is refused before anything is written.
        heads.here_and_now()
    try:
        made = _move(relationship, form)
        db.session.commit()
    except Done as done:
        db.session.rollback()
        return _as_it_is(relationship, before, str(done))
    except Unreasoned as unreasoned:
        db.session.rollback()
        return halts.unreasoned(relationship, form, unreasoned)
    except PutAway as away:
        db.session.rollback()
        if form.undoes.data:
            raise
        return halts.put_away(relationship, away)
    except (Stale, StaleDataError) as stale:
        db.session.rollback()
        sentence = str(stale) if isinstance(stale, Refused) else str(Stale())
        return halts.too_late(load(Relationship, id, Permission.MOVE), form, sentence)
    return _done(relationship, before, made)


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


def _done(relationship: Relationship, before: Stage, made: StageMove) -> Answer:
    id, name = relationship.id, relationship.influencer.name
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


def _as_it_is(relationship: Relationship, before: Stage, said: str) -> Answer:
    """Say of a move that was made before that it was: a form sent twice is no fault."""
    if not is_fragment():
        return back_to(f"/influencers/{relationship.influencer_id}", said)
    return _moved(relationship, before, said)


def _moved(relationship: Relationship, before: Stage, message: Message | str) -> str:
    page, after = heads.here_and_now(), relationship.stage
    # The heads are of the brand the board is of, and of its stages.
    is_counted = here().brand_id == relationship.brand_id and page.by is Grouping.STAGE
    return render_template(
        "funnel/_moved.html",
        cards=page.card(relationship.id),
        columns=page.columns([before.value, after.value]) if is_counted else [],
        message=message,
        words=row_words(),
        may_move=True,
    )
