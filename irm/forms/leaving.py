"""Who takes over what a colleague leaves."""

from wtforms import SelectMultipleField

from irm.forms.base import Form
from irm.i18n import _l


class LeavingForm(Form):
    """To whom things go at each brand, as `brand:colleague`; and brands where they are nobody's."""

    to = SelectMultipleField(_l("Who takes them over"))
    without = SelectMultipleField(_l("Leave without an owner"), coerce=int)
