"""Which column of a list of ties holds what: by the headings, by place where there are none."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import NamedTuple

from irm.imports import days, figures, platforms
from irm.imports.complaints import Complaint
from irm.imports.headings import fold
from irm.imports.kinds import Chosen, Headed
from irm.imports.reading.sheet import Reading, Sheet
from irm.imports.ties.vocabulary import KINDS, PLAIN, WORDS
from irm.models import Platform, TieKind

#: More ties than these are not read on one machine while others work on it.
MOST = 10_000_000

#: A list of ties without headings is as narrow as this: two ends, a weight, a kind, a day.
_WIDEST = 5
#: What a column without a heading is called.
_NAMELESS = re.compile(r"\([A-Z]{1,2}\)")
_DATED = ("day", "first_seen", "last_seen")


class Columns(NamedTuple):
    """The columns of each field, and what the list says as a whole."""

    fields: dict[str, tuple[int, ...]]
    platform: Platform | None
    kind: TieKind
    #: How days are written in each of the columns that hold some.
    orders: dict[int, str]


def likeness(sheet: Headed, chosen: Chosen) -> float:
    """Say how much a table looks like ties."""
    fields = chosen.columns if chosen.columns is not None else _by_heading(sheet)
    if _ends(fields):
        others = len(sheet.headings) - sum(map(len, fields.values()))
        return 0.9 if others <= len(sheet.headings) // 2 else 0.4
    return 0.85 if _is_numbers([_cells(sheet, row) for row in sheet.sample]) else 0.0


def guess(sheet: Headed, chosen: Chosen) -> Columns:
    """Find the columns that were not chosen.

    Raises Complaint where they make no ties, where there are more than can be read, and to ask
    which platform the accounts are on, or which of day and month comes first.
    """
    if getattr(sheet, "count", 0) > MOST:
        raise Complaint("many_ties", limit=f"{MOST:,}")
    if chosen.columns is not None:
        fields = {field: tuple(found) for field, found in chosen.columns.items() if found}
    else:
        fields = _by_heading(sheet)
        if not _ends(fields):
            fields = _by_place(sheet) | {name: fields[name] for name in fields if name in _DATED}
    if not _ends(fields):
        raise Complaint("no_ties", columns=", ".join(sheet.headings[:12])[:300])
    platform = chosen.platform or platforms.in_file_name(PurePath(chosen.file_name).stem)
    if platform is None and "platform" not in fields and not _are_addresses(sheet, fields):
        raise Complaint("no_platform")
    orders = {
        column: _order(sheet, column, chosen)
        for field in _DATED
        for column in fields.get(field, ())
    }
    return Columns(fields, platform, _kind(sheet, chosen), orders)


def cut(sheet: Sheet, kind: str) -> Reading | None:
    """Return how a list of ties is to be read where a list of people would be read otherwise.

    Blanks part its cells where nothing else does, and it may begin with its first tie. None where
    it was read right, or is none.
    """
    if kind not in ("auto", "ties"):
        return None
    wanted, looked = sheet.reading(), sheet
    if sheet.format == "text" and len(sheet.headings) == 1:
        looked = replace(
            sheet,
            headings=tuple(sheet.headings[0].split()),
            sample=tuple(tuple(" ".join(row).split()) for row in sheet.sample),
            separator=" ",
        )
        if not 2 <= len(looked.headings) <= _WIDEST or not _are_alike(looked):
            return None
        wanted = wanted._replace(separator=" ")
    is_ours = kind == "ties" or likeness(looked, Chosen()) > 0
    if not is_ours or looked.heading_row == 0:
        return None
    if not _ends(_by_heading(looked)) and _is_a_tie(looked):
        wanted = wanted._replace(heading_row=0)
    return wanted if wanted != sheet.reading() else None


def straight(separator: str | None, cells: Sequence[str]) -> Sequence[str]:
    """Return the cells of a row without the empty ones between several blanks."""
    if separator == " " and "" in cells:
        return [cell for cell in cells if cell]
    return cells


def _by_heading(sheet: Headed) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[tuple[int, int]]] = {}
    taken: set[int] = set()
    words = ["".join(fold(heading).split()) for heading in sheet.headings]
    for field, known in WORDS.items():
        for column, word in enumerate(words):
            if column not in taken and word in known:
                found.setdefault(field, []).append((known.index(word), column))
                taken.add(column)
    fields = {field: tuple(at for _, at in sorted(places)) for field, places in found.items()}
    if {"sourceaccount", "targetaccount", "sourceplatformid"} <= set(words):
        # Our own export, whose other numbers are those of irm.
        for field, word in (("from_id", "sourceid"), ("to_id", "targetid")):
            fields[field] = tuple(at for at in fields[field] if words[at] != word)
    for end in ("from", "to"):  # One column of numbers and none of accounts: numbers name them.
        if end in fields and f"{end}_id" not in fields and _are_numbers(sheet, fields[end][0]):
            fields[f"{end}_id"] = fields.pop(end)
    return fields


def _by_place(sheet: Headed) -> dict[str, tuple[int, ...]]:
    """Take the first two columns for the ends, and the third, if it holds figures, for a weight."""
    if not 2 <= len(sheet.headings) <= _WIDEST:
        return {}
    are_ids = _are_numbers(sheet, 0) and _are_numbers(sheet, 1)
    fields: dict[str, tuple[int, ...]] = {
        "from_id" if are_ids else "from": (0,),
        "to_id" if are_ids else "to": (1,),
    }
    for column in range(2, len(sheet.headings)):
        cells = _filled(sheet, column)
        if "weight" not in fields and cells and all(map(_is_figure, cells)):
            fields["weight"] = (column,)
        elif "kind" not in fields and cells and all(fold(cell) in KINDS for cell in cells):
            fields["kind"] = (column,)
        elif "day" not in fields and cells and days.order(cells).order and _look_dated(cells):
            fields["day"] = (column,)
    return fields


def _ends(fields: Iterable[str]) -> bool:
    """Say whether both ends have a column."""
    names = set(fields)
    return bool(names & {"from", "from_id"}) and bool(names & {"to", "to_id"})


def _is_a_tie(sheet: Headed) -> bool:
    """Say whether what was taken for the headings is a tie like those below it."""
    first = list(sheet.headings)
    if any(_NAMELESS.fullmatch(cell) for cell in first):
        return False
    if any(cell.startswith("#") for cell in first):
        return False
    words = ["".join(fold(cell).split()) for cell in first[:2]]
    if all(word in PLAIN for word in words):
        return False
    if _are_numbers(sheet, 0) or _are_numbers(sheet, 1):
        return all(
            cell.isdecimal()
            for cell, at in zip(first, (0, 1), strict=False)
            if _are_numbers(sheet, at)
        )
    return all(platforms.looks_like_handle(cell) for cell in first[:2])


def _are_alike(sheet: Headed) -> bool:
    widths = {len(row) for row in sheet.sample}
    return len(widths) == 1 and widths.pop() >= 2


def _are_numbers(sheet: Headed, column: int) -> bool:
    cells = _filled(sheet, column)
    return bool(cells) and all(cell.isdecimal() for cell in cells)


def _is_numbers(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether rows are pairs of whole numbers, and perhaps a weight: a graph without names."""
    return bool(rows) and all(
        len(row) in (2, 3)
        and all(cell.isdecimal() for cell in row[:2])
        and all(map(_is_figure, row[2:]))
        for row in rows
    )


def _are_addresses(sheet: Headed, fields: dict[str, tuple[int, ...]]) -> bool:
    """Say whether the ends say themselves where they are, as profiles' addresses do."""
    if "from" not in fields or "to" not in fields:
        return False
    cells = [cell for end in ("from", "to") for at in fields[end] for cell in _filled(sheet, at)]
    return bool(cells) and all(
        platforms.address(cell) or cell.partition(":")[0] in tuple(Platform) for cell in cells
    )


def _kind(sheet: Headed, chosen: Chosen) -> TieKind:
    """What the ties of a list are whose rows do not say it: chosen, or as its words tell."""
    if chosen.tie:
        return TieKind(chosen.tie)
    words = [*sheet.headings, PurePath(chosen.file_name).stem.replace("_", " ")]
    said = [KINDS[word] for text in words for word in fold(text).split() if word in KINDS]
    # Any file may be called a list, or be of a group.
    telling = (one for one in said if one is not TieKind.TOGETHER)
    return next(telling, TieKind.FOLLOWS)


def _order(sheet: Headed, column: int, chosen: Chosen) -> str:
    found = days.order(_filled(sheet, column))
    if found.order:
        return found.order
    if chosen.day_order in days.ORDERS:
        return str(chosen.day_order)
    raise Complaint("day_order", column=sheet.headings[column][:60], example=found.example[:40])


def _look_dated(cells: Sequence[str]) -> bool:
    return any(sign in cell for cell in cells for sign in "-/.:")


def _is_figure(cell: str) -> bool:
    try:
        return figures.figure(cell) is not None
    except ValueError:
        return False


def _cells(sheet: Headed, row: Sequence[str]) -> Sequence[str]:
    cells = straight(getattr(sheet, "separator", None), row)
    return " ".join(cells).split() if len(cells) == 1 else cells


def _filled(sheet: Headed, column: int) -> list[str]:
    """Return what the first rows say in a column, blanks and "not known" left out."""
    rows = (straight(getattr(sheet, "separator", None), row) for row in sheet.sample)
    cells = (row[column].strip() for row in rows if column < len(row))
    return [cell for cell in cells if not figures.is_missing(cell)]
