"""Working time and absences: one's own, a colleague's for her lead, a person's for the team."""

import datetime as dt
from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import select

from irm import audit, clock
from irm.access import Permission, can, is_narrowed, load, me, memberships
from irm.audit import Action
from irm.db import db
from irm.errors import Forbidden, NotFound, Refused
from irm.forms.absence import AbsenceForm
from irm.forms.base import Form
from irm.forms.working import WorkingForm
from irm.funnel import absences
from irm.i18n import _
from irm.models import Absence, BrandMember, Influencer, User
from irm.web.answers import Answer, Message, back_to, undoable
from irm.web.guard import is_fragment
from irm.web.words import words

bp = Blueprint("absences", __name__)

#: So far ahead one's own public holidays are named, and so many of them.
AHEAD, HOLIDAYS = dt.timedelta(days=366), 4

OWN = "/settings/working"


@bp.get("/settings/working")
def index() -> str:
    """One's own working days, hours, holidays and absences."""
    return _own_page()


@bp.post("/settings/working")
def save_working() -> Answer:
    """Keep the working days, the hours and the country."""
    form, user = WorkingForm(), me()
    if not form.validate():
        return _own_page(working=form), 422
    user.work_days = "".join(sorted(set(form.work_days.data)))
    user.weekly_hours = form.weekly_hours.data
    user.country = form.country.data or None
    audit.record(db.session, user, Action.PROFILE_CHANGED, clock.now(), user_id=user.id)
    db.session.commit()
    return back_to(OWN, _("Your working time is saved."))


@bp.post("/absences")
def add() -> Answer:
    """Note that one is away, or a colleague one leads."""
    form = AbsenceForm()
    user = _colleague(form.user.data) if form.user.data else me()
    return _add(user, form)


@bp.get("/influencers/<int:id>/absences")
def of_person(id: int) -> str:
    """When a person wants no contact: the line of their page, or a page with the form."""
    return _person_page(load(Influencer, id, Permission.SEE))


@bp.post("/influencers/<int:id>/absences")
def add_of_person(id: int) -> Answer:
    """Note that a person wants no contact for a while."""
    return _add(load(Influencer, id, Permission.EDIT), AbsenceForm())


@bp.get("/absences/<int:id>")
def show(id: int) -> str:
    """The form of one absence."""
    absence, whose = _load(id)
    form = AbsenceForm(formdata=None, first=absence.first_on, last=absence.last_on, why=absence.why)
    return _form_page(absence, whose, form)


@bp.post("/absences/<int:id>")
def save(id: int) -> Answer:
    """Give an absence other days or another reason."""
    absence, whose = _load(id)
    form, before = AbsenceForm(), _values(absence)
    if not form.validate():
        return _form_page(absence, whose, form), 422
    try:
        absences.change(
            db.session,
            absence,
            first=form.first.data,
            last=form.last.data,
            why=form.why.data,
            today=words().today,
            user=me(),
            at=clock.now(),
        )
    except Refused as refused:
        db.session.rollback()
        form.last.errors = [refused.message]
        return _form_page(*_load(id), form), refused.status
    db.session.commit()
    return back_to(_home(whose), undoable(_("The absence is saved."), f"/absences/{id}", before))


@bp.post("/absences/<int:id>/end")
def end(id: int) -> Answer:
    """They are back today."""
    absence, whose = _load(id)
    before, has_begun = _values(absence), absence.first_on < words().today
    absences.end(db.session, absence, today=words().today, user=me(), at=clock.now())
    db.session.commit()
    said = _("%(name)s is back.", name=whose.name)
    back = (
        undoable(said, f"/absences/{id}", before)
        if has_begun
        else _added_again(whose, before, said)
    )
    return back_to(_home(whose), back)


@bp.post("/absences/<int:id>/remove")
def remove(id: int) -> Answer:
    """They are not away after all; the message about it offers it again."""
    absence, whose = _load(id)
    before = _values(absence)
    is_over = absence.last_on < words().today
    absences.remove(db.session, absence, user=me(), at=clock.now())
    db.session.commit()
    said = _("The absence is removed.")
    return back_to(_home(whose), said if is_over else _added_again(whose, before, said))


def _add(whose: User | Influencer, form: AbsenceForm) -> Answer:
    if not form.validate():
        return _refused(whose, form), 422
    try:
        made = absences.add(
            db.session,
            whose,
            first=form.first.data,
            last=form.last.data,
            why=form.why.data,
            today=words().today,
            user=me(),
            at=clock.now(),
        )
    except Refused as refused:
        db.session.rollback()
        form.last.errors = [refused.message]
        return _refused(whose, form), refused.status
    db.session.commit()
    said = _(
        "%(name)s is away from %(first)s to %(last)s.",
        name=whose.name,
        first=words().date[made.first_on],
        last=words().date[made.last_on],
    )
    return back_to(_home(whose), undoable(said, f"/absences/{made.id}/remove", {}))


def _refused(whose: User | Influencer, form: AbsenceForm) -> str:
    """The page the form came from, with what is wrong."""
    if isinstance(whose, Influencer):
        return _person_page(whose, form)
    if whose.id == me().id:
        return _own_page(form=form)
    return _form_page(None, whose, form)


def _load(id: int) -> tuple[Absence, User | Influencer]:
    """An absence and whose it is, if the user may change it.

    Raises NotFound where there is none of theirs, Forbidden where only a lead may.
    """
    absence = db.session.get(Absence, id) if id < 2**31 else None
    if absence is None:
        raise NotFound()
    if absence.influencer_id is not None:
        return absence, load(Influencer, absence.influencer_id, Permission.EDIT)
    return absence, _colleague(absence.user_id or 0)


def _colleague(id: int) -> User:
    """Oneself, or a member of a brand one leads.

    Raises NotFound where there is none in a brand of theirs, Forbidden where only a lead may.
    """
    if id == me().id:
        return me()
    if not 0 < id < 2**31:
        raise NotFound()
    of = select(BrandMember.brand_id).where(BrandMember.user_id == id)
    shared = set(db.session.scalars(of)) & {one.brand_id for one in memberships()}
    user = db.session.get(User, id) if shared else None
    if user is None:
        raise NotFound()
    if not any(can(Permission.TOPICS, brand_id) for brand_id in shared):
        # A partner is not told who else works for the brand.
        raise NotFound() if all(map(is_narrowed, shared)) else Forbidden()
    return user


def _home(whose: User | Influencer) -> str:
    if isinstance(whose, Influencer):
        return f"/influencers/{whose.id}"
    return OWN if whose.id == me().id else "/settings/team"


def _values(absence: Absence) -> dict[str, object]:
    return {"first": absence.first_on, "last": absence.last_on, "why": absence.why}


def _added_again(whose: User | Influencer, before: dict[str, object], said: str) -> Message:
    if isinstance(whose, Influencer):
        return undoable(said, f"/influencers/{whose.id}/absences", before)
    return undoable(said, "/absences", {**before, "user": whose.id})


def _own_page(*, working: Form | None = None, form: Form | None = None) -> str:
    user, today = me(), words().today
    return render_template(
        "absences/index.html",
        working=working
        or WorkingForm(
            formdata=None,
            work_days=list(user.work_days),
            weekly_hours=user.weekly_hours,
            country=user.country or "",
        ),
        form=form or _empty(),
        found=db.session.execute(absences.of_user(user.id, today)).all(),
        holidays=list(
            absences.days_off(user.country, today, today + AHEAD, words().locale).items()
        )[:HOLIDAYS],
        today=today,
    )


def _person_page(influencer: Influencer, form: Form | None = None) -> str:
    values: dict[str, Any] = {
        "influencer": influencer,
        "found": db.session.execute(absences.of_person(influencer.id, words().today)).all(),
        "today": words().today,
    }
    if is_fragment() and form is None:
        return render_template("absences/_person.html", **values)
    return render_template("absences/person.html", form=form or _empty(), **values)


def _form_page(absence: Absence | None, whose: User | Influencer, form: Form) -> str:
    return render_template(
        "absences/show.html", absence=absence, whose=whose, form=form, back=_home(whose)
    )


def _empty() -> AbsenceForm:
    return AbsenceForm(formdata=None)
