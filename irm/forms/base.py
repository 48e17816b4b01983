"""What all forms have in common."""

from functools import lru_cache
from typing import Any

from babel.support import NullTranslations, Translations
from flask import request
from flask_babel import get_locale
from flask_wtf import FlaskForm
from wtforms.i18n import messages_path

from irm.i18n import LazyText, _l

#: What the library says of a value it cannot read, said as what to do.
_OURS: dict[str, LazyText] = {
    "Invalid Choice: could not coerce.": _l("Choose one from the list."),
    "Invalid choice(s): one or more data inputs could not be coerced.": _l(
        "Choose one from the list."
    ),
    "Not a valid choice.": _l("Choose one from the list."),
    "Not a valid date value.": _l("Write a day as 2026-03-31."),
    "Not a valid float value.": _l("Write a number."),
    "Not a valid integer value.": _l("Write a whole number."),
    "This field is required.": _l("This form is not complete."),
}


class _Words:
    """The library's messages: ours where we have one, else its own translation."""

    def __init__(self, library: NullTranslations) -> None:
        self._library = library

    def gettext(self, message: str) -> str:
        return str(_OURS.get(message) or self._library.gettext(message))

    def ngettext(self, one: str, many: str, n: int) -> str:
        return str(self._library.ngettext(one, many, n))


@lru_cache(8)
def _library(locale: str) -> NullTranslations:
    """The library's own texts, read from the disk once and not with every form."""
    return Translations.load(messages_path(), [locale], domain="wtforms")


class Form(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """A form of ours.

    It knows no token: irm/web/guard.py asks each request that changes anything for one, whatever
    form it is of, and a field of its own would be signed and looked at a second time.
    """

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            # The library would read JSON too, whose values need not be texts. Nobody sends any.
            return None if request.is_json else super().wrap_formdata(form, formdata)

        def get_translations(self, form: FlaskForm) -> _Words:
            return _Words(_library(str(get_locale() or "en")))

    @property
    def values(self) -> dict[str, Any]:
        return {name: field.data for name, field in self._fields.items()}
