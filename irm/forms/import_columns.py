"""What somebody says of a file on the page of its columns: how to cut it and what is in it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from irm.forms.text import clean, one_line
from irm.imports.kinds import IF_EMPTY, NEVER, OVERWRITE
from irm.imports.reading.sheet import Reading
from irm.models import TieKind

#: No line of headings lies deeper in a file than that.
_DEEPEST = 1000

#: What a field of the form may hold; more is no answer to what it asks.
_LONGEST = 200


class Said(NamedTuple):
    """What the form said; an empty text or None: nothing, so it is to be found out."""

    reading: Reading
    kind: str
    platform: str
    account: str
    day_order: str
    as_of: str
    source: str
    lawful_basis: str
    #: Field → columns, counted from 0; None where the form did not show the columns.
    columns: dict[str, tuple[int, ...]] | None
    rules: dict[str, str]
    #: The people are only looked through.
    keeps_out: bool = False
    #: Of ties: what they are, and whether they hold both ways.
    tie: str = ""
    is_mutual: bool = False


def read(form: "MultiDict[str, str]", headings: Sequence[str], fields: Sequence[str]) -> Said:
    """Read the form of a file with these headings, whose columns may be these fields.

    What it cannot mean, as no page of ours sends it, counts as not said.
    """
    return Said(
        Reading(
            encoding=_text(form, "encoding") or None,
            separator=_separator(form),
            table=_number(form, "table", 0),
            heading_row=_number(form, "heading_row", 0),
        ),
        _text(form, "kind") or "auto",
        _text(form, "platform"),
        _text(form, "account"),
        _text(form, "day_order"),
        _text(form, "as_of"),
        _text(form, "source"),
        _text(form, "lawful_basis"),
        _columns(form, len(headings), fields) if "columns" in form else None,
        _rules(form, fields),
        _text(form, "keeps_out") == "1",
        _text(form, "tie") if _text(form, "tie") in tuple(TieKind) else "",
        _text(form, "is_mutual") == "1",
    )


def _columns(
    form: Mapping[str, str], count: int, fields: Sequence[str]
) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for column in range(count):
        field = form.get(f"column-{column}", "")
        if field in fields:
            found[field].append(column)
    return {field: tuple(columns) for field, columns in found.items()}


def _rules(form: Mapping[str, str], fields: Sequence[str]) -> dict[str, str]:
    return {
        field: rule
        for field in fields
        if (rule := form.get(f"rule-{field}", "")) in (OVERWRITE, IF_EMPTY, NEVER)
    }


def _separator(form: Mapping[str, str]) -> str | None:
    # A tab would not survive the stripping of blanks.
    given = form.get("separator", "")
    return "\t" if given == "tab" else clean(given)[:1] or None


def _text(form: Mapping[str, str], name: str) -> str:
    return one_line(form.get(name))[:_LONGEST]


def _number(form: Mapping[str, str], name: str, least: int) -> int | None:
    text = _text(form, name)
    if not text.isdecimal() or len(text) > 6:
        return None
    return number if least <= (number := int(text)) <= _DEEPEST else None
