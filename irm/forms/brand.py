"""A brand's own data."""

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from irm.forms.base import Form
from irm.forms.text import one_line
from irm.i18n import _l


class BrandForm(Form):
    """The name, for now."""

    name = StringField(
        _l("Name"),
        [
            DataRequired(_l("Give the brand a name.")),
            Length(max=120, message=_l("This is too long: 120 characters at most.")),
        ],
        filters=[one_line],
    )
