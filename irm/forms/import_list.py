"""What somebody sends to import a list."""

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length, Optional

from irm.forms.base import Form
from irm.forms.text import clean, one_line
from irm.i18n import _l
from irm.models import Platform


class ImportForm(Form):
    """A file, and what it does not say itself."""

    file = FileField(_l("File"), [FileRequired(_l("Choose a file."))])
    platform = SelectField(_l("Platform"), validate_choice=False)
    as_of = StringField(
        _l("Figures as of"), [Optional(), Length(max=40)], filters=[lambda text: clean(text)]
    )
    source = StringField(
        _l("Where the list comes from"),
        [Optional(), Length(max=200)],
        filters=[lambda text: one_line(text)],
    )

    keeps_out = BooleanField(
        _l("Only look through them: keep these people out of the funnel for now")
    )

    def offer(self) -> None:
        """Fill in the platforms in the reader's language."""
        self.platform.choices = [("", str(_l("As the file says")))] + [
            (one.value, str(one.label)) for one in Platform
        ]
