"""Noting what somebody asked, saying when the answer comes, and answering."""

import datetime as dt

from flask import Blueprint, render_template, request

from irm.access import Permission, load, me
from irm.db import db
from irm.errors import Refused, Stale
from irm.forms.promise import EndForm, HoldForm, QuestionForm
from irm.funnel import holding, questions
from irm.funnel.owed import BACK_DAYS
from irm.i18n import _
from irm.models import Interaction, Question, QuestionState, Relationship, User, Visibility
from irm.web import owed
from irm.web.answers import Answer, back_to, refuse_faults, undoable
from irm.web.words import words

bp = Blueprint("questions", __name__)

#: At what hour something was asked of which only the day is known.
NOON = dt.time(12)

ONE_DAY = dt.timedelta(days=1)


@bp.get("/relationships/<int:id>/question")
def new(id: int) -> str:
    """The form that notes a question; an exchange in the address is where it came up."""
    relationship = load(Relationship, id, Permission.LOG)
    told = owed.exchange(relationship, request.args.get("interaction", type=int))
    form = QuestionForm(
        formdata=None,
        asked_on=words().day(told.happened_at) if told else words().today,
        owner=relationship.owner_id or me().id,
        visibility=told.visibility if told else Visibility.TEAM,
        interaction=told.id if told else 0,
        back=request.args.get("back", ""),
    )
    return _page(relationship, form)


@bp.post("/relationships/<int:id>/questions")
def ask(id: int) -> Answer:
    """Note a question; the message says by when it wants an answer, and offers to take it back."""
    relationship, form = load(Relationship, id, Permission.LOG), QuestionForm()
    at, _today = owed.now_and_today()
    try:
        refuse_faults(form)
        told = owed.exchange(relationship, form.interaction.data)
        made = questions.ask(
            db.session,
            relationship,
            text=form.text.data,
            asked_at=_asked_at(form, told, at),
            at=at,
            author=me(),
            is_urgent=form.is_urgent.data,
            owner_id=owed.owner(relationship, form.owner.data),
            visibility=form.visibility.data,
            interaction=told,
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return _refused(load(Relationship, id, Permission.LOG), form, refused)
    said = _("Noted. An answer is due by %(when)s.", when=words().moment(made.answer_by))
    values = {"row_version": made.row_version, "back": form.back.data or ""}
    message = undoable(said, f"/questions/{made.id}/drop", values)
    return back_to(owed.page(relationship, form.back.data), message)


def _asked_at(form: QuestionForm, told: Interaction | None, at: dt.datetime) -> dt.datetime:
    """When it was asked: as the exchange says, now, or at noon of another day."""
    day, today = form.asked_on.data, words().today
    if told is not None and day in (None, words().day(told.happened_at)):
        return told.happened_at
    if day is None or day == today:
        return at
    # The first and the last days there are have no moment in some zones.
    day = max(min(day, today + ONE_DAY), today - 2 * BACK_DAYS * ONE_DAY)
    return dt.datetime.combine(day, NOON, me().zone).astimezone(dt.UTC)


@bp.get("/questions/<int:id>")
def show(id: int) -> str:
    """One question: to be put otherwise, or answered for a day of one's choice."""
    question = owed.readable(Question, id)
    form = QuestionForm(
        formdata=None,
        text=question.text,
        asked_on=words().day(question.asked_at),
        is_urgent=question.is_urgent,
        owner=question.owner_id or 0,
        visibility=question.visibility,
        row_version=question.row_version,
        back=request.args.get("back", ""),
    )
    return _page(question.relationship, form, question)


@bp.post("/questions/<int:id>")
def change(id: int) -> Answer:
    """Put a question otherwise; the message offers what it said before."""
    question, form = owed.readable(Question, id), QuestionForm()
    before = {"text": question.text, "owner": question.owner_id or 0}
    if question.is_urgent:
        before["is_urgent"] = "y"
    try:
        refuse_faults(form)
        if form.row_version.data != question.row_version:
            raise Stale()
        questions.change(
            db.session,
            question,
            text=form.text.data,
            is_urgent=form.is_urgent.data,
            owner_id=owed.owner(question.relationship, form.owner.data, question.owner_id),
        )
        db.session.commit()
    except Stale:
        raise
    except Refused as refused:
        db.session.rollback()
        question = owed.readable(Question, id)
        return _refused(question.relationship, form, refused, question)
    said = _("The question is changed: %(what)s", what=question.text)
    return owed.done(question, form.back.data, said, "/", before)


@bp.post("/questions/<int:id>/hold")
def hold(id: int) -> Answer:
    """They were told when the answer comes: in two working days, or on the day that is given."""
    question, form = owed.loaded(Question, id, HoldForm)
    at, today = owed.now_and_today()
    promise = holding.hold(
        db.session,
        question,
        what=owed.answer_promised(question),
        due_on=form.due_on.data,
        today=today,
        at=at,
        user=me(),
    )
    db.session.commit()
    said = _(
        "%(name)s knows: an answer by %(when)s.",
        name=question.relationship.influencer.name,
        when=words().both[promise.due_on],
    )
    return owed.done(question, form.back.data, said, "/release")


@bp.post("/questions/<int:id>/release")
def release(id: int) -> Answer:
    """Take a holding reply back; the clock runs as before."""
    question, form = owed.loaded(Question, id, EndForm)
    holding.release(db.session, question, today=words().today, user=me())
    db.session.commit()
    said = _("The clock runs again: %(what)s", what=question.text)
    return owed.done(question, form.back.data, said, "")


@bp.post("/questions/<int:id>/answer")
def answer(id: int) -> Answer:
    """They have their answer."""
    question, form = owed.loaded(Question, id, EndForm)
    at, today = owed.now_and_today()
    questions.answer(db.session, question, today=today, user=me(), at=at)
    db.session.commit()
    said = _("Answered: %(what)s", what=question.text)
    return owed.done(question, form.back.data, said, "/reopen")


@bp.post("/questions/<int:id>/drop")
def drop(id: int) -> Answer:
    """It needs no answer any more."""
    question, form = owed.loaded(Question, id, EndForm)
    questions.drop(db.session, question, today=words().today, user=me())
    db.session.commit()
    said = _("Needs no answer: %(what)s", what=question.text)
    return owed.done(question, form.back.data, said, "/reopen")


@bp.post("/questions/<int:id>/reopen")
def reopen(id: int) -> Answer:
    """Take back how it ended."""
    question, form = owed.loaded(Question, id, EndForm)
    questions.reopen(db.session, question)
    db.session.commit()
    said = _("Open again: %(what)s", what=question.text)
    return owed.done(question, form.back.data, said, "")


def _refused(
    relationship: Relationship,
    form: QuestionForm,
    refused: Refused,
    question: Question | None = None,
) -> Answer:
    if not form.errors:
        form.text.errors = [refused.message]
    return _page(relationship, form, question), refused.status


def _page(relationship: Relationship, form: QuestionForm, question: Question | None = None) -> str:
    said = words()
    owner = None
    if question is not None and question.owner_id:
        owner = db.session.get(User, question.owner_id)
    is_held = question is not None and holding.is_held(question)
    return render_template(
        "questions/show.html",
        relationship=relationship,
        name=relationship.influencer.name,
        form=form,
        question=question,
        is_open=question is None or question.state is QuestionState.OPEN,
        answer_by=said.moment(question.answer_by) if question else "",
        promised=said.both[question.promise.due_on]
        if is_held and question and question.promise
        else "",
        held_until=owed.held_until(owner, said.today),
        groups=owed.colleagues(relationship, question.owner_id if question else None),
        today=said.today,
    )
