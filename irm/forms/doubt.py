"""What to do with a letter of which nobody knows whether it arrived."""

from operator import attrgetter

from wtforms import SelectField
from wtforms.fields import enum_choices
from wtforms.validators import InputRequired

from irm.forms.base import Form
from irm.i18n import _l
from irm.models import DoubtPolicy


class DoubtForm(Form):
    """Send it once more, or ask a person."""

    policy = SelectField(
        _l("If nobody knows whether it arrived"),
        choices=enum_choices(DoubtPolicy, label=attrgetter("label")),
        coerce=DoubtPolicy,
        validators=[InputRequired()],
    )
