"""Links with a secret in them, as mails carry them: what a page does with such an address."""

from flask import current_app, redirect, session
from werkzeug.wrappers import Response

from irm.directory import tokens


def keep_aside(name: str, token: str, address: str) -> Response:
    """Move a link's secret from the address into the cookie, and go on to a page without it.

    So it stands in no history, on no screen that is shared and in no Referer; nothing is looked up
    and nothing written, for programs that scan mails open every link.
    """
    # Longer than any of ours, it would but fill the cookie.
    session[name] = token[: tokens.LENGTH + 1]
    response = redirect(address, 303)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def kept(name: str) -> str:
    """The secret this browser came with; empty where there is none."""
    token = session.get(name)
    return token if isinstance(token, str) else ""


def sends_mail() -> bool:
    """Whether there is a mail server: without one no letter reaches anybody."""
    return bool(current_app.config["IRM"].smtp_url.get_secret_value())
