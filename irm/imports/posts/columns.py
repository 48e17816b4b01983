"""Which column of a list of posts holds what: by the headings, in doubt by the cells."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath
from typing import NamedTuple

from irm.imports import days, figures, platforms
from irm.imports.complaints import Complaint
from irm.imports.headings import fold
from irm.imports.kinds import Chosen, Headed
from irm.imports.posts import permalinks
from irm.imports.posts.vocabulary import SIGNATURES, SURE, WORDS
from irm.models import Platform

#: Of the cells of a column, so many must look like what it is believed to hold.
_ENOUGH = 0.5
#: The id of a video on YouTube, whose own export calls it Content.
_VIDEO = re.compile(r"[\w-]{11}")
_COUNTS = ("likes", "comments", "shares", "views")
_DATED = ("published_at", "counts_on")


class Columns(NamedTuple):
    """The columns of each field, the most exact first, and how their cells are written."""

    fields: dict[str, tuple[int, ...]]
    #: Where posts are whose row does not say it.
    platform: Platform | None
    #: How days are written in each of the columns that hold some.
    orders: dict[int, str]
    #: The decimal sign of each column of figures, where it tells.
    signs: dict[int, str | None]
    #: Ids that a spreadsheet has rounded name nothing.
    has_ids: bool


def likeness(sheet: Headed, chosen: Chosen) -> float:
    """Say how much a table looks like posts."""
    compact = {word for heading in sheet.headings for word in _readings(heading)}
    fields = chosen.columns if chosen.columns is not None else _by_heading(sheet)
    says = [any(fields.get(field) for field in group) for group in (("text", "title"), _COUNTS)]
    dated = bool(fields.get("published_at") or fields.get("date"))
    if compact & SURE and (fields.get("post_id") or fields.get("url") or says[0]):
        return 0.95 if any(says) or dated else 0.5
    if all(says) and (dated or fields.get("url")):
        return 0.6
    return 0.0


def guess(sheet: Headed, chosen: Chosen) -> Columns:
    """Find the columns that were not chosen.

    Raises Complaint where they make no posts, and to ask which platform and account the posts
    are of, or which of day and month comes first.
    """
    if chosen.columns is not None:
        fields = {field: tuple(columns) for field, columns in chosen.columns.items() if columns}
    else:
        fields = _sorted_out(_by_heading(sheet), sheet)
    if not any(field in fields for field in ("post_id", "url", "text", "title")):
        raise Complaint("no_posts", columns=", ".join(sheet.headings[:12])[:300])
    platform = chosen.platform or _platform(sheet, chosen)
    links = [link for cell in _all(sheet, fields.get("url", ())) if (link := permalinks.read(cell))]
    if platform is None and "platform" not in fields and not any(link.platform for link in links):
        raise Complaint("no_platform")
    fields = _with_handle(fields, sheet, platform or platforms.only(_known(links)))
    named = any(field in fields for field in ("handle", "platform_id"))
    if not (chosen.account or named or any(link.handle for link in links)):
        raise Complaint("no_owner")
    orders = {
        column: _order(sheet, column, chosen)
        for field in _DATED
        for column in fields.get(field, ())
    }
    signs = {
        column: figures.decimal_sign(_cells(sheet, column))
        for field in _COUNTS
        for column in fields.get(field, ())
    }
    ids = _all(sheet, fields.get("post_id", ()))
    return Columns(fields, platform, orders, signs, not permalinks.are_rounded(ids))


def _by_heading(sheet: Headed) -> dict[str, list[int]]:
    """Return field → columns by the headings alone; a column may be wanted by two fields."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for column, heading in enumerate(sheet.headings):
        readings = _readings(heading)
        for field, words in WORDS.items():
            places = [words.index(reading) for reading in readings if reading in words]
            if places:
                found[field].append((min(places), column))
    return {field: [column for _, column in sorted(places)] for field, places in found.items()}


def _readings(heading: str) -> tuple[str, ...]:
    """Return the words of a heading as one, and without the platform's name: `Instagram likes`."""
    words = fold(heading).split()
    if len(words) > 1 and words[-1].isdigit():
        words.pop()
    bare = [word for word in words if word not in platforms.WORDS]
    return ("".join(words), "".join(bare)) if bare and bare != words else ("".join(words),)


def _sorted_out(found: dict[str, list[int]], sheet: Headed) -> dict[str, tuple[int, ...]]:
    """Let each column serve one field, and settle words that mean two things."""
    if not found.get("post_id"):
        for column in found.get("text", []):
            # YouTube's export calls the ids of the videos Content.
            if fold(sheet.headings[column]) in ("content", "contenu", "contenido") and (
                _share(_cells(sheet, column)[1:], _VIDEO.fullmatch) >= _ENOUGH
            ):
                found["post_id"] = [column]
                found["text"].remove(column)
                break
    dates = found.pop("date", [])
    is_lone = not found.get("published_at")
    found.setdefault("published_at" if is_lone else "counts_on", []).extend(dates)
    found["url"] = [
        column
        for column in found.get("url", [])
        if not (cells := _cells(sheet, column)) or _share(cells, permalinks.read) >= _ENOUGH
    ]
    found["account"] = [c for c in found.get("account", []) if c not in found.get("handle", [])]
    taken: set[int] = set()
    settled = {}
    for field in WORDS:
        both = field in ("name", "account")  # One column can serve as both.
        columns = tuple(c for c in found.get(field, ()) if both or c not in taken)
        if columns:
            settled[field] = columns
            taken.update(columns)
    return settled


def _with_handle(
    fields: dict[str, tuple[int, ...]], sheet: Headed, platform: Platform | None
) -> dict[str, tuple[int, ...]]:
    """Take a column of titles for the handles where titles serve, or where it holds handles."""
    doubtful = fields.pop("account", ())
    if "handle" not in fields:
        titled = platforms.may_be_titled(platform)
        likely = [
            column
            for column in doubtful
            if titled or _share(_cells(sheet, column), platforms.looks_like_handle) >= _ENOUGH
        ]
        if likely:
            fields["handle"] = (likely[0],)
    rest = tuple(c for c in fields.get("name", ()) if c not in fields.get("handle", ()))
    fields.pop("name", None)
    return {**fields, "name": rest} if rest else fields


def _platform(sheet: Headed, chosen: Chosen) -> Platform | None:
    """Find the platform that headings or the file's name betray."""
    compact = {word for heading in sheet.headings for word in _readings(heading)}
    named = platforms.only(
        platforms.WORDS[word]
        for heading in sheet.headings
        for word in fold(heading).split()
        if len(word) > 2 and word in platforms.WORDS
    )
    if named:
        return named
    if found := platforms.in_file_name(PurePath(chosen.file_name).stem):
        return found
    signed = [platform for platform, words in SIGNATURES.items() if words & compact]
    return signed[0] if len(signed) == 1 else None


def _order(sheet: Headed, column: int, chosen: Chosen) -> str:
    """Return the order of the days of a column. Raises Complaint where nobody can know it."""
    found = days.order(_cells(sheet, column))
    if found.order:
        return found.order
    if chosen.day_order in days.ORDERS:
        return str(chosen.day_order)
    raise Complaint("day_order", column=sheet.headings[column][:60], example=found.example[:40])


def _known(links: Iterable[permalinks.Permalink]) -> list[Platform]:
    return [link.platform for link in links if link.platform]


def _all(sheet: Headed, columns: Sequence[int]) -> list[str]:
    return [cell for column in columns for cell in _cells(sheet, column)]


def _cells(sheet: Headed, column: int) -> list[str]:
    """Return what the first rows say in a column, blanks and "not known" left out."""
    cells = (row[column].strip() for row in sheet.sample if column < len(row))
    return [cell for cell in cells if not figures.is_missing(cell)]


def _share(cells: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(cell)) for cell in cells) / len(cells) if cells else 0.0
