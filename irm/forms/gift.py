"""Logging what was given: the thing, and the passion it answers, or that our logo is on it."""

from operator import attrgetter

from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.fields import enum_choices
from wtforms.validators import DataRequired, Length, Optional

from irm.forms.base import Form
from irm.forms.text import clean, one_line
from irm.funnel.gifts import ITEM_LENGTH, MERCH, Given
from irm.i18n import _l
from irm.models import Channel

_NOTE_LENGTH = 500


def answers(value: object) -> int | str | None:
    """The id of a fact, MERCH for an item with our logo, or None. Raises ValueError for others."""
    if value in (None, "", "None"):
        return None
    if value == MERCH:
        return MERCH
    id = int(str(value)) if len(str(value)) < 11 else 0
    if not 0 < id < 2**31:
        raise ValueError(value)
    return id


class GiftForm(Form):
    """One thing given."""

    item = StringField(
        _l("What was given"),
        [
            DataRequired(_l("Write what was given.")),
            Length(
                max=ITEM_LENGTH,
                message=_l("This is too long: %(n)s characters at most.", n=ITEM_LENGTH),
            ),
        ],
        filters=[one_line],
    )
    answers = SelectField(_l("What it answers"), coerce=answers, validate_choice=False)
    note = StringField(
        _l("What is to be said of it"),
        [
            Length(
                max=_NOTE_LENGTH,
                message=_l("This is too long: %(n)s characters at most.", n=_NOTE_LENGTH),
            )
        ],
        filters=[clean],
    )
    channel = SelectField(
        _l("Channel"),
        choices=enum_choices(Channel, label=attrgetter("label")),
        coerce=Channel,
        default=Channel.PARCEL,
    )
    happened_on = DateField(_l("Day"), [Optional()])
    #: Of somebody who may take nothing of value: that it is allowed all the same.
    is_confirmed = BooleanField(_l("It is allowed: we asked, or it is worth next to nothing"))
    #: The form's own key, so that a repeated post is one gift.
    request_key = StringField(validators=[Length(max=40)], filters=[clean])

    @property
    def given(self) -> Given:
        """What the form says, for the room."""
        chosen = self.answers.data
        return Given(
            self.item.data,
            chosen if isinstance(chosen, int) else None,
            chosen == MERCH,
            self.note.data or "",
            self.channel.data,
        )
