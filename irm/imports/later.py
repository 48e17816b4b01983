"""What was built on the rows of an import since: by imports that ran after it, and by merges."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from irm.models import Base, BatchState, ImportBatch, ImportRow, ImportStep, Merge, Verdict
from irm.models.ids import within

Rows = Mapping[str, set[int]]

#: Imports that still hold what they wrote.
_STANDING = (BatchState.RUNNING, BatchState.DONE, BatchState.FAILED, BatchState.UNDOING)

#: What belongs to a person, and moves with them.
_OWNED = ("accounts", "contact_points", "relationships")


class Later:
    """Rows of one import that others changed; kept from step to step, and read on each time.

    Which import is the later one, the rows themselves say: nobody can change what is not there.
    """

    def __init__(self, session: Session, batch_id: int) -> None:
        self.batch_id = batch_id
        self._changed: dict[str, set[int]] = defaultdict(set)
        #: Per table the first and the last row that the import made.
        self._bounds: dict[str, tuple[int, int]] = {}
        self._read = 0
        steps = select(ImportStep.id, ImportStep.created).where(ImportStep.batch_id == batch_id)
        for id, created in session.execute(steps.order_by(ImportStep.id)).yield_per(100):
            self._read = self._read or id
            for table, ranges in created.items():
                first, last = self._bounds.get(table, (ranges[0][0], ranges[-1][1]))
                self._bounds[table] = (min(first, ranges[0][0]), max(last, ranges[-1][1]))

    def changed(self, session: Session, there: Rows) -> dict[str, set[int]]:
        """Return those of some rows that an import changed since they were made."""
        self._read_on(session)
        found = {table: self._changed[table] & ids for table, ids in there.items()}
        if people := there.get("influencers"):
            found["influencers"] |= self._listed(session, people)
        return found

    def _read_on(self, session: Session) -> None:
        newest = session.scalar(select(func.max(ImportStep.id))) or 0
        if newest <= self._read:
            return
        steps = (
            select(ImportStep.changed)
            .join(ImportBatch, ImportBatch.id == ImportStep.batch_id)
            .where(
                ImportStep.id > self._read,
                ImportStep.id <= newest,
                ImportStep.batch_id != self.batch_id,
                ImportBatch.state.in_(_STANDING),
            )
        )
        for (changed,) in session.execute(steps).yield_per(100):
            for table, id, _columns in changed:
                first, last = self._bounds.get(table, (1, 0))
                if first <= id <= last:
                    self._changed[table].add(id)
        self._read = newest

    def _listed(self, session: Session, people: set[int]) -> set[int]:
        """People whom another list brought something: it holds them too."""
        listed = (
            select(ImportRow.influencer_id)
            .join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
            .where(
                within(ImportRow.influencer_id, people),
                ImportRow.batch_id != self.batch_id,
                ImportRow.verdict.in_((Verdict.CREATED, Verdict.UPDATED)),
                ImportBatch.state.in_(_STANDING),
            )
        )
        return {id for id in session.scalars(listed) if id is not None}


def merged(session: Session, there: Rows) -> dict[str, set[int]]:
    """Return those of some rows that a merge, not undone since, gave to somebody else."""
    found: dict[str, set[int]] = defaultdict(set)
    for name in _OWNED:
        if not there.get(name):
            continue
        rows = Base.metadata.tables[name]
        owners = select(rows.c.influencer_id).where(within(rows.c.id, there[name]))
        records = session.scalars(
            select(Merge.record).where(Merge.undone_at.is_(None), Merge.kept_id.in_(owners))
        )
        for record in records:
            found[name] |= there[name].intersection(_moved(record, name))
    return found


def _moved(record: Mapping[str, Mapping[str, list[int]]], name: str) -> list[int]:
    if name != "relationships":
        return list(record.get("moved", {}).get(f"{name}.influencer_id", ()))
    whole: list[Mapping[str, Mapping[str, int]]] = list(record.get("whole", ()))  # type: ignore[arg-type]
    return [one["row"]["id"] for one in whole]
