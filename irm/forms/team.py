"""A team: its name, and who is in it."""

from wtforms import IntegerField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput

from irm.directory.teams import LONGEST
from irm.forms.base import Form
from irm.forms.text import one_line
from irm.i18n import _l


class NameForm(Form):
    """What a team is called."""

    name = StringField(
        _l("Name of the team"),
        [
            DataRequired(_l("A team needs a name.")),
            Length(
                max=LONGEST,
                message=_l("The name is too long: %(n)s characters at most.", n=LONGEST),
            ),
        ],
        filters=[one_line],
    )


class TeamForm(NameForm):
    """A new team; the page fills in who can be in it."""

    members = SelectMultipleField(
        _l("Who is in it"), choices=[], coerce=int, option_widget=CheckboxInput()
    )


class TeamMemberForm(Form):
    """Whom to put into a team, or to take out of it."""

    user = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])
