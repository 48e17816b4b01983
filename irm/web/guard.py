"""Closed by default: every page needs a user, but for a short list."""

from flask import Flask, Response, abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

#: The only endpoints that answer strangers.
PUBLIC = frozenset({"auth.login", "auth.sign_in", "status.healthz", "assets.static"})


def is_fragment() -> bool:
    """Whether a part of a page was asked for, by htmx or by our script."""
    return "HX-Request" in request.headers or request.accept_mimetypes.best == "application/json"


def init_app(app: Flask) -> None:
    """Ask who it is before every request."""

    @app.before_request
    def refuse_what_no_text_contains() -> None:
        # No keyboard types it, PostgreSQL cannot store it, and only an attack sends it.
        if any("\0" in text for text in request.values.values()):
            abort(400)

    @app.before_request
    def ask_who() -> AnyResponse | None:
        if request.endpoint in PUBLIC or current_user.is_authenticated:
            return None
        if is_fragment():
            # A redirect would put the whole sign-in page inside the fragment.
            return Response(status=401, headers={"HX-Redirect": url_for("auth.login")})
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("auth.login", next=wanted if wanted != "/" else None))
