"""Who looks after a relationship."""

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from irm.forms.base import Form


class OwnerForm(Form):
    """The new owner, 0 for nobody; `row_version` is the one the user saw."""

    owner = IntegerField(validators=[InputRequired(), NumberRange(0, 2**31 - 1)])
    row_version = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])
