"""The Plan page, in the browser's words: who sees what, and what is done with a touch."""

import datetime as dt
from zoneinfo import ZoneInfo

import make
import pytest
from sqlalchemy import func, select

from irm.funnel import plan_reading
from irm.funnel.planner import plans
from irm.funnel.planner.reading import Wish
from irm.jobs import tasks
from irm.models import Plan, PlanGap, Planner, Role, State, Task, Touchpoint
from irm.web import plan_tries, plan_words
from irm.web.words import Words

NOW = dt.datetime.now(dt.UTC)
TODAY = NOW.date()
WEEKS = 4


@pytest.fixture
def ana(saved):
    """Ana, who manages relationships of her brand."""
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def ben(saved, ana):
    """Ben, her colleague."""
    return saved(make.member(Role.MANAGER, brand=ana.brand))


@pytest.fixture
def lead(saved, ana):
    """Lea, who leads the brand."""
    return saved(make.member(Role.LEAD, brand=ana.brand))


@pytest.fixture
def people(saved, ana):
    """Three people of Ana's, last heard of 40 days ago."""
    long_ago = NOW - dt.timedelta(days=40)
    return [
        saved(
            make.relationship(
                brand=ana.brand,
                owner=ana.user,
                name=name,
                last_contact_at=long_ago,
                last_two_way_at=long_ago,
            )
        )
        for name in ("Mira Okafor", "Noor Haddad", "Olu Adeyemi")
    ]


@pytest.fixture
def touch(session, ana, people):
    """The first touch of a plan."""
    plans.make(session, ana.brand, Wish(TODAY, WEEKS), at=NOW, settle=session.commit)
    return session.scalars(select(Touchpoint).order_by(Touchpoint.due_on, Touchpoint.id)).first()


def week_of(touch):
    return f"of={touch.owner_id}&week={touch.due_on}"


def send(client, touch, act, **more):
    values = {"row_version": touch.row_version, **more}
    return client.post(f"/plan/touchpoints/{touch.id}/{act}?{week_of(touch)}", data=values)


def again(session, touch):
    session.expire_all()
    return session.get_one(Touchpoint, touch.id)


def test_without_a_plan_one_button_makes_one(app, session, client_of, ana, people):
    client = client_of(ana.user)
    assert "Plan the next 12 weeks" in client.get("/plan").text

    answer = client.post("/plan", data={"weeks": 12})

    page = client.get(answer.location).text
    assert "as soon as the worker is free" in page
    assert "Plan the next 12 weeks" not in page
    while tasks.run_next(app) is not None:
        pass
    page = client.get(answer.location).text
    assert "The plan of 12 weeks" in page
    assert "of 3 people" in page
    assert session.scalar(select(Plan.author_id)) == ana.user_id


def test_two_who_plan_at_once_make_one_task(session, client_of, lead, people):
    client = client_of(lead.user)
    client.post("/plan?of=team")

    answer = client.post("/plan?of=team", follow_redirects=True)

    assert "A plan is being made already." in answer.text
    assert session.scalar(select(func.count(Task.id)).where(Task.kind == "plan")) == 1


def test_a_manager_plans_for_herself_alone(session, client_of, ana, ben, lead):
    client = client_of(ana.user)

    assert client.post("/plan?of=team").status_code == 403
    assert client.post(f"/plan?of={ben.user_id}").status_code == 403
    assert client.post(f"/plan?of={ana.user_id}").status_code == 303
    session.rollback()
    assert session.scalar(select(Task.arguments))["owner"] == ana.user_id
    assert client_of(lead.user).post(f"/plan?of={ben.user_id}").status_code == 303


@pytest.mark.parametrize("weeks", ["0", "27", "x", "99999999999"])
def test_weeks_nobody_can_mean_are_refused(session, client_of, ana, weeks):
    answer = client_of(ana.user).post("/plan", data={"weeks": weeks})

    assert answer.status_code == 422
    assert session.scalar(select(func.count(Task.id))) == 0


def test_the_week_shows_each_touch_with_its_why(client_of, ana, touch):
    page = client_of(ana.user).get(f"/plan?{week_of(touch)}").text

    assert f'id="touch-{touch.id}"' in page
    assert "days since the last exchange" in page
    assert f'href="/touchpoints/{touch.id}/brief"' in page


def test_a_viewer_looks_and_does_nothing(saved, client_of, ana, touch):
    viewer = saved(make.member(Role.VIEWER, brand=ana.brand))
    client = client_of(viewer.user)

    page = client.get(f"/plan?{week_of(touch)}").text

    assert f'id="touch-{touch.id}"' in page
    assert "/accept" not in page
    assert "Plan again" not in page
    assert send(client, touch, "drop").status_code == 403


def test_a_colleague_sees_and_does_not_move(session, client_of, ben, lead, touch):
    client = client_of(ben.user)

    assert f'id="touch-{touch.id}"' in client.get(f"/plan?{week_of(touch)}").text
    assert send(client, touch, "accept").status_code == 403
    assert send(client_of(lead.user), touch, "accept").status_code == 303


def test_accepting_is_said_and_can_be_taken_back(session, client_of, ana, touch):
    client = client_of(ana.user)

    answer = send(client, touch, "accept")

    page = client.get(answer.location).text
    assert "stays: " in page
    assert f'action="/plan/touchpoints/{touch.id}/give-back' in page
    now = again(session, touch)
    assert now.planned_by is Planner.PERSON
    send(client, now, "give-back")
    assert again(session, touch).planned_by is Planner.PLAN


def test_moving_accepts_and_its_undo_puts_it_back(session, client_of, ana, touch):
    client, before = client_of(ana.user), touch.due_on
    day = before + dt.timedelta(days=1)

    answer = send(client, touch, "move", to=day)

    now = again(session, touch)
    assert (now.due_on, now.planned_by) == (day, Planner.PERSON)
    assert "Moved here from" in client.get(answer.location).text
    send(client, now, "give-back")
    assert (again(session, touch).due_on, touch.planned_by) == (before, Planner.PLAN)


def test_the_script_gets_the_week_and_the_message(session, client_of, ana, touch):
    day = touch.due_on + dt.timedelta(days=1)
    values = {"row_version": touch.row_version, "to": day}

    answer = client_of(ana.user).post(
        f"/plan/touchpoints/{touch.id}/move?{week_of(touch)}",
        data=values,
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section id="plan-body"')
    assert 'hx-target="#plan-body"' in answer.text


def test_pinning_and_dropping_can_be_undone(session, client_of, ana, touch):
    client = client_of(ana.user)
    send(client, touch, "pin")
    assert again(session, touch).is_pinned
    send(client, touch, "unpin")
    assert not again(session, touch).is_pinned

    answer = send(client, touch, "drop")
    assert again(session, touch).state is State.SKIPPED
    assert "nothing is planned with them in that week" in client.get(answer.location).text
    send(client, touch, "bring-back")
    assert again(session, touch).state is State.OPEN


@pytest.mark.parametrize("act", ["accept", "pin", "drop", "move"])
def test_what_changed_meanwhile_is_not_overwritten(session, client_of, ana, touch, act):
    values = {"row_version": touch.row_version + 1, "to": TODAY}

    answer = client_of(ana.user).post(
        f"/plan/touchpoints/{touch.id}/{act}", data=values, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("", "Choose a day."),
        ("31.02.2026", "Write a day as"),
        ("2020-01-01", "Choose today or a later day."),
        ("9999-12-31", "within the next three years"),
    ],
)
def test_a_day_that_cannot_be_comes_back_with_a_sentence(client_of, ana, touch, to, said):
    answer = send(client_of(ana.user), touch, "move", to=to)

    assert answer.status_code == 422
    assert said in answer.text


def test_the_list_is_paged_by_key(client_of, ana, touch, monkeypatch):
    monkeypatch.setattr(plan_reading, "PAGE", 2)
    client = client_of(ana.user)

    page = client.get(f"/plan?{week_of(touch)}&view=list").text
    later = page.split("after=")[1].split('"')[0]
    following = client.get(f"/plan?{week_of(touch)}&view=list&after={later}").text

    assert page.count('id="touch-') == 2
    assert f'id="touch-{touch.id}"' not in following
    assert "From the beginning" in following
    assert client.get(f"/plan?{week_of(touch)}&view=list&after=zzz").status_code == 422


def test_the_team_is_counted_by_colleague_and_day(client_of, lead, ana, touch):
    page = client_of(lead.user).get(f"/plan?of=team&week={touch.due_on}").text

    assert f'href="/plan?of={ana.user_id}&amp;week=' in page
    assert "Plan: the team" in page


def test_the_team_s_week_is_a_list_with_whose_each_touch_is(client_of, lead, ben, ana, touch):
    address = f"/plan?of=team&view=list&week={touch.due_on}"

    page = client_of(lead.user).get(address).text

    assert f'id="touch-{touch.id}"' in page
    assert f"<td>{ana.user.name}</td>" in page
    assert "/accept" in page
    assert "/accept" not in client_of(ben.user).get(address).text


def test_who_does_not_fit_is_listed_with_the_worst_first(session, client_of, ana, touch, people):
    session.query(PlanGap).delete()
    for number, one in enumerate(people):
        session.add(
            PlanGap(
                relationship_id=one.id,
                what="contact",
                brand_id=ana.brand_id,
                owner_id=ana.user_id,
                why={"code": "no_room", "whole": True},
                days=number + 1,
                debt=float(number + 1),
            )
        )
    session.commit()

    page = client_of(ana.user).get(f"/plan/gaps?of={ana.user_id}").text

    places = [page.index(one) for one in ("Olu Adeyemi", "Noor Haddad", "Mira Okafor")]
    assert places == sorted(places)
    assert "No room in the hours there are" in page
    after = f"/plan/gaps?of={ana.user_id}&after=2.0~{people[1].id}~contact"
    rest = client_of(ana.user).get(after).text
    assert "Mira Okafor" in rest
    assert "Noor Haddad" not in rest
    assert client_of(ana.user).get("/plan/gaps?after=nan~1~x").status_code == 422


def test_both_come_as_files(client_of, ana, touch):
    client = client_of(ana.user)

    touches = client.post(f"/plan/file?{week_of(touch)}", data={"what": "touches"})
    gaps = client.post("/plan/file", data={"what": "gaps"})

    assert "Mira Okafor" in touches.text
    assert touches.text.lstrip("\ufeff").startswith("Day,Name,Stage,Colleague,What,Minutes,Why")
    assert "Days beyond the limit" in gaps.text


def test_what_if_shows_both_and_writes_nothing(session, client_of, ana, touch):
    before = session.scalar(select(func.count(Touchpoint.id)))

    page = client_of(ana.user).get(f"/plan/what-if?whom={ana.user_id}&away=y").text

    assert "How it would come out" in page
    assert "People within their limit" in page
    session.rollback()
    assert session.scalar(select(func.count(Touchpoint.id))) == before


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("hours=0", 422, "Say how many hours more or fewer"),
        ("hours=200", 422, "Write a number of hours"),
        ("hours=nan", 422, "Write a number of hours"),
        ("hours=x", 422, "Write a number."),
    ],
)
def test_what_nobody_can_mean_is_said(client_of, ana, touch, asked, status, said):
    answer = client_of(ana.user).get(f"/plan/what-if?whom={ana.user_id}&{asked}")

    assert answer.status_code == status
    assert said in answer.text


def test_a_manager_tries_out_her_own_hours_alone(client_of, ana, ben, touch):
    client = client_of(ana.user)

    assert client.get(f"/plan/what-if?whom={ben.user_id}&hours=2").status_code == 403


def test_where_they_are_many_the_worker_tries_it_out(
    app, session, client_of, ana, ben, touch, monkeypatch
):
    monkeypatch.setattr(plan_tries, "AT_ONCE", 1)
    client = client_of(ana.user)
    page = client.get(f"/plan/what-if?whom={ana.user_id}&hours=2").text
    assert "the worker tries it out" in page

    answer = client.post("/plan/what-if", data={"whom": ana.user_id, "hours": "2"})
    assert "It is being tried out" in client.get(answer.location).text
    while tasks.run_next(app) is not None:
        pass

    assert "How it would come out" in client.get(answer.location).text
    assert "How it would come out" in client.get(f"{answer.location}?progress=1").text
    assert client_of(ben.user).get(answer.location).status_code == 404


@pytest.mark.parametrize("asked", ["of=9999999", "of=x", "of=-1"])
def test_nobody_is_not_found(client_of, ana, touch, asked):
    assert client_of(ana.user).get(f"/plan?{asked}").status_code == 404


@pytest.mark.parametrize("week", ["x", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_week_that_is_none_shows_this_one(client_of, ana, touch, week):
    assert client_of(ana.user).get(f"/plan?week={week}").status_code == 200


@pytest.mark.parametrize(
    ("weeks", "named", "rest"), [(1, 1, ""), (4, 4, ""), (6, 3, "3 more weeks")]
)
def test_of_many_weeks_that_are_too_full_the_first_are_named(app, weeks, named, rest):
    mondays = [dt.date(2026, 3, 2) + dt.timedelta(weeks=n) for n in range(weeks)]
    full = [{"from": str(day), "planned": 90, "minutes": 60} for day in mondays]
    said = Words("en", ZoneInfo("UTC"), mondays[0])

    with app.test_request_context():
        (sentence,) = plan_words.infeasible([{"owner_id": 1, "weeks": full}], {1: "Ana"}, said)

    assert sentence.count(" of 1\N{NO-BREAK SPACE}h") == named
    assert rest in sentence
