"""Which colleagues a text calls by an @: `@Claire`, `@Claire Dupont`, `@clairedupont`."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from irm.models.keys import fold

#: An @ that begins a word: the one of an address stands within one.
_CALL = re.compile(r"(?<![\w.@/])@(?=\w)")

#: What is written without a blank behind an @: a name, or a handle such as claire.makes.
_RUN = re.compile(r"[\w.\-]+")

#: More letters than a name with its blanks has.
_FAR = 130


class Colleague(NamedTuple):
    """Somebody who can be called."""

    id: int
    name: str
    #: Whether she works for the brand; who merely may see it is called by her full name.
    is_member: bool = True


class Roster:
    """The colleagues of one brand by what they are called; case and accents do not matter.

    A first name calls somebody where only one of the team has it; else nobody is called, as a
    letter to the wrong colleague says more than it should. A full name that two have calls nobody.
    """

    def __init__(self, colleagues: Iterable[Colleague]) -> None:
        full: dict[str, set[int]] = defaultdict(set)
        runs: dict[str, set[int]] = defaultdict(set)
        for one in colleagues:
            name = fold(one.name)
            full[name].add(one.id)
            runs[name.replace(" ", "")].add(one.id)
            if one.is_member and name:
                first = name.split()[0]
                if first != name.replace(" ", ""):
                    runs[first].add(one.id)
        self._full = {name: ids for name, ids in full.items() if " " in name}
        self._runs = runs

    def called(self, text: str) -> set[int]:
        """The ids of those whom a text calls."""
        found: set[int] = set()
        for call in _CALL.finditer(text):
            found |= self._at(text[call.end() : call.end() + _FAR])
        return found

    def _at(self, behind: str) -> set[int]:
        folded = fold(behind)
        # The longest name that stands here is meant: "@Ana Li" is not "@Ana".
        names = [name for name in self._full if _begins_with(folded, name)]
        if names:
            return _only(self._full[max(names, key=len)])
        run = _RUN.match(behind)
        if run is None:
            return set()
        return _only(self._runs.get(fold(run[0].rstrip(".-_")), set()))


def _begins_with(text: str, name: str) -> bool:
    return text.startswith(name) and not re.match(r"[\w]|[.\-]\w", text[len(name) :])


def _only(ids: set[int]) -> set[int]:
    return ids if len(ids) == 1 else set()
