"""What hangs on a person and on a relationship, and how a merge treats each of it.

Every foreign key that leads to `influencers` or `relationships` stands here; a house test walks
them and fails for one that is missing. Rows are kept in a merge's record as plain JSON.
"""

import datetime as dt
import enum
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Date, Enum, Table, delete, insert, select, update
from sqlalchemy.orm import Session

from irm.models import Base
from irm.models.base import UTCDateTime

#: These rows of the one who goes become rows of the one who is kept.
MOVE = (
    ("accounts", "influencer_id"),
    ("contact_points", "influencer_id"),
    ("search_entries", "influencer_id"),
    ("import_rows", "influencer_id"),
    ("import_rows", "twin_id"),
    ("absences", "influencer_id"),
    ("introductions", "influencer_id"),
)

#: Two relationships with one brand become one; others move.
JOIN = (("relationships", "influencer_id"),)

#: The kept takes over what the gone was to a brand, where they are nothing to it yet;
#: irm/directory/proposed.py.
TAKE = (("prospects", "influencer_id"),)

#: The kept takes over whom the gone reached and who reached them; irm/directory/ties.py.
TIED = (("ties", "from_id"), ("ties", "to_id"))

#: These stay as they are, and why.
STAY = {
    ("places", "influencer_id"): "measured anew by the next measuring; one place for each brand",
    ("influencers", "merged_into_id"): "who was merged into them first still leads to them",
    ("scores", "influencer_id"): "history of one person's own figures; a relationship's follow it",
    ("duplicates", "left_id"): "not shown while merged; the decision is theirs again afterwards",
    ("duplicates", "right_id"): "not shown while merged; the decision is theirs again afterwards",
    ("merges", "kept_id"): "says what happened, not what is",
    ("merges", "gone_id"): "says what happened, not what is",
}

#: What hangs on a relationship moves when two become one: the table, and the column that names
#: one of its rows.
RELATED = {
    "stage_moves": "id",
    "asks": "id",
    "review_items": "id",
    "introductions": "id",
    "interactions": "id",
    "touchpoints": "id",
    "proofs": "id",
    "pauses": "id",
    "facts": "id",
    "promises": "id",
    "questions": "id",
    "interaction_versions": "id",
    "campaign_members": "id",
    "handover_items": "id",
    "plan_gaps": "what",
    "scores": "id",
    "search_entries": "id",
    "bulk_edit_rows": "id",
    "relationship_tags": "tag_id",
}

#: The column that names the relationship, where it is called otherwise.
_COLUMNS = {"introductions": "connector_id"}

#: Of these a relationship may have one only; where both had one, that of the gone is put away.
UNIQUE = {
    "proofs": ("kind", "source", "source_id"),
    "scores": ("kind", "day"),
    "review_items": ("review_id",),
    "relationship_tags": ("tag_id",),
    "campaign_members": ("campaign_id",),
    "plan_gaps": ("what",),
}

#: Ids named by one statement.
CHUNK = 500

Row = Mapping[str, Any]


def table(name: str) -> Table:
    """The table of this name."""
    return Base.metadata.tables[name]


def related_by(name: str) -> str:
    """The column of a table in RELATED that names the relationship."""
    return _COLUMNS.get(name, "relationship_id")


def ids(session: Session, name: str, column: str, of: int, key: str = "id") -> list[int]:
    """The keys of the rows whose `column` names this one, in order."""
    rows = table(name)
    found = select(rows.c[key]).where(rows.c[column] == of).order_by(rows.c[key])
    return list(session.scalars(found))


def move(
    session: Session,
    name: str,
    column: str,
    keys: Sequence[int],
    *,
    of: int,
    to: int,
    key: str = "id",
) -> int:
    """Let these rows, as far as they still belong to `of`, belong to `to`; returns how many."""
    rows, moved = table(name), 0
    for start in range(0, len(keys), CHUNK):
        some = rows.c[key].in_(keys[start : start + CHUNK])
        done = session.connection().execute(
            update(rows).where(some, rows.c[column] == of).values({column: to})
        )
        moved += done.rowcount
    return moved


def move_all(session: Session, name: str, column: str, *, of: int, to: int) -> None:
    """Let every row that belongs to `of` belong to `to`."""
    rows = table(name)
    session.connection().execute(update(rows).where(rows.c[column] == of).values({column: to}))


def fetch(session: Session, name: str, column: str, values: Iterable[int]) -> list[Row]:
    """Whole rows by the values of a column, locked until the transaction ends, in order of id."""
    rows = table(name)
    found = select(rows).where(rows.c[column].in_(sorted(values))).with_for_update()
    if "id" in rows.c:
        found = found.order_by(rows.c.id)
    return [dict(row) for row in session.connection().execute(found).mappings()]


def write(session: Session, name: str, id: int, values: Row) -> None:
    """Write these columns of one row."""
    rows = table(name)
    if values:
        session.connection().execute(update(rows).where(rows.c.id == id).values(dict(values)))


def remove(session: Session, name: str, row: Row) -> None:
    """Delete one row by its primary key."""
    rows = table(name)
    key = [column == row[column.name] for column in rows.primary_key]
    session.connection().execute(delete(rows).where(*key))


def restore(session: Session, name: str, row: Row) -> None:
    """Put a deleted row back; under another id where its own was given away."""
    rows, values = table(name), dict(row)
    if "id" in rows.c:
        taken = select(rows.c.id).where(rows.c.id == values["id"])
        if session.scalar(taken) is not None:
            del values["id"]
    session.connection().execute(insert(rows).values(values))


def plain(row: Row) -> dict[str, Any]:
    """A row as JSON can keep it."""
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    return value.isoformat() if isinstance(value, dt.date) else value


def typed(name: str, row: Row) -> dict[str, Any]:
    """A row that JSON kept, as its table takes it; columns there are no more are left out."""
    columns = table(name).c
    return {key: _typed(columns[key], value) for key, value in row.items() if key in columns}


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, Enum) and column.type.enum_class is not None:
        return column.type.enum_class(value)
    if isinstance(column.type, UTCDateTime):
        return dt.datetime.fromisoformat(value)
    return dt.date.fromisoformat(value) if isinstance(column.type, Date) else value
