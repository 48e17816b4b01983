"""Signing in at the service that the organisation signs in with, and what else is shown there.

The way there is a link, not a form: the content security policy lets no form lead elsewhere.
"""

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user

from irm import audit, clock
from irm.access import me
from irm.audit import Action
from irm.db import db
from irm.directory import factors, identities, invitations, joining, sessions
from irm.errors import Forbidden, Refused
from irm.forms.auth import SignInForm
from irm.i18n import LazyText, _, _l
from irm.models import Tried, User, Way
from irm.sso.provider import Person, Provider
from irm.sso.wire import Failed, Silent
from irm.web import entrance, errands, provided, spoken
from irm.web.answers import Answer, back_to
from irm.web.auth import TooManyTries, destination, is_ours
from irm.web.errands import Begun, Purpose
from irm.web.joining import KEPT_AS, zone_of
from irm.web.links import kept

bp = Blueprint("sso", __name__)


class Unanswered(Refused):
    """The service is away: nobody's fault here."""

    status = 503


@bp.get("/login/sso")
def begin() -> Answer:
    """Lead to the service; from there she comes back signed in."""
    if current_user.is_authenticated:
        return redirect(destination())
    wanted = request.args.get("next", "")
    return _lead(Purpose.SIGN_IN, wanted if is_ours(wanted) else "")


@bp.get("/login/sso/join")
def join() -> Answer:
    """Lead whoever holds an invitation to the service, to accept it from there."""
    invitations.of_token(db.session, kept(KEPT_AS), clock.now())
    return _lead(Purpose.JOIN, "")


@bp.get("/login/sso/again")
def again() -> Answer:
    """Lead her to the service to enter there, once more, what she enters there."""
    return _lead(Purpose.AGAIN, "")


@bp.get("/login/sso/again/done")
def done() -> str:
    """Say that she showed who she is: what she was about to do waits in another tab."""
    return render_template("auth/shown.html", name=_provider().name)


@bp.get("/login/sso/return")
def come_back() -> Answer:
    """What the service answers: whoever began here and is known there is let in."""
    provider, begun = _provider(), errands.take(request.args.get("state", ""))
    if begun is None:
        if current_user.is_authenticated:
            # The way back in the browser's history leads here.
            return redirect(url_for("today.index"))
        late = _l("This was not begun in this browser, or it took too long. Begin again.")
        return _refuse(Purpose.SIGN_IN, "", Refused(late))
    try:
        return _ACTS[begun.purpose](_person(provider, begun), begun, provider)
    except TooManyTries as refused:
        return _refuse(begun.purpose, begun.next, refused)
    except Refused as refused:
        db.session.rollback()
        _note(succeeded=False)
        db.session.commit()
        return _refuse(begun.purpose, begun.next, refused)


def _lead(purpose: Purpose, wanted: str) -> Answer:
    provider = _provider()
    try:
        address = provider.address(errands.begin(purpose, wanted), is_anew=purpose is Purpose.AGAIN)
    except Failed as failed:
        current_app.logger.warning("sign-in service: %s", failed)
        return _refuse(purpose, wanted, _unanswered(provider))
    return redirect(address, 303)


def _person(provider: Provider, begun: Begun) -> Person:
    """Whom the service says she is; nothing of the database is held while it is asked."""
    given, address, at = request.args, request.remote_addr or "", clock.now()
    limit = sessions.limit_reached(db.session, _account(), address, at, Tried.PROVIDER)
    db.session.rollback()
    if limit is not None:
        raise TooManyTries(limit)
    if "code" not in given:
        # Its own words stand in the address, where anybody may have put them.
        current_app.logger.warning("sign-in service: error %r", given.get("error", "")[:60])
        raise Forbidden(_l("%(name)s did not sign you in.", name=provider.name))
    try:
        return provider.person(
            given["code"], begun.errand, answered_by=given.get("iss"), at=clock.now()
        )
    except Silent as failed:
        current_app.logger.warning("sign-in service: %s", failed)
        raise _unanswered(provider) from None
    except Failed as failed:
        current_app.logger.warning("sign-in service: %s", failed)
        raise Forbidden(
            _l(
                "What %(name)s answered is not accepted, so nobody was signed in. Begin again; if "
                "it stays so, tell an administrator.",
                name=provider.name,
            )
        ) from None


def _sign_in(person: Person, begun: Begun, _provider: Provider) -> Answer:
    user = identities.user_of(db.session, person.shown, clock.now())
    return _let_in(user, person, begun.next if is_ours(begun.next) else url_for("today.index"))


def _join(person: Person, _begun: Begun, _provider: Provider) -> Answer:
    at, token = clock.now(), kept(KEPT_AS)
    zone = zone_of(invitations.of_token(db.session, token, at))
    user = joining.by_identity(
        db.session, token, person.shown, name=person.name, timezone=zone, at=at
    )
    answer = _let_in(user, person, "/today")
    if "token" in session:
        with spoken.speaking(user.locale):
            flash(_("Welcome, %(name)s. This is where each day starts.", name=user.name), "info")
    return answer


def _let_in(user: User, person: Person, wanted: str) -> Answer:
    """Open a session; whoever has a second step here takes it, unless she took one there."""
    _note(succeeded=True)
    if factors.is_on(db.session, user.id) and not person.showed_two:
        db.session.commit()
        entrance.wait_for_code(user, Way.PROVIDER, person.shown_at)
        return redirect(url_for("second_step.show", next=wanted))
    entrance.let_in(user, Way.PROVIDER, person.shown_at)
    return redirect(wanted)


def _show_again(person: Person, begun: Begun, provider: Provider) -> Answer:
    at = clock.now()
    if not current_user.is_authenticated:
        return redirect(url_for("auth.login"))
    if identities.user_of(db.session, person.shown, at).id != me().id:
        raise Forbidden(_l("You signed in at %(name)s as somebody else.", name=provider.name))
    if person.shown_at is None or begun.at - person.shown_at > errands.APART:
        raise Forbidden(_not_just_now(provider))
    _note(succeeded=True)
    sessions.note_entered(db.session, session["token"], at)
    # A cookie that somebody copied before is not worth more by it, but nothing.
    token = sessions.renew(db.session, session["token"])
    db.session.commit()
    session["token"] = token
    return redirect(url_for("sso.done"), 303)


_ACTS = {Purpose.SIGN_IN: _sign_in, Purpose.JOIN: _join, Purpose.AGAIN: _show_again}


def _refuse(purpose: Purpose, wanted: str, refused: Refused) -> Answer:
    """Say what is wrong where she began, so that another way is at hand."""
    if purpose is Purpose.AGAIN:
        raise refused
    if purpose is Purpose.JOIN:
        return back_to("/invitation", str(refused.message))
    page = render_template(
        "auth/login.html",
        form=SignInForm(formdata=None),
        next=wanted,
        problem=refused.message,
        provider=provided.name(),
        is_for_administrators=provided.for_administrators_alone(),
    )
    return page, refused.status


def _note(*, succeeded: bool) -> None:
    """Keep that somebody came back, so that guessing codes of the service has an end."""
    at, address = clock.now(), request.remote_addr or ""
    sessions.note_try(db.session, _account(), address, at, succeeded=succeeded, kind=Tried.PROVIDER)
    if not succeeded:
        # Nobody of ours came back, so nobody is named.
        audit.record(db.session, None, Action.SIGN_IN_FAILED, at, user_id=None, address=address)


def _account() -> str:
    """Under which tries are counted: nobody knows yet who it is, so those of an address count."""
    return f"single sign-on from {request.remote_addr or ''}"


def _not_just_now(provider: Provider) -> LazyText:
    if not provided.may_use_password(me()):
        return _l("%(name)s does not say that you signed in there just now.", name=provider.name)
    return _l(
        "%(name)s does not say that you signed in there just now. Enter your password instead.",
        name=provider.name,
    )


def _unanswered(provider: Provider) -> Refused:
    if provided.for_administrators_alone():
        said = _l("%(name)s does not answer just now. Try again in a minute.", name=provider.name)
        return Unanswered(said)
    return Unanswered(
        _l(
            "%(name)s does not answer just now. Try again in a minute, or use your password.",
            name=provider.name,
        )
    )


def _provider() -> Provider:
    found = provided.provider()
    if found is None:
        raise Refused(_l("No sign-in service is set up here: sign in with your password."))
    return found
