"""The headers of every answer, errors and redirects included."""

from flask import Flask, Response, request

from irm.config import Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def every(settings: Settings) -> dict[str, str]:
    """The headers of every answer of this installation."""
    if not settings.is_https:
        return HEADERS
    return HEADERS | {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def init_app(app: Flask, settings: Settings) -> None:
    """Add what tells browsers to trust nothing but ourselves, and to keep nothing."""
    headers = every(settings)

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        # A file to be saved comes with `no-cache`, which lets browsers keep a copy of it.
        if request.endpoint != "assets.static" and not response.cache_control.private:
            response.headers["Cache-Control"] = "no-store"
        return response
