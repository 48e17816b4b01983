"""The reader's language and zone, and the hooks that let every text follow them and their brand."""

from collections.abc import Callable
from typing import Any

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_locale
from flask_login import current_user

from irm import i18n
from irm.config import LOCALES, Settings
from irm.web import spoken, stage_names


class _ReadersLanguage:
    """Translates into the language Babel chose for whoever is being answered."""

    def gettext(self, message: str) -> str:
        return str(spoken.now().catalog.ugettext(message))

    def ngettext(self, one: str, many: str, n: int) -> str:
        # Not Babel's own ngettext: that formats at once, and the parameters are our caller's.
        return str(spoken.now().catalog.ungettext(one, many, n))


def sayer() -> Callable[..., str]:
    """The `_` of this request's templates: 300 calls a page that need not look for the language."""
    translate = spoken.now().catalog.ugettext

    def say(message: str, **params: Any) -> str:
        text: str = translate(message)
        return text % params if params else text

    return say


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
    spoken.init_app(app)
    i18n.use(_ReadersLanguage())
    i18n.use_names(stage_names.names)
    # Jinja's own `_` trusts translations as markup and formats always; ours is that of the code.
    app.jinja_env.globals.update(
        _=i18n._, language=lambda: str(get_locale() or settings.locale)[:2]
    )
