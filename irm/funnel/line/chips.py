"""What a line said: its chips, and the words that are left."""

import datetime as dt
import enum
from dataclasses import dataclass

from irm.funnel import activities
from irm.funnel.line import vocabulary
from irm.models import Direction, Kind
from irm.models.keys import fold


class ChipKind(enum.StrEnum):
    """What a part of a line says."""

    WHO = "who"
    ACTIVITY = "activity"
    KIND = "kind"
    DIRECTION = "direction"
    DAY = "day"
    NEXT = "next"
    PROMISE = "promise"
    QUESTION = "question"
    #: A day that no month has: to be corrected, or kept as words.
    NO_DAY = "no_day"


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that was understood, and the words that said it."""

    kind: ChipKind
    #: As it was typed.
    raw: str
    #: A handle, a code, a day, the words of a promise or a question.
    value: str | dt.date
    #: Whether its words were cut out of the summary; a promise and a question stay in it.
    is_cut: bool = True
    #: Of a promise: by when, and whether it is theirs.
    by: dt.date | None = None
    is_theirs: bool = False

    @property
    def token(self) -> str:
        """What refuses it: its kind and its words."""
        return f"{self.kind.value}:{fold(self.raw)}"


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says."""

    summary: str
    chips: tuple[Chip, ...] = ()
    #: The first words, where nobody is named by a handle: perhaps a name.
    begins: str = ""

    def of(self, kind: ChipKind) -> Chip | None:
        """The chip of a kind, if there is one."""
        return next((chip for chip in self.chips if chip.kind is kind), None)

    @property
    def day(self) -> dt.date | None:
        """The day on which it happened, where it says so."""
        return self._day(ChipKind.DAY)

    @property
    def next_on(self) -> dt.date | None:
        """The day of the next touchpoint, where it says so."""
        return self._day(ChipKind.NEXT)

    @property
    def activity(self) -> activities.Activity | None:
        """What it was, exactly."""
        chip = self.of(ChipKind.ACTIVITY)
        return activities.find(str(chip.value)) if chip else None

    @property
    def kind(self) -> Kind | None:
        """Give, ask or talk: as it says, else as such an activity usually is."""
        if chip := self.of(ChipKind.KIND):
            return Kind(str(chip.value))
        return self.activity.kind if self.activity else None

    @property
    def direction(self) -> Direction | None:
        """Who turned to whom: as it says, else as such an activity usually is."""
        if chip := self.of(ChipKind.DIRECTION):
            return Direction(str(chip.value))
        if self.activity is None:
            return None
        return vocabulary.usual_direction(self.activity.channel, fold(self.summary))

    def _day(self, kind: ChipKind) -> dt.date | None:
        chip = self.of(kind)
        return chip.value if chip and isinstance(chip.value, dt.date) else None
