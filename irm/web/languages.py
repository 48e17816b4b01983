"""The reader's language and zone, and the hook that lets every text follow them."""

from flask import Flask, has_request_context, request
from flask_babel import Babel, get_domain, get_locale, gettext
from flask_login import current_user

from irm import i18n
from irm.config import LOCALES, Settings


class _ReadersLanguage:
    """Translates into the language Babel chose for whoever is being answered."""

    def gettext(self, message: str) -> str:
        return str(gettext(message))

    def ngettext(self, one: str, many: str, n: int) -> str:
        # Not Babel's own ngettext: that formats at once, and the parameters are our caller's.
        return str(get_domain().get_translations().ungettext(one, many, n))


def init_app(app: Flask, settings: Settings) -> None:
    """Choose by the user's profile, else by her browser, else by the settings."""

    def locale() -> str:
        if not has_request_context():
            return settings.locale
        if current_user.is_authenticated:
            return str(current_user.locale)
        return request.accept_languages.best_match(LOCALES, settings.locale) or settings.locale

    def zone() -> str:
        if has_request_context() and current_user.is_authenticated:
            return str(current_user.timezone)
        return settings.timezone

    Babel(app, locale_selector=locale, timezone_selector=zone, default_locale=settings.locale)
    i18n.use(_ReadersLanguage())
    app.jinja_env.globals.update(language=lambda: str(get_locale() or settings.locale)[:2])
