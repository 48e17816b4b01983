"""Lists of ties: who follows, mentions or knows whom, one tie a row."""

from collections.abc import Hashable, Mapping, Sequence

from sqlalchemy.orm import Session

from irm.imports.kinds import Chosen, Context, Decision, Headed, Step, Told
from irm.imports.ties import columns, matching, nodes, writing
from irm.imports.ties.matching import Decided
from irm.imports.ties.record import Reader, Record
from irm.imports.ties.vocabulary import LABELS


class Ties:
    """A list of ties, made for one file."""

    name = "ties"
    fields: Sequence[str] = tuple(LABELS)
    ruled: Mapping[str, str] = {}
    #: What is said of a row whose weight was added to that of a later one.
    repeated = "added_up"

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.columns: Mapping[str, Sequence[int]] = reader.columns.fields

    @classmethod
    def likeness(cls, sheet: Headed, chosen: Chosen) -> float:
        """Say how much a table looks like ties."""
        return columns.likeness(sheet, chosen)

    @classmethod
    def of(cls, sheet: Headed, chosen: Chosen) -> "Ties":
        """Understand a table as ties.

        Raises Complaint where it holds none, or more than can be read, and to ask for the platform
        (`no_platform`) or the order of the days (`day_order`).
        """
        found = columns.guess(sheet, chosen)
        whose = nodes.read(chosen.nodes, sheet, found, chosen) if chosen.nodes else None
        separator = getattr(sheet, "separator", None)
        return cls(Reader(sheet.headings, found, separator, chosen.is_mutual, whose))

    def read(self, cells: Sequence[str]) -> Record:
        """Return what a row says. Raises Complaint."""
        return self._reader.read(cells)

    def keys(self, record: Record) -> Sequence[Hashable]:
        """Name the tie. One that leads back to its own account is none, so it cannot repeat."""
        return () if record.is_loop else (record.key,)

    def merged(self, later: Record, earlier: Record) -> Record:
        """Return both as one tie: what they weigh adds up."""
        return later.over(earlier)

    def agrees(self, record: Record, merged: Record) -> bool:
        """Rows about one tie never contradict each other: they add up."""
        return True

    def decide(
        self, session: Session, told: Sequence[Told], context: Context, *, to_write: bool = False
    ) -> list[Decision]:
        """Decide on some rows, in their order, from what is stored now."""
        return list(matching.decide(session, told, context, to_write=to_write))

    def write(
        self, session: Session, decisions: Sequence[Decision], context: Context, step: Step
    ) -> None:
        """Write what was decided, and note it in the step. The caller commits."""
        plans = (one.plan for one in decisions if isinstance(one, Decided))
        plan = next((one for one in plans if one is not None), None)
        if plan is not None:
            ours = [one for one in decisions if isinstance(one, Decided)]
            writing.write(session, plan, ours, step)
