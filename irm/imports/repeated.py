"""Rows of one file that are about one thing: merged before anything is written.

The file is never held: a first reading keeps a number for each key of a row, a second one, only
where keys repeat, keeps what all rows about each such thing say together.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from irm.imports.complaints import Complaint
from irm.imports.kinds import Kind, Told
from irm.models import Verdict

#: The keys are spread over so many piles, so that one pile after another is looked through.
_PILES = 256


class Rows(Protocol):
    """A file as it is read again and again."""

    def rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield the number and the cells of each row that is not blank."""
        ...


class Repeated(NamedTuple):
    """What stands more than once in a file."""

    #: How many rows the file has.
    rows: int
    #: The numbers of the rows that share a key with another, ascending, and what each is about.
    numbers: "array[int]"
    things: "array[int]"
    #: For each thing, the last row about it, and all that its rows say.
    last: dict[int, tuple[int, Any]]

    def of(self, number: int) -> tuple[int, Any] | None:
        """Return the last row of what a row is about, and the rows merged; None if it is alone."""
        at = bisect_left(self.numbers, number)
        if at == len(self.numbers) or self.numbers[at] != number:
            return None
        return self.last[self.things[at]]


def find(kind: Kind, sheet: Rows) -> Repeated:
    """Read the whole file for rows about one thing.

    Raises Complaint where the file is broken, so before anything is written.
    """
    rows, hashes = _shared(kind, sheet)
    things = _Things(kind)
    numbers, found = array("q"), array("q")
    if hashes:
        for number, record in _records(kind, sheet):
            if not hashes.isdisjoint(map(hash, kind.keys(record))):
                numbers.append(number)
                found.append(things.add(number, record))
    settled = array("q", map(things.settled, found))
    return Repeated(rows, numbers, settled, things.last)


def tell(kind: Kind, sheet: Rows, repeated: Repeated) -> Iterator[Told]:
    """Yield every row of the file once: merged, passed over for a later one, or refused."""
    # A kind whose rows add up says so of those that come before the last.
    passed_over: str = getattr(kind, "repeated", "repeated")
    for number, cells in sheet.rows():
        try:
            record = kind.read(cells)
        except Complaint as complaint:
            yield Told(number, None, Verdict.REFUSED, complaint)
            continue
        found = repeated.of(number)
        if found is None:
            yield Told(number, record)
            continue
        last, merged = found
        if last == number:
            yield Told(number, merged, is_shared=True)
        elif kind.agrees(record, merged):
            yield Told(number, None, Verdict.SAME, Complaint(passed_over, row=last))
        else:
            yield Told(number, None, Verdict.CONFLICT, Complaint("overruled", row=last))


def chunks(kind: Kind, told: Iterable[Told], size: Callable[[], int]) -> Iterator[list[Told]]:
    """Cut the rows into pieces in which no first key stands twice.

    A piece holds at most as many rows as `size` says once the one before it was taken.

    What repeats was merged before; what is left contradicts each other, and of those the later
    must see what the earlier one wrote.
    """
    chunk: list[Told] = []
    seen: set[Hashable] = set()
    most = size()
    for one in told:
        first = next(iter(kind.keys(one.record)), None) if one.record is not None else None
        if len(chunk) >= most or first in seen:
            yield chunk
            chunk, seen, most = [], set(), size()
        chunk.append(one)
        if first is not None:
            seen.add(first)
    if chunk:
        yield chunk


class _Things:
    """What the rows that share keys are about, row after row."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._count = 0
        #: Things that turned out to be another one.
        self._same: dict[int, int] = {}
        #: Who has a key; several where records that share it are about two things all the same.
        self._owners: dict[Hashable, list[int]] = {}
        #: The key each thing was first known by.
        self._first: dict[int, Hashable] = {}
        self.last: dict[int, tuple[int, Any]] = {}

    def add(self, number: int, record: Any) -> int:
        """Say which thing a record is about, and let what it says stand above the earlier."""
        keys = self._kind.keys(record)
        found = None
        for key in keys:
            thing = self._by(key, record)
            if thing is None or thing == found:
                continue
            merged = self._kind.merged(record, self.last[thing][1])
            if found is not None:
                del self.last[thing]
                self._same[thing] = found
            found, record = found or thing, merged
        if found is None:
            self._count += 1
            found = self._count
            self._first[found] = keys[0]
        self.last[found] = (number, record)
        for key in keys:
            owners = self._owners.setdefault(key, [])
            if found not in owners:
                owners.append(found)
        return found

    def settled(self, thing: int) -> int:
        """Return the thing that one turned out to be."""
        while thing in self._same:
            thing = self._same[thing]
        return thing

    def _by(self, key: Hashable, record: Any) -> int | None:
        """Return what a record is about by one of its keys; None where nothing says."""
        owners = list(dict.fromkeys(map(self.settled, self._owners.get(key, ()))))
        fit = [one for one in owners if self._kind.merged(record, self.last[one][1]) is not None]
        if len(fit) > 1:  # Told apart by a stronger key, which this record does not have.
            fit = [one for one in fit if self._first[one] == key]
        return fit[0] if fit else None


def _shared(kind: Kind, sheet: Rows) -> tuple[int, frozenset[int]]:
    """Count the rows, and return the hashes of the keys that occur twice or more."""
    piles = [array("q") for _ in range(_PILES)]
    rows = 0
    # A kind that can tell the keys without reading the rest says so.
    identify = getattr(kind, "identify", None) or (lambda cells: kind.keys(kind.read(cells)))
    for _, cells in sheet.rows():
        rows += 1
        try:
            keys = identify(cells)
        except Complaint:
            continue
        for value in map(hash, dict.fromkeys(keys)):
            piles[value % _PILES].append(value)
    shared: set[int] = set()
    for pile in piles:
        seen: set[int] = set()
        for value in pile:
            (shared if value in seen else seen).add(value)
    return rows, frozenset(shared)


def _records(kind: Kind, sheet: Rows) -> Iterator[tuple[int, Any]]:
    for number, cells in sheet.rows():
        try:
            yield number, kind.read(cells)
        except Complaint:
            continue  # Told when the rows are read to be written.
