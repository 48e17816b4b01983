"""The review: which kinds of cards it has, what is decided of each, and who gets the minutes."""

from operator import attrgetter
from typing import Any

from wtforms import DateField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.fields import enum_choices
from wtforms.validators import InputRequired, Length, Optional

from irm.forms.base import Form
from irm.forms.text import one_line
from irm.funnel.pauses import WHY_LENGTH
from irm.funnel.review_items import Cause
from irm.i18n import LazyText, _l
from irm.models import Decision, Kind, Stage

#: An ask has its own form, where it is thought through first.
KINDS = (Kind.GIVE, Kind.TALK)


def _text(label: LazyText, most: int) -> StringField:
    wrong = _l("This is too long: %(n)s characters at most.", n=most)
    return StringField(label, [Length(max=most, message=wrong)], filters=[one_line])


def _kind(value: Any) -> Kind:
    found = Kind(value)
    if found not in KINDS:
        raise ValueError(value)
    return found


class StartForm(Form):
    """Which kinds of cards the review has."""

    kinds = SelectMultipleField(
        _l("What to look at"),
        choices=enum_choices(Cause, label=attrgetter("label")),
        coerce=Cause,
        validators=[InputRequired(_l("Choose at least one kind of card."))],
    )


class DecisionForm(Form):
    """What is decided of one card; each decision reads its own fields.

    `seen` is when the decision was taken that the user saw, empty for none.
    """

    decision = SelectField(
        choices=enum_choices(Decision), coerce=Decision, validators=[InputRequired()]
    )
    seen = HiddenField(validators=[Length(max=40)])
    note = _text(_l("Note for the minutes"), 500)
    #: Moved: where to, and why.
    stage = SelectField(
        choices=enum_choices(Stage), coerce=Stage, validators=[Optional()], validate_choice=False
    )
    reason = _text(_l("Why"), 500)
    #: A touchpoint: what, when, whose.
    purpose = _text(_l("What for"), 200)
    due_on = DateField(_l("Due"), [Optional()])
    kind = SelectField(
        _l("Kind"),
        choices=enum_choices(Kind, label=attrgetter("label")),
        coerce=_kind,
        default=Kind.TALK,
        validate_choice=False,
    )
    owner = StringField(_l("Owner"), [Length(max=9)])
    #: A pause: until when, and why.
    until = DateField(_l("Until"), [Optional()])
    why = _text(_l("Because"), WHY_LENGTH)


class SeenForm(Form):
    """Taking a decision back: the one that was seen."""

    seen = HiddenField(validators=[InputRequired(), Length(max=40)])


class CloseForm(Form):
    """Who gets the minutes, as ids of colleagues; nobody is fine too."""

    recipients = SelectMultipleField(_l("Who gets the minutes"), validate_choice=False)
