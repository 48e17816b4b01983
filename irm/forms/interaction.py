"""Logging what happened: who is in the address; kind and one line are enough."""

from operator import attrgetter

from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.fields import enum_choices
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from irm.forms.base import Form
from irm.forms.text import clean
from irm.funnel import tactics
from irm.funnel.interactions import SUMMARY_LENGTH
from irm.i18n import _l
from irm.models import Channel, Direction, Kind, Outcome, Visibility


def activity(value: object) -> str | None:
    """A tactic's code, or None where none was chosen. Raises ValueError where it is no tactic."""
    if value in (None, ""):
        return None
    found = tactics.find(str(value))
    if found is None:
        raise ValueError(value)
    return found.code


def outcome(value: object) -> Outcome | None:
    """How an ask ended, or None while it is open. Raises ValueError where it is no outcome."""
    return None if value in (None, "") else Outcome(str(value))


class LogForm(Form):
    """One exchange, as quick log and the person's page send it."""

    kind = SelectField(
        _l("Kind"),
        choices=enum_choices(Kind, label=attrgetter("label")),
        coerce=Kind,
        validators=[InputRequired(_l("Choose give, ask or talk."))],
    )
    summary = StringField(
        _l("What happened"),
        [
            DataRequired(_l("Write in one line what happened.")),
            Length(
                max=SUMMARY_LENGTH,
                message=_l("This is too long: %(n)s characters at most.", n=SUMMARY_LENGTH),
            ),
        ],
        filters=[clean],
    )
    direction = SelectField(
        _l("Direction"),
        choices=enum_choices(Direction, label=attrgetter("label")),
        coerce=Direction,
        default=Direction.OUT,
    )
    channel = SelectField(
        _l("Channel"),
        choices=enum_choices(Channel, label=attrgetter("label")),
        coerce=Channel,
        default=Channel.MESSAGE,
    )
    visibility = SelectField(
        _l("Who may read it"),
        choices=enum_choices(Visibility, label=attrgetter("label")),
        coerce=Visibility,
        default=Visibility.TEAM,
    )
    #: What exactly: the code of a tactic.
    activity = SelectField(_l("What exactly"), coerce=activity, validate_choice=False)
    outcome = SelectField(_l("How it ended"), coerce=outcome, validate_choice=False)
    happened_on = DateField(_l("Day"), [Optional()])
    #: The form's own key, so that a repeated post is one exchange.
    request_key = StringField(validators=[Length(max=40)], filters=[clean])
    #: Whether it comes from quick log, which asks for the next touchpoint right away.
    quick = BooleanField()


class OutcomeForm(Form):
    """How an ask ended, one click; empty takes it back."""

    outcome = SelectField(coerce=outcome, validate_choice=False)
    row_version = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])
