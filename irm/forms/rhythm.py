"""A person's level, and a cadence of their own."""

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from irm.forms.base import Form
from irm.forms.influencer import chosen
from irm.funnel.policies import MOST_DAYS
from irm.i18n import _l
from irm.models import Level

_WRONG = _l("Write a whole number of days, from 1 to %(n)s.", n=MOST_DAYS)


class RhythmForm(Form):
    """`row_version` is the one the user saw."""

    level = chosen(_l("How experienced they are"), Level, _l("Not said"))
    ideal = IntegerField(_l("Ideal, in days"), [Optional(), NumberRange(1, MOST_DAYS, _WRONG)])
    worst = IntegerField(
        _l("At the latest, in days"), [Optional(), NumberRange(1, MOST_DAYS, _WRONG)]
    )
    row_version = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])
