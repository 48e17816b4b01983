"""What Flask needs to know about cookies, forms and the world in front of it."""

import datetime as dt
import hashlib
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix

from irm.config import Settings

#: How light or dark the pages are, as theme.js keeps it.
THEMES = ("light", "dark")


class _Signed(SecureCookieSessionInterface):
    """The session cookie, signed by SHA-256: Flask's own choice is SHA-1."""

    digest_method = staticmethod(hashlib.sha256)


def init_app(app: Flask, settings: Settings) -> None:
    """Set the limits, the session cookie and the proxies to believe."""
    app.session_interface = _Signed()
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        # The prefix makes browsers refuse the cookie from anywhere but this host over https.
        SESSION_COOKIE_NAME="__Host-irm" if settings.is_https else "irm",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=dt.timedelta(days=30),
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=1_000,
        # A board stays open all day; its token must not run out.
        WTF_CSRF_TIME_LIMIT=None,
        TRUSTED_HOSTS=[urlsplit(settings.public_url).hostname] if settings.is_https else None,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def theme() -> str:
    """The theme this browser asks for; light unless it says dark."""
    # As with the session's cookie: no page of another host can set one with this prefix.
    name = "__Host-theme" if current_app.config["IRM"].is_https else "theme"
    kept = request.cookies.get(name)
    return kept if kept in THEMES else THEMES[0]
