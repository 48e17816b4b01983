"""The second file of a list of ties: whose its numbers are."""

from collections import defaultdict
from collections.abc import Sequence

from irm.imports import figures
from irm.imports.complaints import Complaint
from irm.imports.kinds import Chosen, Headed, Listed
from irm.imports.people.kind import People
from irm.imports.ties.columns import Columns, straight
from irm.imports.ties.record import End, Nodes, made
from irm.models import Platform

#: More accounts than these are not held at once.
MOST = 2_000_000

_ENDS = ("from", "from_id", "to", "to_id")


def read(sheet: Listed, ties: Headed, columns: Columns, chosen: Chosen) -> Nodes:
    """Read who the numbers or ids of a list of ties are.

    The column that the ties speak of is the one in which their first ends stand. Raises Complaint
    where there is none, where it names no accounts, or where it has more than can be held.
    """
    if getattr(sheet, "count", 0) > MOST:
        raise Complaint("many_nodes", limit=f"{MOST:,}")
    spoken_of = _column(sheet, ties, columns)
    people = _accounts(sheet, Chosen(file_name=chosen.file_name, platform=columns.platform))
    # The column of numbers is nobody's id on the platform, unless nothing else names them.
    takes_number = spoken_of not in people.columns.get("platform_id", ())
    ends: dict[str, End] = {}
    for _, cells in sheet.rows():
        cell = cells[spoken_of].strip() if spoken_of < len(cells) else ""
        if figures.is_missing(cell):
            continue
        try:
            record = people.read(cells)
        except Complaint:
            continue  # Such as a line without an account.
        account = next((one for one in record.accounts if _is_on(one.platform, columns)), None)
        if account is None:
            continue
        is_named = account.handle != account.platform_id
        number = account.platform_id or ""
        if is_named and not takes_number:
            number = ""
        try:
            handle = account.handle if is_named else ""
            end = made(account.platform, handle, number, record.name or "")
        except Complaint:
            continue
        ends[cell.casefold()] = end
    if not ends:
        raise _names_nobody(sheet)
    return Nodes(ends)


def _accounts(sheet: Listed, chosen: Chosen) -> People:
    """Find the columns of accounts. Raises Complaint, which says that it is of the second file."""
    try:
        return People.of(sheet, chosen)
    except Complaint as complaint:
        if complaint.code == "no_handle":
            raise _names_nobody(sheet) from complaint
        raise


def _names_nobody(sheet: Listed) -> Complaint:
    return Complaint("no_nodes", columns=", ".join(sheet.headings[:12])[:300])


def _is_on(platform: Platform, columns: Columns) -> bool:
    return columns.platform is None or platform is columns.platform


def _column(sheet: Listed, ties: Headed, columns: Columns) -> int:
    """Return the column in which most of the first ends of the ties stand. Raises Complaint."""
    wanted = {
        row[at].strip().casefold()
        for row in (straight(getattr(ties, "separator", None), one) for one in ties.sample)
        for field in _ENDS
        for at in columns.fields.get(field, ())
        if at < len(row) and not figures.is_missing(row[at])
    }
    found: dict[int, set[str]] = defaultdict(set)
    for _, cells in sheet.rows():
        for at, cell in enumerate(_folded(cells)):
            if cell in wanted:
                found[at].add(cell)
    if not found:
        raise Complaint("nodes_apart")
    return max(found, key=lambda at: (len(found[at]), -at))


def _folded(cells: Sequence[str]) -> list[str]:
    return [cell.strip().removeprefix("@").casefold() for cell in cells]
