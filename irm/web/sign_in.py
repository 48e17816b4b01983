"""How a colleague signs in: her password, and the browsers in which she is signed in."""

from flask import Blueprint, render_template, session

from irm import audit, clock
from irm.access import Permission, can, me
from irm.audit import Action
from irm.db import db
from irm.directory import (
    factor_rule,
    factors,
    identities,
    password_change,
    passwords,
    sessions,
)
from irm.errors import Refused
from irm.forms.sign_in import PasswordForm, RuleForm, SessionForm
from irm.i18n import _, _l, _n
from irm.mail import confidential
from irm.web import provided, spoken
from irm.web.answers import Answer, back_to, refuse_faults, refused_on
from irm.web.browsers import said, shortened
from irm.web.reentry import entered_lately, is_hers

bp = Blueprint("sign_in", __name__)

PAGE = "/settings/sign-in"


@bp.get("/settings/sign-in")
def index() -> str:
    """Her password, and where she is signed in."""
    return _page(PasswordForm(formdata=None))


@bp.post("/settings/sign-in/password")
def change_password() -> Answer:
    """Set another password; she stays signed in here alone, and is told so by mail."""
    form, user, at = PasswordForm(), me(), clock.now()
    if not provided.may_use_password(user):
        raise Refused(provided.without_password())
    if not form.validate():
        return _page(form), 422
    if not is_hers(form.current.data):
        form.current.errors = [_l("This is not your password.")]
        return _page(form), 422
    with spoken.speaking(user.locale):
        letter = confidential.changed(user, at)
    try:
        token = password_change.change(db.session, user, form.password.data, session["token"], at)
    except Refused as refused:
        db.session.rollback()
        form.password.errors = [refused.message]
        return refused_on(_page(form), refused)
    confidential.tell_changed(db.session, user, letter, at)
    db.session.commit()
    session["token"] = token
    return back_to(PAGE, _("Your password is changed. You are signed out everywhere but here."))


@bp.post("/settings/sign-in/sessions/end")
@entered_lately
def end() -> Answer:
    """Sign one browser out."""
    form, user = SessionForm(), me()
    refuse_faults(form)
    if not sessions.end_one(db.session, user, form.session.data):
        return back_to(PAGE, _("That browser is signed out already."))
    _record(1)
    db.session.commit()
    return back_to(PAGE, _("That browser is signed out."))


@bp.post("/settings/sign-in/others/end")
@entered_lately
def end_others() -> Answer:
    """Sign every browser out but this one."""
    ended = sessions.end_others(db.session, me(), session["token"])
    if not ended:
        return back_to(PAGE, _("You are signed in nowhere else."))
    _record(ended)
    db.session.commit()
    said = _n("%(n)s other browser is signed out.", "%(n)s other browsers are signed out.", ended)
    return back_to(PAGE, said)


def _record(ended: int) -> None:
    user, at = me(), clock.now()
    audit.record(db.session, user, Action.SESSIONS_ENDED, at, user_id=user.id, sessions=ended)


def _page(form: PasswordForm) -> str:
    user, token, service = me(), session["token"], provided.provider()
    who = factor_rule.of(db.session)
    found = db.session.scalars(sessions.of_user(user.id, clock.now())).all()
    return render_template(
        "settings/sign_in.html",
        form=form,
        factor=factors.of(db.session, user.id),
        codes_left=factors.left(db.session, user.id),
        is_required=factor_rule.concerns(who, user),
        rule=RuleForm(formdata=None, who=who.value) if can(Permission.ADMINISTER) else None,
        shortest=passwords.shortest(is_admin=user.is_admin),
        has_password=provided.may_use_password(user),
        provider=provided.name(),
        identity=identities.of(db.session, user.id, service.issuer) if service else None,
        sessions=[
            (one, said(one.user_agent), shortened(one.address), sessions.is_of(one, token))
            for one in found
        ],
    )
