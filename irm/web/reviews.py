"""The review: begun by the lead, gone through by all, closed with minutes."""

import datetime as dt
from typing import Any, NamedTuple

from flask import Blueprint, Response, current_app, render_template

from irm import clock
from irm.access import Permission, can, here, load, me, require
from irm.audit import Action, record
from irm.db import db
from irm.errors import Refused
from irm.forms.review import CloseForm, StartForm
from irm.funnel import minutes, review_items, reviews
from irm.funnel.minutes import Entry, Minutes
from irm.funnel.minutes_words import sentence
from irm.funnel.review_items import MOST, Cause
from irm.i18n import _
from irm.mail import letters, outbox
from irm.models import Brand, MailState, Notice, Review
from irm.network import resting
from irm.network.resting import Rests
from irm.web import tables
from irm.web.answers import Answer, back_to, refuse_faults
from irm.web.reentry import entered_lately
from irm.web.spoken import speaking
from irm.web.words import Words, words

bp = Blueprint("reviews", __name__)


_ON_ITS_WAY = (MailState.PENDING, MailState.CLAIMED, MailState.SENDING)
_STUCK = (MailState.HELD, MailState.FAILED, MailState.CANCELLED, MailState.SUPPRESSED)


class Line(NamedTuple):
    """What was decided of one person, in words."""

    item_id: int
    influencer_id: int
    name: str
    what: str
    note: str
    by: str


class Group(NamedTuple):
    """All of whom the same was decided."""

    title: str
    lines: list[Line]


@bp.get("/funnel/review")
def index() -> Answer:
    """Go on with the review that is open, or see what the next one would look at."""
    require(Permission.SEE)
    going_on = reviews.open_one(db.session, here().brand_id)
    if going_on is not None:
        waiting = [row.id for row in reviews.items(db.session, going_on.id) if row.decision is None]
        if waiting:
            return back_to(f"/review-items/{waiting[0]}")
        return back_to(f"/funnel/reviews/{going_on.id}")
    brand = db.session.get_one(Brand, here().brand_id)
    at = clock.now()
    since = reviews.begins(db.session, brand.id, at)
    found = review_items.find(db.session, brand, since, at)
    return render_template(
        "reviews/index.html",
        since=since,
        kinds=[(cause, found.of[cause]) for cause in Cause],
        total=found.total,
        most=MOST,
        is_exact=found.is_exact,
        may_start=can(Permission.REVIEW),
    )


@bp.get("/funnel/review/rests")
def rests() -> str:
    """What the reach rests on: it reads all who are engaged, and comes after the page."""
    require(Permission.SEE)
    found = _rests_now(here().brand_id, clock.now())
    return render_template("reviews/_rests.html", risks=found.said())


@bp.post("/funnel/review")
def start() -> Answer:
    """Begin a review of the chosen kinds."""
    require(Permission.REVIEW)
    form = StartForm()
    refuse_faults(form)
    brand = db.session.get_one(Brand, here().brand_id)
    try:
        review = reviews.start(db.session, brand, form.kinds.data, user=me(), at=clock.now())
        db.session.commit()
    except Refused:
        db.session.rollback()
        raise
    first = reviews.items(db.session, review.id)[0]
    return back_to(f"/review-items/{first.id}")


@bp.get("/funnel/reviews")
def past() -> str:
    """The reviews so far, the newest first."""
    require(Permission.SEE)
    found = db.session.execute(reviews.past(here().brand_id).limit(reviews.PAGE)).all()
    return render_template("reviews/past.html", reviews=found)


@bp.get("/funnel/reviews/<int:id>")
def show(id: int) -> str:
    """The minutes; of an open review as far as it went, with the way to close it."""
    review = load(Review, id, Permission.SEE)
    told, said = minutes.of(db.session, review, clock.now()), words()
    team = db.session.execute(minutes.recipients(review.brand_id)).all()
    is_open = review.closed_at is None
    rested = _rests_now(review.brand_id, clock.now()) if is_open else _rested(review)
    stands = {} if is_open else minutes.letters_of(db.session, id)
    named = [(row.name, stands[row.id]) for row in team if row.id in stands]
    return render_template(
        "reviews/show.html",
        review=review,
        groups=_groups(told, said),
        decided=told.decided,
        total=told.total,
        undecided=len(told.undecided),
        going_on=next((one.item_id for one in told.undecided), None),
        is_open=is_open,
        team=[(row.id, row.name, _wants_minutes(row)) for row in team],
        sent_to=[name for name, state in named if state is MailState.SENT],
        waits_for=[name for name, state in named if state in _ON_ITS_WAY],
        fails_for=[name for name, state in named if state in _STUCK],
        has_server=bool(current_app.config["IRM"].smtp_url.get_secret_value()),
        risks=rested.said(),
        may_close=is_open and can(Permission.REVIEW, review.brand_id),
        may_export=can(Permission.EXPORT_LIST, review.brand_id),
    )


@bp.post("/funnel/reviews/<int:id>/close")
def close(id: int) -> Answer:
    """Close it, and mail the minutes to those who were chosen: once, however often it is sent."""
    review = load(Review, id, Permission.REVIEW)
    form = CloseForm()
    refuse_faults(form)
    chosen = set(form.recipients.data or ())
    team = db.session.execute(minutes.recipients(review.brand_id)).all()
    readers = [row for row in team if str(row.id) in chosen and _wants_minutes(row)]
    at = clock.now()
    is_new = reviews.close(
        db.session,
        review,
        recipients=[one.id for one in readers],
        rests_on=resting.read(db.session, review.brand_id, at),
        at=at,
    )
    if not is_new:
        db.session.rollback()
        return back_to(f"/funnel/reviews/{id}", _("This review was closed already."))
    _mail(review, readers)
    db.session.commit()
    return back_to(f"/funnel/reviews/{id}", _("The review is closed; these are its minutes."))


def _wants_minutes(row: Any) -> bool:
    return Notice.MINUTES not in row.unwanted


def _rests_now(brand_id: int, at: dt.datetime) -> Rests:
    """What the reach of a brand rests on, if its network was ever measured."""
    return resting.named(db.session, resting.read(db.session, brand_id, at))


def _rested(review: Review) -> Rests:
    """What it rested on when a review was closed."""
    return resting.named(db.session, review.rests_on)


def _mail(review: Review, readers: list[Any]) -> None:
    """Put the minutes into the outbox, a letter for each reader in their language."""
    at = clock.now()
    told, rests = minutes.of(db.session, review, at), _rested(review)
    for reader in readers:
        with speaking(reader.locale):
            letter = letters.minutes(reader, review, told, review.brand.stage_labels, rests)
        outbox.put(
            db.session,
            minutes.key_of(review.id, reader.id),
            letter,
            to=reader.email,
            sender=current_app.config["IRM"].mail_from,
            at=at,
            user_id=reader.id,
        )


@bp.post("/funnel/reviews/<int:id>/file")
@entered_lately
def export(id: int) -> Response:
    """The minutes as a file."""
    review = load(Review, id, Permission.EXPORT_LIST)
    told, said = minutes.of(db.session, review, clock.now()), words()
    headings = [_("Name"), _("Decision"), _("What"), _("Note for the minutes"), _("Decided by")]
    headings += [_("Due"), _("Owner")]
    rows = (
        [
            entry.name,
            str(entry.decision.label) if entry.decision else "",
            sentence(entry, lambda day: said.date[day]),
            entry.note,
            entry.by,
            entry.due_on or "",
            entry.owner,
        ]
        for entry in told.entries
    )
    answer, count = tables.sent(_("minutes"), headings, rows)
    record(
        db.session,
        me(),
        Action.LIST_EXPORTED,
        clock.now(),
        brand_id=review.brand_id,
        rows=count,
        form="csv",
    )
    db.session.commit()
    return answer


def _groups(told: Minutes, said: Words) -> list[Group]:
    groups = [
        Group(str(decision.label), [_line(one, said) for one in entries])
        for decision, entries in told.groups
    ]
    if told.undecided:
        groups.append(Group(_("Still open"), [_line(one, said) for one in told.undecided]))
    return groups


def _line(entry: Entry, said: Words) -> Line:
    return Line(
        entry.item_id,
        entry.influencer_id,
        entry.name,
        sentence(entry, lambda day: said.date[day]),
        entry.note,
        entry.by,
    )
