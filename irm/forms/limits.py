"""After how many days somebody is stuck at a stage, or has been left alone."""

from wtforms import Field, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from irm.forms.base import Form
from irm.i18n import LazyText, _l
from irm.ledger.ageing import MOST_DAYS
from irm.models import Stage

_WRONG = _l("Write a whole number of days, from 1 to %(n)s.", n=MOST_DAYS)


def _stage(stage: Stage) -> IntegerField:
    return IntegerField(stage.label, [Optional(), NumberRange(1, MOST_DAYS, _WRONG)])


def _days(label: LazyText) -> IntegerField:
    return IntegerField(label, [InputRequired(_WRONG), NumberRange(1, MOST_DAYS, _WRONG)])


class LimitsForm(Form):
    """Days at each stage, where empty is no limit, and days since the last contact."""

    unaware = _stage(Stage.UNAWARE)
    aware = _stage(Stage.AWARE)
    interested = _stage(Stage.INTERESTED)
    engaged = _stage(Stage.ENGAGED)
    ambassador = _stage(Stage.AMBASSADOR)
    first = _days(_l("First limit"))
    second = _days(_l("Second limit"))

    def validate_second(self, field: Field) -> None:
        """Refuse a second limit that does not come after the first."""
        if field.data and self.first.data and field.data <= self.first.data:
            raise ValidationError(_l("The second limit comes after the first: write more days."))
