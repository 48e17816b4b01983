"""What each score means to a brand."""

from typing import Any

from wtforms.validators import InputRequired, NumberRange

from irm.forms.base import Form
from irm.forms.figures import NumberField
from irm.i18n import LazyText, _l


def _weight(label: LazyText) -> NumberField:
    wrong = _l("Write a number from 0 to 1.")
    return NumberField(label, [InputRequired(wrong), NumberRange(0, 1, wrong)])


class FitForm(Form):
    """The weights of the fit; only their proportions matter."""

    reach = _weight(_l("Reach"))
    resonance = _weight(_l("Resonance"))
    relevance = _weight(_l("Relevance"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse three zeros: nothing would be left to fit by."""
        if not super().validate(extra_validators):
            return False
        if not any(self.values.values()):
            self.relevance.errors = [_l("Give at least one of the three a weight above 0.")]
            return False
        return True
