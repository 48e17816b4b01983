"""A row of a list of ties → who reaches whom, or why it cannot be taken."""

import datetime as dt
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from irm.imports import days, figures, platforms
from irm.imports.complaints import Complaint
from irm.imports.headings import fold
from irm.imports.ties.columns import Columns, straight
from irm.imports.ties.vocabulary import BOTH_WAYS, KINDS, ONE_WAY
from irm.models import Platform, TieKind
from irm.models.keys import fold_handle

_PLATFORMS = frozenset(one.value for one in Platform)
_YES = frozenset({"true", "yes", "1", "oui", "si", "x", "mutual", "undirected"})
_LONGEST = {"handle": 200, "id": 64, "name": 200}


class End(NamedTuple):
    """One of the two accounts of a tie, as a list names it."""

    platform: Platform
    #: What it is called; the platform's id where the list gives no more.
    handle: str
    #: The handle folded; empty where only the id is known.
    handle_key: str
    platform_id: str | None = None
    name: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """Two ends with one key are one account."""
        if self.platform_id:
            return (self.platform, "id", self.platform_id)
        return (self.platform, "handle", self.handle_key)


class Record(NamedTuple):
    """What a row says of a tie."""

    origin: End
    target: End
    kind: TieKind
    #: The weights of the rows that say it this way round, and of those the other way round.
    weights: tuple[float, float]
    is_mutual: bool
    first_seen: dt.date | None
    last_seen: dt.date | None
    #: Cells that could not be read, as `heading: cell`.
    unread: str | None = None

    @property
    def is_loop(self) -> bool:
        """Whether an account is tied to itself."""
        return self.origin.key == self.target.key

    @property
    def weight(self) -> float:
        """The weight of the tie: of a mutual one, that some lists write twice, the larger."""
        return max(self.weights)

    @property
    def key(self) -> Hashable:
        """Rows with one key are about one tie."""
        ends = (self.origin.key, self.target.key)
        if self.is_mutual and ends[1] < ends[0]:
            ends = (ends[1], ends[0])
        return (*ends, self.kind, self.is_mutual)

    def over(self, earlier: "Record") -> "Record":
        """Return this with an earlier row about the same tie added up."""
        there, back = earlier.weights
        if self.origin.key != earlier.origin.key:
            there, back = back, there
        known = [day for day in (self.first_seen, earlier.first_seen) if day]
        newest = [day for day in (self.last_seen, earlier.last_seen) if day]
        return self._replace(
            weights=(self.weights[0] + there, self.weights[1] + back),
            first_seen=min(known, default=None),
            last_seen=max(newest, default=None),
            unread=self.unread or earlier.unread,
        )


class Nodes(NamedTuple):
    """What a second file says of the accounts of the first: by what the first calls them."""

    ends: dict[str, End]

    def of(self, cell: str) -> End | None:
        """Return whom a cell of the list means."""
        return self.ends.get(cell.casefold())


class Reader(NamedTuple):
    """A list of ties that was understood: rows are read through it."""

    headings: Sequence[str]
    columns: Columns
    separator: str | None
    is_mutual: bool
    nodes: Nodes | None

    def read(self, cells: Sequence[str]) -> Record:
        """Read what a row says. Raises Complaint."""
        cells = straight(self.separator, cells)
        if len(cells) > len(self.headings) and any(map(str.strip, cells[len(self.headings) :])):
            raise Complaint("many_cells", cells=len(cells), headings=len(self.headings))
        unread: list[str] = []
        platform = self._platform(cells)
        kind, is_mutual = self._kind(cells, unread)
        day = self._day(cells, "day", unread)
        record = Record(
            self._end(cells, "from", platform),
            self._end(cells, "to", platform),
            kind,
            (self._weight(cells), 0.0),
            is_mutual,
            self._day(cells, "first_seen", unread) or day,
            self._day(cells, "last_seen", unread) or day,
        )
        return record._replace(unread="; ".join(unread)[:300]) if unread else record

    def _end(self, cells: Sequence[str], end: str, platform: Platform | None) -> End:
        said, number = self._text(cells, end), self._text(cells, f"{end}_id")
        name = self._text(cells, f"{end}_name")
        for text in (number, said):
            found = self.nodes.of(text) if self.nodes and text else None
            if found is not None:
                return found
        if said and (address := platforms.address(said)):
            platform, said = address.platform, address.handle or ""
            number = number or address.platform_id or ""
        where, sign, handle = said.partition(":")
        if sign and where in _PLATFORMS:  # As irm exports it.
            platform, said = Platform(where), handle.strip()
            said = "" if said == number else said
        if not said and not number:
            raise Complaint("no_end")
        if self.nodes and not said:
            raise Complaint("no_node", number=number[:60])
        if platform is None:
            raise Complaint("no_platform")
        return made(platform, said, number, name)

    def _platform(self, cells: Sequence[str]) -> Platform | None:
        said = self._text(cells, "platform")
        if not said:
            return self.columns.platform
        found = platforms.named(said)
        if found is None:
            raise Complaint("unknown_platform", platform=said[:60])
        return found

    def _kind(self, cells: Sequence[str], unread: list[str]) -> tuple[TieKind, bool]:
        word = "".join(fold(self._text(cells, "kind")).split())
        both = self._text(cells, "is_mutual").casefold()
        if both:
            is_mutual = both in _YES
            return KINDS.get(word, self.columns.kind), is_mutual
        if not word or word in ONE_WAY:
            return self.columns.kind, self.is_mutual
        if word in BOTH_WAYS:
            return self.columns.kind, True
        if word not in KINDS:
            unread.append(self._named(cells, "kind"))
        return KINDS.get(word, self.columns.kind), self.is_mutual

    def _weight(self, cells: Sequence[str]) -> float:
        cell = self._text(cells, "weight")
        if not cell:
            return 1.0
        try:
            weight = float(figures.figure(cell) or 0)
        except ValueError:
            weight = 0.0
        if weight <= 0:
            raise Complaint("bad_weight", cell=cell[:60])
        return weight

    def _day(self, cells: Sequence[str], field: str, unread: list[str]) -> dt.date | None:
        cell = self._text(cells, field)
        if not cell:
            return None
        try:
            return days.day_in(cell, self.columns.orders[self.columns.fields[field][0]])
        except ValueError:
            unread.append(self._named(cells, field))
            return None

    def _named(self, cells: Sequence[str], field: str) -> str:
        heading = self.headings[self.columns.fields[field][0]][:60]
        return f"{heading}: {self._text(cells, field)[:60]}"

    def _text(self, cells: Sequence[str], field: str) -> str:
        """Return what the first filled cell of a field says; empty where none says anything."""
        for column in self.columns.fields.get(field, ()):
            if column < len(cells) and not figures.is_missing(cells[column]):
                return " ".join(cells[column].split())
        return ""


def made(platform: Platform, handle: str, number: str, name: str = "") -> End:
    """Return an end by its handle, its id, or both. Raises Complaint where it can be neither."""
    plain = handle.removeprefix("@").strip()
    if " " in plain and not platforms.may_be_titled(platform):
        raise Complaint("name_alone_end", name=plain[:60])
    key = fold_handle(plain)
    if not key and not number:
        raise Complaint("no_end")
    for what, text in (("handle", max(plain, key, key=len)), ("id", number), ("name", name)):
        if len(text) > _LONGEST[what]:
            raise Complaint("long_end", limit=_LONGEST[what])
    return End(platform, plain or number, key, number or None, name or None)
