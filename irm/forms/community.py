"""What a community is called."""

from wtforms import StringField
from wtforms.validators import Length

from irm.forms.base import Form
from irm.forms.text import one_line
from irm.i18n import _l


class CommunityForm(Form):
    """A name, empty for none, and the name that stood there when the form was shown."""

    name = StringField(
        _l("Name of the community"),
        [Length(max=120, message=_l("This is too long: 120 characters at most."))],
        filters=[one_line],
    )
    was = StringField(filters=[one_line])
