"""Which accounts the rows of a file were about, so that where it is cut makes no difference.

Rows that share a key are merged before. An account has other names all the same, those by which it
is stored: its id, its handle now and its former ones. Of two rows that reach it by different names
the first is taken, whether they stand in one chunk or far apart.
"""

from array import array
from collections import defaultdict

from irm.imports.people.known import Held
from irm.imports.people.matching import Match
from irm.imports.people.records import Record
from irm.models import Platform

_PAGE = 1024


def _page() -> "array[int]":
    return array("q", bytes(8 * _PAGE))


class Met:
    """The accounts that can be reached by several names, and the row that was first about each."""

    def __init__(self) -> None:
        #: Numbers of rows by numbers of accounts, a page of them at a time: a long list has many.
        self._stored: defaultdict[int, array[int]] = defaultdict(_page)
        #: Those that the file itself brought, by their ids.
        self._made: dict[tuple[Platform, str], int] = {}

    def first(self, held: Held, number: int) -> int:
        """Return the first row about an account: an earlier one, or this."""
        made = self._made.get((held.now["platform"], held.now["platform_id"]))
        if made is not None or held.id is None:
            return made or number
        page, at = divmod(held.id, _PAGE)
        rows = self._stored[page]
        rows[at] = rows[at] or number
        return rows[at]

    def note(self, record: Record, found: Match, number: int) -> None:
        """Note the accounts that a row brings."""
        for said, held in zip(record.accounts, found.accounts, strict=True):
            if held is None and said.platform_id:
                self._made.setdefault((said.platform, said.platform_id), number)
