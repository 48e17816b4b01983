"""The rows of Today: however many people there are, an index leads to the few that are shown."""

import make
import pytest
from sqlalchemy import event, text

from irm.models import Role


@pytest.fixture
def ana(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def asked(session):
    """Every statement with its values, as the database gets them."""
    seen = []

    def note(_connection, _cursor, statement, values, _context, _many):
        seen.append((statement, values))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_nobody_reads_all_that_is_open_to_find_what_is_hers(session, saved, client_of, ana, asked):
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL weighs the ways by its own statistics")
    tom, card = saved(make.member(brand=ana.brand)), saved(make.relationship(brand=ana.brand))
    session.add_all(
        make_one(relationship=card, owner_id=tom.user_id)
        for make_one in (make.promise, make.question)
        for _number in range(300)
    )
    session.commit()
    session.execute(text("ANALYZE"))
    session.commit()
    client = client_of(ana.user)
    asked.clear()

    assert client.get("/today").status_code == 200

    reads = [one for one in asked if one[0].lstrip().startswith(("SELECT", "WITH"))]
    assert any("FROM questions" in statement for statement, _values in reads)
    connection = session.connection()
    steps = [
        row[3]
        for statement, values in reads
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    ]
    # A walk through an index, or past its first column, grows with the people of all colleagues.
    walks = tuple(f"SCAN {table}" for table in ("promises", "questions", "touchpoints"))
    assert not [step for step in steps if step.startswith(walks) or "ANY(" in step]
