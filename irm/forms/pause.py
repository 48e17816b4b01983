"""Pausing a relationship, and going on before the day."""

from wtforms import DateField, HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from irm.forms.base import Form
from irm.forms.text import one_line
from irm.funnel.pauses import WHY_LENGTH
from irm.i18n import _l


class ResumeForm(Form):
    """`row_version` is the one the user saw, `back` the page to return to."""

    row_version = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])
    back = HiddenField()


class PauseForm(ResumeForm):
    """Until when, and why."""

    until = DateField(_l("Paused until"), [InputRequired(_l("Choose a day."))])
    why = StringField(
        _l("Because"),
        [
            InputRequired(_l("Say why: whoever looks next wants to know.")),
            Length(
                max=WHY_LENGTH,
                message=_l("This is too long: %(n)s characters at most.", n=WHY_LENGTH),
            ),
        ],
        filters=[one_line],
    )
