"""Viewers look: what somebody has to do is given to none of them."""

import make
import pytest
from sqlalchemy import select

from irm import clock
from irm.ledger import relationships as ledger
from irm.models import BrandMember, Campaign, Relationship, Role

SENTENCE = "Vic only looks: choose somebody who looks after people."


@pytest.fixture
def lea(saved):
    return saved(make.member(Role.LEAD, user=make.user(name="Lea")))


@pytest.fixture
def vic(saved, lea):
    return saved(make.member(Role.VIEWER, brand=lea.brand, user=make.user(name="Vic")))


@pytest.fixture
def card(saved, lea):
    return saved(make.relationship(brand=lea.brand, owner=lea.user))


def owner_of(session, card):
    session.expire_all()
    return session.scalar(select(Relationship.owner_id).where(Relationship.id == card.id))


def give(client, card, to):
    sent = {"owner": to.user_id, "row_version": card.row_version}
    return client.post(f"/relationships/{card.id}/owner", data=sent)


@pytest.mark.parametrize(
    "address",
    [
        "/relationships/{id}/owner",
        "/relationships/{id}/promise",
        "/relationships/{id}/question",
        "/campaigns/new",
    ],
)
def test_a_viewer_is_not_among_those_to_choose_from(client_of, lea, vic, card, address):
    page = client_of(lea.user).get(address.format(id=card.id)).text

    assert ">Lea</option>" in page
    assert ">Vic</option>" not in page


def test_whoever_looks_after_somebody_stays_shown_as_the_one_chosen(
    saved, client_of, lea, vic, card
):
    theirs = saved(make.relationship(brand=lea.brand, owner=vic.user))

    page = client_of(lea.user).get(f"/relationships/{theirs.id}/owner").text

    assert f'<option value="{vic.user_id}" selected>Vic</option>' in page


def test_nobody_is_given_to_a_viewer(session, client_of, lea, vic, card):
    answer = give(client_of(lea.user), card, vic)

    assert answer.status_code == 422
    assert SENTENCE in answer.text
    assert owner_of(session, card) == lea.user_id


def test_nor_are_many_at_once(session, client_of, lea, vic, card):
    client, who = client_of(lea.user), {"whom": "some", "who": card.id, "list": ""}

    assert ">Vic</option>" not in client.post("/bulk/choose", data=who).text
    answer = client.post("/bulk", data={**who, "owner": vic.user_id})

    assert answer.status_code == 422
    assert owner_of(session, card) == lea.user_id


@pytest.mark.parametrize("work", [make.relationship, make.touchpoint, make.promise, make.question])
def test_who_has_work_does_not_become_a_viewer_before_it_is_handed_over(
    session, saved, client_of, lea, card, work
):
    ben = saved(make.member(brand=lea.brand, user=make.user(name="Ben")))
    of = {"brand": lea.brand} if work is make.relationship else {"relationship_id": card.id}
    hers = saved(work(owner_id=ben.user_id, **of))
    ledger.rebuild(session)
    session.commit()
    client, sent = client_of(lea.user), {"role": "viewer", "seen": "manager"}
    address = f"/settings/members/{ben.user_id}/role?brand={lea.brand_id}"

    refused = client.post(address, data=sent)
    session.delete(hers)
    session.flush()
    ledger.rebuild(session)
    session.commit()
    done = client.post(address, data=sent)

    assert (refused.status_code, done.status_code) == (422, 303)
    assert "Ben looks after people here, and viewers only look" in refused.text
    session.expire_all()
    assert session.get(BrandMember, ben.id).role is Role.VIEWER


def test_who_becomes_a_viewer_leaves_her_campaigns_and_that_is_said(session, saved, client_of, lea):
    ben = saved(make.member(brand=lea.brand, user=make.user(name="Ben")))
    day = clock.today(lea.user.zone)
    of = {"brand_id": lea.brand_id, "owner_id": ben.user_id, "starts_on": day, "ends_on": day}
    campaign = saved(make.campaign(**of))
    address = f"/settings/members/{ben.user_id}/role?brand={lea.brand_id}"

    answer = client_of(lea.user).post(
        address, data={"role": "viewer", "seen": "manager"}, follow_redirects=True
    )

    assert "Nobody runs 1 campaign of" in answer.text
    session.expire_all()
    assert session.get(Campaign, campaign.id).owner_id is None
