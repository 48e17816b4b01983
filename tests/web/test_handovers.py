"""Passing people on, in the browser's words."""

import datetime as dt
import time

import make
import pytest
from sqlalchemy import event, select

from irm import clock
from irm.db import db
from irm.jobs import handing_over, tasks
from irm.ledger import counters, relationships
from irm.models import (
    Handover,
    Relationship,
    Role,
    Stage,
    State,
    Task,
    Touchpoint,
    Visibility,
)
from irm.web.status import Look

TODAY = dt.datetime.now(dt.UTC).date()


def on(days):
    return TODAY + dt.timedelta(days=days)


@pytest.fixture
def ana(saved):
    """Ana, who is away."""
    return saved(make.member(Role.MANAGER, user=make.user(name="Ana")))


@pytest.fixture
def ben(saved, ana):
    return saved(make.member(Role.MANAGER, brand=ana.brand, user=make.user(name="Ben"))).user


@pytest.fixture
def lea(saved, ana):
    """Lea, who leads."""
    return saved(make.member(Role.LEAD, brand=ana.brand, user=make.user(name="Lea"))).user


@pytest.fixture
def cards(session, saved, ana):
    made = [
        saved(make.relationship(brand=ana.brand, owner=ana.user, stage=stage, name=f"Mira {stage}"))
        for stage in Stage
    ]
    counters.recount(session, ana.brand_id)
    session.commit()
    return made


def hand_over(client, ana, *to, **more):
    values = {"from": ana.user_id, "to": [one.id for one in to], "why": "Leave"} | more
    return client.post("/handovers", data=values)


def owners(session):
    session.rollback()
    return set(session.scalars(select(Relationship.owner_id)))


def test_the_way_from_the_list_to_the_handover_and_back(
    session, saved, client_of, ana, ben, lea, cards
):
    saved(make.touchpoint(relationship=cards[0], owner_id=ana.user_id, due_on=on(-1)))
    client = client_of(lea)
    assert f"/handovers/new?from={ana.user_id}" in client.get("/handovers").text
    page = client.get(f"/handovers/new?from={ana.user_id}").text
    assert "Hand over people of Ana" in page
    assert "This would pass on" not in page

    looked = client.get(f"/handovers/new?from={ana.user_id}&look=1&to={ben.id}").text
    assert "This would pass on" in looked
    assert "Hand over 5 people" in looked
    assert owners(session) == {ana.user_id}

    answer = hand_over(client, ana, ben)
    made = session.scalars(select(Handover)).one()
    assert answer.location == f"/handovers/{made.id}"
    assert owners(session) == {ben.id}
    page = client.get(answer.location).text
    assert "5 people were handed over." in page
    assert "Why: Leave" in page
    client.post(f"/handovers/{made.id}/undo")
    assert owners(session) == {ana.user_id}
    assert "Taken back on" in client.get(answer.location).text


def test_a_colleague_hands_over_her_own_people_and_nobody_elses(
    session, client_of, ana, ben, lea, cards
):
    client = client_of(ana.user)

    assert client.get("/handovers/new").status_code == 200
    assert client.get(f"/handovers/new?from={ben.id}").status_code == 403
    assert client.get("/handovers/new?from=0").status_code == 403
    assert client_of(ben).post("/handovers", data={"from": ana.user_id}).status_code == 403
    assert hand_over(client, ana, ben, until=str(on(10))).status_code == 303
    assert owners(session) == {ben.id}
    made = session.scalars(select(Handover)).one()
    assert client_of(ben).post(f"/handovers/{made.id}/undo").status_code == 403
    client.post(f"/handovers/{made.id}/undo")
    assert owners(session) == {ana.user_id}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"to": []}, "Choose at least one colleague"),
        ({"until": str(TODAY)}, "after today"),
        ({"until": "31.12.2030"}, "Write a day as"),
        ({"stage": "nonsense"}, "Choose one from the list"),
        ({"why": "x" * 201}, "too long"),
        ({"to": ["x"]}, "Choose one from the list"),
    ],
)
def test_a_handover_that_nobody_means_is_one_sentence(
    session, client_of, ana, ben, lea, cards, more, said
):
    answer = hand_over(client_of(lea), ana, ben, **more)

    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalar(select(Handover)) is None
    assert owners(session) == {ana.user_id}


def test_a_day_that_is_past_is_said_before_anybody_would_pass_on(client_of, ana, ben, lea, cards):
    asked = f"/handovers/new?from={ana.user_id}&to={ben.id}&until={TODAY}&look=1"

    answer = client_of(lea).get(asked)

    assert answer.status_code == 422
    assert "after today" in answer.text
    assert "Hand over" not in answer.text.split('id="until"')[1].split("after today")[0]
    assert 'aria-invalid="true"' in answer.text


def test_somebody_of_another_brand_is_not_found(saved, client_of, lea):
    foreign = saved(make.member()).user

    assert client_of(lea).get(f"/handovers/new?from={foreign.id}").status_code == 404
    assert client_of(lea).get("/handovers/new?from=2147483647").status_code == 404
    assert client_of(lea).get("/handovers/new?from=99999999999999").status_code == 404


def test_many_people_are_left_to_the_worker(
    app, session, monkeypatch, client_of, ana, ben, lea, cards
):
    monkeypatch.setattr("irm.funnel.handover.INLINE", 2)
    client = client_of(lea)

    answer = hand_over(client, ana, ben)

    assert owners(session) == {ana.user_id}
    assert "You may leave this page." in client.get(answer.location).text
    tasks.run_next(app)
    assert owners(session) == {ben.id}
    session.rollback()
    assert session.scalars(select(Task)).one().result == {"people": 5}
    client.post(f"{answer.location}/undo")
    assert owners(session) == {ben.id}
    tasks.run_next(app)
    assert owners(session) == {ana.user_id}


def test_they_go_back_by_themselves_on_their_day(app, session, client_of, ana, ben, lea, cards):
    hand_over(client_of(lea), ana, ben, until=str(on(3)))

    with app.app_context():
        assert handing_over.return_due(db.session, clock.now()) == 0
        later = clock.now() + dt.timedelta(days=4)
        assert handing_over.return_due(db.session, later) == 1
        assert handing_over.return_due(db.session, later) == 0

    assert owners(session) == {ana.user_id}
    made = session.scalars(select(Handover)).one()
    assert made.returned_at is not None
    assert "Went back on" in client_of(lea).get(f"/handovers/{made.id}").text


def test_who_cannot_go_back_stays_and_is_not_asked_again(
    app, session, client_of, ana, ben, lea, cards
):
    hand_over(client_of(lea), ana, ben, until=str(on(3)))
    session.refresh(ana.user)
    ana.user.is_active = False
    session.commit()

    with app.app_context():
        later = clock.now() + dt.timedelta(days=4)
        assert handing_over.return_due(db.session, later) == 1
        assert handing_over.return_due(db.session, later) == 0

    assert owners(session) == {ben.id}


def test_what_an_owner_left_who_cannot_sign_in_is_listed_for_the_lead(
    session, client_of, ana, ben, lea, cards
):
    ana.user.is_active = False
    session.commit()
    client = client_of(lea)

    page = client.get("/handovers").text

    assert "Left behind" in page
    assert f"/handovers/new?from={ana.user_id}" in page
    hand_over(client, ana, ben)
    assert owners(session) == {ben.id}
    assert "Left behind" not in client.get("/handovers").text


def test_what_is_nobodys_is_handed_over(session, saved, client_of, ana, ben, lea, cards):
    for card in cards:
        card.owner_id = None
    session.commit()
    saved(make.touchpoint(relationship=cards[0]))
    client = client_of(lea)
    assert "/handovers/new?from=0" in client.get("/handovers").text

    answer = client.post("/handovers", data={"from": "0", "to": [ben.id]})

    assert owners(session) == {ben.id}
    assert "What was nobody’s" in client.get(answer.location).text


def test_an_introduction_is_planned_and_says_why(session, saved, client_of, ana, ben, lea, cards):
    saved(make.interaction(relationship=cards[0], author=ana.user))
    relationships.rebuild(session)
    session.commit()

    hand_over(client_of(lea), ana, ben, introduce="y")

    touchpoint = session.scalars(select(Touchpoint)).one()
    assert (touchpoint.owner_id, touchpoint.state) == (ben.id, State.OPEN)
    page = client_of(ben).get(f"/influencers/{cards[0].influencer_id}").text
    assert "Passed on to you" in page


def test_the_dossier_says_what_to_know_and_keeps_private_notes_private(
    saved, client_of, ana, ben, lea, cards
):
    card = cards[-1]
    for n in range(4):
        at = make.MONDAY + dt.timedelta(days=n)
        saved(
            make.interaction(
                relationship=card, author=ana.user, summary=f"Talk {n}.", happened_at=at
            )
        )
    private = {"author": ana.user, "visibility": Visibility.PRIVATE, "summary": "Divorce."}
    saved(
        make.interaction(
            relationship=card, happened_at=make.MONDAY + dt.timedelta(days=9), **private
        )
    )
    saved(make.promise(relationship=card, what="Two seed boxes", owner_id=ana.user_id))
    saved(make.question(relationship=card, text="May I film it?", owner_id=ana.user_id))
    saved(make.fact(relationship=card, text="Mends radios"))
    saved(make.fact(relationship=card, text="Is ill", is_sensitive=True))
    saved(make.touchpoint(relationship=card, purpose="Send the box", owner_id=ana.user_id))
    answer = hand_over(client_of(lea), ana, ben)

    page = client_of(ben).get(f"{answer.location}/dossier").text

    for said in ("Talk 3.", "Talk 1.", "Two seed boxes", "May I film it?", "Mends radios"):
        assert said in page
    assert "Send the box" in page
    assert "Known to nobody else" in page
    for kept in ("Talk 0.", "Divorce.", "Is ill"):
        assert kept not in page
    led = client_of(lea).get(f"{answer.location}/dossier").text
    assert "Talk 3." in led
    assert "Divorce." not in led
    assert "Is ill" not in led


def test_the_dossier_is_paged(session, saved, client_of, ana, ben, lea, cards):
    for n in range(20):
        saved(make.relationship(brand=ana.brand, owner=ana.user, name=f"Person {n:02}"))
    client = client_of(lea)
    answer = hand_over(client, ana, ben)

    first = client.get(f"{answer.location}/dossier").text

    assert first.count("<article") == 20
    below = first.partition("/dossier?after=")[2].partition('"')[0]
    rest = client.get(f"{answer.location}/dossier?after={below}").text
    assert rest.count("<article") == 5
    assert client.get(f"{answer.location}/dossier?after=nonsense").status_code == 200


def test_who_has_one_contact_is_listed_by_colleague(saved, client_of, ana, ben, lea, cards):
    saved(make.interaction(relationship=cards[0], author=ana.user))
    saved(make.interaction(relationship=cards[1], author=ana.user))
    saved(make.interaction(relationship=cards[1], author=ben))
    client = client_of(lea)

    page = client.get(f"/handovers/alone?who={ana.user_id}").text

    assert "Mira unaware" in page
    assert "Mira aware" not in page
    assert (
        "Nobody hangs on one colleague alone" in client.get(f"/handovers/alone?who={ben.id}").text
    )
    assert "Mira unaware" in client.get("/handovers/alone").text
    assert client.get("/handovers/alone?who=99").status_code == 404
    assert client.get("/handovers/alone?after=nonsense").status_code == 422
    assert client_of(ana.user).get("/handovers/alone").status_code == 403


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


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/handovers", 9),
        ("/handovers/new?from={ana}&look=1&to={ben}", 12),
        ("/handovers/alone", 4),
        ("{made}/dossier", 11),
        ("{made}", 8),
    ],
)
def test_no_page_asks_more_for_many_people(
    saved, client_of, ana, ben, lea, cards, asked, address, most
):
    client = client_of(lea)
    for card in cards:
        saved(make.interaction(relationship=card, author=ana.user))
    made = hand_over(client, ana, ben, stage="aware").location
    address = address.format(made=made, ana=ana.user_id, ben=ben.id)
    asked.clear()
    client.get(address)
    few = len(asked)
    for _n in range(10):
        card = saved(make.relationship(brand=ana.brand, owner=ana.user))
        saved(make.interaction(relationship=card, author=ana.user))

    asked.clear()
    client.get(address)

    assert few == len(asked) <= most
