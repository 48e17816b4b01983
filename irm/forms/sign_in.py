"""What is sent by whoever looks after her own way in."""

from wtforms import IntegerField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from irm.directory.factor_rule import Who
from irm.forms.base import Form
from irm.i18n import _l


class PasswordForm(Form):
    """The password there is, and the one to be."""

    current = PasswordField(
        _l("Password until now"),
        [InputRequired(_l("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Choose a password."))],
        render_kw={"autocomplete": "new-password"},
    )


class AgainForm(Form):
    """The password once more, beside whatever is to be done."""

    password_again = PasswordField(
        _l("Password"),
        [InputRequired(_l("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(Form):
    """A code of the app, or one of those on paper."""

    code = StringField(
        _l("Code"),
        [
            InputRequired(_l("Enter the code.")),
            Length(max=40, message=_l("A code has six figures, a recovery code ten signs.")),
        ],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false"},
    )


def _whom() -> list[SelectChoice]:
    return [SelectChoice(one.value, one.label) for one in Who]


class RuleForm(Form):
    """Who has to have a second step."""

    who = SelectField(_l("Who has to have a second step"), choices=_whom)


class SessionForm(Form):
    """The session that is to end."""

    session = IntegerField(
        _l("Browser"),
        [InputRequired(_l("Choose one from the list.")), NumberRange(min=1, max=2**31 - 1)],
    )
