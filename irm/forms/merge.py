"""Deciding about two people who may be one."""

from collections.abc import Mapping

from wtforms import BooleanField, IntegerField, SelectField
from wtforms.fields import enum_choices
from wtforms.validators import InputRequired, NumberRange, Optional

from irm.directory.comparing import GONE, KEPT
from irm.forms.base import Form
from irm.models import DuplicateState

_ID = NumberRange(1, 2**31 - 1)


class DecideForm(Form):
    """What a pair is: to decide, later, or not the same."""

    decision = SelectField(
        choices=enum_choices(DuplicateState), coerce=DuplicateState, validators=[InputRequired()]
    )


class MergeForm(Form):
    """Who goes, the versions of both that were seen, and the pair it was proposed by.

    The side of each difference comes beside them, under the difference's own name.
    """

    other = IntegerField(validators=[InputRequired(), _ID])
    kept_version = IntegerField(validators=[InputRequired(), _ID])
    gone_version = IntegerField(validators=[InputRequired(), _ID])
    pair = IntegerField(validators=[Optional(), _ID])


class UnmergeForm(Form):
    """The pair that the merge was decided by, where it is undone from the queue."""

    pair = IntegerField(validators=[Optional(), _ID])
    back = BooleanField()


def sides(sent: Mapping[str, str]) -> dict[str, str]:
    """Which side was chosen of each difference; what is neither is left out."""
    return {name: side for name, side in sent.items() if side in (KEPT, GONE)}
