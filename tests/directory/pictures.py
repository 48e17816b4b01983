"""What a merge is measured by: a picture of the whole database, and a recount of the board."""

import datetime as dt

import make
from sqlalchemy import select

from irm.ledger import counters, proving
from irm.ledger import relationships as ledger
from irm.models import (
    Base,
    StageCounter,
)

LATER = make.MONDAY + dt.timedelta(days=400)

#: What undoing does not give back: what happened is told, and an edit counts as one.
NOT_COMPARED = {"audit_entries", "merges", "tasks"}


def picture(session):
    """Every row of every table that undoing must give back, without row versions."""
    session.rollback()
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name not in NOT_COMPARED:
            columns = [column for column in table.c if column.name != "row_version"]
            rows = session.execute(select(*columns))
            found[table.name] = sorted(repr(tuple(row)) for row in rows)
    found["stage_counters"] = counted(session)
    return found


def counted(session):
    rows = session.scalars(select(StageCounter).execution_options(populate_existing=True))
    return sorted(
        (row.brand_id, row.stage, row.tier, row.owner_id, row.people, row.audience)
        for row in rows
        if row.people
    )


def rebuilt_as_kept(session):
    before = counted(session)
    assert ledger.rebuild(session) == 0
    assert proving.rebuild(session, LATER) == 0
    counters.recount(session)
    assert counted(session) == before
    session.rollback()
