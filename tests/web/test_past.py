"""The board of a past day as a page: read only, and it says so."""

import datetime as dt

import make
import pytest

from irm.funnel import stages
from irm.models import Role, Stage
from irm.web.past import _month_after, _month_before

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def chloe(session, lead):
    """Somebody who began forty days ago and became aware ten days ago."""
    person = make.influencer(name="Chloé Martin")
    session.add(person)
    one = stages.begin(
        session, person, lead.brand_id, user=lead.user, at=NOW - dt.timedelta(days=40)
    )
    stages.move(
        session,
        one,
        Stage.AWARE,
        user=lead.user,
        at=NOW - dt.timedelta(days=10),
        reason="Follows us.",
    )
    session.commit()
    return one


def day(ago):
    return (NOW - dt.timedelta(days=ago)).date().isoformat()


def test_a_past_board_says_that_it_is_the_past(lead, chloe, client_of):
    page = client_of(lead.user).get(f"/funnel/past?day={day(20)}").text

    assert "This is the past" in page
    assert "Chloé Martin" in page
    assert "Today: Aware" in page
    assert "data-may-move" not in page


def test_the_columns_are_counted_after_the_page(lead, chloe, client_of):
    found = client_of(lead.user).get(f"/funnel/past/heads?day={day(20)}").text

    assert "1 person that evening, 1 today" in found
    assert "−1 since" in found
    assert "+1 since" in found


@pytest.mark.parametrize("asked", [day(0), day(-1), "9999-12-31"])
def test_a_day_that_is_not_over_leads_to_the_board(lead, client_of, asked):
    response = client_of(lead.user).get(f"/funnel/past?day={asked}")

    assert response.headers["Location"] == "/funnel"


@pytest.mark.parametrize("asked", ["2001-01-01", day(100)])
def test_a_day_before_the_first_birth_says_when_it_was(lead, chloe, client_of, asked):
    page = client_of(lead.user).get(f"/funnel/past?day={asked}").text

    assert "The first relationship began on" in page


def test_a_brand_without_people_says_what_will_be_here(lead, client_of):
    assert "Nobody was here yet" in client_of(lead.user).get(f"/funnel/past?day={day(3)}").text


@pytest.mark.parametrize("asked", ["monday", "2026-02-31", "0001-01-01", "1969-12-31"])
@pytest.mark.parametrize("page", ["past", "past/heads"])
def test_a_day_that_nobody_can_mean_is_refused(lead, client_of, page, asked):
    assert client_of(lead.user).get(f"/funnel/{page}?day={asked}").status_code == 422


def test_without_a_day_it_is_yesterday(lead, chloe, client_of):
    page = client_of(lead.user).get("/funnel/past").text

    assert f'value="{day(1)}"' in page


def test_a_column_of_the_past_goes_on_with_its_next_cards(session, lead, client_of):
    for n in range(35):
        person = make.influencer(name=f"Person {n:02d}")
        session.add(person)
        one = stages.begin(session, person, lead.brand_id, user=None, at=NOW - dt.timedelta(days=9))
        one.fit, one.fit_order = 90.0 - n, 10.0 + n
    session.commit()
    client = client_of(lead.user)
    page = client.get(f"/funnel/past?day={day(2)}").text
    more = page.split('hx-get="/funnel/past/cards', 1)[1].split('"', 1)[0].replace("&amp;", "&")

    rest = client.get(f"/funnel/past/cards{more}").text

    assert "Person 29" in page
    assert "Person 30" not in page
    assert [f"Person {n}" in rest for n in (29, 30, 34)] == [False, True, True]


@pytest.mark.parametrize(
    ("given", "before", "after"),
    [
        ("2026-03-31", "2026-02-28", "2026-04-30"),
        ("2026-01-15", "2025-12-15", "2026-02-15"),
        ("2024-12-31", "2024-11-30", "2025-01-31"),
    ],
)
def test_a_month_on_or_back_is_the_same_day_or_the_last_one(given, before, after):
    one = dt.date.fromisoformat(given)

    assert _month_before(one).isoformat() == before
    assert _month_after(one).isoformat() == after
