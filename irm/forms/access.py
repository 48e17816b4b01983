"""What is sent by those who come in by mail: a forgotten password, an accepted invitation."""

from typing import Any

from wtforms import EmailField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation
from wtforms.widgets import CheckboxInput

from irm.forms.base import Form
from irm.forms.profile import LOCALES, zones
from irm.forms.text import one_line
from irm.i18n import _l
from irm.models import Role

#: So that a password manager proposes one and keeps it.
_NEW = {"autocomplete": "new-password"}


class ForgotForm(Form):
    """The address of whoever forgot her password."""

    email = EmailField(
        _l("E-mail"),
        [InputRequired(_l("Write your address.")), Length(max=254)],
        filters=[one_line],
    )


class NewPasswordForm(Form):
    """A password to sign in with from now on; how long it has to be is the room's to say."""

    password = PasswordField(
        _l("New password"), [InputRequired(_l("Choose a password."))], render_kw=_NEW
    )


class JoinForm(Form):
    """What whoever was invited chooses when she comes in."""

    name = StringField(
        _l("Name"),
        [
            DataRequired(_l("Write your name.")),
            Length(max=120, message=_l("This is too long: 120 characters at most.")),
        ],
        filters=[one_line],
    )
    password = PasswordField(
        _l("Password"), [InputRequired(_l("Choose a password."))], render_kw=_NEW
    )
    locale = SelectField(_l("Language"), choices=LOCALES)
    timezone = SelectField(_l("Time zone"), choices=zones)


def _roles() -> list[SelectChoice]:
    return [SelectChoice(role.value, role.label) for role in Role]


def _at_least_one(_form: Form, field: Any) -> None:
    # Not DataRequired: a browser would take it for a demand of each box.
    if not field.data:
        raise StopValidation(_l("Choose at least one brand."))


class InvitationForm(Form):
    """Who is invited, and what she will be; the page fills in which brands there are."""

    name = StringField(
        _l("Name"),
        [
            DataRequired(_l("Write the name of whom you invite.")),
            Length(max=120, message=_l("This is too long: 120 characters at most.")),
        ],
        filters=[one_line],
    )
    email = EmailField(
        _l("E-mail"),
        [DataRequired(_l("Write an e-mail address.")), Length(max=254)],
        filters=[one_line],
    )
    brands = SelectMultipleField(
        _l("Brands"),
        [_at_least_one],
        coerce=int,
        option_widget=CheckboxInput(),
    )
    role = SelectField(_l("Role"), choices=_roles)
    locale = SelectField(_l("Language of the letter"), choices=LOCALES)
