"""Campaigns: what they are, and who takes part."""

import datetime as dt

from flask import request
from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from irm.forms.base import Form
from irm.forms.text import clean, one_line
from irm.funnel.campaign_edits import GOAL_LENGTH, MOST_EVENT_DAYS, NAME_LENGTH, Terms
from irm.i18n import _, _l

#: Rows for event days that stand ready.
READY = 2


class CampaignForm(Form):
    """Name, goal, days, who runs it; the event days come as `event_day` and `event_name` in pairs.

    `row_version` is the one the user saw; a new campaign has none.
    """

    name = StringField(
        _l("Name"),
        [
            InputRequired(_l("Write a name.")),
            Length(
                max=NAME_LENGTH,
                message=_l("This is too long: %(n)s characters at most.", n=NAME_LENGTH),
            ),
        ],
        filters=[one_line],
    )
    goal = TextAreaField(
        _l("Goal"),
        [
            Length(
                max=GOAL_LENGTH,
                message=_l("This is too long: %(n)s characters at most.", n=GOAL_LENGTH),
            )
        ],
        filters=[clean],
    )
    starts_on = DateField(_l("First day"), [InputRequired(_l("Choose a day."))])
    ends_on = DateField(_l("Last day"), [InputRequired(_l("Choose a day."))])
    owner = SelectField(_l("Who runs it"), coerce=int, default=0)
    row_version = IntegerField(validators=[Optional(), NumberRange(1, 2**31 - 1)])

    #: What is wrong with the event days, once the form was read.
    event_fault = ""

    def offer(self, members: list[SelectChoice]) -> None:
        """Let these colleagues be chosen."""
        self.owner.choices = [SelectChoice(0, _("Nobody")), *members]

    def validate(self, extra_validators: object = None) -> bool:
        """Read the fields, then the event days."""
        is_valid = super().validate(extra_validators)
        self.event_fault = self._fault_of_events()
        return bool(is_valid and not self.event_fault)

    @property
    def events(self) -> list[tuple[str, str]]:
        """The rows of event days as they were sent, empty ones left out."""
        days = [one_line(one) for one in request.form.getlist("event_day")]
        names = [one_line(one) for one in request.form.getlist("event_name")]
        rows = zip(days[: MOST_EVENT_DAYS + 1], names, strict=False)
        return [row for row in rows if any(row)]

    def _fault_of_events(self) -> str:
        for day, name in self.events:
            if _day(day) is None:
                return _("Write a day as 2026-03-31.")
            if not name:
                return _("Write what takes place on each event day.")
            if len(name) > NAME_LENGTH:
                return _("This is too long: %(n)s characters at most.", n=NAME_LENGTH)
        return ""

    @property
    def terms(self) -> Terms:
        """What the form says, once it was found valid."""
        return Terms(
            self.name.data,
            self.goal.data,
            self.starts_on.data,
            self.ends_on.data,
            self.owner.data or None,
            [(day, name) for text, name in self.events if (day := _day(text)) is not None],
        )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


class MembersForm(Form):
    """Whom to add or take out: those ticked, those of a list, or those of a saved view."""

    list = HiddenField()
    view = IntegerField(validators=[Optional(), NumberRange(1, 2**31 - 1)])
    #: `all`: everybody the list finds.
    whom = HiddenField()


class ChosenForm(MembersForm):
    """The same, and to which campaign."""

    campaign = SelectField(_l("Campaign"), coerce=int)


class TakenBackForm(Form):
    """When they were added."""

    at = StringField(validators=[InputRequired(), Length(max=40)])
