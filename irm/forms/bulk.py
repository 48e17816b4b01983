"""Changing many people at once: what to change, and why."""

from operator import attrgetter

from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.fields import enum_choices
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from irm.directory import tags
from irm.forms.base import Form
from irm.forms.text import one_line
from irm.funnel.bulk_changes import COMPUTED
from irm.funnel.pauses import WHY_LENGTH
from irm.i18n import _, _l
from irm.models import Stage, Tier

#: Stands for "leave it as it is".
KEEP = ""

#: Tags put on at once.
MOST_TAGS = 20


class BulkForm(Form):
    """Everything that can be changed; what is left alone is not sent."""

    owner = SelectField(_l("Owner"), choices=[], default=KEEP)
    add_tags = StringField(
        _l("Add tags"),
        [Length(max=600, message=_l("These are too many tags at once."))],
        filters=[one_line],
    )
    remove_tags = SelectMultipleField(_l("Take tags off"), choices=[])
    tier = SelectField(_l("Tier"), choices=[], default=KEEP)
    stage = SelectField(_l("Stage"), choices=[], default=KEEP)
    reason = StringField(
        _l("Why"),
        [Length(max=200, message=_l("The reason is too long: 200 characters at most."))],
        filters=[one_line],
    )
    archive = SelectField(_l("Archive"), choices=[], default=KEEP)
    pause_until = DateField(_l("Paused until"), [Optional()])
    pause_why = StringField(
        _l("Because"),
        [
            Length(
                max=WHY_LENGTH,
                message=_l("This is too long: %(n)s characters at most.", n=WHY_LENGTH),
            )
        ],
        filters=[one_line],
    )

    def validate_pause_why(self, field: StringField) -> None:
        """A pause needs both: until when, and why."""
        if self.pause_until.data and not field.data:
            raise ValidationError(_("Say why: whoever looks next wants to know."))
        if field.data and not (self.pause_until.data or self.pause_until.errors):
            raise ValidationError(_("Choose the day as well, or leave this empty."))

    def offer(self, members: list[SelectChoice], known: list[tuple[int, str]]) -> None:
        """Set what can be chosen from: the brand's members and its tags."""
        keep = SelectChoice(KEEP, _("As it is"))
        self.owner.choices = [keep, SelectChoice("0", _("Nobody")), *members]
        self.remove_tags.choices = [SelectChoice(str(id), name) for id, name in known]
        computed = SelectChoice(COMPUTED, _("By the audience again"))
        self.tier.choices = [keep, *enum_choices(Tier, label=attrgetter("label")), computed]
        self.stage.choices = [keep, *enum_choices(Stage, label=attrgetter("label"))]
        put, back = (
            SelectChoice("yes", _("Put into the archive")),
            SelectChoice("no", _("Take out of it")),
        )
        self.archive.choices = [keep, put, back]

    @property
    def changes(self) -> dict[str, object]:
        """What was asked for, as `BulkEdit.changes` keeps it."""
        found: dict[str, object] = {}
        if self.owner.data:
            found["owner"] = int(self.owner.data)
        names = [name for part in self.add_tags.data.split(",") if (name := part.strip())]
        if names:
            found["add_tags"] = [tags.checked(name) for name in dict.fromkeys(names)][:MOST_TAGS]
        if self.remove_tags.data:
            found["remove_tags"] = sorted(int(id) for id in self.remove_tags.data)
        if self.tier.data:
            found["tier"] = self.tier.data
        if self.stage.data:
            found["stage"] = self.stage.data
        if self.archive.data:
            found["archive"] = self.archive.data == "yes"
        if self.pause_until.data:
            day = self.pause_until.data.isoformat()
            found["pause"] = {"until": day, "why": self.pause_why.data}
        if self.reason.data:
            found["reason"] = self.reason.data
        return found
