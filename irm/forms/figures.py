"""Numbers as people type them into a form, read as those of an imported list are."""

from typing import Any

from wtforms import FloatField, IntegerField
from wtforms.widgets import TextInput

from irm.imports import figures


def plain(typed: str, *, is_count: bool = False) -> str:
    """A number as digits: `1M` is `1000000`; what is no number comes back as it was typed.

    A count has no decimals: there `12.345` is twelve thousand.
    """
    try:
        value = figures.count(typed) if is_count else figures.figure(typed)
    except ValueError:
        return typed
    return typed if value is None else f"{float(value):.3f}".rstrip("0").rstrip(".")


class CountField(IntegerField):  # type: ignore[misc]  # wtforms ships no types
    """A count of people: `250 000` and `250k` are read too."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([plain(one, is_count=True) for one in valuelist])


class NumberField(FloatField):  # type: ignore[misc]  # wtforms ships no types
    """A number with decimals: `0,5` is read too."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([plain(one) for one in valuelist])

    def _value(self) -> str:
        # What could not be read is shown as it was typed; a whole number without its ".0".
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:g}"
