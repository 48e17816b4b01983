"""Lists of posts: what people published, with the reactions to it on one day or on several."""

from collections.abc import Hashable, Mapping, Sequence

from sqlalchemy.orm import Session

from irm.imports.kinds import Chosen, Context, Headed, Step, Told
from irm.imports.kinds import Decision as AnyDecision
from irm.imports.posts import columns, matching, writing
from irm.imports.posts.matching import Decision
from irm.imports.posts.record import Reader, Record, filled
from irm.imports.posts.vocabulary import LABELS


class Posts:
    """A list of posts, made for one file."""

    name = "posts"
    #: What the form of the columns may say; a list that is not ours is offered less.
    fields: Sequence[str] = (*LABELS, "history")
    ruled: Mapping[str, str] = matching.RULED

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.columns: Mapping[str, Sequence[int]] = reader.columns.fields
        if not reader.is_ours:
            self.fields = tuple(LABELS)

    @classmethod
    def likeness(cls, sheet: Headed, chosen: Chosen) -> float:
        """Say how much a table looks like posts."""
        return columns.likeness(sheet, chosen)

    @classmethod
    def of(cls, sheet: Headed, chosen: Chosen) -> "Posts":
        """Understand a table as posts.

        Raises Complaint where it holds none, and to ask for the platform (`no_platform`), the
        account (`no_owner`) or the order of the days (`day_order`).
        """
        found = columns.guess(sheet, chosen)
        return cls(Reader(sheet.headings, found, chosen.platform, chosen.account))

    def read(self, cells: Sequence[str]) -> Record | None:
        """Return what a row says; None where it sums up the others. Raises Complaint."""
        return self._reader.read(cells)

    def keys(self, record: Record | None) -> Sequence[Hashable]:
        """Name the post and the day of the counts: the same post on another day is no repeat."""
        if record is None:
            return ()
        # Ids that are no platform's own are those of an account: `1`, `2`, `3`.
        author = (record.author.platform, record.author.platform_id or record.author.handle_key)
        told = record.counts if record.is_nameless else None
        return [(*author, record.post_id or record.content, record.day, told)]

    def merged(self, later: Record, earlier: Record) -> Record:
        """Return a later record with what it leaves open filled in by an earlier one."""
        return filled(later, earlier)

    def agrees(self, record: Record, merged: Record) -> bool:
        """Say whether all that a record says is also what the merged one says."""
        return filled(record, merged)[1:-1] == merged[1:-1]

    def decide(
        self, session: Session, told: Sequence[Told], context: Context, *, to_write: bool = False
    ) -> list[AnyDecision]:
        """Decide on some rows, in their order, from what is stored now."""
        return list(matching.decide(session, told, context, to_write=to_write))

    def write(
        self, session: Session, decisions: Sequence[AnyDecision], context: Context, step: Step
    ) -> None:
        """Write what was decided, and note it in the step. The caller commits."""
        ours = [one for one in decisions if isinstance(one, Decision)]
        writing.write(session, ours, step, context.at)
