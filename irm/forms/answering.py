"""Within how many hours a question is answered."""

from wtforms import Field, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from irm.forms.base import Form
from irm.funnel.answering import MOST_HOURS
from irm.i18n import _l

_WRONG = _l("Write a whole number of hours, from 1 to %(n)s.", n=MOST_HOURS)
_HOURS = NumberRange(1, MOST_HOURS, _WRONG)


class AnsweringForm(Form):
    """Hours of every question, and of urgent ones; empty: on the same day."""

    normal = IntegerField(_l("Hours to a first word"), [InputRequired(_WRONG), _HOURS])
    urgent = IntegerField(_l("Hours where it is urgent"), [Optional(), _HOURS])

    def validate_urgent(self, field: Field) -> None:
        """Refuse what makes the urgent wait longer."""
        if field.data and self.normal.data and field.data > self.normal.data:
            raise ValidationError(_l("What is urgent cannot wait longer than the rest."))
