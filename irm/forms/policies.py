"""Days between contacts, by stage, by level and around campaigns."""

from collections.abc import Mapping
from typing import Any

from wtforms import Field, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from irm.forms.base import Form
from irm.funnel import cadence
from irm.funnel.cadence import Cadence, Policies
from irm.funnel.policies import MOST_DAYS, each
from irm.i18n import LazyText, _l
from irm.models import Level, PolicyScope, Stage

_WRONG = _l("Write a whole number of days, from 1 to %(n)s.", n=MOST_DAYS)

PHASES: Mapping[str, LazyText] = {
    cadence.BEFORE: _l("Before it, for %(n)s days", n=cadence.BEFORE_DAYS),
    cadence.DURING: _l("During it"),
    cadence.AFTER: _l("After it, for %(n)s days", n=cadence.AFTER_DAYS),
}


class PoliciesForm(Form):
    """For each of what can be set two fields, `stage_aware_ideal` and `stage_aware_worst`."""

    @classmethod
    def of(cls, policies: Policies) -> "PoliciesForm":
        """The form as these policies fill it in."""
        values: dict[str, int | None] = {}
        for scope, key, found in each(policies):
            values[name(scope, key, "ideal")] = found.ideal if found else None
            values[name(scope, key, "worst")] = found.worst if found else None
        return cls(formdata=None, **values)

    def validate(self, extra_validators: object = None) -> bool:
        """Read the fields, then whether each two go together."""
        is_valid = super().validate(extra_validators)
        for scope, key, _own in each(_DEFAULTS):
            worst = self[name(scope, key, "worst")]
            fault = _fault_of(self[name(scope, key, "ideal")], worst)
            if fault is not None:
                worst.errors, is_valid = [fault], False
        return bool(is_valid)

    @property
    def policies(self) -> Policies:
        """What the form says, once it was found valid."""
        said = {(scope, key): self._cadence(scope, key) for scope, key, _own in each(_DEFAULTS)}
        return Policies(
            {one: _set(said[PolicyScope.STAGE, one.value]) for one in Stage},
            {one: _set(said[PolicyScope.LEVEL, one.value]) for one in Level},
            {one: said[PolicyScope.CAMPAIGN, one] for one in cadence.BY_PHASE},
        )

    def rows(self, scope: PolicyScope) -> list[tuple[LazyText, Field, Field, Cadence | None]]:
        """What can be set of a scope: its label, its two fields, irm's own."""
        return [
            (
                _LABELS[found](key),
                self[name(found, key, "ideal")],
                self[name(found, key, "worst")],
                own,
            )
            for found, key, own in each(_DEFAULTS)
            if found is scope
        ]

    def _cadence(self, scope: PolicyScope, key: str) -> Cadence | None:
        ideal, worst = (self[name(scope, key, half)].data for half in ("ideal", "worst"))
        return Cadence(ideal, worst) if ideal and worst else None


def name(scope: PolicyScope, key: str, half: str) -> str:
    """The name of a field."""
    return f"{scope.value}_{key}_{half}"


_DEFAULTS = cadence.DEFAULTS
_LABELS: Mapping[PolicyScope, Any] = {
    PolicyScope.STAGE: lambda key: Stage(key).label,
    PolicyScope.LEVEL: lambda key: Level(key).label,
    PolicyScope.CAMPAIGN: PHASES.__getitem__,
}


def _set(found: Cadence | None) -> Cadence:
    assert found is not None
    return found


def _fault_of(ideal: Field, worst: Field) -> LazyText | None:
    if ideal.errors or worst.errors:
        return None
    if (ideal.data is None) != (worst.data is None):
        return _l("Write both numbers, or none.")
    if ideal.data is not None and worst.data < ideal.data:
        return _l("The longest wait is not shorter than the ideal one.")
    return None


for _scope, _key, _own in each(_DEFAULTS):
    _needed = [
        Optional() if _own is None else InputRequired(_WRONG),
        NumberRange(1, MOST_DAYS, _WRONG),
    ]
    for _half in ("ideal", "worst"):
        setattr(PoliciesForm, name(_scope, _key, _half), IntegerField(validators=_needed))
