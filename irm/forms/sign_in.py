"""What is sent by whoever looks after her own way in."""

from wtforms import IntegerField, PasswordField
from wtforms.validators import InputRequired, NumberRange

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


class SessionForm(Form):
    """The session that is to end."""

    session = IntegerField(
        _l("Browser"),
        [InputRequired(_l("Choose one from the list.")), NumberRange(min=1, max=2**31 - 1)],
    )
