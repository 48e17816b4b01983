"""Pages without the frame of irm, for whoever comes from a mail and is not signed in.

They ask no cookie who reads: whose page it is says the signed link alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, current_app, g, make_response

from irm.i18n import LazyText
from irm.models import User
from irm.web import cookies, spoken


def ask_nobody() -> None:
    """Let nothing in this request look for who is signed in: the browser says the language."""
    g.asks_nobody = True


@contextmanager
def speaking(user: User) -> Iterator[None]:
    """Say everything in a colleague's language and as her clock shows it."""
    g.pop("words", None)
    with spoken.speaking(user.locale):
        yield


def page(template: str, status: int = 200, **values: Any) -> Response:
    """Render a page without a frame, of which no search engine is to know."""
    made = current_app.jinja_env.get_template(template).render(**values, theme=cookies.theme())
    response = make_response(made, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def sentence(said: LazyText | str, status: int) -> Response:
    """A page that says one sentence and leads to irm."""
    return page("act/sentence.html", status, sentence=said)
