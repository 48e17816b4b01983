"""Which column of a list holds what, guessed from the headings and, in doubt, from the cells."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from irm.imports import figures, platforms
from irm.imports.complaints import Complaint
from irm.imports.table import Table, fold
from irm.imports.vocabulary import CHANNELS, FIELDS, KINDS, MAYBE, VALUE_WORDS
from irm.models import Platform

#: Of the cells of a column that is believed to hold handles, so many must look like some.
_ENOUGH = 0.5


class Columns(NamedTuple):
    """The columns of each field, the most exact first, and the platform the headings name."""

    fields: dict[str, tuple[int, ...]]
    platform: Platform | None


class _Heading(NamedTuple):
    """A heading taken apart: `twitter_followers` is X and `followers`."""

    column: int
    rest: str
    platform: Platform | None
    is_person: bool


def guess(table: Table, platform: Platform | None = None) -> Columns:
    """Find the columns of a list of influencers.

    `platform` is what the user said. Raises Complaint where the table is another kind of
    list, or names no accounts.
    """
    headings = [_taken_apart(column, text) for column, text in enumerate(table.headings)]
    _refuse_other_kinds(headings)
    found: dict[str, list[int]] = defaultdict(list)
    for heading in headings:
        if _may_be_handle(heading) or (heading.rest == "id" and not heading.platform):
            continue  # A bare `id` numbers rows as often as accounts.
        if field := FIELDS.get(heading.rest):
            found[field].append(heading.column)
        elif heading.platform and not heading.rest:
            found["handle"].append(heading.column)
    cells = {column: _cells(table, column) for column in range(len(table.headings))}
    named = platform or platforms.only(h.platform for h in headings if h.platform)
    _sort_out_addresses(found, cells)
    _choose_handle(found, cells, headings, named)
    if not found["handle"] and not found["url"]:
        raise Complaint("no_handle", columns=", ".join(table.headings[:12])[:300])
    for field in ("followers", "likes", "comments", "shares", "views", "engagement"):
        found[field].sort(key=lambda column: -_share(cells[column], _is_exact))
    return Columns({field: tuple(columns) for field, columns in found.items() if columns}, named)


def _taken_apart(column: int, text: str) -> _Heading:
    """Part the word for a platform from the rest of a heading."""
    words = fold(text).split()
    while len(words) > 1 and (words[-1] in VALUE_WORDS or words[-1].isdigit()):
        words.pop()
    for word in words:
        if word in platforms.WORDS:
            rest = "".join(other for other in words if other != word)
            return _Heading(column, rest, platforms.WORDS[word], word in platforms.PEOPLE)
    compact = "".join(words)
    for word, platform in platforms.WORDS.items():
        if len(word) > 4 and compact.startswith(word) and compact != word:  # As in youtubeUrl.
            return _Heading(column, compact.removeprefix(word), platform, False)
    return _Heading(column, compact, None, False)


def _refuse_other_kinds(headings: Iterable[_Heading]) -> None:
    rests = {heading.rest for heading in headings}
    for kind, signs in KINDS:
        if signs <= rests:
            raise Complaint(f"looks_like_{kind}")


def _sort_out_addresses(found: dict[str, list[int]], cells: dict[int, list[str]]) -> None:
    """Keep as addresses of accounts the columns that hold some; a name may be one as well."""
    found["url"] = [c for c in found["url"] if _share(cells[c], platforms.address) >= _ENOUGH]
    for column in tuple(found["handle"]):
        if _share(cells[column], platforms.address) >= _ENOUGH:
            found["handle"].remove(column)
            found["url"].append(column)


def _choose_handle(
    found: dict[str, list[int]],
    cells: dict[int, list[str]],
    headings: Sequence[_Heading],
    platform: Platform | None,
) -> None:
    """Settle on one column of handles, and give what is left of the doubtful ones to the name."""

    def likeness(column: int) -> float:
        return _share(cells[column], platforms.looks_like_handle)

    sure = [column for column in found["handle"] if likeness(column) >= _ENOUGH]
    doubtful = [h.column for h in headings if _may_be_handle(h)]
    if not (platform or found["followers"] or found["platform"] or found["url"]):
        doubtful = []  # Nothing else says that this is about accounts at all.
    titled = platforms.may_be_titled(platform)
    if sure:
        found["handle"] = [max(sure, key=likeness)]
    elif chosen := [c for c in doubtful if cells[c] and (titled or likeness(c) >= _ENOUGH)]:
        # Where a title serves, the channel's; of two equal ones the first, as lists begin with
        # what they are about.
        channels = {h.column for h in headings if h.rest in CHANNELS} if titled else set()
        found["handle"] = [max(chosen, key=lambda c: (c in channels, likeness(c)))]
    else:
        found["handle"] = []
    found["name"] += [column for column in doubtful if column not in found["handle"]]


def _may_be_handle(heading: _Heading) -> bool:
    """`Instagram name` and `youTuber` head handles in one list and names in the next."""
    if heading.rest in MAYBE:
        return True
    return heading.is_person or bool(heading.platform and heading.rest == "name")


def _cells(table: Table, column: int) -> list[str]:
    """Return what the first rows say in a column, blanks and "not known" left out."""
    cells = (row[column] for row in table.sample if column < len(row))
    return [cell for cell in cells if not figures.is_missing(cell)]


def _share(cells: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(cell)) for cell in cells) / len(cells) if cells else 0.0


def _is_exact(cell: str) -> bool:
    """Say whether a figure is written out, not rounded to `477.9M`."""
    return cell.strip().replace(".", "").isdigit()


def overview(table: Table, columns: Columns) -> dict[str, str]:
    """Return heading → field for what was understood, to be stored and shown."""
    named = Counter[str]()
    shown = {}
    for field, indexes in columns.fields.items():
        for index in indexes:
            shown[table.headings[index]] = field
            named[field] += 1
    return shown
