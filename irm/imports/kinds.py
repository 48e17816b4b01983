"""What a kind of list is to the import: how its rows are read, compared, decided on and written.

The job (irm/jobs/importing.py) knows files, chunks and batches; a kind knows its subject. Both
meet here. A kind is made for one file (its sheet, the columns chosen, what the user said).
"""

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from sqlalchemy.orm import Session

from irm.imports.complaints import Complaint
from irm.models import Base, ImportBatch, Platform, Verdict
from irm.scoring.rules import Rules

#: What happens to a field that is filled already and that a row says otherwise about.
OVERWRITE, IF_EMPTY, NEVER = "overwrite", "empty", "never"


class Headed(Protocol):
    """A file read as a table: `irm.imports.reading.sheet.Sheet`, or what a test makes up."""

    @property
    def headings(self) -> Sequence[str]:
        """What the columns are called."""
        ...

    @property
    def sample(self) -> Sequence[Sequence[str]]:
        """The first rows below the headings."""
        ...


class Listed(Headed, Protocol):
    """A table whose rows can be gone through."""

    def rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield the number and the cells of each row."""
        ...


class Chosen(NamedTuple):
    """What was said about a file, by the user or by a saved mapping; None: find out."""

    file_name: str = ""
    #: Field → columns, the most exact first.
    columns: Mapping[str, Sequence[int]] | None = None
    #: Where the accounts are, if rows do not say; a platform given stands above them.
    platform: Platform | None = None
    #: Whose posts these are, where the file is one account's own.
    account: str | None = None
    #: `dmy` or `mdy`, where the days of the file can be read both ways.
    day_order: str | None = None
    #: Of a list of ties: what they are where rows do not say, and whether they hold both ways.
    tie: str = ""
    is_mutual: bool = False
    #: Of a list of ties: the second file, which says whose its numbers are.
    nodes: "Listed | None" = None


class Told(NamedTuple):
    """A row of the file: what it says, or what is to be noted about it instead."""

    number: int
    record: Any
    verdict: Verdict | None = None
    complaint: Complaint | None = None
    #: Whether other rows of the file have one of its keys.
    is_shared: bool = False


@dataclass(slots=True)
class Decision:
    """What becomes of one row. A kind adds what it needs to write by subclassing."""

    number: int
    verdict: Verdict
    complaint: Complaint | None = None
    record: Any = None
    #: What the row changes, to be shown: {field: [before, after]}.
    changes: dict[str, list[Any]] = field(default_factory=dict)
    #: Whom it is about; for new people once they are written.
    influencer_id: int | None = None
    #: Somebody here already who may be the same person.
    twin_id: int | None = None
    #: Its changes are kept although it is new: nothing else says what it was about.
    is_telling: bool = False


@dataclass(slots=True)
class Context:
    """What a kind must know of the batch, the organisation and the time."""

    brand_id: int
    user_id: int | None
    batch_id: int | None
    as_of: dt.date
    source: str
    lawful_basis: str
    #: Field → OVERWRITE, IF_EMPTY or NEVER, where the user chose; else the kind's own default.
    field_rules: Mapping[str, str]
    organisation: Rules
    at: dt.datetime
    #: People with whom the brand has nothing yet become prospects, not relationships.
    keeps_out: bool = False

    @classmethod
    def of(cls, batch: ImportBatch, organisation: Rules, at: dt.datetime) -> "Context":
        """What a batch says of itself."""
        return cls(
            batch.brand_id,
            batch.user_id,
            batch.id,
            batch.as_of,
            batch.source,
            batch.lawful_basis,
            batch.order.get("rules", {}),
            organisation,
            at,
            bool(batch.order.get("keeps_out")),
        )


@dataclass(slots=True)
class Step:
    """What the writing of some rows did to the database, noted so that it can be undone."""

    made: dict[str, list[int]] = field(default_factory=dict)
    changed: list[list[Any]] = field(default_factory=list)
    #: People whose scores may have changed.
    touched: set[int] = field(default_factory=set)

    def creates(self, model: type[Base], ids: Iterable[int]) -> None:
        """Note rows that were inserted."""
        self.made.setdefault(model.__tablename__, []).extend(ids)

    def changes(self, model: type[Base], id: int, columns: Mapping[str, tuple[Any, Any]]) -> None:
        """Note columns of one row: {column: (before, after)}, as values that JSON can hold."""
        if columns:
            pairs = {name: list(pair) for name, pair in columns.items()}
            self.changed.append([model.__tablename__, id, pairs])

    def tags(self, relationship_id: int, tag_id: int) -> None:
        """Note a tag that was put on a relationship: that row has no number of its own."""
        self.changed.append(["relationship_tags", relationship_id, {"tag_id": [None, tag_id]}])


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


class Kind(Protocol):
    """One kind of list, made for one file.

    Its class also has `likeness(sheet, chosen) -> float` (0: not this kind; 1: surely this kind)
    and `of(sheet, chosen) -> Kind`, which guesses the columns that were not chosen and raises
    Complaint where they do not make a list of this kind, or where a question must be answered
    first (`day_order`: the days can be read both ways).
    """

    @property
    def name(self) -> str:
        """The word of the command line: `influencers`, `posts`, …"""
        ...

    @property
    def columns(self) -> Mapping[str, Sequence[int]]:
        """The columns as they are read now: field → indexes."""
        ...

    @property
    def fields(self) -> Sequence[str]:
        """Fields a column can be chosen for, in the order the page offers them."""
        ...

    @property
    def ruled(self) -> Mapping[str, str]:
        """Fields whose rule (overwrite, only if empty, never) can be chosen, with the default."""
        ...

    def read(self, cells: Sequence[str]) -> Any:
        """Return what a row says. Raises Complaint where it cannot be taken."""
        ...

    def keys(self, record: Any) -> Sequence[Hashable]:
        """Name what a record is about; records that share a key are about one thing.

        The first key decides where rows of one file repeat.
        """
        ...

    def merged(self, later: Any, earlier: Any) -> Any:
        """Return a later record with what it leaves open filled in by an earlier one.

        None where they are about two things although they share a key.
        """
        ...

    def agrees(self, record: Any, merged: Any) -> bool:
        """Say whether all that a record says is also what the merged one says."""
        ...

    def decide(
        self, session: Session, told: Sequence[Told], context: Context, *, to_write: bool = False
    ) -> list[Decision]:
        """Decide on some rows, in their order, from what is stored now.

        `to_write` keeps others from what was read until the caller commits.
        """
        ...

    def write(
        self, session: Session, decisions: Sequence[Decision], context: Context, step: Step
    ) -> None:
        """Write what was decided, and note it in the step. The caller commits."""
        ...
