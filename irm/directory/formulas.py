"""Texts that a spreadsheet would run as formulas: made harmless in CSV, and given back."""

import re

#: What spreadsheets begin a formula with, the full-width forms too, whatever apostrophes stand
#: before: those are counted in, so that taking one away gives back what was there.
_FORMULA = re.compile(r"'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")


def defused(text: str) -> str:
    """A text as CSV may hold it: with an apostrophe before what would be a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def undefused(text: str) -> str:
    """What `defused` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
