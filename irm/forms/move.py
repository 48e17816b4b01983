"""Moving a card on the funnel board."""

from operator import attrgetter

from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.fields import enum_choices
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from irm.forms.base import Form
from irm.forms.text import one_line
from irm.i18n import _l
from irm.models import Stage


class MoveForm(Form):
    """To which stage, and why; `row_version` is the one the mover saw."""

    stage = SelectField(
        _l("To"),
        choices=enum_choices(Stage, label=attrgetter("label")),
        coerce=Stage,
        validators=[InputRequired(_l("Choose a stage."))],
    )
    reason = StringField(
        _l("Why"),
        [Length(max=500, message=_l("The reason is too long: 500 characters at most."))],
        filters=[one_line],
    )
    row_version = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])
    #: The move this one takes back.
    undoes = IntegerField(validators=[Optional(), NumberRange(1, 2**31 - 1)])
    #: Who the card is about: should they have been merged with another, it leads to that one.
    person = IntegerField(validators=[Optional(), NumberRange(1, 2**31 - 1)])
    #: Whether the whole page is wanted for an answer, not the card.
    page = BooleanField()
