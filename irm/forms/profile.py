"""What a colleague sets for herself."""

from functools import cache
from zoneinfo import available_timezones

from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from irm.forms.base import Form
from irm.forms.text import one_line
from irm.i18n import _l
from irm.models import Notice

#: No digest, where an hour is asked.
NO_DIGEST = ""

#: On which days a digest comes: on those she works on, or on all.
WORKING, EVERY = "working", "every"

LOCALES = [SelectChoice("en", "English"), SelectChoice("fr", "Français")]


def _hours() -> list[SelectChoice]:
    hours = [SelectChoice(str(hour), f"{hour:02d}:00") for hour in range(24)]
    return [SelectChoice(NO_DIGEST, _l("No digest")), *hours]


@cache
def _zone_names() -> list[str]:
    # The folders of the zones are read for it, some hundred files.
    return sorted(available_timezones())


def zones() -> list[SelectChoice]:
    """All time zones by name."""
    return [SelectChoice(name, name) for name in _zone_names()]


def _notices() -> list[SelectChoice]:
    return [SelectChoice(notice.value, notice.label) for notice in Notice]


class ProfileForm(Form):
    """Name, language, time zone, hour and days of the digest, other mails, keys."""

    name = StringField(
        _l("Name"),
        [
            DataRequired(_l("Write your name.")),
            Length(max=120, message=_l("This is too long: 120 characters at most.")),
        ],
        filters=[one_line],
    )
    locale = SelectField(_l("Language"), choices=LOCALES)
    timezone = SelectField(_l("Time zone"), choices=zones)
    digest_hour = SelectField(_l("Hour of the morning digest"), choices=_hours)
    digest_days = SelectField(
        _l("Days of the digest"),
        choices=[
            SelectChoice(WORKING, _l("On my working days")),
            SelectChoice(EVERY, _l("Every day")),
        ],
        default=WORKING,
    )
    #: What she is written to about; each that is not chosen is switched off.
    wanted = SelectMultipleField(_l("Other mails"), choices=_notices)
    letter_keys = BooleanField(_l("Keys of one letter (L, G T, J, K …)"))


class LanguageForm(Form):
    """The language alone, from the menu."""

    locale = SelectField(_l("Language"), choices=LOCALES)
