"""How a page answers: a fragment where htmx asked for one, else back to a page with a message."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from flask import Response, flash, redirect
from werkzeug.wrappers import Response as AnyResponse

from irm.errors import Busy, Refused
from irm.forms.base import Form
from irm.i18n import LazyText, _l

#: What a view may return.
Answer: TypeAlias = str | Response | AnyResponse | tuple[str, int] | tuple[str, int, dict[str, str]]

#: What a message carries that can be undone; _toast.html shows it.
Message: TypeAlias = dict[str, Any]


def undoable(
    text: str, url: str, values: Mapping[str, object], target: str | None = None
) -> Message:
    """A message with an Undo button that posts these values; `target` is what htmx swaps then."""
    return {
        "text": text,
        "url": url,
        "values": {name: str(value) for name, value in values.items()},
        "target": target,
    }


def back_to(address: str, message: str | Message | None = None) -> AnyResponse:
    """Go to a page of ours, and say what was done."""
    if message:
        flash(message, "info")  # type: ignore[arg-type]  # a dict passes through the session as it is
    return redirect(address, 303)


def refused_on(page: str, refused: Refused) -> Answer:
    """The page of a form once more, which says why; and when to come again, where that helps."""
    return page, refused.status, told_when(refused)


def told_when(refused: Refused) -> dict[str, str]:
    """The header that says when it is worth another try."""
    return {"Retry-After": str(refused.retry_after)} if isinstance(refused, Busy) else {}


def refuse_faults(form: Form) -> None:
    """End the request with the first thing that is wrong with a form.

    Raises Refused if there is any.
    """
    if form.validate():
        return
    first = next((str(fault) for faults in form.errors.values() for fault in faults), "")
    raise Refused(LazyText(lambda: first) if first else _l("This form is not complete."))
