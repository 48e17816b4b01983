"""What a colleague says of two people: who the other is, and what joins them."""

from typing import Any

from wtforms import IntegerField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from irm.forms.base import Form
from irm.forms.text import one_line
from irm.i18n import _l
from irm.models import TieKind

#: What joins them, as the form offers it; the last is that of the introduced, seen from them.
JOINS = (
    (TieKind.KNOWS.value, _l("They know each other")),
    (TieKind.COLLABORATES.value, _l("They work together")),
    (TieKind.TOGETHER.value, _l("Same group, list or event")),
    (TieKind.INTRODUCED.value, _l("Introduced the other to us")),
    ("introduced_by", _l("Was introduced to us by the other")),
)

_id = [InputRequired(), NumberRange(1, 2**31 - 1)]


class TieForm(Form):
    """Somebody by handle or full name (`who`), or by number (`other`), and what joins the two."""

    who = StringField(
        _l("Who"), [Optional(), Length(max=200)], filters=[lambda text: one_line(text)]
    )
    other = IntegerField(validators=[Optional(), NumberRange(1, 2**31 - 1)])
    joins = StringField(_l("What joins them"))
    note = StringField(
        _l("Note"), [Optional(), Length(max=500)], filters=[lambda text: one_line(text)]
    )

    def validate_joins(self, field: Any) -> None:
        """Refuse what is not offered."""
        if field.data not in dict(JOINS):
            raise ValidationError(str(_l("Choose what joins the two.")))


class DropForm(Form):
    """Which tie is taken back."""

    tie = IntegerField(validators=_id)


class AdmitForm(Form):
    """Who at the other end of a tie is added to the brand."""

    other = IntegerField(validators=_id)
