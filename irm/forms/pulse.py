"""What somebody is to us already, when we begin with them."""

from operator import attrgetter

from wtforms import DateField, RadioField
from wtforms.fields import enum_choices
from wtforms.validators import Optional

from irm.forms.base import Form
from irm.funnel.pulse import Pulse
from irm.i18n import _l


def pulse_field() -> RadioField:
    """One of three answers; a stranger unless said otherwise."""
    return RadioField(
        _l("What are they to us?"),
        choices=enum_choices(Pulse, label=attrgetter("label")),
        coerce=Pulse,
        default=Pulse.STRANGER,
    )


def day_field() -> DateField:
    """When we worked together last, of a partner alone."""
    return DateField(_l("When you worked together last"), [Optional()])


class PulseForm(Form):
    """The answer, and of work together its day."""

    pulse = pulse_field()
    worked_on = day_field()
