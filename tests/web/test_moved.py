"""What moved since, as a page, as a line on the board and as a file."""

import datetime as dt

import make
import pytest

from irm.funnel import stages
from irm.models import Review, Role, Stage

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def zoe(session, lead):
    """Somebody who became aware yesterday."""
    person = make.influencer(name="=Zoé")
    session.add(person)
    one = stages.begin(session, person, lead.brand_id, user=None, at=NOW - 40 * DAY)
    at = NOW - DAY
    stages.move(session, one, Stage.AWARE, user=lead.user, at=at, reason="Follows us.")
    session.commit()
    return one


def test_the_page_says_who_went_where_by_whom_and_why(lead, zoe, client_of):
    page = client_of(lead.user).get("/funnel/moved").text

    assert "no review was closed yet" in page
    for words in ("=Zoé", "Follows us.", lead.user.name, "Not covered by evidence"):
        assert words in page


def test_a_day_is_named_in_the_address(lead, zoe, client_of):
    client = client_of(lead.user)
    long_ago, today = ((NOW - n * DAY).date() for n in (20, 0))

    assert "=Zoé" in client.get(f"/funnel/moved?since={long_ago}").text
    assert "Nobody moved" in client.get(f"/funnel/moved?since={today}").text
    assert client.get("/funnel/moved?since=monday").status_code == 422
    assert client.get("/funnel/moved?since=9999-12-31").status_code in (200, 422)


def test_the_board_says_how_many_moved_since_the_last_review(saved, lead, zoe, client_of):
    client = client_of(lead.user)
    assert "1 moved in the last 30 days" in client.get("/funnel/moved/line").text

    saved(
        Review(
            brand_id=lead.brand_id,
            since=NOW - 30 * DAY,
            started_at=NOW - 12 * DAY,
            closed_at=NOW - 12 * DAY,
        )
    )

    assert "1 moved since the last review on" in client.get("/funnel/moved/line").text


def test_the_file_holds_no_formula(lead, zoe, client_of):
    response = client_of(lead.user).post("/funnel/moved/file", data={"since": "review"})

    lines = response.data.decode("utf-8-sig").splitlines()
    assert response.headers["Content-Type"].startswith("text/csv")
    assert lines[1].startswith("'=Zoé,Up,Unaware,Aware,1,0,")


def test_whoever_is_new_is_counted_apart_and_covered_by_nothing(session, lead, zoe, client_of):
    person = make.influencer(name="Newcomer")
    session.add(person)
    stages.begin(session, person, lead.brand_id, user=None, at=NOW - DAY)
    session.commit()
    client = client_of(lead.user)

    assert "1 moved in the last 30 days, 1 new" in client.get("/funnel/moved/line").text
    assert "overed by evidence" not in client.get("/funnel/moved?way=new").text
