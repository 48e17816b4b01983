"""The word that erases somebody."""

from wtforms import StringField
from wtforms.validators import Length

from irm.forms.base import Form
from irm.forms.text import one_line
from irm.i18n import _l


class ErasureForm(Form):
    """The person's name, typed."""

    name = StringField(_l("Type the name to erase them"), [Length(max=200)], filters=[one_line])
