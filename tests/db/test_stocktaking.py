"""What the database counted of itself: enough to choose its ways well, and nothing misleading."""

import pytest
from sqlalchemy import text

from irm.stocktaking import take_stock
from tests import make

pytestmark = pytest.mark.usefixtures("uncounted")

#: What the full-text index asks for each time it joins two of its pieces.
JOIN = "DELETE FROM {table} WHERE id >= 1 AND id <= 2"


def counted(session):
    return dict(session.execute(text("SELECT idx, stat FROM sqlite_stat1")).all())


@pytest.fixture
def crowd(session):
    session.add_all(make.influencer(name=f"Somebody {n}") for n in range(60))
    session.commit()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("table", ["search_index_data", "post_stems_data"])
def test_the_full_text_index_never_reads_all_of_itself_to_put_a_piece_away(session, table, whole):
    session.execute(text("ANALYZE"))
    take_stock(session.connection(), whole=whole)
    session.commit()

    plan = session.execute(text(f"EXPLAIN QUERY PLAN {JOIN.format(table=table)}")).all()

    assert [row[3].split(" ", 1)[0] for row in plan] == ["SEARCH"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_grew_is_counted_and_what_stayed_is_not_counted_again(session, crowd):
    take_stock(session.connection())
    session.commit()
    assert counted(session)["ix_influencers_tier"].split()[0] == "60"

    session.add(make.influencer())
    session.commit()
    take_stock(session.connection())
    session.commit()
    assert counted(session)["ix_influencers_tier"].split()[0] == "60"

    session.add_all(make.influencer() for _n in range(600))
    session.commit()
    take_stock(session.connection())
    session.commit()
    assert counted(session)["ix_influencers_tier"].split()[0] == "661"


@pytest.mark.parametrize("backend", ["postgres"], indirect=True)
def test_postgresql_counts_the_tables_it_is_told_to(session, crowd):
    take_stock(session.connection(), ("influencers",))
    session.commit()

    known = text("SELECT reltuples FROM pg_class WHERE relname = 'influencers'")
    assert session.scalar(known) == 60


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_of_tables_that_hold_nothing_yet_nothing_is_believed(session, crowd):
    take_stock(session.connection(), whole=True)
    session.commit()

    known = set(session.scalars(text("SELECT tbl FROM sqlite_stat1 WHERE stat LIKE '0%'")))
    assert known == {"influencers"}
