"""A way to reach a person."""

from typing import Any

from wtforms import IntegerField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from irm.directory.presence import Contact
from irm.forms.base import Form
from irm.forms.text import one_line
from irm.i18n import _, _l
from irm.imports import contacts
from irm.models.keys import fold

_LONGEST = 300

KINDS = {
    "email": _l("E-mail"),
    "phone": _l("Telephone"),
    "address": _l("Postal address"),
    "website": _l("Website"),
}


def contact_of(kind: str, text: str) -> Contact:
    """The contact that a text is.

    Raises ValueError with a sentence where it is none of that kind.
    """
    try:
        if kind == "email":
            found = contacts.emails(text)
            if len(found) != 1:
                raise ValueError(text)
            return Contact(*found[0][:3])
        if kind == "phone":
            return Contact(*contacts.phone(text)[:3])
    except ValueError:
        if kind == "email":
            said = _("“%(text)s” is not an e-mail address.", text=text[:80])
        else:
            said = _("“%(text)s” is not a telephone number.", text=text[:80])
        raise ValueError(said) from None
    if kind == "website":
        site = contacts.website(text)
        if site is None:
            raise ValueError(_("“%(text)s” is not the address of a website.", text=text[:80]))
        return Contact(*site[:3])
    key = fold(text)
    if not key or len(key) > _LONGEST:
        raise ValueError(_("This is too long: %(n)s characters at most.", n=_LONGEST))
    return Contact(kind, text, key)


class ContactForm(Form):
    """One way to reach them; `one` is which, once the form was found valid."""

    kind = SelectField(choices=[SelectChoice(kind, label) for kind, label in KINDS.items()])
    value = StringField(validators=[InputRequired(), Length(max=_LONGEST)], filters=[one_line])

    one: Contact

    def validate_value(self, field: Any) -> None:
        """Read the address or number."""
        try:
            self.one = contact_of(self.kind.data, field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from None


class ContactRemovalForm(Form):
    """Which contact point goes."""

    contact = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])


class TagForm(Form):
    """A word to put on."""

    name = StringField(
        _l("New tag"), [DataRequired(_l("A tag needs a name.")), Length(max=60)], filters=[one_line]
    )


class TagRemovalForm(Form):
    """Which word is taken off."""

    tag = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])
