"""Setting up the second step of one's own signing in, and saying who has to have one."""

import datetime as dt

import segno
from flask import Blueprint, current_app, redirect, render_template, session

from irm import audit, clock
from irm.access import Permission, me, require
from irm.audit import Action
from irm.db import db
from irm.directory import factor_rule, factors, sessions
from irm.directory.factor_rule import Who
from irm.errors import Refused, Stale
from irm.forms.sign_in import CodeForm, RuleForm
from irm.i18n import _, _l
from irm.mail import confidential
from irm.mail.access_letters import Changed
from irm.mail.letters import Letter
from irm.models import SecondFactor
from irm.web import spoken
from irm.web.answers import Answer, back_to, refuse_faults
from irm.web.reentry import entered_lately

bp = Blueprint("second_factor", __name__)

PAGE, SETTINGS = "/settings/sign-in/factor", "/settings/sign-in"


@bp.get("/settings/sign-in/factor")
def show() -> Answer:
    """What the app has to be shown, once it was begun; before that, what it is about."""
    if factors.is_on(db.session, me().id):
        return redirect(SETTINGS)
    return _page(CodeForm(formdata=None))


@bp.post("/settings/sign-in/factor")
@entered_lately
def begin() -> Answer:
    """Make what the app will be shown."""
    factors.begin(db.session, me(), clock.now())
    db.session.commit()
    return redirect(PAGE, 303)


@bp.post("/settings/sign-in/factor/confirm")
@entered_lately
def confirm() -> Answer:
    """Switch it on by a first code; other browsers are signed out, as they showed none."""
    form, user, at = CodeForm(), me(), clock.now()
    if not form.validate():
        return _page(form), 422
    letter = _letter(Changed.FACTOR_ON, at)
    try:
        codes = factors.confirm(db.session, user, form.code.data, _key(), at)
    except Stale:
        raise
    except Refused as refused:
        db.session.rollback()
        form.code.errors = [refused.message]
        return _page(form), 422
    sessions.end_others(db.session, user, session["token"])
    token = sessions.renew(db.session, session["token"])
    confidential.tell(db.session, user, letter, at)
    db.session.commit()
    session["token"] = token
    return _codes(codes, is_new=True)


@bp.post("/settings/sign-in/factor/codes")
@entered_lately
def renew_codes() -> Answer:
    """Make new recovery codes, which this page alone shows."""
    user, at = me(), clock.now()
    letter = _letter(Changed.CODES, at)
    codes = factors.renew_codes(db.session, user, at)
    confidential.tell(db.session, user, letter, at)
    db.session.commit()
    return _codes(codes, is_new=False)


@bp.post("/settings/sign-in/factor/off")
@entered_lately
def switch_off() -> Answer:
    """Take the second step away, where the organisation leaves it to her."""
    user, at = me(), clock.now()
    if factor_rule.concerns(factor_rule.of(db.session), user):
        raise Refused(_l("Your organisation asks for a second step: it cannot be switched off."))
    letter = _letter(Changed.FACTOR_OFF, at)
    if not factors.switch_off(db.session, user, user, at):
        return back_to(SETTINGS, _("The second step is not on."))
    confidential.tell(db.session, user, letter, at)
    db.session.commit()
    return back_to(SETTINGS, _("The second step is switched off: the password alone lets you in."))


@bp.post("/settings/sign-in/required")
@entered_lately
def save_rule() -> Answer:
    """Say who has to have a second step; it holds at once, for whoever is signed in too."""
    require(Permission.ADMINISTER)
    form = RuleForm()
    refuse_faults(form)
    who = Who(form.who.data)
    factor_rule.set_to(db.session, who)
    audit.record(db.session, me(), Action.FACTOR_REQUIRED, clock.now(), who=who.value)
    db.session.commit()
    return back_to(SETTINGS, _("Saved: it holds from the next page on."))


def _letter(changed: Changed, at: dt.datetime) -> Letter:
    """What tells her by mail; rendered before the first write, as others wait for their turn."""
    user = me()
    with spoken.speaking(user.locale):
        return confidential.said(user, changed, at)


def _key() -> str:
    return str(current_app.secret_key)


def _page(form: CodeForm) -> str:
    waiting = factors.waiting(db.session, me().id, clock.now())
    return render_template(
        "settings/second_factor.html",
        form=form,
        is_required=factor_rule.concerns(factor_rule.of(db.session), me()),
        secret=_in_fours(factors.secret(waiting, _key())) if waiting else "",
        picture=_picture(waiting) if waiting else "",
    )


def _picture(factor: SecondFactor) -> str:
    """What the app reads, as an address of the picture itself."""
    uri = factors.uri(factor, _key(), email=me().email, issuer="irm")
    made: str = segno.make(uri, error="m", micro=False).svg_data_uri(scale=4, light="#fff")
    return made


def _in_fours(secret: str) -> str:
    """As people type it."""
    return " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))


def _codes(codes: list[str], *, is_new: bool) -> str:
    return render_template("settings/recovery_codes.html", codes=codes, is_new=is_new)
