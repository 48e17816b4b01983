"""Promises and questions: noting them, putting them otherwise, and how they ended."""

from operator import attrgetter
from typing import Any

from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectField, StringField
from wtforms.fields import enum_choices
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from irm.forms.base import Form
from irm.forms.text import one_line
from irm.funnel.owed import LENGTH
from irm.i18n import LazyText, _l
from irm.models import Promiser, Visibility

_LENGTH = Length(max=LENGTH, message=_l("This is too long: %(n)s characters at most.", n=LENGTH))


def _text(label: LazyText, missing: LazyText) -> Any:
    return StringField(label, [DataRequired(missing), _LENGTH], filters=[one_line])


class EndForm(Form):
    """One click: kept, broken, answered …; `row_version` is the one the user saw.

    `on` is the day on which it happened, today unless another is given; `back` the page to return
    to.
    """

    row_version = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])
    on = DateField(_l("On"), [Optional()])
    back = HiddenField()


class PromiseForm(Form):
    """Who promised what by when."""

    promiser = SelectField(
        _l("Whose word it is"),
        choices=enum_choices(Promiser, label=attrgetter("label")),
        coerce=Promiser,
        default=Promiser.US,
    )
    what = _text(_l("What was promised"), _l("Write what was promised."))
    due_on = DateField(_l("By when"), [InputRequired(_l("Choose a day."))])
    #: 0: whoever looks after the person.
    owner = IntegerField(_l("Who sees to it"), [Optional(), NumberRange(0, 2**31 - 1)])
    visibility = SelectField(
        _l("Who may read it"),
        choices=enum_choices(Visibility, label=attrgetter("label")),
        coerce=Visibility,
        default=Visibility.TEAM,
    )
    #: The exchange in which it was made; 0: none.
    interaction = IntegerField(validators=[Optional(), NumberRange(0, 2**31 - 1)])
    #: Of one that is put otherwise.
    row_version = IntegerField(validators=[Optional(), NumberRange(1, 2**31 - 1)])
    back = HiddenField()


class QuestionForm(Form):
    """What they asked, when, and whether it is urgent."""

    text = _text(_l("What they asked"), _l("Write what they asked."))
    asked_on = DateField(_l("Asked on"), [Optional()])
    is_urgent = BooleanField(_l("Urgent: it wants an answer on the same day"))
    owner = IntegerField(_l("Who answers"), [Optional(), NumberRange(0, 2**31 - 1)])
    visibility = SelectField(
        _l("Who may read it"),
        choices=enum_choices(Visibility, label=attrgetter("label")),
        coerce=Visibility,
        default=Visibility.TEAM,
    )
    #: The exchange in which it came; 0: none.
    interaction = IntegerField(validators=[Optional(), NumberRange(0, 2**31 - 1)])
    row_version = IntegerField(validators=[Optional(), NumberRange(1, 2**31 - 1)])
    back = HiddenField()


class HoldForm(EndForm):
    """They were told when the answer comes: in two working days, unless a day is given."""

    due_on = DateField(_l("An answer by"), [Optional()])
