"""What becomes of the mails that waited while sending was paused."""

from wtforms import StringField
from wtforms.validators import AnyOf

from irm.forms.base import Form
from irm.i18n import _l


class SendingForm(Form):
    """One of the three ways to go on, as irm/mail/standstill.py names them."""

    choice = StringField(
        validators=[AnyOf(["all", "digest", "elsewhere"], _l("Choose one of the three ways."))]
    )
