"""The ask form, how asks ended, and the lead's page of asks."""

import csv
import datetime as dt
import io
import re

import make
import pytest
from sqlalchemy import select

from irm.funnel import interactions
from irm.funnel.interactions import Exchange
from irm.models import (
    Archetype,
    Ask,
    Direction,
    Interaction,
    Kind,
    Outcome,
    Role,
    Stage,
    Touchpoint,
    Visibility,
)

TODAY = dt.datetime.now(dt.UTC).date()
ANSWERS = {
    "wish": "Two pages in the booklet",
    "tactic": "co_creation",
    "due_on": TODAY + dt.timedelta(days=3),
    "channel": "email",
    "benefit": "New readers",
    "community": "They learn a knot",
    "shared_values": "Repair",
}


@pytest.fixture
def ravi(saved):
    """Ravi, who looks after a brand's people."""
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def chloe(saved, ravi):
    person = make.influencer(name="Chloé", archetype=Archetype.JOURNALIST)
    return saved(make.relationship(brand=ravi.brand, influencer=person, stage=Stage.AWARE))


@pytest.fixture
def log(session, ravi, chloe):
    """Logs an exchange of Ravi's with Chloé, now."""

    def logged(kind=Kind.TALK, direction=Direction.OUT, **more):
        at = dt.datetime.now(dt.UTC)
        made = interactions.log(
            session,
            chloe,
            Exchange("Hello", kind=kind, direction=direction, **more),
            author=ravi.user,
            happened_at=at,
            at=at,
            plan_next=False,
        )
        session.commit()
        return made

    return logged


@pytest.fixture
def given(log):
    """They answered, and two things were given to them."""
    log(direction=Direction.BOTH)
    log(Kind.GIVE)
    log(Kind.GIVE)


def plan(client, card, **more):
    return client.post(f"/relationships/{card.id}/ask", data={**ANSWERS, **more})


def test_the_form_says_the_balance_and_what_suits_them(client_of, ravi, chloe, given):
    page = client_of(ravi.user).get(f"/relationships/{chloe.id}/ask").text

    assert "2 gives so far. 3 are wanted at Aware: 1 more." in page
    assert page.count("is-given") == 2
    assert "figures nobody has yet" in page
    assert "Give something first" in page
    assert "Plan it: Bring them business" not in page


def test_a_shut_gate_asks_for_a_reason_and_keeps_what_was_written(
    session, client_of, ravi, chloe, given
):
    client = client_of(ravi.user)

    refused = plan(client, chloe)

    assert refused.status_code == 422
    assert "write down why; the lead sees it" in refused.text
    assert "They learn a knot" in refused.text
    assert session.scalars(select(Ask)).all() == []


def test_with_a_reason_the_ask_is_planned_and_can_be_undone(session, client_of, ravi, chloe, given):
    client = client_of(ravi.user)

    planned = plan(client, chloe, reason="The printer waits")

    page = client.get(planned.location).text
    ask = session.scalars(select(Ask)).one()
    assert planned.status_code == 303
    assert ask.override_reason == "The printer waits"
    assert "An ask is planned with Chloé: in 3 days" in page
    assert "In it for them: New readers" in page
    assert f"/touchpoints/{ask.touchpoint_id}/skip" in page


def test_an_open_gate_asks_for_no_reason(session, client_of, ravi, chloe, given, log):
    log(Kind.GIVE)
    client = client_of(ravi.user)

    page = client.get(f"/relationships/{chloe.id}/ask").text
    planned = plan(client, chloe)

    assert "The gate is open" in page
    assert "Why ask all the same?" not in page
    assert planned.status_code == 303
    touchpoint = session.scalars(select(Touchpoint)).one()
    assert (touchpoint.kind, touchpoint.tactic, touchpoint.channel) == (
        "ask",
        "co_creation",
        "email",
    )


def test_who_never_heard_from_us_has_no_form_and_no_way_around(session, client_of, ravi, chloe):
    client = client_of(ravi.user)

    page = client.get(f"/relationships/{chloe.id}/ask").text
    refused = plan(client, chloe, reason="All the same")

    assert "Nothing given so far.</span>" in page
    assert "Your first contact is never an ask. Give something first." in page
    assert "takes a reason" not in page
    assert 'name="benefit"' not in page
    assert refused.status_code == 422
    assert session.scalars(select(Touchpoint)).all() == []


def test_gives_are_counted_since_the_last_ask_once_something_was_asked(
    client_of, ravi, chloe, given, log
):
    log(Kind.ASK)

    page = client_of(ravi.user).get(f"/relationships/{chloe.id}/ask").text

    assert "Nothing given since the last ask." in page


def test_of_a_claim_that_is_not_earned_the_lower_stage_counts_and_is_said(
    session, client_of, ravi, chloe, given
):
    chloe.stage = Stage.INTERESTED
    session.commit()

    page = client_of(ravi.user).get(f"/relationships/{chloe.id}/ask").text

    assert "3 are wanted at Aware: 1 more. Interested is claimed, Aware is earned" in page


@pytest.fixture
def on_tour(session, chloe):
    """Chloé is left in peace for two weeks; returns the day on which she is back."""
    chloe.paused_until, chloe.paused_why = TODAY + dt.timedelta(days=14), "A tour"
    session.commit()
    return chloe.paused_until


def test_the_form_says_a_pause_and_why_and_offers_no_day_within_it(
    client_of, ravi, chloe, given, log, on_tour
):
    log(Kind.GIVE)

    page = client_of(ravi.user).get(f"/relationships/{chloe.id}/ask").text

    assert re.search("Paused until .+, because: A tour", page)
    assert "The gate is open" not in page
    assert f'value="{on_tour}"' in page


def test_no_ask_is_planned_within_a_pause_and_one_on_the_day_after_it_is(
    session, client_of, ravi, chloe, given, log, on_tour
):
    log(Kind.GIVE)
    client = client_of(ravi.user)

    refused = plan(client, chloe, due_on=on_tour - dt.timedelta(days=1))
    assert session.scalars(select(Touchpoint)).all() == []
    planned = plan(client, chloe, due_on=on_tour)

    assert refused.status_code == 422
    assert "They are paused on this day" in refused.text
    assert planned.status_code == 303


def test_anything_else_that_is_planned_within_a_pause_is_planned_and_the_pause_is_said(
    session, client_of, ravi, chloe, on_tour
):
    client = client_of(ravi.user)
    path = f"/relationships/{chloe.id}/touchpoints"

    said = {}
    for day in (on_tour - dt.timedelta(days=1), on_tour):
        answer = client.post(path, data={"kind": "give", "due_on": day, "purpose": "A book"})
        said[day] = client.get(answer.location).text

    assert [("They are paused until" in page) for page in said.values()] == [True, False]
    assert len(session.scalars(select(Touchpoint)).all()) == 2


@pytest.mark.parametrize("name", ["wish", "due_on", "benefit", "community", "shared_values"])
def test_every_question_wants_an_answer(session, client_of, ravi, chloe, given, log, name):
    log(Kind.GIVE)

    refused = plan(client_of(ravi.user), chloe, **{name: " "})

    assert refused.status_code == 422
    assert session.scalars(select(Ask)).all() == []


def test_choosing_ask_where_contacts_are_planned_leads_to_the_form(
    session, client_of, ravi, chloe, given
):
    client = client_of(ravi.user)
    form = {"due_on": TODAY, "kind": "ask", "purpose": "Two pages"}

    led = client.post(f"/relationships/{chloe.id}/touchpoints", data=form)
    by_script = client.post(
        f"/relationships/{chloe.id}/touchpoints", data=form, headers={"HX-Request": "true"}
    )

    page = client.get(led.location).text
    assert "thought through before it is planned" in page
    assert 'value="Two pages"' in page
    assert str(TODAY) in page
    assert by_script.status_code == 422
    assert "open the ask form" in by_script.text
    assert session.scalars(select(Touchpoint)).all() == []


def test_a_planned_ask_that_is_done_is_logged_as_an_ask(session, client_of, ravi, chloe, given):
    client = client_of(ravi.user)
    plan(client, chloe, reason="The printer waits")
    touchpoint = session.scalars(select(Touchpoint)).one()

    client.post(
        f"/touchpoints/{touchpoint.id}/complete", data={"row_version": touchpoint.row_version}
    )

    logged = session.scalars(select(Interaction).filter_by(kind=Kind.ASK)).one()
    assert (logged.activity, logged.is_breach, logged.outcome) == ("co_creation", False, None)


def test_an_early_ask_is_logged_all_the_same_and_said_politely(client_of, ravi, chloe, given):
    client = client_of(ravi.user)
    answer = client.post(
        f"/relationships/{chloe.id}/interactions",
        data={"kind": "ask", "summary": "Asked for two pages", "quick": "1"},
        headers={"HX-Request": "true"},
    )

    page = client.get(f"/influencers/{chloe.influencer_id}").text

    assert answer.status_code == 200
    assert "came before its time" in answer.text
    assert "Before its time" in page
    assert "2 gives, 1 ask: 1 still open" in page


def test_what_exactly_and_how_it_ended_are_logged_from_the_form(session, client_of, ravi, chloe):
    client_of(ravi.user).post(
        f"/relationships/{chloe.id}/interactions",
        data={
            "kind": "ask",
            "summary": "Asked",
            "activity": "interview",
            "outcome": "declined",
        },
    )

    logged = session.scalars(select(Interaction)).one()
    assert (logged.activity, logged.outcome) == ("interview", Outcome.DECLINED)


def test_how_an_ask_ended_is_said_on_the_timeline_and_taken_back(
    session, client_of, ravi, chloe, given, log
):
    asked, client = log(Kind.ASK), client_of(ravi.user)
    address = f"/interactions/{asked.id}/outcome"

    said = client.post(address, data={"outcome": "accepted", "row_version": 1})
    page = client.get(said.location).text
    session.refresh(asked)
    back = client.post(address, data={"outcome": "", "row_version": asked.row_version})

    assert "The ask of Chloé: accepted." in page
    assert "tag-good" in page
    assert "Undo" in page
    assert back.status_code == 303
    session.refresh(asked)
    assert asked.outcome is None


def test_an_outcome_somebody_changed_meanwhile_is_not_overwritten(
    session, client_of, ravi, chloe, log
):
    asked, client = log(Kind.ASK), client_of(ravi.user)
    address = f"/interactions/{asked.id}/outcome"
    client.post(address, data={"outcome": "accepted", "row_version": 1})

    late = client.post(address, data={"outcome": "declined", "row_version": 1})

    session.refresh(asked)
    assert late.status_code == 409
    assert asked.outcome is Outcome.ACCEPTED


def test_a_colleagues_private_ask_is_not_there(saved, client_of, ravi, chloe, log):
    asked = log(Kind.ASK, visibility=Visibility.PRIVATE)
    other = saved(make.member(Role.MANAGER, brand=ravi.brand))

    answer = client_of(other.user).post(
        f"/interactions/{asked.id}/outcome", data={"outcome": "accepted", "row_version": 1}
    )

    assert answer.status_code == 404


def test_the_lead_sees_everybodys_asks_without_gives_and_a_manager_their_own(
    saved, client_of, ravi, chloe, given, log
):
    lead = saved(make.member(Role.LEAD, brand=ravi.brand))
    other = saved(make.member(Role.MANAGER, brand=ravi.brand))
    plan(client_of(ravi.user), chloe, reason="The printer waits")
    log(Kind.ASK)

    seen, own, foreign = (
        client_of(user).get("/funnel/asks").text for user in (lead.user, ravi.user, other.user)
    )
    figures = client_of(lead.user).get("/funnel/asks/colleagues").text

    for page in (seen, own):
        assert "The printer waits" in page
        assert "Gone out before their time" in page
    assert "The printer waits" not in foreign
    assert "Nobody asked before giving" in foreign
    assert ravi.user.name in figures


def test_both_tables_are_a_file(client_of, ravi, chloe, given, log):
    client = client_of(ravi.user)
    plan(client, chloe, reason="=1+1")
    log(Kind.ASK, outcome=Outcome.NO_ANSWER)

    asks, figures = (
        list(csv.reader(io.StringIO(file.get_data().decode("utf-8-sig"))))
        for file in (
            client.post("/funnel/asks/file", data={"what": what, "days": "30"})
            for what in ("asks", "colleagues")
        )
    )

    assert {row[3] for row in asks[1:]} == {"Planned with a reason", "Before its time"}
    assert "'=1+1" in {row[5] for row in asks[1:]}
    assert figures[1][1:] == ["2", "1", "0", "0", "1", "1", "1"]
