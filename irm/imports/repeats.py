"""Rows of one file that are about one account: merged before anything is written.

The file is never held: a first reading keeps two numbers for each row, a second one, only where
something repeats, keeps what the last row of each such account says.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from irm.imports.complaints import Complaint
from irm.imports.influencers import Identity, People, Row
from irm.models import Verdict

Key = tuple[str, str, str]


class Told(NamedTuple):
    """A row of the file: what it says, or what is to be noted about it instead."""

    number: int
    row: Row | None
    verdict: Verdict | None = None
    complaint: Complaint | None = None


class Repeats(NamedTuple):
    """What stands more than once in a file."""

    rows: int
    #: Hashes of handles and ids that (most likely) repeat.
    hashes: frozenset[int]
    ids: dict[tuple[str, str], frozenset[str]]
    #: For each account that repeats, the last row about it, all of them merged.
    last: dict[Key, tuple[int, Row]]

    def key(self, account: Identity) -> Key | None:
        """Name the account that a row repeats; None where it surely stands alone."""
        if self.hashes.isdisjoint(_hashes(account)):
            return None
        if account.platform_id:
            return (account.platform, "id", account.platform_id)
        known = self.ids.get((account.platform, account.handle_key), frozenset())
        if len(known) == 1:
            return (account.platform, "id", next(iter(known)))
        return (account.platform, "handle", account.handle_key)


def find(people: People) -> Repeats:
    """Read the whole file for rows about one account.

    Raises Complaint where the file is broken, so before anything is written.
    """
    rows, hashes = _repeated(people)
    if not hashes:
        return Repeats(rows, hashes, {}, {})
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    repeats = Repeats(rows, hashes, {}, {})
    if "platform_id" in people.columns.fields:
        for _, account in _accounts(people):
            if account.platform_id and not hashes.isdisjoint(_hashes(account)):
                ids[account.platform, account.handle_key].add(account.platform_id)
        repeats = repeats._replace(ids={key: frozenset(found) for key, found in ids.items()})
    for number, cells in people.table.rows():
        try:
            account = people.identify(cells)
            if key := repeats.key(account):
                row = people.read(cells)
                earlier = repeats.last.get(key)
                repeats.last[key] = (number, row.over(earlier[1]) if earlier else row)
        except Complaint:
            continue  # Told when the rows are read to be written.
    return repeats


def tell(people: People, repeats: Repeats) -> Iterator[Told]:
    """Yield every row of the file once: merged, passed over for a later one, or refused."""
    for number, cells in people.table.rows():
        try:
            row = people.read(cells)
        except Complaint as complaint:
            yield Told(number, None, Verdict.REFUSED, complaint)
            continue
        key = repeats.key(row.account)
        last, merged = repeats.last[key] if key else (number, row)
        if last == number:
            yield Told(number, merged)
        elif row.agrees(merged):
            yield Told(number, None, Verdict.SAME, Complaint("repeated", row=last))
        else:
            yield Told(number, None, Verdict.CONFLICT, Complaint("overruled", row=last))


def _repeated(people: People) -> tuple[int, frozenset[int]]:
    """Count the rows, and return the hashes of handles and ids that occur twice or more.

    The hashes are spread over 256 piles, so that one pile after another is looked through.
    """
    piles = [array("q") for _ in range(256)]
    rows = 0
    for _, cells in people.table.rows():
        rows += 1
        try:
            account = people.identify(cells)
        except Complaint:
            continue
        for value in _hashes(account):
            piles[value & 255].append(value)
    repeated: set[int] = set()
    for pile in piles:
        seen: set[int] = set()
        for value in pile:
            (repeated if value in seen else seen).add(value)
    return rows, frozenset(repeated)


def _hashes(account: Identity) -> tuple[int, ...]:
    handle = hash((account.platform, account.handle_key))
    if not account.platform_id:
        return (handle,)
    return (handle, hash((account.platform, "id", account.platform_id)))


def _accounts(people: People) -> Iterator[tuple[int, Identity]]:
    for number, cells in people.table.rows():
        try:
            yield number, people.identify(cells)
        except Complaint:
            continue
