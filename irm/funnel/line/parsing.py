"""One line of quick log, read: who, what, when, what next; all other words are the summary.

`@lea call yesterday: loved the kit, wants samples; back in 2w` is a call of yesterday with lea, its
summary `loved the kit, wants samples`, and a touchpoint in two weeks. Whatever is not understood
stays in the summary, so that no word is ever lost; what was understood wrongly is refused by its
token, and its words are back. Knows no database and no clock.
"""

import datetime as dt
from collections.abc import Collection

from irm.funnel import activities
from irm.funnel.line import days, vocabulary
from irm.funnel.line.chips import Chip, ChipKind, Line
from irm.funnel.line.words import Words
from irm.models import Kind
from irm.models.keys import fold

#: A longer beginning is a sentence, not a heading.
_HEAD_WORDS = 14


_CLAUSES = ((ChipKind.PROMISE, vocabulary.PROMISED), (ChipKind.QUESTION, vocabulary.ASKED))


def parse(text: str, today: dt.date, *, refused: Collection[str] = (), name: str = "") -> Line:
    """Read a line, in English and French alike; it never fails.

    `today` is the writer's own. `refused` are tokens of chips that are to be words again. `name` is
    somebody whom the line is known to begin with.
    """
    reading = _Reading(Words(text), today, frozenset(refused))
    reading.read_who(name)
    reading.read_next()
    reading.read_head()
    reading.read_last_day()
    reading.read_clauses()
    reading.read_no_days()
    return reading.line()


class _Reading:
    """One line while it is read: what was understood, and which words are cut."""

    def __init__(self, words: Words, today: dt.date, refused: frozenset[str]) -> None:
        self.words = words
        self.today = today
        self.refused = refused
        self.chips: list[Chip] = []
        #: Ranges of words that leave the summary.
        self.cuts: list[tuple[int, int]] = []
        #: The first word behind who it is about, and the first that belongs to the next touchpoint.
        self.first = 0
        self.last = len(words)

    def read_who(self, name: str) -> None:
        """An @handle or a known name at the beginning."""
        if name:
            size = len(Words(name))
            if fold(self.words.raw(0, min(size, self.last))) == fold(name):
                self._take_who(name, size)
        elif self.last and (key := self.words.words[0].key).startswith("@") and len(key) > 1:
            self._take_who(self.words.raw(0, 1).removeprefix("@"), 1)

    def _take_who(self, value: str, end: int) -> None:
        if self._add(ChipKind.WHO, 0, end, value):
            self.first = end
            if end < self.last and self.words.words[end].key in (":", ","):
                self.cuts.append((end, end + 1))
                self.first += 1

    def read_next(self) -> None:
        """`back in 2w`, `relance lundi`: the last clause, or one behind a semicolon."""
        starts = [
            index + 1
            for index in range(self.first, self.last)
            if self.words.is_separator(index) and self.words.words[index].key not in "()"
        ]
        if self.first not in starts:
            starts.insert(0, self.first)
        for start in reversed(starts):
            found = self._next_at(start)
            if found is None:
                continue
            day, end = found
            stop = end
            while stop < len(self.words) and self.words.words[stop].key in (".", "!", ";", ","):
                stop += 1
            if end < len(self.words) and not self.words.is_separator(end):
                continue
            is_last = stop >= len(self.words)
            if not is_last and self.words.words[end].key not in (";", "."):
                continue
            begins = start - 1 if start > self.first else start
            if self._add(ChipKind.NEXT, start, end, day, cut=(begins, stop if is_last else end)):
                if is_last:
                    self.last = begins
                return

    def _next_at(self, start: int) -> tuple[dt.date, int] | None:
        if met := self.words.match(vocabulary.NEXT, start):
            return days.to_come(self.words, met[1], self.today)
        # Without a word for it, a clause of its own that can mean nothing else.
        behind = start > self.first and self.words.words[start - 1].key in (";", ".")
        if behind and self.words.match(vocabulary.SAYS_SO, start):
            return days.to_come(self.words, start, self.today)
        return None

    def read_head(self) -> None:
        """What stands first and is understood throughout: `call yesterday:`."""
        index, found = self.first, list[tuple[ChipKind, int, int, str | dt.date]]()
        while index < min(self.last, self.first + _HEAD_WORDS):
            comma = bool(found) and self.words.words[index].key == ","
            step = self._step(index + comma, {kind for kind, *_rest in found})
            if step is None:
                break
            kind, end, value = step
            found.append((kind, index + comma, end, value))
            index = end
        # `call her mother` is no call: what is named must stand for itself.
        while found and found[-1][0] is not ChipKind.DAY and not self._is_over(found[-1][2]):
            found.pop()
        is_all = bool(found) and self._rest_is_empty(found[-1][2])
        for kind, start, end, value in found:
            # Where nothing else is said, what it was is the summary.
            is_cut = not (is_all and kind in (ChipKind.ACTIVITY, ChipKind.KIND))
            self._add(kind, start, end, value, cut=(start, end) if is_cut else None)
        if found and not is_all:
            commas = {end for _kind, _start, end, _value in found[:-1]}
            commas &= {start - 1 for _kind, start, _end, _value in found}
            self.cuts += [(at, at + 1) for at in commas]
            self._cut_sign(found[-1][2])

    def _step(self, index: int, known: set[ChipKind]) -> tuple[ChipKind, int, str | dt.date] | None:
        """The longest thing understood at an index, of a kind that is not known yet."""
        steps: list[tuple[ChipKind, tuple[str | dt.date, int] | None]] = [
            (ChipKind.DAY, days.gone_by(self.words, index, self.today))
        ]
        # `promised: samples` is a promise, and none was given.
        if not any(self.words.match(pattern, index) for _kind, pattern in _CLAUSES):
            steps += [
                (ChipKind.ACTIVITY, vocabulary.activity(self.words, index)),
                (ChipKind.KIND, vocabulary.kind(self.words, index)),
                (ChipKind.DIRECTION, vocabulary.direction(self.words, index)),
            ]
        best: tuple[ChipKind, int, str | dt.date] | None = None
        for kind, step in steps:
            if step is None or kind in known or step[1] > self.last:
                continue
            if self._token(kind, index, step[1]) in self.refused:
                continue
            if best is None or step[1] > best[1]:
                best = kind, step[1], step[0]
        return best

    def _is_over(self, index: int) -> bool:
        if index >= self.last or self.words.is_separator(index):
            return True
        return days.impossible(self.words, index) is not None

    def _rest_is_empty(self, index: int) -> bool:
        return not any(
            word.key.strip("_").isalnum() or len(word.key) > 1
            for word in self.words.words[index : self.last]
        )

    def _cut_sign(self, index: int) -> None:
        is_sign = index < self.last and self.words.is_separator(index)
        if is_sign and self.words.words[index].key not in "()?!":
            self.cuts.append((index, index + 1))

    def read_last_day(self) -> None:
        """`met her at the fair yesterday`: the day at the end, where the line began with a deed."""
        if self._has(ChipKind.DAY) or self.first >= self.last:
            return
        begins = self._deed()
        end = self.last
        while end > self.first and self.words.words[end - 1].key in (".", "!"):
            end -= 1
        for start in range(max(self.first, end - 6), end):
            found = days.gone_by(self.words, start, self.today)
            if found is None or found[1] != end:
                continue
            is_apart = start > self.first and self.words.is_separator(start - 1)
            if not is_apart and (begins is None or begins[1] > start):
                continue
            cut = (start - 1 if is_apart else start, end)
            added = self._add(ChipKind.DAY, start, end, found[0], cut=cut)
            if added and begins and not self._has(ChipKind.ACTIVITY):
                self._add(ChipKind.ACTIVITY, self.first, begins[1], begins[0], cut=None)
            return

    def _deed(self) -> tuple[str, int] | None:
        """The talk a line begins with; samples that arrived yesterday are no deed of yesterday."""
        found = vocabulary.activity(self.words, self.first)
        known = activities.find(found[0]) if found else None
        return found if known is not None and known.kind is Kind.TALK else None

    def read_clauses(self) -> None:
        """A promise and a question; their words stay where they are."""
        start = self.first
        while start < self.last:
            end = start
            while end < self.last and self.words.words[end].key not in (";", ".", "?"):
                end += 1
            for kind, pattern in _CLAUSES:
                met = self.words.match(pattern, start)
                if met is None or met[1] >= end or self._has(kind):
                    continue
                if kind is ChipKind.PROMISE:
                    self._take_promise(start, met[1], end)
                else:
                    stop = min(end + 1, self.last) if self.words.raw(end, end + 1) == "?" else end
                    self._add(kind, start, stop, self.words.raw(met[1], stop), cut=None)
            start = end + 1

    def read_no_days(self) -> None:
        """`30 February`: whoever typed it meant another day, and nobody can say which."""
        index = self.first
        while index < len(self.words):
            end = days.impossible(self.words, index)
            if end is not None and not self._has(ChipKind.NO_DAY):
                while days.impossible(self.words, index + 1) == end:
                    index += 1
                self._add(ChipKind.NO_DAY, index, end, self.words.raw(index, end), cut=None)
            index = end or index + 1

    def _take_promise(self, start: int, what: int, end: int) -> None:
        """A promise has its day at its end; without one nobody could keep it in time."""
        for index in range(what + 1, end):
            lead = self.words.match(vocabulary.BY, index)
            found = days.to_come(self.words, lead[1] if lead else index, self.today)
            if found is None or found[1] != end:
                continue
            promise = Chip(
                ChipKind.PROMISE,
                self.words.raw(start, end),
                self.words.raw(what, index),
                is_cut=False,
                by=found[0],
                is_theirs=self.words.match(vocabulary.THEY, start) is not None,
            )
            if promise.token not in self.refused:
                self.chips.append(promise)
            return

    def _has(self, kind: ChipKind) -> bool:
        return any(chip.kind is kind for chip in self.chips)

    def _token(self, kind: ChipKind, start: int, end: int) -> str:
        return f"{kind.value}:{fold(self.words.raw(start, end))}"

    def _add(
        self,
        kind: ChipKind,
        start: int,
        end: int,
        value: str | dt.date,
        cut: tuple[int, int] | bool | None = True,
    ) -> bool:
        """Keep a chip, unless it was refused."""
        chip = Chip(kind, self.words.raw(start, end), value, is_cut=cut is not None)
        if chip.token in self.refused:
            return False
        self.chips.append(chip)
        if cut is not None:
            self.cuts.append((start, end) if isinstance(cut, bool) else cut)
        return True

    def line(self) -> Line:
        """What is left once all cuts are made."""
        gone = {index for start, end in self.cuts for index in range(start, end)}
        kept, place = [], 0
        for index, word in enumerate(self.words.words):
            if index in gone:
                kept.append(self.words.text[place : word.start])
                place = word.end
        kept.append(self.words.text[place:])
        order = {kind: at for at, kind in enumerate(ChipKind)}
        begins = "" if self._has(ChipKind.WHO) else self._begins(gone)
        return Line(
            " ".join("".join(kept).split()).strip(" "),
            tuple(sorted(self.chips, key=lambda chip: order[chip.kind])),
            begins,
        )

    def _begins(self, gone: set[int]) -> str:
        """The first words up to a sign or to what was understood: at most four can be a name."""
        end = 0
        while end < min(len(self.words), 4) and end not in gone:
            if not self.words.words[end].key[0].isalpha():
                break
            end += 1
        return self.words.raw(0, end)
