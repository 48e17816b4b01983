"""The ask form: what is wanted, and what somebody would ask back before they say yes."""

from operator import attrgetter
from typing import Any

from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields import enum_choices
from wtforms.validators import DataRequired, InputRequired, Length

from irm.forms.base import Form
from irm.forms.interaction import activity
from irm.forms.text import clean, one_line
from irm.funnel.asks import LENGTH
from irm.i18n import LazyText, _l
from irm.models import Channel

_LENGTH = Length(max=LENGTH, message=_l("This is too long: %(n)s characters at most.", n=LENGTH))


def _answer(label: LazyText) -> Any:
    """A question that takes an answer."""
    return TextAreaField(
        label, [DataRequired(_l("Answer this before you ask.")), _LENGTH], filters=[clean]
    )


class AskForm(Form):
    """One ask, thought through."""

    wish = StringField(
        _l("What do we ask for?"),
        [DataRequired(_l("Write what we ask for.")), _LENGTH],
        filters=[one_line],
    )
    tactic = SelectField(_l("What exactly"), coerce=activity, validate_choice=False)
    due_on = DateField(_l("When"), [InputRequired(_l("Choose a day."))])
    channel = SelectField(
        _l("Channel"),
        choices=enum_choices(Channel, label=attrgetter("label")),
        coerce=Channel,
        default=Channel.MESSAGE,
    )
    benefit = _answer(_l("What is in it for them?"))
    community = _answer(_l("Does it serve their community?"))
    shared_values = _answer(_l("Does it fit the values we share?"))
    #: The way to somebody for whose introduction it is: ids, "12,34,56"; empty for other asks.
    way = HiddenField()
    #: Why it is asked although the gate is shut.
    reason = StringField(_l("Why ask all the same?"), [_LENGTH], filters=[one_line])
