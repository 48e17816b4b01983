"""Whom to compare with whom: people who share a key, in memory that 100,000 do not fill.

A key is kept as a number, with the place of its person, in arrays that are sorted one at a time.
Two runs of the same people find the same: hashes are ours, not the process's own.
"""

import zlib
from array import array
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from rapidfuzz import fuzz, process

from irm.directory.duplicates.traits import Traits
from irm.directory.duplicates.verdict import ENOUGH, NEAR_HANDLE, NEAR_NAME, WEIGHTS, doubt
from irm.models import Platform

#: A key shared by more people than this says nothing about any of them.
CROWD = 20

#: Shared by more than so many, a key is an agency's or a family's: it weighs little.
FEW = 3

#: So many people with one word of a name and one initial in common are compared by name.
NAMESAKES = 800

_PARTS = 16
#: A place (of eight million), and whether it is a name that stands there as a handle.
_PLACE_BITS = 24
_PLACE = (1 << _PLACE_BITS) - 1

Pair = tuple[int, int]


class Blocks:
    """Everybody by what they share; people are added once, in any order."""

    def __init__(self) -> None:
        self._ids = array("q")
        self._names: list[str] = []
        self._handles: list[str] = []
        self._topics = array("b")
        self._platforms = array("L")
        self._around: list[tuple[int, int, int]] = []
        self._codes: dict[str, int] = {"": 0}
        self._keys = [array("Q") for _ in range(_PARTS)]
        self._name_keys = [array("Q") for _ in range(_PARTS)]
        self._same_names: Counter[int] = Counter()

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, person: Traits) -> None:
        """Add a person."""
        place = len(self._ids)
        self._ids.append(person.id)
        self._names.append(" ".join(person.words))
        self._handles.append(max(person.handles, key=len, default=""))
        self._topics.append(bool(person.topics))
        self._platforms.append(_platforms(person))
        self._around.append(
            (
                self._code(person.country and f"c{person.country}"),
                self._code(person.city and f"t{person.city}"),
                self._code(person.language and f"l{person.language}"),
            )
        )
        self._same_names[number(self._names[-1])] += 1
        for key in person.shareable():
            self._file(self._keys, key, place)
        if key := person.name_as_handle():
            self._file(self._keys, key, place, is_name=True)
        for key in person.name_keys():
            self._file(self._name_keys, key, place)

    def is_common_name(self, person: Traits) -> bool:
        """Whether several people bear this name."""
        return self._same_names[number(" ".join(person.words))] > FEW

    def pairs(self, fresh: frozenset[int] | None = None) -> tuple[set[Pair], set[int]]:
        """The pairs to look at, and the numbers of keys that more than a few share.

        Of `fresh` people, if given, at least one stands in each pair.
        """
        found: set[Pair] = set()
        common: set[int] = set()
        for part in self._keys:
            for key, places in _groups(part):
                if len(places) > FEW:
                    common.add(key)
                if len(places) <= CROWD:
                    found.update(self._pairs_of(_sharing(places), fresh))
        for part in self._name_keys:
            for _key, places in _groups(part):
                if len(places) <= NAMESAKES:
                    bearers = [place >> 1 for place in places]
                    found.update(self._pairs_of(self._namesakes(bearers, fresh), fresh))
        return found, common

    def _namesakes(
        self, places: list[int], fresh: frozenset[int] | None
    ) -> Iterator[tuple[int, int]]:
        """Those whose names are near and who agree in something else, as far as is known here."""
        if fresh is not None and not any(self._ids[place] in fresh for place in places):
            return
        names = [self._names[place] for place in places]
        for n, place in enumerate(places[:-1]):
            near = process.extract_iter(
                names[n], names[n + 1 :], scorer=fuzz.ratio, score_cutoff=NEAR_NAME - 18
            )
            for other, _score, at in near:
                is_same = names[n] == other
                if (is_same or _is_near(names[n], other)) and self._agree(
                    place, places[n + 1 + at], is_same=is_same
                ):
                    yield place, places[n + 1 + at]

    def _agree(self, one: int, other: int, *, is_same: bool) -> bool:
        """Whether two namesakes may agree in enough: the verdict's sum of what is known here.

        Where it does not suffice their handles have to be alike.
        """
        mine, yours = self._around[one], self._around[other]
        is_rare = is_same and self._same_names[number(self._names[one])] <= FEW
        chance = 1 - WEIGHTS["same_name" if is_rare else "near_name"]
        for code, a, b in zip(("country", "city", "language"), mine, yours, strict=True):
            if a and a == b:
                chance *= 1 - WEIGHTS[code]
        if self._topics[one] and self._topics[other]:
            chance *= 1 - WEIGHTS["topics"]
        left = doubt(
            other_country=bool(mine[0] and yours[0] and mine[0] != yours[0]),
            second_account=bool(self._platforms[one] & self._platforms[other]),
        )
        if 100 * (1 - chance) * left >= ENOUGH:
            return True
        return fuzz.ratio(self._handles[one], self._handles[other]) >= NEAR_HANDLE - 10

    def _pairs_of(
        self, places: Iterator[tuple[int, int]], fresh: frozenset[int] | None
    ) -> Iterator[Pair]:
        for one, other in places:
            a, b = self._ids[one], self._ids[other]
            if fresh is None or a in fresh or b in fresh:
                yield (a, b) if a < b else (b, a)

    def _code(self, text: str) -> int:
        return self._codes.setdefault(text, len(self._codes))

    def _file(
        self, parts: "list[array[int]]", key: str, place: int, *, is_name: bool = False
    ) -> None:
        code = number(key)
        parts[code % _PARTS].append(code << _PLACE_BITS | place << 1 | is_name)


def _sharing(places: list[int]) -> Iterator[tuple[int, int]]:
    """Everybody under a key with everybody else, but for two whose names alone brought them."""
    for one, other in combinations(places, 2):
        if not (one & other & 1):
            yield one >> 1, other >> 1


def _platforms(person: Traits) -> int:
    """The platforms where a person has an account, a bit for each."""
    names = {name for platforms in person.handles.values() for name in platforms}
    return sum(1 << n for n, platform in enumerate(Platform) if platform.value in names)


def number(key: str) -> int:
    """A key as 40 bits; two that meet by chance are compared and found different."""
    octets = key.encode("utf-8", "surrogatepass")
    return zlib.crc32(octets) << 8 | zlib.adler32(octets) & 0xFF


def _groups(part: "array[int]") -> Iterator[tuple[int, list[int]]]:
    """The places under each key that at least two people share."""
    last, places = -1, list[int]()
    for packed in sorted(set(part)):
        key = packed >> _PLACE_BITS
        if key != last:
            if len(places) > 1:
                yield last, places
            last, places = key, []
        places.append(packed & _PLACE)
    if len(places) > 1:
        yield last, places


def _is_near(one: str, other: str) -> bool:
    """Whether two names are near, or the words of one are all in the other."""
    if fuzz.ratio(one, other) >= NEAR_NAME:
        return True
    mine, yours = set(one.split()), set(other.split())
    return min(len(mine), len(yours)) > 1 and (mine <= yours or yours <= mine)
