"""Leaving a brand or altogether, in the browser's words."""

import datetime as dt

import make
import pytest

from irm.funnel import calendars
from irm.ledger import counters
from irm.models import Role, State
from tests.web.links import link_of


@pytest.fixture
def boss(saved):
    return saved(make.user(name="Boss", is_admin=True))


@pytest.fixture
def card(session, saved, lea, ben):
    made = saved(make.relationship(brand=lea.brand, owner=ben.user, name="Mira"))
    saved(make.touchpoint(relationship=made, owner=ben.user))
    counters.recount(session, lea.brand_id)
    session.commit()
    return made


@pytest.fixture
def launch(saved, lea, ben):
    """A campaign that Ben runs."""
    ends_on = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=9)
    return saved(make.campaign(brand_id=lea.brand_id, owner=ben.user, ends_on=ends_on))


@pytest.fixture
def pia(saved, lea):
    """Pia of an agency, who may run no campaign of Nova."""
    return saved(make.member(Role.PARTNER, brand=lea.brand, user=make.user(name="Pia"))).user


def owner_of(session, card):
    session.expire_all()
    return card.owner_id


def test_the_page_says_what_she_has_and_warns_of_a_brand_without_lead(client_of, boss, lea, card):
    page = client_of(boss).get(f"/settings/users/{card.owner_id}/leave").text
    assert "Nova" in page
    assert "no other lead" not in page

    assert "no other lead" in client_of(boss).get(f"/settings/users/{lea.user_id}/leave").text


def test_who_is_deactivated_is_out_at_once_and_what_she_has_is_handed_over(
    app, session, saved, client_of, boss, lea, ben, card
):
    theirs, client = client_of(ben.user), client_of(boss)
    secret = calendars.renew(session, ben.user, make.MONDAY)
    session.commit()
    touchpoint = saved(make.touchpoint(relationship=card, owner=ben.user))
    link = link_of(app, ben.user, touchpoint)

    answer = client.post(
        f"/settings/users/{ben.user_id}/leave", data={"to": f"{lea.brand_id}:{lea.user_id}"}
    )

    assert answer.status_code == 303
    assert owner_of(session, card) == lea.user_id
    assert theirs.get("/today").status_code == 302
    assert app.test_client().get(f"/calendar/{secret}.ics").status_code == 404
    assert app.test_client().get(link).status_code == 400
    assert "Undo" in client.get(answer.location).text


def test_she_comes_back_by_undo_and_what_was_handed_over_stays(
    session, client_of, boss, lea, ben, card
):
    client = client_of(boss)
    client.post(f"/settings/users/{ben.user_id}/leave", data={"without": f"{lea.brand_id}"})

    answer = client.post(f"/settings/users/{ben.user_id}/return")

    assert "stays where it is" in client.get(answer.location).text
    assert owner_of(session, card) is None
    assert client_of(ben.user).get("/today").status_code == 200


@pytest.mark.parametrize("choice", [{}, "both", {"to": "1:99999"}, {"without": "99999"}])
def test_without_one_decision_nothing_is_done(session, client_of, boss, lea, ben, card, choice):
    if choice == "both":
        choice = {"to": f"{lea.brand_id}:{lea.user_id}", "without": f"{lea.brand_id}"}

    answer = client_of(boss).post(f"/settings/users/{ben.user_id}/leave", data=choice)

    assert answer.status_code == 422
    assert "one of the two" in answer.text
    assert owner_of(session, card) == ben.user_id
    assert ben.user.is_active


def test_a_viewer_takes_nothing_over(session, saved, client_of, boss, lea, ben, card):
    viewer = saved(make.member(Role.VIEWER, brand=lea.brand))
    chosen = {"to": f"{lea.brand_id}:{viewer.user_id}"}

    answer = client_of(boss).post(f"/settings/users/{ben.user_id}/leave", data=chosen)

    assert answer.status_code == 422
    assert owner_of(session, card) == ben.user_id


def test_a_lead_takes_out_of_her_brand_alone_and_deactivates_nobody(
    session, saved, client_of, lea, ben, card
):
    other = saved(make.relationship(owner=ben.user))
    client, id, brand_id = client_of(lea.user), ben.user_id, lea.brand_id

    assert client.post(f"/settings/users/{id}/leave").status_code == 403
    assert client.post(f"/settings/members/{id}/remove?brand={brand_id}").status_code == 422
    chosen = {"to": f"{brand_id}:{lea.user_id}"}
    answer = client.post(f"/settings/members/{id}/remove?brand={brand_id}", data=chosen)

    assert answer.status_code == 303
    assert owner_of(session, card) == lea.user_id
    session.refresh(other)
    assert other.owner_id == id


def test_nobody_leaves_by_herself(client_of, boss, lea):
    assert client_of(boss).get(f"/settings/users/{boss.id}/leave").status_code == 422
    address = f"/settings/members/{lea.user_id}/leave?brand={lea.brand_id}"
    assert client_of(lea.user).get(address).status_code == 422


def test_nobodys_work_stands_on_the_board_and_before_the_lead(
    session, client_of, boss, lea, ben, card
):
    card.owner = None
    session.commit()
    chosen = {"without": f"{lea.brand_id}"}
    client_of(boss).post(f"/settings/users/{ben.user_id}/leave", data=chosen)

    assert "No owner" in client_of(lea.user).get("/funnel").text
    assert "Nobody’s" in client_of(lea.user).get("/handovers").text


def test_what_was_given_on_does_not_go_back_to_who_is_gone(
    session, saved, client_of, boss, lea, ben, card
):
    given = {"given": {"by": ben.user_id, "from": ben.user_id, "on": "", "planner": "person"}}
    touchpoint = saved(make.touchpoint(relationship=card, owner=lea.user, why=given))
    chosen = {"without": f"{lea.brand_id}"}
    client_of(boss).post(f"/settings/users/{ben.user_id}/leave", data=chosen)

    sent = {"row_version": str(touchpoint.row_version)}
    client_of(lea.user).post(f"/touchpoints/{touchpoint.id}/give-back", data=sent)

    session.refresh(touchpoint)
    assert (touchpoint.state, touchpoint.owner_id) == (State.OPEN, None)


def test_before_it_the_page_says_of_whose_campaigns_nobody_takes_care(
    saved, client_of, boss, lea, ben, pia, launch
):
    client = client_of(boss)
    page = client.get(f"/settings/users/{ben.user_id}/leave").text
    assert "1 campaign goes along where just one of those who take over may run it" in page
    assert "Partners may not: Pia." in page

    launch.owner = lea.user
    saved(launch)
    ben.role = Role.PARTNER
    saved(ben)
    page = client.get(f"/settings/users/{lea.user_id}/leave").text
    assert "nobody will run 1 campaign, whoever takes over" in page


@pytest.mark.parametrize("door", ["users", "members"])
def test_a_campaign_that_nobody_runs_then_is_named_with_where_it_is(
    session, client_of, boss, lea, ben, pia, card, launch, door
):
    client = client_of(boss)
    act = "leave" if door == "users" else f"remove?brand={lea.brand_id}"
    chosen = {"to": f"{lea.brand_id}:{pia.id}"}

    answer = client.post(f"/settings/{door}/{ben.user_id}/{act}", data=chosen)

    page = client.get(answer.location).text
    assert "What was open is handed over" in page
    assert "Nobody runs 1 campaign of Nova now: choose somebody under Campaigns." in page
    assert owner_of(session, card) == pia.id
    assert owner_of(session, launch) is None
    assert '<td data-says="Who runs it">Nobody' in client.get("/campaigns").text


def test_where_partners_and_one_colleague_take_over_the_campaign_is_hers(
    session, client_of, boss, lea, ben, pia, launch
):
    client, of = client_of(boss), lea.brand_id
    chosen = {"to": [f"{of}:{pia.id}", f"{of}:{lea.user_id}"]}

    answer = client.post(f"/settings/users/{ben.user_id}/leave", data=chosen)

    assert "Nobody runs" not in client.get(answer.location).text
    assert owner_of(session, launch) == lea.user_id


@pytest.mark.parametrize("choice", ["partner", "nobody"])
def test_what_nobody_takes_over_is_not_said_to_be_handed_over(
    client_of, boss, lea, ben, pia, launch, choice
):
    client, of = client_of(boss), lea.brand_id
    chosen = {"to": f"{of}:{pia.id}"} if choice == "partner" else {"without": f"{of}"}

    answer = client.post(f"/settings/users/{ben.user_id}/leave", data=chosen)

    page = client.get(answer.location).text
    assert "handed over" not in page
    assert "What was open has no owner now" in page
    assert "Nobody runs 1 campaign of Nova now" in page


def test_who_becomes_a_partner_leaves_campaigns_and_the_message_names_them(
    client_of, lea, ben, launch
):
    client = client_of(lea.user)
    address = f"/settings/members/{ben.user_id}/role?brand={lea.brand_id}"

    answer = client.post(address, data={"role": "partner", "seen": "manager"})

    assert "Nobody runs 1 campaign of Nova now" in client.get(answer.location).text
