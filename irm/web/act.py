"""Acting from a mail: the signed link of one touchpoint, by a colleague who need not be signed in.

Looking changes nothing, for programs that check mails open every link in them. The signature
stands for sign-in and form token alike, and opens nothing but its touchpoint.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from flask import Blueprint, current_app, g, redirect
from sqlalchemy.exc import IntegrityError, InvalidRequestError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from irm import clock, i18n
from irm.access import Permission, load
from irm.db import db
from irm.errors import Forbidden, NotFound, Refused, Stale
from irm.forms.touchpoint import CloseForm
from irm.funnel import acting, skips, stage_names, touchpoints
from irm.funnel.acting import Said, Standing, Told
from irm.funnel.whys import why
from irm.i18n import _l
from irm.ledger import relationships as ledger
from irm.mail import signed as links
from irm.mail.signed import Act
from irm.models import Brand, Kind, Outcome, Touchpoint, User
from irm.web import bare, guard
from irm.web.answers import Answer, refuse_faults
from irm.web.words import words

bp = Blueprint("act", __name__)
guard.csrf.exempt(bp)

#: By how many days it can be put off.
SNOOZES = (1, 7)


class Item(NamedTuple):
    """The touchpoint of a link, and how it stands."""

    right: Act
    touchpoint: Touchpoint
    standing: Standing


@bp.get("/act/<signed>")
def show(signed: str) -> Answer:
    """The touchpoint, with the button that says it is done."""
    return _looked_at(signed, "done")


@bp.get("/act/<signed>/snooze/<int:days>")
def ask_until(signed: str, days: int) -> Answer:
    """The touchpoint, with the button that puts it off."""
    return _looked_at(signed, "snooze", _offered(days))


@bp.get("/act/<signed>/skip")
def ask_why(signed: str) -> Answer:
    """The touchpoint, with the reasons to drop it and the button that does."""
    return _looked_at(signed, "skip")


@bp.post("/act/<signed>")
def keep(signed: str) -> Answer:
    """The contact took place: log it, as on Today."""

    def do(item: Item, form: CloseForm) -> None:
        acting.keep(
            db.session,
            item.touchpoint,
            summary=form.summary.data,
            outcome=form.outcome.data,
            author=item.right.user,
            at=clock.now(),
        )

    return _acted_on(signed, "done", do)


@bp.post("/act/<signed>/snooze/<int:days>")
def snooze(signed: str, days: int) -> Answer:
    """Put it off to the day that the page named."""

    def do(item: Item, form: CloseForm) -> None:
        until = form.until.data or _day_after(item.touchpoint, days)
        touchpoints.snooze(db.session, item.touchpoint, until=until, today=words().today)

    return _acted_on(signed, "snooze", do, _offered(days))


@bp.post("/act/<signed>/skip")
def skip(signed: str) -> Answer:
    """Drop it without a contact, with the reason."""

    def do(item: Item, form: CloseForm) -> None:
        because = skips.stored(form.reason.data, form.words.data)
        touchpoints.skip(
            db.session, item.touchpoint, user=item.right.user, at=clock.now(), because=because
        )

    return _acted_on(signed, "skip", do)


@bp.post("/act/<signed>/undo")
def undo(signed: str) -> Answer:
    """Take back what was said last, if it was she who said it."""

    def do(item: Item, _form: CloseForm) -> None:
        acting.undo(db.session, item.touchpoint, user=item.right.user, at=clock.now())

    return _acted_on(signed, "undo", do)


@bp.errorhandler(HTTPException)
def _not_understood(error: HTTPException) -> Answer:
    # The usual page would be framed for the colleague of the link, as if she had signed in.
    status = error.code or 500
    return bare.sentence(_l("This request could not be read. Go back and try again."), status)


def _looked_at(signed: str, how: str, days: int = 0) -> Answer:
    try:
        with _opened(signed) as right:
            return _page(signed, how, _item(right), days)
    except Refused as refused:
        return bare.sentence(refused.message, refused.status)


def _acted_on(
    signed: str, how: str, do: Callable[[Item, CloseForm], None], days: int = 0
) -> Answer:
    """Act once, however often it is asked for; the page that follows says what is so."""
    try:
        with _opened(signed) as right:
            item = _item(right)
            try:
                item = _held(item)
                form = CloseForm()
                refuse_faults(form)
                if _is_called_for(item, how, form):
                    if form.row_version.data != item.touchpoint.row_version:
                        raise Stale()
                    do(item, form)
                    db.session.commit()
                else:
                    db.session.rollback()
            except (IntegrityError, StaleDataError) as error:
                db.session.rollback()
                current_app.logger.warning("changed while acted on", exc_info=error)
                return _page(signed, how, _item(right), days, Stale())
            except Refused as refused:
                db.session.rollback()
                return _page(signed, how, _item(right), days, refused)
    except Refused as refused:
        return bare.sentence(refused.message, refused.status)
    way = f"/snooze/{days}" if how == "snooze" else "/skip" if how == "skip" else ""
    return redirect(f"/act/{signed}{way}", 303)


def _is_called_for(item: Item, how: str, form: CloseForm) -> bool:
    """Whether what is asked for is not so already, or can be no more: then the page says so."""
    if how == "undo":
        return item.standing.can_undo
    if how == "snooze" and item.standing.can_undo and form.until.data:
        # Two who press at once, or one who presses twice, put it off once.
        return item.standing.is_hers_to_do and form.until.data != item.touchpoint.due_on
    return item.standing.is_hers_to_do


@contextmanager
def _opened(signed: str) -> Iterator[Act]:
    """Let the colleague of a link be whom the request is of, in her language; to this end alone."""
    bare.ask_nobody()
    # Whose day counts is known only afterwards; at the end of thirty days UTC is near enough.
    right = links.act_of(db.session, signed, clock.now().date())
    g.me = right.user
    with bare.speaking(right.user):
        yield right


def _item(right: Act) -> Item:
    """The touchpoint of a link and how it stands, if its colleague may still act on it.

    Raises NotFound where it is gone, Forbidden where it is not hers to see or to act on any more.
    """
    touchpoint = db.session.get(Touchpoint, right.touchpoint_id)
    if touchpoint is None:
        raise NotFound(_l("What this mail told you of is no longer there."))
    try:
        load(Touchpoint, right.touchpoint_id, Permission.LOG)
    except Refused as refused:
        raise Forbidden(
            _l("You may no longer act on this contact: your place at this brand changed.")
        ) from refused
    return Item(right, touchpoint, _standing(right, touchpoint))


def _held(item: Item) -> Item:
    """The same, read anew once nobody else can change it."""
    touchpoint = item.touchpoint
    try:
        ledger.hold(db.session, touchpoint.relationship)
        db.session.refresh(touchpoint)
        db.session.refresh(touchpoint.relationship)
    except InvalidRequestError as gone:
        raise NotFound(_l("What this mail told you of is no longer there.")) from gone
    return item._replace(standing=_standing(item.right, touchpoint))


def _standing(right: Act, touchpoint: Touchpoint) -> Standing:
    closer = db.session.get(User, touchpoint.closed_by_id) if touchpoint.closed_by_id else None
    said = words()
    closed_at = touchpoint.closed_at
    return acting.standing(
        touchpoint,
        Told(right.user, right.influencer_id, right.due_on),
        Said(said.both[touchpoint.due_on], said.moment(closed_at) if closed_at else ""),
        closer,
    )


def _page(
    signed: str, how: str, item: Item, days: int = 0, refused: Refused | None = None
) -> Answer:
    right, touchpoint, standing = item
    relationship, said = touchpoint.relationship, words()
    brand = db.session.get_one(Brand, relationship.brand_id)
    # Of what was put off there is nothing to put off: it says so, and can be taken back.
    has_button = standing.is_hers_to_do and not (how == "snooze" and standing.can_undo)
    until = _day_after(touchpoint, days)
    with i18n.calling(stage_names.of(brand.stage_labels, right.user.locale)):
        return bare.page(
            "act/show.html",
            refused.status if refused else 200,
            address=f"/act/{signed}",
            how=how,
            days=days,
            fault=refused.message if refused else None,
            standing=standing,
            has_button=has_button,
            touchpoint=touchpoint,
            person=relationship.influencer,
            brand=brand.name,
            stage=relationship.stage,
            due=said.both[touchpoint.due_on],
            is_late=touchpoint.due_on < said.today,
            why=touchpoint.purpose or why(touchpoint.why),
            outcomes=tuple(Outcome) if touchpoint.kind == Kind.ASK else (),
            reasons=tuple(skips.Reason),
            form=CloseForm(),
            until=until,
            until_said=said.both[until],
            later=[(n, _day_after(touchpoint, n)) for n in SNOOZES],
            said=said,
            user=right.user,
            ends=said.date[right.until],
        )


def _day_after(touchpoint: Touchpoint, days: int) -> dt.date:
    """The day to which it is put off by so many: counted as on Today."""
    return max(words().today, touchpoint.due_on) + dt.timedelta(days=days)


def _offered(days: int) -> int:
    """So many days, if a mail offers them; else what the smallest step is."""
    return days if days in SNOOZES else SNOOZES[0]
