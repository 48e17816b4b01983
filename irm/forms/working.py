"""When a colleague works: her days, her hours a week, whose public holidays she has."""

from babel.dates import get_day_names
from flask_babel import get_locale
from wtforms import FloatField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from irm.forms.base import Form
from irm.funnel import countries
from irm.i18n import _l
from irm.models.keys import fold

#: Nobody has more for touchpoints, whatever her contract says.
MOST_HOURS = 60

_HOURS = _l("Write a number of hours, from 0 to %(n)s.", n=MOST_HOURS)


def _days() -> list[SelectChoice]:
    names = get_day_names("wide", locale=str(get_locale() or "en"))
    return [SelectChoice(str(day + 1), names[day].capitalize()) for day in range(7)]


def _countries() -> list[SelectChoice]:
    named = countries.names(str(get_locale() or "en")).items()
    found = sorted(named, key=lambda one: fold(one[1]))
    return [
        SelectChoice("", _l("None: no public holidays")),
        *(SelectChoice(*one) for one in found),
    ]


class WorkingForm(Form):
    """The days she works on, the hours she has for touchpoints, her country."""

    work_days = SelectMultipleField(
        _l("Working days"),
        [Length(min=1, message=_l("Choose a day at least; who plans nothing has 0 hours."))],
        choices=_days,
    )
    weekly_hours = FloatField(
        _l("Hours a week for touchpoints"),
        [InputRequired(_HOURS), NumberRange(0, MOST_HOURS, _HOURS)],
    )
    country = SelectField(_l("Public holidays of"), choices=_countries)
