"""Passing people on to colleagues."""

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from irm.forms.base import Form
from irm.forms.text import one_line
from irm.funnel.handover import WHY_LENGTH
from irm.i18n import _l
from irm.models import Stage, Tier


def _stages() -> list[SelectChoice]:
    return [
        SelectChoice("", _l("All stages")),
        *(SelectChoice(one.value, one.label) for one in Stage),
    ]


def _tiers() -> list[SelectChoice]:
    return [
        SelectChoice("", _l("All tiers")),
        *(SelectChoice(one.value, one.label) for one in Tier),
    ]


class HandoverForm(Form):
    """Whose people, which of them, to whom, until when and why."""

    #: The colleague who leaves or is away; 0: whom nobody looks after.
    whose = IntegerField(name="from", validators=[InputRequired(), NumberRange(0, 2**31 - 1)])
    to = SelectMultipleField(_l("Who takes them over"), coerce=int)
    stage = SelectField(_l("Stage"), choices=_stages, default="")
    tier = SelectField(_l("Tier"), choices=_tiers, default="")
    until = DateField(_l("They go back on"), [Optional()])
    introduce = BooleanField(_l("Plan an introduction with each of them"))
    why = StringField(
        _l("Because"),
        [
            Length(
                max=WHY_LENGTH,
                message=_l("This is too long: %(n)s characters at most.", n=WHY_LENGTH),
            )
        ],
        filters=[one_line],
    )
