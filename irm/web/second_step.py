"""The second page of signing in: the code of an app. Until it is right there is no session."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from irm import audit, clock
from irm.audit import Action
from irm.db import db
from irm.directory import factors
from irm.forms.sign_in import CodeForm
from irm.i18n import _l
from irm.web import entrance
from irm.web.answers import Answer
from irm.web.auth import destination

bp = Blueprint("second_step", __name__)


@bp.get("/login/code")
def show() -> Answer:
    """Ask for the code of whoever has entered her password."""
    if entrance.waiting() is None:
        return redirect(url_for("auth.login"))
    return _page(CodeForm(formdata=None))


@bp.post("/login/code")
def check() -> Answer:
    """Let her in by a code, once; too many wrong ones have to wait."""
    user, form, at = entrance.waiting(), CodeForm(), clock.now()
    if user is None:
        return redirect(url_for("auth.login"), 303)
    if not form.validate():
        return _page(form), 422
    address = request.remote_addr or ""
    key = str(current_app.secret_key)
    if not factors.passes(db.session, user, form.code.data, key=key, address=address, at=at):
        audit.record(db.session, user, Action.SIGN_IN_FAILED, at, user_id=user.id, address=address)
        db.session.commit()
        form.code.errors = [_WRONG[_is_recovery() or factors.is_recovery_code(form.code.data)]]
        return _page(form), 422
    entrance.let_in_by_code(user)
    return redirect(destination(), 303)


#: Of a code, by whether it is one for recovery: no next one of those is to come.
_WRONG = {
    False: _l("This code is wrong, used or too old. Wait for the next one."),
    True: _l("This recovery code is wrong or used already. Take another of those you kept."),
}


def _is_recovery() -> bool:
    """Whether the page asks for a recovery code."""
    return "recovery" in request.values


def _page(form: CodeForm) -> str:
    return render_template(
        "auth/code.html",
        form=form,
        next=request.values.get("next", ""),
        is_recovery=_is_recovery(),
    )
