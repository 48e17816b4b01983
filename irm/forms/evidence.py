"""Typing in evidence, deciding on what it proposes, and how much of it a stage takes."""

import enum
from operator import attrgetter

from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import enum_choices
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from irm.forms.base import Form
from irm.forms.text import clean, one_line
from irm.funnel.evidence import NOTE_LENGTH
from irm.i18n import LazyText, _l
from irm.ledger.evidence import MOST_DAYS, MOST_EXCHANGES
from irm.models import ProofKind, Stage

#: Marks of a brand, in one field; more is no list of names.
MARKS_LENGTH = 2000

_ID = NumberRange(1, 2**31 - 1)


class ProofForm(Form):
    """A proof that nothing logged or published shows."""

    kind = SelectField(
        _l("What it is"),
        choices=enum_choices(ProofKind, label=attrgetter("label")),
        coerce=ProofKind,
        default=ProofKind.FOLLOW,
    )
    day = DateField(_l("Day"), [InputRequired(_l("Choose a day."))])
    until = DateField(_l("Until (agreements only; may stay empty)"), [Optional()])
    note = StringField(
        _l("Note or link"),
        [
            Length(
                max=NOTE_LENGTH,
                message=_l("This is too long: %(n)s characters at most.", n=NOTE_LENGTH),
            )
        ],
        filters=[one_line],
    )


class Decision(enum.StrEnum):
    """What may be done with a proposed move."""

    ACCEPT = "accept"
    DISMISS = "dismiss"
    #: Take the dismissal back, or the move that was accepted.
    REOPEN = "reopen"
    UNDO = "undo"


class ProposalForm(Form):
    """What is to become of one proposed move: `stage` is the one that was shown."""

    decision = SelectField(
        choices=enum_choices(Decision), coerce=Decision, validators=[InputRequired()]
    )
    stage = SelectField(
        choices=enum_choices(Stage), coerce=Stage, validators=[Optional()], validate_choice=False
    )
    row_version = IntegerField(validators=[Optional(), _ID])
    undoes = IntegerField(validators=[Optional(), _ID])


def _days(label: LazyText) -> IntegerField:
    wrong = _l("Write a whole number of days, from 1 to %(n)s.", n=MOST_DAYS)
    return IntegerField(label, [InputRequired(wrong), NumberRange(1, MOST_DAYS, wrong)])


class EvidenceForm(Form):
    """By what the brand is known, and how much evidence a stage takes."""

    handles = TextAreaField(
        _l("Handles"),
        [Length(max=MARKS_LENGTH, message=_l("This is too long: 2,000 characters at most."))],
        filters=[clean],
    )
    aliases = TextAreaField(
        _l("Names"),
        [Length(max=MARKS_LENGTH, message=_l("This is too long: 2,000 characters at most."))],
        filters=[clean],
    )
    exchanges = IntegerField(
        _l("Exchanges needed"),
        [
            InputRequired(_l("Write a whole number, from 1 to %(n)s.", n=MOST_EXCHANGES)),
            NumberRange(
                1, MOST_EXCHANGES, _l("Write a whole number, from 1 to %(n)s.", n=MOST_EXCHANGES)
            ),
        ],
    )
    exchange_days = _days(_l("Exchanges: days back"))
    activity_days = _days(_l("Activity: days back"))
    mention_days = _days(_l("Mention: days back"))
