"""The reader's language and zone, and the hooks that let every text follow them and their brand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale, get_domain, get_locale
from flask_login import current_user

from irm import i18n
from irm.config import LOCALES, Settings
from irm.web import stage_names


class _ReadersLanguage:
    """Translates into the language Babel chose for whoever is being answered."""

    def gettext(self, message: str) -> str:
        return str(_catalog().ugettext(message))

    def ngettext(self, one: str, many: str, n: int) -> str:
        # Not Babel's own ngettext: that formats at once, and the parameters are our caller's.
        return str(_catalog().ungettext(one, many, n))


def _catalog() -> Any:
    """The texts in the reader's language, looked up once a request and not 300 times a page."""
    found = _kept.get()
    if found is None:
        found = get_domain().get_translations()
        if has_request_context():
            _kept.set(found)
    return found


def sayer() -> Callable[..., str]:
    """The `_` of this request's templates: 300 calls a page that need not look for the language."""
    translate = _catalog().ugettext

    def say(message: str, **params: Any) -> str:
        text: str = translate(message)
        return text % params if params else text

    return say


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Say everything in this language, whatever the reader's is; within a request."""
    readers = _kept.set(None)
    try:
        with force_locale(locale):
            yield
    finally:
        _kept.reset(readers)


#: The catalog of this request; a change of the language takes effect with the next one.
_kept: ContextVar[Any] = ContextVar("catalog", default=None)


def _forget(_error: object = None) -> None:
    _kept.set(None)


def init_app(app: Flask, settings: Settings) -> None:
    """Choose by the user's profile, else by her browser, else by the settings."""

    def locale() -> str:
        if not has_request_context():
            return settings.locale
        if not g.get("asks_nobody") and current_user.is_authenticated:
            return str(current_user.locale)
        return request.accept_languages.best_match(LOCALES, settings.locale) or settings.locale

    def zone() -> str:
        if has_request_context() and current_user.is_authenticated:
            return str(current_user.timezone)
        return settings.timezone

    Babel(app, locale_selector=locale, timezone_selector=zone, default_locale=settings.locale)
    app.before_request(_forget)
    app.teardown_request(_forget)
    i18n.use(_ReadersLanguage())
    i18n.use_names(stage_names.names)
    # Jinja's own `_` trusts translations as markup and formats always; ours is that of the code.
    app.jinja_env.globals.update(
        _=i18n._, language=lambda: str(get_locale() or settings.locale)[:2]
    )
