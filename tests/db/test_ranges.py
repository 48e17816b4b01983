"""Ids as ranges: what was drawn together is looked for at once, and nothing beside it."""

import pytest
from sqlalchemy import column, literal_column, select

from irm.models.ids import RANGES, ranges, within


@pytest.mark.parametrize(
    ("ids", "found"),
    [
        ((), []),
        ({7}, [(7, 7)]),
        ({3, 1, 2}, [(1, 3)]),
        ([9, 2, 1, 9, 4], [(1, 2), (4, 4), (9, 9)]),
    ],
)
def test_ids_make_ranges(ids, found):
    assert ranges(ids) == found


@pytest.mark.parametrize(
    "ids", [set(), {2}, {1, 2, 3}, {1, 3, 4, 9}, set(range(2, 4 * RANGES, 2))], ids=len
)
def test_a_column_within_some_ids_holds_just_these(session, ids):
    first = select(literal_column("1").label("n"))
    rest = (select(literal_column(str(n)).label("n")) for n in range(2, 80))
    rows = first.union_all(*rest).subquery()
    assert set(session.scalars(select(rows.c.n).where(within(rows.c.n, ids)))) == ids


def test_few_ranges_are_few_parameters():
    assert len(within(column("id"), range(1, 1000)).compile().params) == 2
