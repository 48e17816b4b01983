"""Changes of stored rows by the hundred."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import update as update_of
from sqlalchemy.orm import Session

from irm.models import Base, Influencer
from irm.models.inserts import table_of

#: What a change by an import adds to `row_version`; people's changes add one. So the remainder
#: tells whether a person has changed a row since an import made it.
BY_IMPORT = 1 << 14


def update(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Update rows by `of_id`, those with the same columns together."""
    table = table_of(model)
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        alike[tuple(row)].append(row)
    for names, some in alike.items():
        values: dict[str, Any] = {name: bindparam(name) for name in names if name != "of_id"}
        if model is Influencer:  # Whoever has the person's form open is told.
            values["row_version"] = table.c.row_version + BY_IMPORT
        statement = update_of(table).where(table.c.id == bindparam("of_id")).values(values)
        session.connection().execute(statement, some)
