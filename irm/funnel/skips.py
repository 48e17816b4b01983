"""Why a touchpoint was skipped: a code that is kept with it, and the words of whoever did."""

from collections.abc import Mapping
from typing import Any

from irm.errors import Refused
from irm.i18n import _, _l
from irm.models.base import LabelledEnum

#: So long a reason in one's own words may be.
WORDS_LENGTH = 200


class Reason(LabelledEnum):
    """What is offered as a reason."""

    NO_REASON = "no_reason", _l("No reason now")
    AWAY = "away", _l("They are away")
    MOMENT = "moment", _l("Not the right moment")
    OTHER = "other", _l("Another reason")


def stored(reason: Reason, words: str) -> dict[str, str]:
    """What is kept of a reason; nothing where there is none.

    Raises Refused where it is another one and no word says which.
    """
    if reason is Reason.OTHER:
        if not words:
            raise Refused(_l("Write the reason in a few words, or choose one."))
        return {"code": reason.value, "words": words}
    return {} if reason is Reason.NO_REASON else {"code": reason.value}


def said(why: Mapping[str, Any]) -> str:
    """The reason in words, from the `why` of a touchpoint; empty where none was given."""
    kept = why.get("skipped") or {}
    if kept.get("code") == Reason.OTHER:
        return _("Skipped: %(why)s", why=kept.get("words", ""))
    label = next((str(one.label) for one in Reason if one == kept.get("code")), "")
    return _("Skipped: %(why)s", why=label[:1].lower() + label[1:]) if label else ""
