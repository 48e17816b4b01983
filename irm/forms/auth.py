"""What signing in sends."""

from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from irm.forms.base import Form
from irm.i18n import _l


class SignInForm(Form):
    """Address and password."""

    email = EmailField(_l("E-mail"), [InputRequired(), Length(max=254)])
    password = PasswordField(_l("Password"), [InputRequired(), Length(max=128)])
