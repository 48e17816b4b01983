"""Planning a contact, and closing or moving a planned one."""

from operator import attrgetter

from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectField, StringField
from wtforms.fields import enum_choices
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from irm.forms.base import Form
from irm.forms.interaction import activity, outcome
from irm.forms.text import clean, one_line
from irm.funnel.skips import WORDS_LENGTH, Reason
from irm.i18n import _l
from irm.models import Kind


class PlanForm(Form):
    """When, what kind, what for."""

    due_on = DateField(_l("Due"), [InputRequired(_l("Choose a day."))])
    kind = SelectField(
        _l("Kind"),
        choices=enum_choices(Kind, label=attrgetter("label")),
        coerce=Kind,
        default=Kind.TALK,
    )
    purpose = StringField(
        _l("What for"),
        [Length(max=200, message=_l("This is too long: 200 characters at most."))],
        filters=[one_line],
    )
    #: The code of a tactic, where one was chosen.
    tactic = SelectField(coerce=activity, validate_choice=False)
    back = HiddenField()


class CloseForm(Form):
    """What became of a planned contact: done, snoozed or skipped."""

    row_version = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])
    #: What was done, where the user says; else what was planned stands for it.
    summary = StringField(
        _l("What happened"),
        [Length(max=2000, message=_l("This is too long: 2,000 characters at most."))],
        filters=[clean],
    )
    #: How an ask ended; nothing of any other.
    outcome = SelectField(_l("How it ended"), coerce=outcome, validate_choice=False)
    #: Whether the interaction that kept it stands in the timeline already.
    logged = BooleanField()
    until = DateField(_l("Until"), [Optional()])
    #: Whether this day takes the place of the one it was just put off to.
    instead = BooleanField()
    #: Why it is skipped, and another reason in one's own words.
    reason = SelectField(
        choices=enum_choices(Reason, label=attrgetter("label")),
        coerce=Reason,
        default=Reason.NO_REASON,
    )
    words = StringField(
        _l("Another reason"),
        [Length(max=WORDS_LENGTH, message=_l("This is too long: 200 characters at most."))],
        filters=[one_line],
    )
    back = HiddenField()


class PassForm(Form):
    """To whom a touchpoint is given."""

    row_version = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])
    to = IntegerField(
        _l("To"),
        [InputRequired(_l("Choose a colleague.")), NumberRange(1, 2**31 - 1)],
    )
    back = HiddenField()
