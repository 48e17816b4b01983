"""Where a file is cut into chunks makes no difference to what becomes of its rows."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from irm.jobs.importing import running
from irm.models import Account, AccountHandle, Base, ImportRow
from tests.imports.brought import DAY, counts

HEADINGS = "Twitter,twitter_id,Name,Followers\n"
SIZES = (1, 2, 3, 7, 100)
KEPT = {"brands", "users", "settings", "alembic_version"}


@pytest.fixture
def cut(bring, session, monkeypatch):
    """Import a list into what another one left, cut into chunks of a size; say what came of it."""

    def cut(before, rows, size):
        session.rollback()
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in KEPT:
                session.execute(delete(table))
        session.commit()
        monkeypatch.setattr(running, "CHUNK", 100)
        if before:
            bring(HEADINGS + before, platform=None, day=DAY.replace(month=1))
        monkeypatch.setattr(running, "CHUNK", size)
        result = bring(HEADINGS + rows, platform=None)
        session.rollback()
        return counts(result), rows_of(session, result["batch"]), accounts(session)

    return cut


def rows_of(session, batch_id):
    listed = select(ImportRow).where(ImportRow.batch_id == batch_id).order_by(ImportRow.number)
    return [(row.number, row.verdict.value, row.reason) for row in session.scalars(listed)]


def accounts(session):
    former = select(Account.handle, AccountHandle.handle, AccountHandle.until).join(
        AccountHandle, AccountHandle.account_id == Account.id
    )
    named = select(Account.handle, Account.platform_id, Account.followers, Account.is_current)
    return sorted(map(str, session.execute(named))), sorted(map(str, session.execute(former)))


def test_two_handles_of_one_account_far_apart_are_told_as_in_one_chunk(cut):
    before = "old,1,Ana,10\n"
    others = "".join(f"other{n},,Other,{n}\n" for n in range(5))
    for size in SIZES:
        # The list knows the account by its handle of then, and by its id under another one.
        found, rows, (now, former) = cut(before, f"old,,Ana,11\n{others}new,1,Ana,12\n", size)

        assert found == {"rows": 7, "created": 5, "updated": 1, "conflicts": 1}
        assert rows[-1] == (8, "conflict", {"code": "overruled", "params": {"row": 2}})
        assert "('old', '1', 11, True)" in now
        assert former == []
        # The other way round it is the old handle that has become history.
        found, rows, (now, former) = cut(before, f"new,1,Ana,12\n{others}old,,Ana,11\n", size)
        assert rows[-1] == (8, "conflict", {"code": "overruled", "params": {"row": 2}})
        assert "('new', '1', 12, True)" in now
        assert len(former) == 1


def test_the_same_list_with_two_handles_of_one_account_changes_nothing(cut, bring):
    rows = "new,1,Ana,12\nother,,Other,1\nold,,Ana,11\n"
    cut("old,1,Ana,10\n", rows, 1)

    assert counts(bring(HEADINGS + rows, platform=None)) == {"rows": 3, "same": 2, "conflicts": 1}


ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["", "1", "2"]), st.sampled_from("123")),
    max_size=6,
).map(lambda rows: "".join(f"{handle},{id},,{count}\n" for handle, id, count in rows))


@given(ROWS, ROWS.filter(bool))
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_becomes_of_a_list_does_not_depend_on_where_it_is_cut(cut, before, rows):
    whole = cut(before, rows, 100)

    for size in SIZES[:-1]:
        assert cut(before, rows, size) == whole
