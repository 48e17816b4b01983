"""Making a plan, moving a touch in it, and trying something out."""

from wtforms import BooleanField, DateField, FloatField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from irm.forms.base import Form
from irm.funnel.planner.plans import MOST_WEEKS
from irm.funnel.planner.trying import MOST_HOURS
from irm.i18n import _l


class MakeForm(Form):
    """How many weeks ahead; empty: as many as the plan before."""

    weeks = IntegerField(
        _l("Weeks"),
        [
            Optional(),
            NumberRange(
                1, MOST_WEEKS, _l("A plan reaches from 1 to %(n)s weeks ahead.", n=MOST_WEEKS)
            ),
        ],
    )


class TouchForm(Form):
    """A touch as it was seen."""

    row_version = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])


class MoveForm(TouchForm):
    """The day where it goes."""

    to = DateField(_l("To which day"), [InputRequired(_l("Choose a day."))])


class TryForm(Form):
    """Whose hours are otherwise, and by how many."""

    whom = IntegerField(
        _l("Colleague"), [InputRequired(_l("Choose a colleague.")), NumberRange(1, 2**31 - 1)]
    )
    hours = FloatField(
        _l("Hours more a week"),
        [
            Optional(),
            NumberRange(
                -MOST_HOURS,
                MOST_HOURS,
                _l("Write a number of hours, from -%(n)s to %(n)s.", n=MOST_HOURS),
            ),
        ],
    )
    away = BooleanField(_l("Away all the time"))
