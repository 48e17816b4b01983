"""Moves that the evidence proposes: shown with their reason, accepted, dismissed, taken back."""

import re

import make
import pytest
from sqlalchemy import select

from irm import clock
from irm.funnel import interactions, stages
from irm.funnel.interactions import Exchange
from irm.ledger import counters, proving, replay
from irm.models import Direction, Relationship, Role, Stage, StageMove

HTMX = {"HX-Request": "true"}


@pytest.fixture
def lead(saved):
    """Ana, who leads her brand."""
    return saved(make.member(Role.LEAD))


@pytest.fixture
def cards(saved, session, lead):
    """Chloé answered and is claimed unaware; Dario is claimed engaged and nothing says so."""
    up = saved(make.relationship(brand=lead.brand, name="Chloé", owner=lead.user))
    saved(make.interaction(relationship=up, direction=Direction.IN, happened_at=clock.now()))
    back = saved(make.relationship(brand=lead.brand, name="Dario", stage=Stage.ENGAGED))
    saved(make.relationship(brand=lead.brand, name="Elif"))
    proving.rebuild(session, clock.now())
    counters.recount(session)
    session.commit()
    return up, back


def decide(client, card, decision, **more):
    values = {"decision": decision, "stage": "aware", "row_version": card.row_version} | more
    return client.post(f"/relationships/{card.id}/proposal", data=values, headers=HTMX)


def stage(session, card):
    session.rollback()
    return session.scalar(select(Relationship.stage).where(Relationship.id == card.id))


def test_where_claim_and_evidence_differ_a_move_is_proposed_with_its_reason(client_of, lead, cards):
    page = client_of(lead.user).get("/funnel/proposals").text

    assert "Chloé" in page
    assert ": 1 reply." in page
    assert "For “Aware”: no reply, follow, mention or application from them yet." in page
    assert "Elif" not in page


def test_the_board_says_how_many_claims_are_covered(client_of, lead, cards):
    client = client_of(lead.user)

    said = client.get("/funnel/claims").text
    assert "1 of 1 claims are not covered by evidence" in said
    assert "2 proposed moves" in said
    board = client.get("/funnel").text
    assert board.count('class="card-earned"') == 1
    assert "Earned: Nothing proven" in board


@pytest.mark.parametrize(
    ("claim", "names"),
    [("uncovered", ["Dario"]), ("ahead", ["Chloé"]), ("covered", ["Chloé", "Elif"])],
)
def test_the_list_is_filtered_by_what_the_evidence_covers(client_of, lead, cards, claim, names):
    page = client_of(lead.user).get(f"/influencers?claim={claim}").text

    assert [name for name in ("Dario", "Chloé", "Elif") if name in page] == names


def test_today_tells_of_the_moves_proposed_with_ones_own_people(client_of, lead, cards):
    page = client_of(lead.user).get("/today").text

    assert "The evidence proposes 1 move with your people" in page


def test_accepting_moves_with_the_evidence_as_its_reason_and_is_taken_back(
    session, client_of, lead, cards
):
    client, up = client_of(lead.user), cards[0]

    answer = decide(client, up, "accept")
    assert "data-decided" in answer.text
    assert stage(session, up) is Stage.AWARE
    made = session.scalars(select(StageMove).order_by(StageMove.id.desc())).first()
    assert made.reason.startswith("Newest that counts on ")

    answer = decide(client, up, "undo", undoes=made.id)
    assert "data-row" in answer.text
    assert stage(session, up) is Stage.UNAWARE


def test_what_was_dismissed_comes_back_only_with_other_evidence(session, client_of, lead, cards):
    client, up = client_of(lead.user), cards[0]
    decide(client, up, "dismiss")
    assert "Chloé" not in client.get("/funnel/proposals").text

    assert "data-row" in decide(client, up, "reopen").text
    decide(client, up, "dismiss")
    session.rollback()
    card = session.get(Relationship, up.id, populate_existing=True)
    for _ in range(2):
        interactions.log(
            session,
            card,
            Exchange("Called", direction=Direction.BOTH),
            author=lead.user,
            happened_at=clock.now(),
            at=clock.now(),
        )
    session.commit()

    assert "Chloé" in client.get("/funnel/proposals").text
    assert stage(session, up) is Stage.UNAWARE


def test_a_proposal_that_is_another_meanwhile_is_not_accepted(session, client_of, lead, cards):
    client, up = client_of(lead.user), cards[0]

    assert decide(client, up, "accept", stage="engaged").status_code == 409
    assert decide(client, up, "accept", row_version=up.row_version + 1).status_code == 409
    assert stage(session, up) is Stage.UNAWARE


def test_several_are_accepted_at_once_and_whoever_changed_meanwhile_stays(
    session, client_of, lead, cards
):
    client, (up, back) = client_of(lead.user), cards
    who = [f"{up.id}~aware", f"{back.id}~interested"]

    page = client.post("/funnel/proposals/accept", data={"who": who}, follow_redirects=True).text

    assert "1 person was moved. 1 is not as it was shown and stays." in page
    assert (stage(session, up), stage(session, back)) == (Stage.AWARE, Stage.ENGAGED)


def test_what_was_accepted_at_once_is_taken_back_but_for_whoever_was_moved_since(
    session, client_of, lead, cards
):
    client, (up, back) = client_of(lead.user), cards
    who = [f"{up.id}~aware", f"{back.id}~unaware"]
    page = client.post("/funnel/proposals/accept", data={"who": who}, follow_redirects=True).text
    assert "2 people were moved." in page
    sent = re.search(r'name="moves" value="([\d,]+)"', page)[1]
    card = session.get(Relationship, back.id, populate_existing=True)
    stages.move(
        session, card, Stage.AWARE, user=lead.user, at=clock.now(), reason="They wrote to us."
    )
    session.commit()

    page = client.post("/funnel/proposals/undo", data={"moves": sent}, follow_redirects=True).text

    assert "1 move was taken back. 1 was moved or archived since, and stays." in page
    assert (stage(session, up), stage(session, back)) == (Stage.UNAWARE, Stage.AWARE)
    assert replay.check(session).by_code.keys() <= {"chain", "since"}
    assert client.get(f"/influencers/{up.influencer_id}?only=move").text.count("Moved from") == 2


def test_an_undo_of_nothing_or_of_another_brands_moves_does_nothing(
    session, saved, client_of, lead, cards
):
    card = saved(make.relationship())
    other = saved(make.member(brand=card.brand)).user
    made = stages.move(session, card, Stage.AWARE, user=other, at=clock.now(), reason="Met.")
    session.commit()
    client = client_of(lead.user)

    for moves in ("", "x", "1,,2", "9" * 30, "-1"):
        assert client.post("/funnel/proposals/undo", data={"moves": moves}).status_code == 422
    client.post("/funnel/proposals/undo", data={"moves": f"{made.id},999999999"})
    assert stage(session, card) is Stage.AWARE


@pytest.mark.parametrize("who", [[], ["x"], ["1~proud"], ["1"]])
def test_ticking_nothing_or_nonsense_is_refused(client_of, lead, who):
    assert (
        client_of(lead.user).post("/funnel/proposals/accept", data={"who": who}).status_code == 422
    )


def test_where_nothing_is_proposed_the_page_says_so(client_of, lead):
    client = client_of(lead.user)

    assert "Claims and evidence agree." in client.get("/funnel/proposals").text
    assert client.get("/funnel/proposals?after=x").status_code == 422
