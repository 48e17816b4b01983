"""The language of whoever is being answered, looked up once a request and not 300 times a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from flask import Flask, has_request_context
from flask_babel import force_locale, get_domain, get_locale


class Spoken(NamedTuple):
    """A language: its code, such as "fr", and its catalog of texts."""

    code: str
    catalog: Any


def init_app(app: Flask) -> None:
    """Forget the language of the request before; one that changes does with the next request."""
    app.before_request(_forget)
    app.teardown_request(_forget)


def now() -> Spoken:
    """The language texts are said in now; outside a request that of the settings."""
    found = _kept.get()
    if found is None:
        found = Spoken(str(get_locale() or "en")[:2], get_domain().get_translations())
        if has_request_context():
            _kept.set(found)
    return found


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Say everything in this language, whatever the reader's is; within a request."""
    readers = _kept.set(None)
    try:
        with force_locale(locale):
            yield
    finally:
        _kept.reset(readers)


_kept: ContextVar[Spoken | None] = ContextVar("spoken", default=None)


def _forget(_error: object = None) -> None:
    _kept.set(None)
