"""Minutes of each kind of touch."""

from collections.abc import Mapping

from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from irm.forms.base import Form
from irm.funnel.touch_minutes import MOST, PLANNED
from irm.i18n import _l

_WRONG = _l("Write whole minutes, from 1 to %(n)s.", n=MOST)


def _name(code: str) -> str:
    return f"minutes_{code}"


class _MinutesForm(Form):
    """Its fields are those of the kinds of touch; empty: what irm reckons with."""

    @property
    def chosen(self) -> dict[str, int]:
        """The minutes that were written, by code."""
        found = {one.code: self[_name(one.code)].data for one in PLANNED}
        return {code: minutes for code, minutes in found.items() if minutes is not None}


MinutesForm = type(
    "MinutesForm",
    (_MinutesForm,),
    {
        _name(one.code): IntegerField(
            one.label,
            [Optional(), NumberRange(1, MOST, _WRONG)],
            render_kw={"placeholder": str(one.minutes), "inputmode": "numeric"},
        )
        for one in PLANNED
    },
)


def filled(own: Mapping[str, int]) -> dict[str, int]:
    """A brand's own minutes as the form takes them."""
    return {_name(code): minutes for code, minutes in own.items()}
