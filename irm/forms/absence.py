"""Days on which somebody is away, and the quiet seasons of a brand."""

from wtforms import BooleanField, DateField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from irm.forms.base import Form
from irm.forms.text import one_line
from irm.funnel import seasons
from irm.funnel.absences import WHY_LENGTH
from irm.i18n import LazyText, _l


def _long(most: int) -> Length:
    return Length(max=most, message=_l("This is too long: %(n)s characters at most.", n=most))


def _day(label: LazyText) -> DateField:
    return DateField(label, [InputRequired(_l("Choose a day."))])


class AbsenceForm(Form):
    """From a first day to a last, both included; `user` is a colleague, where it is not oneself."""

    first = _day(_l("First day"))
    last = _day(_l("Last day"))
    why = StringField(_l("Because"), [_long(WHY_LENGTH)], filters=[one_line])
    user = IntegerField(_l("Who"), [Optional(), NumberRange(1, 2**31 - 1)])


class SeasonForm(Form):
    """A name, the days, and whether they come back each year."""

    name = StringField(
        _l("Name"),
        [
            InputRequired(_l("Give the season a name: “Between the years”.")),
            _long(seasons.NAME_LENGTH),
        ],
        filters=[one_line],
    )
    first = _day(_l("First day"))
    last = _day(_l("Last day"))
    is_yearly = BooleanField(_l("Each year on the same days"))
