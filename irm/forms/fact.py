"""Noting what was learnt of somebody: a kind and one line are enough, a birthday needs its day."""

from operator import attrgetter
from typing import Any

from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectField, StringField
from wtforms.fields import enum_choices
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from irm.forms.base import Form
from irm.forms.text import one_line
from irm.funnel.facts.keeping import FOR_GOOD, MOST_SHELF, TEXT_LENGTH, Noted
from irm.i18n import LazyText, _l, _n
from irm.models import FactKind, Source, Visibility

#: Days of a shelf life that are offered.
_SHELVES = (
    (30, _l("1 month")),
    (90, _l("3 months")),
    (180, _l("6 months")),
    (365, _l("1 year")),
    (730, _l("2 years")),
    (1825, _l("5 years")),
    (FOR_GOOD, _l("For good")),
)


def shelf(value: object) -> int | None:
    """A number of days, FOR_GOOD, or None for what is usual. Raises ValueError for anything else.

    A number beyond ten years is no shelf life, whoever typed it.
    """
    if value in (None, "", "None"):
        return None
    days = int(str(value)) if len(str(value)) < 9 else -1
    if not FOR_GOOD <= days <= MOST_SHELF:
        raise ValueError(value)
    return days


class SeenForm(Form):
    """`row_version` is the one the user saw, `back` the page to return to."""

    row_version = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])
    back = HiddenField()


class UseForm(Form):
    """A use, and where to go back to."""

    back = HiddenField()


class TakeBackForm(UseForm):
    """The use that is taken back."""

    use = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])


class FactForm(Form):
    """One fact, as the person's page and the page of the fact send it."""

    kind = SelectField(
        _l("What it is about"),
        choices=enum_choices(FactKind, label=attrgetter("label")),
        coerce=FactKind,
        default=FactKind.PASSION,
    )
    text = StringField(
        _l("What you learnt"),
        [
            Length(
                max=TEXT_LENGTH,
                message=_l("This is too long: %(n)s characters at most.", n=TEXT_LENGTH),
            )
        ],
        filters=[one_line],
    )
    source = SelectField(
        _l("How we know"),
        choices=enum_choices(Source, label=attrgetter("label")),
        coerce=Source,
        default=Source.TOLD,
    )
    on_day = IntegerField(_l("Day"), [Optional(), NumberRange(1, 31, _l("A day from 1 to 31."))])
    on_month = IntegerField(
        _l("Month"), [Optional(), NumberRange(1, 12, _l("A month from 1 to 12."))]
    )
    on_year = IntegerField(
        _l("Year"), [Optional(), NumberRange(1, 9999, _l("A year such as 1988."))]
    )
    is_yearly = BooleanField(_l("Comes each year"))
    known_on = DateField(_l("Known since"), [Optional()])
    shelf_days = SelectField(_l("Taken to hold for"), coerce=shelf, validate_choice=False)
    is_sensitive = BooleanField(_l("Sensitive: health, faith, politics and the like"))
    visibility = SelectField(
        _l("Who may read it"),
        choices=enum_choices(Visibility, label=attrgetter("label")),
        coerce=Visibility,
        default=Visibility.TEAM,
    )
    #: Of one that is edited: the version the user saw.
    row_version = IntegerField(validators=[Optional(), NumberRange(1, 2**31 - 1)])

    @property
    def shelves(self) -> list[tuple[str, LazyText | str, bool]]:
        """What is offered as a shelf life: value, words, whether it is chosen."""
        now = self.shelf_days.data
        offered: list[tuple[int | None, LazyText | str]] = [
            (None, _l("Its usual time")),
            *_SHELVES,
        ]
        if now not in [days for days, _words in offered]:
            offered.append((now, _n("%(n)s day", "%(n)s days", now)))
        return [("" if days is None else str(days), said, days == now) for days, said in offered]

    @property
    def noted(self) -> Noted:
        """What the form says, for the room."""
        taken: dict[str, Any] = {**self.values}
        del taken["row_version"]
        return Noted(**taken)
