"""What goes wrong, as one sentence: a page for people, a line for fragments."""

import contextlib
import secrets

import structlog
from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from irm.db import db
from irm.errors import Merged, Refused, Stale
from irm.i18n import LazyText, _l
from irm.web.answers import told_when
from irm.web.browsers import shortened
from irm.web.dead_ends import PLAIN, End, way_out
from irm.web.guard import SAFE, is_fragment

log = structlog.get_logger(__name__)

#: A larger upload is cut off, in bytes.
LARGEST_HEARD = 1 << 30

#: What is logged of those who are refused: without the token, without the right, what is another
#: brand's or not there, too often.
_TOLD = frozenset({400, 403, 404, 429})

_SENTENCES: dict[int, LazyText] = {
    400: _l("This request could not be read. Go back and try again."),
    403: _l("Your role does not allow this."),
    404: _l("This page does not exist, or is not yours to see."),
    405: _l("This address does not take that kind of request."),
    413: _l("This is too large to be sent."),
    415: _l("This kind of content is not accepted here."),
    500: _l("Something went wrong on our side. Nothing was saved; please try again."),
    503: _l("The database cannot be reached just now. Nothing was saved; please try again."),
}


def init_app(app: Flask) -> None:
    """Answer every failure in the user's words, never with a traceback."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _broken_rule)
    app.register_error_handler(OperationalError, _unreachable)
    app.register_error_handler(Exception, _unexpected)


def _answer(
    status: int,
    sentence: LazyText | str,
    reference: str | None = None,
    end: End = PLAIN,
) -> Response:
    with contextlib.suppress(SQLAlchemyError):
        db.session.rollback()
    _tell(status)
    # Who reads may be what cannot be found out: such answers have no frame and ask for nothing.
    g.asks_nobody = status >= 500
    if is_fragment():
        response = make_response(str(sentence), status)
        response.mimetype = "text/plain"
        return response
    said = {"status": status, "sentence": sentence, "reference": reference}
    if status >= 500:
        bare = current_app.jinja_env.get_template("broken.html")
        return make_response(bare.render(**said), status)
    return make_response(render_template("failure.html", end=end, **said), status)


def _tell(status: int) -> None:
    """Log that somebody was refused: who and where, without the address, which may be a secret."""
    if status not in _TOLD or request.endpoint is None:
        return
    # Whoever was asked for already; nobody is looked for here.
    user = g.get("_login_user")
    log.warning(
        "refused",
        status=status,
        endpoint=request.endpoint,
        method=request.method,
        user=getattr(user, "id", None),
        network=shortened(request.remote_addr or ""),
    )


def _refused(error: Refused) -> Response:
    if isinstance(error, Merged) and request.method in SAFE:
        return _lead_on(error)
    response = _answer(error.status, error.message, end=way_out(error))
    response.headers.update(told_when(error))
    return response


def _lead_on(error: Merged) -> Response:
    """Whoever looks for somebody who was merged finds the one they are now."""
    old, new = (f"/influencers/{id}" for id in (error.gone_id, error.into_id))
    rest = request.full_path.rstrip("?").removeprefix(old)
    # Under the address of somebody else, it was they who were to be merged.
    is_own = request.path == old or request.path.startswith(f"{old}/")
    return make_response(redirect(new + rest if is_own else new))


def _expired(_error: CSRFError) -> Response:
    return _answer(400, _l("This form has expired. Reload the page and send it again."))


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status == 413:
        _hear_out()
    if 300 <= status < 400:
        return error.get_response()  # type: ignore[return-value]  # a redirect is no failure
    return _answer(status, _SENTENCES.get(status, _SENTENCES[500 if status > 499 else 400]))


def _hear_out() -> None:
    """Read what is left of an upload that is too large, within bounds.

    A browser that is cut off in the middle of sending shows a broken connection, not our words.
    """
    stream, left = request.environ["wsgi.input"], min(request.content_length or 0, LARGEST_HEARD)
    while left > 0 and (block := stream.read(min(left, 1 << 20))):
        left -= len(block)


def _stale(_error: Exception) -> Response:
    return _answer(Stale.status, Stale().message)


def _broken_rule(error: IntegrityError) -> Response:
    """Two who wrote the same at once are told so; any other broken rule is a fault of ours."""
    if not _is_double(error):
        return _unexpected(error)
    reference = secrets.token_hex(4)
    current_app.logger.warning("written twice %s", reference, exc_info=error)
    return _answer(Stale.status, Stale().message, reference)


def _is_double(error: IntegrityError) -> bool:
    state = getattr(error.orig, "sqlstate", None)  # of PostgreSQL
    return state == "23505" or str(error.orig).startswith("UNIQUE constraint failed")


def _unreachable(error: OperationalError) -> Response:
    current_app.logger.error("database unreachable: %s", error.orig)
    return _answer(503, _SENTENCES[503])


def _unexpected(error: Exception) -> Response:
    reference = secrets.token_hex(4)
    current_app.logger.exception("unexpected failure %s", reference, exc_info=error)
    return _answer(500, _SENTENCES[500], reference)
