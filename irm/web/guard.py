"""Closed by default: who it is comes first, then whether the request is whole and ours."""

from flask import Flask, Response, abort, g, redirect, request, url_for
from flask_login import current_user
from flask_wtf import CSRFProtect
from werkzeug.exceptions import SecurityError
from werkzeug.wrappers import Response as AnyResponse

from irm.access import refuse_closed_to_partners
from irm.errors import Forbidden
from irm.i18n import _, _l

#: Links in mails: the signature in the address stands for sign-in and form token alike, so
#: no other site can make them up, and a mail program may post to them from anywhere.
SIGNED = frozenset(
    {
        "act.show",
        "act.ask_until",
        "act.ask_why",
        "act.keep",
        "act.snooze",
        "act.skip",
        "act.undo",
        "unsubscribing.show",
        "unsubscribing.stop",
        "unsubscribing.resume",
    }
)

#: The only endpoints that answer strangers; a calendar is opened by the secret in its address.
PUBLIC = SIGNED | {
    "auth.login",
    "auth.sign_in",
    "status.healthz",
    "assets.static",
    "calendars.feed_of",
    # The ways in by mail: for whoever forgot her password, for whoever was invited.
    "resets.forgot",
    "resets.ask",
    "resets.sent",
    "resets.open_link",
    "resets.choose",
    "resets.save",
    # After the password, before any session.
    "second_step.show",
    "second_step.check",
    # To the sign-in service and back.
    "sso.begin",
    "sso.join",
    "sso.come_back",
    "joining.open_link",
    "joining.show",
    "joining.accept",
}

#: Where whoever has to set up a second step can go before she has.
SETTING_UP = PUBLIC | {
    "second_factor.show",
    "second_factor.begin",
    "second_factor.confirm",
    "sso.again",
    "sso.done",
    "settings.language",
    "auth.sign_out",
}

#: Endpoints that take files, and how large one may be, in bytes; the form around it comes on top.
UPLOADS: dict[str, int] = {}

FORM_BYTES = 1024 * 1024

#: Methods that change nothing.
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

csrf = CSRFProtect()


def is_fragment() -> bool:
    """Whether a part of a page was asked for, by htmx or by our script."""
    return "HX-Request" in request.headers or request.accept_mimetypes.best == "application/json"


def init_app(app: Flask) -> None:
    """Ask before every request, in this order, so that a stranger's upload is never read."""
    app.before_request(_refuse_other_names)
    app.before_request(_refuse_other_sites)
    app.before_request(_ask_who)
    app.before_request(_make_room)
    csrf.init_app(app)
    app.before_request(_refuse_what_no_text_contains)


def _refuse_other_names() -> Response | None:
    # Under a name that is not ours no address can be built, so this is a line and no page.
    if not isinstance(request.routing_exception, SecurityError):
        return None
    g.asks_nobody = True
    said = _("irm is not opened under this name: use the address in its mails.")
    return Response(said, 400, mimetype="text/plain")


def _refuse_other_sites() -> None:
    # Browsers say where a request comes from; what says nothing still needs the token.
    if request.endpoint in SIGNED:
        return
    if request.method not in SAFE and request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forbidden(_l("This came from another site, so nothing was done."))


def _ask_who() -> AnyResponse | None:
    if request.endpoint in PUBLIC:
        return None
    if current_user.is_authenticated:
        if g.seen.lacks_factor and request.endpoint not in SETTING_UP:
            return _lead_to_setting_up()
        refuse_closed_to_partners()
        return None
    if is_fragment():
        # A redirect would put the whole sign-in page inside the fragment.
        return Response(status=401, headers={"HX-Redirect": url_for("auth.login")})
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("auth.login", next=wanted if wanted != "/" else None))


def _lead_to_setting_up() -> AnyResponse:
    address = url_for("second_factor.show")
    if is_fragment():
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(address, 303)


def _make_room() -> None:
    if request.endpoint in UPLOADS:
        request.max_content_length = UPLOADS[request.endpoint] + FORM_BYTES


def _refuse_what_no_text_contains() -> None:
    # No keyboard types it, PostgreSQL cannot store it, and only an attack sends it.
    if any("\0" in text for text in request.values.values()):
        abort(400)
