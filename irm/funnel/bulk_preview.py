"""What a change to many people would do: nothing is written."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from irm.funnel.bulk_edit import Outcome, outcomes
from irm.models import BulkEdit, User

#: How many a preview looks at, and how many it names.
LOOKED_AT, NAMED = 20_000, 12


@dataclass(slots=True)
class Preview:
    """What a change would do."""

    people: int = 0
    changed: int = 0
    same: int = 0
    #: By what is changed, and by why not.
    by_change: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    #: Moves that lead back, and moves the evidence does not cover.
    unproven: Counter[str] = field(default_factory=Counter)
    some: list[Outcome] = field(default_factory=list)
    left_out: list[Outcome] = field(default_factory=list)
    #: False where there are more than were looked at.
    is_whole: bool = True


def preview(session: Session, edit: BulkEdit, user: User) -> Preview:
    """Say what a change would do, and write nothing."""
    ids: list[int] = edit.selection["ids"]
    found = Preview(len(ids), is_whole=len(ids) <= LOOKED_AT)
    for some in _chunks(ids[:LOOKED_AT], 500):
        for one in outcomes(session, edit, some, user):
            if one.problem:
                found.problems[one.problem] += 1
                found.left_out += [one] if len(found.left_out) < NAMED else []
            elif one.changed:
                found.changed += 1
                found.by_change.update(one.changed.keys())
                found.unproven.update([one.rests_on] if one.rests_on else [])
                found.some += [one] if len(found.some) < NAMED else []
            else:
                found.same += 1
    return found


def _chunks(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
