"""Working time and absences, in the browser's words."""

import datetime as dt
import time

import make
import pytest
from sqlalchemy import event, select

from irm.db import db
from irm.models import Absence, QuietSeason, Role
from irm.web.status import Look

TODAY = dt.datetime.now(dt.UTC).date()


def on(days):
    return TODAY + dt.timedelta(days=days)


@pytest.fixture
def ana(saved):
    """Ana, who manages relationships of her brand."""
    return saved(make.member(Role.MANAGER, user=make.user(name="Ana")))


@pytest.fixture
def lead(saved, ana):
    """Lea, who leads it."""
    return saved(make.member(Role.LEAD, brand=ana.brand, user=make.user(name="Lea")))


@pytest.fixture
def mira(saved, ana):
    return saved(make.relationship(brand=ana.brand, owner=ana.user, name="Mira Okafor"))


def values(first, last, why="Holiday", **more):
    return {"first": str(on(first)), "last": str(on(last)), "why": why} | more


def stored(session):
    session.rollback()
    columns = (Absence.user_id, Absence.influencer_id, Absence.first_on, Absence.last_on)
    return session.execute(select(*columns).order_by(Absence.id)).all()


def test_working_time_is_kept(session, client_of, ana):
    client = client_of(ana.user)

    answer = client.post(
        "/settings/working",
        data={"work_days": ["5", "1", "2"], "weekly_hours": "4.5", "country": "FR"},
    )

    assert answer.location == "/settings/working"
    session.refresh(ana.user)
    assert (ana.user.work_days, ana.user.weekly_hours, ana.user.country) == ("125", 4.5, "FR")
    page = client.get("/settings/working").text
    assert '<option selected value="FR">France</option>' in page
    assert "The next ones:" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"weekly_hours": "61"}, "from 0 to 60"),
        ({"weekly_hours": "-1"}, "from 0 to 60"),
        ({"weekly_hours": "nan"}, "from 0 to 60"),
        ({"weekly_hours": ""}, "from 0 to 60"),
        ({"weekly_hours": "many"}, "Write a number"),
        ({"work_days": []}, "Choose a day at least"),
        ({"work_days": ["8"]}, "not a valid choice"),
        ({"country": "XX"}, "Choose one from the list"),
    ],
)
def test_working_time_that_nobody_means_is_refused(session, client_of, ana, typed, said):
    given = {"work_days": ["1"], "weekly_hours": "6", "country": ""} | typed

    answer = client_of(ana.user).post("/settings/working", data=given)

    assert answer.status_code == 422
    assert said in answer.text
    session.refresh(ana.user)
    assert (ana.user.work_days, ana.user.weekly_hours) == ("12345", 6.0)


def test_no_hours_are_a_choice(session, client_of, ana):
    given = {"work_days": ["1"], "weekly_hours": "0", "country": ""}

    client_of(ana.user).post("/settings/working", data=given)

    session.refresh(ana.user)
    assert ana.user.weekly_hours == 0


def test_ones_own_absence_is_added_shown_and_taken_back(session, client_of, ana):
    client = client_of(ana.user)

    answer = client.post("/absences", data=values(3, 9))

    assert answer.location == "/settings/working"
    assert stored(session) == [(ana.user_id, None, on(3), on(9))]
    page = client.get(answer.location).text
    assert "Ana is away from" in page
    id = session.scalar(select(Absence.id))
    assert f'action="/absences/{id}/remove"' in page
    client.post(f"/absences/{id}/remove")
    assert stored(session) == []
    assert f'name="first" value="{on(3)}"' in client.get("/settings/working").text


def test_who_is_back_early_says_so_and_can_take_it_back(session, saved, client_of, ana):
    absence = saved(make.absence(user_id=ana.user_id, first_on=on(-3), last_on=on(5)))
    client = client_of(ana.user)

    client.post(f"/absences/{absence.id}/end")

    assert stored(session) == [(ana.user_id, None, on(-3), on(-1))]
    client.post(f"/absences/{absence.id}", data=values(-3, 5))
    assert stored(session) == [(ana.user_id, None, on(-3), on(5))]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (values(5, 3), "before the first"),
        (values(-5, -3), "behind us"),
        (values(0, 3999), "three years at most"),
        (values(0, 3) | {"last": "31.12."}, "Write a day as"),
        (values(0, 3) | {"first": ""}, "Choose a day."),
        (values(0, 3, "x" * 201), "too long"),
    ],
)
def test_an_absence_that_nobody_means_is_one_sentence(session, client_of, ana, given, said):
    answer = client_of(ana.user).post("/absences", data=given)

    assert answer.status_code == 422
    assert said in answer.text
    assert stored(session) == []


def test_a_lead_notes_the_absence_of_a_member_and_nobody_else_does(
    session, saved, client_of, ana, lead
):
    client = client_of(lead.user)

    answer = client.post("/absences", data=values(3, 9, user=ana.user_id))

    assert answer.location == "/settings/team"
    assert stored(session) == [(ana.user_id, None, on(3), on(9))]
    id = session.scalar(select(Absence.id))
    assert client_of(ana.user).get(f"/absences/{id}").status_code == 200
    colleague = saved(make.member(Role.MANAGER, brand=ana.brand)).user
    assert client_of(colleague).post(f"/absences/{id}/remove").status_code == 403
    stranger = saved(make.member(Role.LEAD)).user
    assert client_of(stranger).post(f"/absences/{id}/remove").status_code == 404
    foreign = client_of(stranger).post("/absences", data=values(3, 9, user=ana.user_id))
    assert foreign.status_code == 404
    assert len(stored(session)) == 1


def test_a_refused_absence_of_a_colleague_comes_back_with_what_was_typed(
    session, client_of, ana, lead
):
    answer = client_of(lead.user).post("/absences", data=values(9, 3, user=ana.user_id))

    assert answer.status_code == 422
    assert f'name="user" value="{ana.user_id}"' in answer.text
    assert f'value="{on(9)}"' in answer.text


def test_a_person_is_away_until_a_day(session, client_of, ana, mira):
    client = client_of(ana.user)
    url = f"/influencers/{mira.influencer_id}/absences"

    answer = client.post(url, data=values(0, 30, "On tour"))

    assert answer.location == f"/influencers/{mira.influencer_id}"
    assert stored(session) == [(None, mira.influencer_id, on(0), on(30))]
    line = client.get(url, headers={"HX-Request": "true"}).text
    assert "Away until" in line
    assert "On tour" in line
    assert "<html" not in line
    assert "On tour" in client.get(url).text


def test_a_viewer_reads_when_a_person_is_away_and_changes_nothing(saved, client_of, ana, mira):
    saved(make.absence(influencer_id=mira.influencer_id, first_on=on(-1), last_on=on(3)))
    viewer = saved(make.member(Role.VIEWER, brand=ana.brand)).user
    url = f"/influencers/{mira.influencer_id}/absences"

    page = client_of(viewer).get(url).text

    assert "Away until" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    assert client_of(viewer).post(url, data=values(5, 6)).status_code == 403


def test_the_team_page_says_who_is_away_in_signs_and_words(saved, client_of, ana, lead):
    saved(make.absence(user_id=ana.user_id, first_on=on(0), last_on=on(1), why="Conference"))

    page = client_of(lead.user).get("/settings/team").text

    assert "Away: Conference" in page
    assert "Not a working day" in page


def test_the_team_page_shows_holidays_of_each_country_and_quiet_days(
    session, saved, client_of, ana, lead
):
    year = TODAY.year
    saved(
        make.season(
            brand_id=ana.brand_id, first_on=dt.date(year, 12, 1), last_on=dt.date(year, 12, 31)
        )
    )
    ana.user.country = "FR"
    session.commit()

    page = client_of(lead.user).get(f"/settings/team?month={year}-12").text

    assert "Public holiday: Christmas Day" in page
    assert "Quiet season" in page


@pytest.mark.parametrize("month", ["", "2026-13", "0001-01", "9999-12", "nonsense", "2026-1"])
def test_a_month_that_is_none_is_this_one(client_of, lead, month):
    assert client_of(lead.user).get(f"/settings/team?month={month}").status_code == 200


def test_a_quiet_season_is_added_and_taken_off_again(session, client_of, lead):
    client = client_of(lead.user)
    given = values(10, 20) | {"name": "Summer", "is_yearly": "y"}

    client.post("/settings/seasons", data=given)

    season = session.scalars(select(QuietSeason)).one()
    assert (season.name, season.first_on, season.is_yearly) == ("Summer", on(10), True)
    assert "Summer" in client.get("/settings/team").text
    client.post(f"/settings/seasons/{season.id}/remove")
    session.rollback()
    assert session.scalar(select(QuietSeason)) is None
    assert 'name="is_yearly" value="y"' in client.get("/settings/team").text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (values(5, 3) | {"name": "Summer"}, "before the first"),
        (values(0, 300) | {"name": "Summer"}, "half a year"),
        (values(0, 3) | {"name": " "}, "Give the season a name"),
        (values(0, 3) | {"name": "x" * 121}, "too long"),
    ],
)
def test_a_season_that_nobody_means_is_one_sentence(session, client_of, lead, given, said):
    answer = client_of(lead.user).post("/settings/seasons", data=given)

    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalar(select(QuietSeason)) is None


@pytest.fixture
def asked(app):
    """The statements asked of the database."""
    statements = []
    # The look at the worker, taken four times a minute, is counted by luck or not at all.
    app.extensions["irm.worker"] = time.monotonic(), time.monotonic(), Look()

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_the_team_page_costs_as_many_statements_for_many_as_for_few(
    saved, client_of, ana, lead, asked
):
    client = client_of(lead.user)
    asked.clear()
    client.get("/settings/team")
    few = len(asked)
    for _n in range(6):
        user = saved(make.member(brand=ana.brand)).user
        saved(make.absence(user_id=user.id, first_on=TODAY))

    asked.clear()
    client.get("/settings/team")

    assert few == len(asked) <= 8
