"""A person added by hand: who, where they publish, how to reach them, where we know them from."""

from typing import Any

from wtforms import BooleanField, IntegerField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from irm.directory.presence import Contact, Handle
from irm.forms.account import account_of, platform_field
from irm.forms.base import Form
from irm.forms.contact import contact_of
from irm.forms.influencer import at_most, chosen, language_names, short
from irm.forms.pulse import day_field, pulse_field
from irm.forms.text import one_line
from irm.i18n import _, _l
from irm.models import LawfulBasis


def handle_field() -> StringField:
    """A handle or a pasted address; may be left open."""
    return StringField(_l("Handle or address"), [at_most(500)], filters=[one_line])


class NewcomerForm(Form):
    """`accounts` and `contacts` hold what was read, once the form was found valid."""

    name = short(_l("Name"), 200, DataRequired(_l("Write a name.")))
    platform = platform_field()
    handle = handle_field()
    platform2 = platform_field()
    handle2 = handle_field()
    email = StringField(_l("E-mail"), [Length(max=300)], filters=[one_line])
    phone = StringField(_l("Telephone"), [Length(max=300)], filters=[one_line])
    country = short(_l("Country"), 80)
    language = SelectField(_l("Language"), coerce=lambda value: value or None)
    source = short(_l("Source"), 200, DataRequired(_l("Say where this comes from.")))
    lawful_basis = chosen(_l("Lawful basis"), LawfulBasis)
    #: What they are to us already.
    pulse = pulse_field()
    worked_on = day_field()
    #: Whoever it may be was looked at, and is somebody else.
    is_another = BooleanField(_l("This is somebody else"))
    #: Who is here already, by an exact key, and is to be this brand's too.
    joins = IntegerField(validators=[Optional(), NumberRange(1, 2**31 - 1)])

    accounts: list[Handle]
    contacts: list[Contact]

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.accounts, self.contacts = [], []
        names = language_names()
        self.language.choices = [
            SelectChoice("", _l("Not known")),
            *(SelectChoice(code, name) for code, name in names.items()),
        ]

    def validate_handle(self, field: Any) -> None:
        """Read the first account."""
        self._read_account(self.platform, field)

    def validate_handle2(self, field: Any) -> None:
        """Read the second one."""
        self._read_account(self.platform2, field)

    def validate_email(self, field: Any) -> None:
        """Read the e-mail address."""
        self._read_contact("email", field)

    def validate_phone(self, field: Any) -> None:
        """Read the telephone number."""
        self._read_contact("phone", field)

    def _read_account(self, platform: Any, field: Any) -> None:
        if not field.data:
            return
        try:
            one = account_of(platform.data, field.data)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        if any((one.platform, one.key) == (each.platform, each.key) for each in self.accounts):
            raise ValidationError(_("This account stands here twice."))
        self.accounts.append(one)

    def _read_contact(self, kind: str, field: Any) -> None:
        if not field.data:
            return
        try:
            self.contacts.append(contact_of(kind, field.data))
        except ValueError as error:
            raise ValidationError(str(error)) from None
