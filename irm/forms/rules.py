"""The organisation's rules of scoring."""

from wtforms import Field
from wtforms.validators import InputRequired, NumberRange, ValidationError

from irm.forms.base import Form
from irm.forms.figures import CountField, NumberField
from irm.i18n import _l

#: No threshold lies above: more people than anybody reaches.
LARGEST = 1_000_000_000


class RulesForm(Form):
    """From which audience a tier begins, and what the smaller accounts add."""

    macro = CountField(
        _l("Macro from an audience of"),
        [
            InputRequired(_l("Write a number of people.")),
            NumberRange(2, LARGEST, _l("Write a number from 2 to 1,000,000,000.")),
        ],
    )
    middle = CountField(
        _l("Magic middle from an audience of"),
        [
            InputRequired(_l("Write a number of people.")),
            NumberRange(1, LARGEST, _l("Write a number from 1 to 1,000,000,000.")),
        ],
    )
    overlap = NumberField(
        _l("What the smaller accounts add, 0 to 1"),
        [
            InputRequired(_l("Write a number from 0 to 1.")),
            NumberRange(0, 1, _l("Write a number from 0 to 1.")),
        ],
    )

    def validate_middle(self, field: Field) -> None:
        """Refuse a middle that begins where macro does, or above."""
        if field.data and self.macro.data and field.data >= self.macro.data:
            raise ValidationError(
                _l("The magic middle begins below macro: write a smaller number.")
            )
