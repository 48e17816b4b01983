"""Logging what happened: who is in the address; kind and one line are enough."""

from operator import attrgetter

from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import enum_choices
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from irm.errors import Refused
from irm.forms.base import Form
from irm.forms.text import clean, one_line
from irm.funnel import activities, links
from irm.funnel.interactions import PRESENT_LENGTH, SUMMARY_LENGTH, Exchange
from irm.i18n import _l
from irm.models import Channel, Direction, Kind, Outcome, Visibility


def activity(value: object) -> str | None:
    """An activity's code, or None where none was chosen. Raises ValueError where it is none."""
    if value in (None, ""):
        return None
    found = activities.find(str(value))
    if found is None:
        raise ValueError(value)
    return found.code


def id_of(value: object) -> int:
    """An id. Raises ValueError where no row can have it."""
    id = int(str(value))
    if not 0 < id < 2**31:
        raise ValueError(value)
    return id


def outcome(value: object) -> Outcome | None:
    """How an ask ended, or None while it is open. Raises ValueError where it is no outcome."""
    return None if value in (None, "") else Outcome(str(value))


def _are_links(_form: Form, field: Field) -> None:
    try:
        links.read(field.data)
    except Refused as refused:
        raise ValidationError(str(refused)) from None


class ExchangeForm(Form):
    """One exchange, as it is logged and as it is put otherwise later."""

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
    #: What exactly: its code.
    activity = SelectField(_l("What exactly"), coerce=activity, validate_choice=False)
    outcome = SelectField(_l("How it ended"), coerce=outcome, validate_choice=False)
    happened_on = DateField(_l("Day"), [Optional()])
    present = StringField(
        _l("Who else was there"),
        [
            Length(
                max=PRESENT_LENGTH,
                message=_l("This is too long: %(n)s characters at most.", n=PRESENT_LENGTH),
            )
        ],
        filters=[one_line],
    )
    links = TextAreaField(_l("Links"), [_are_links], filters=[clean])
    colleagues = SelectMultipleField(_l("Colleagues"), coerce=id_of, validate_choice=False)

    @property
    def exchange(self) -> Exchange:
        """What the form says happened."""
        return Exchange(
            summary=self.summary.data,
            kind=self.kind.data,
            direction=self.direction.data,
            channel=self.channel.data,
            visibility=self.visibility.data,
            activity=self.activity.data,
            outcome=self.outcome.data,
            present=self.present.data,
            links=tuple(links.read(self.links.data)),
            colleagues=tuple(self.colleagues.data or ()),
        )


class LogForm(ExchangeForm):
    """One exchange, as quick log and the person's page send it."""

    #: The form's own key, so that a repeated post is one exchange.
    request_key = StringField(validators=[Length(max=40)], filters=[clean])
    #: Whether it comes from quick log, which asks for the next touchpoint right away.
    quick = BooleanField()
    #: Whether the summary is a line in which day, activity and so on may be named.
    line = BooleanField()
    #: What was understood in the line and is to be words again.
    refused = SelectMultipleField(validate_choice=False)
    #: Fields that were chosen by hand, with commas between: of them the line says nothing.
    chosen = StringField(validators=[Length(max=200)], filters=[clean])


class TogetherForm(ExchangeForm):
    """One event or meeting, with each of several people."""

    who = SelectMultipleField(_l("Who was there"), coerce=id_of, validate_choice=False)
    #: The form's own key; with each person's number behind it, a repeated post logs nobody twice.
    request_key = StringField(validators=[Length(max=28)], filters=[clean])


class EditForm(ExchangeForm):
    """An exchange put otherwise."""

    row_version = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])


class RemoveForm(Form):
    """Taking an exchange away."""

    row_version = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])


class PutBackForm(Form):
    """Letting an exchange say again what it said before; 0 where it is to be brought back."""

    row_version = IntegerField(validators=[InputRequired(), NumberRange(0, 2**31 - 1)])


class OutcomeForm(Form):
    """How an ask ended, one click; empty takes it back."""

    outcome = SelectField(coerce=outcome, validate_choice=False)
    row_version = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])
