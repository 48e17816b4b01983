"""Why a touchpoint is planned: its stored code as a sentence."""

from collections.abc import Mapping
from typing import Any

from irm.i18n import _, _n
from irm.models import Stage


def why(stored: Mapping[str, Any]) -> str:
    """Make the sentence of a touchpoint's `why`; a code this version does not know gives ""."""
    code = stored.get("code")
    if code == "cadence":
        days = stored.get("days", 0)
        stage = next((str(one.label) for one in Stage if one == stored.get("stage")), "")
        return _n(
            "A contact every day, the cadence at %(stage)s",
            "A contact every %(n)s days, the cadence at %(stage)s",
            days,
            stage=stage,
        )
    if code == "unanswered":
        return _n(
            "No answer yet, after a day",
            "No answer yet, half of the usual %(n)s days later",
            stored.get("days", 0),
        )
    if code == "planned":
        return _("Planned by hand")
    return ""
