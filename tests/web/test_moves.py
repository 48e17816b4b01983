"""Moving a card: what is missing is said and filled, both versions are shown, nothing is twice."""

import make
import pytest
from sqlalchemy import func, select

from irm import clock
from irm.directory import merge
from irm.funnel import stages
from irm.ledger import counters, proving
from irm.models import Direction, Proof, Relationship, Role, Stage, StageMove

HTMX = {"HX-Request": "true"}


@pytest.fixture
def lead(saved):
    """Ana, who leads her brand."""
    return saved(make.member(Role.LEAD, user=make.user(name="Ana")))


@pytest.fixture
def lea(saved, session, lead):
    """Léa, unaware, of whom nothing is known."""
    card = saved(make.relationship(brand=lead.brand, name="Léa"))
    counters.recount(session)
    session.commit()
    return card


def move(client, card, to, path="", **more):
    values = {"stage": to, "row_version": card.row_version} | more
    return client.post(f"/relationships/{card.id}/move{path}", data=values, headers=HTMX)


def stand(session, card):
    session.rollback()
    return session.scalar(select(Relationship.stage).where(Relationship.id == card.id))


def moves(session):
    session.rollback()
    return session.scalar(select(func.count()).select_from(StageMove))


def test_a_move_up_that_nothing_covers_says_all_that_is_missing_and_writes_nothing(
    session, client_of, lead, lea
):
    answer = move(client_of(lead.user), lea, "engaged")

    assert answer.status_code == 422
    for words in (
        "For “Aware”",
        "no reply, follow, mention or application from them yet",
        "0 of 2 exchanges both ways in the last 60 days",
        "no activity they took part in",
        "Move anyway, because…",
    ):
        assert words in answer.text
    assert "For “Ambassador”" not in answer.text
    assert answer.text.count("Log it</button>") == 2
    assert f'data-about="{lea.id}"' in answer.text
    assert (stand(session, lea), moves(session)) == (Stage.UNAWARE, 0)


def test_a_move_that_the_evidence_covers_takes_no_reason(saved, session, client_of, lead, lea):
    saved(make.interaction(relationship=lea, direction=Direction.IN, happened_at=clock.now()))
    proving.rebuild(session, clock.now())
    session.commit()

    assert move(client_of(lead.user), lea, "aware").status_code == 200


def test_once_what_was_missing_is_added_the_move_goes_on(session, client_of, lead, lea):
    client = client_of(lead.user)
    day = {"day": str(clock.today(lead.user.zone))}

    answer = move(client, lea, "interested", "/proof", kind="follow", **day)
    assert answer.status_code == 422
    assert "For “Aware”" not in answer.text
    assert "For “Interested”" in answer.text

    assert move(client, lea, "aware", "/proof", kind="mention", **day).status_code == 200
    assert stand(session, lea) is Stage.AWARE
    assert session.scalar(select(func.count()).select_from(Proof)) == 2


def test_a_proof_that_cannot_be_is_refused_in_one_sentence(session, client_of, lead, lea):
    answer = move(client_of(lead.user), lea, "aware", "/proof", kind="follow", day="2199-01-01")

    assert (answer.status_code, answer.text) == (422, "Evidence cannot lie in the future.")
    assert session.scalars(select(Proof)).all() == []


def test_a_move_back_asks_why_and_keeps_it(session, client_of, lead, lea):
    client = client_of(lead.user)
    move(client, lea, "engaged", reason="We met.")
    session.refresh(lea)

    answer = move(client, lea, "aware")
    assert answer.status_code == 422
    assert "Why do they go back?" in answer.text
    assert move(client, lea, "aware", reason="No answer for months.").status_code == 200

    assert stages.newest(session, lea.id).reason == "No answer for months."


def test_without_script_what_is_missing_is_a_page(client_of, lead, lea):
    answer = client_of(lead.user).post(
        f"/relationships/{lea.id}/move", data={"stage": "engaged", "row_version": 1}
    )

    assert answer.status_code == 422
    assert "<html" in answer.text
    assert "Move anyway, because…" in answer.text
    assert "Back without moving" in answer.text


def test_who_comes_too_late_sees_both_versions(saved, session, client_of, lead, lea):
    hugo = saved(make.member(brand=lead.brand, user=make.user(name="Hugo"))).user
    move(client_of(hugo), lea, "aware", reason="She wrote to us.")

    answer = move(client_of(lead.user), lea, "engaged", reason="We met.")

    assert answer.status_code == 409
    for words in ("Léa was moved meanwhile", "Hugo, ", "She wrote to us.", "We met."):
        assert words in answer.text
    assert "Move to Engaged anyway" in answer.text
    assert "Leave it at Aware" in answer.text
    assert 'data-stage="aware"' in answer.text
    session.refresh(lea)
    assert f'name="row_version" value="{lea.row_version}"' in answer.text
    page = client_of(lead.user).post(
        f"/relationships/{lea.id}/move", data={"stage": "engaged", "row_version": 1, "reason": "x"}
    )
    assert page.status_code == 409
    assert "<html" in page.text


def test_a_form_sent_twice_moves_once_and_says_so_kindly(session, client_of, lead, lea):
    client = client_of(lead.user)
    sent = {"reason": "We met.", "row_version": 1}
    move(client, lea, "aware", **sent)

    answer = move(client, lea, "aware", **sent)

    assert answer.status_code == 200
    assert "Léa is already at “Aware”." in answer.text
    assert "Undo" not in answer.text
    assert moves(session) == 1


def test_an_undo_sent_twice_undoes_once(session, client_of, lead, lea):
    client = client_of(lead.user)
    move(client, lea, "aware", reason="We met.")
    made = stages.newest(session, lea.id)

    for said in ("Léa moved to Unaware.", "This move was taken back already."):
        answer = move(client, lea, "unaware", undoes=made.id)
        assert answer.status_code == 200
        assert said in answer.text
    assert moves(session) == 2


def test_an_undo_that_came_too_late_says_so(session, client_of, lead, lea):
    client = client_of(lead.user)
    move(client, lea, "aware", reason="We met.")
    first = stages.newest(session, lea.id).id
    session.refresh(lea)
    move(client, lea, "engaged", reason="They came.")

    answer = move(client, lea, "unaware", undoes=first)

    assert (answer.status_code, answer.mimetype) == (409, "text/plain")
    assert stand(session, lea) is Stage.ENGAGED


def test_the_archived_are_not_moved_and_their_card_goes(saved, session, client_of, lead, lea):
    lea.influencer.archived_at = clock.now()
    session.commit()

    answer = move(client_of(lead.user), lea, "aware", reason="We met.")

    assert answer.status_code == 409
    assert "Léa was archived." in answer.text
    assert "data-gone" in answer.text
    assert moves(session) == 0


def test_who_was_merged_leads_to_who_they_are_now(saved, session, client_of, lead, lea):
    other = saved(make.relationship(brand=lead.brand, name="Léa Martin"))
    gone = min((lea, other), key=lambda one: one.id)
    kept = other if gone is lea else lea
    sent = gone.id, gone.influencer_id
    people = kept.influencer_id, gone.influencer_id
    merge.merge(session, *people, {}, user=lead.user, at=clock.now())
    session.commit()
    assert session.scalars(select(Relationship.id)).all() != [sent[0]]

    answer = client_of(lead.user).post(
        f"/relationships/{sent[0]}/move",
        data={"stage": "aware", "row_version": 1, "person": sent[1], "reason": "We met."},
        headers=HTMX,
    )

    assert answer.status_code == 409
    assert "This person was merged with another" in answer.text
    assert f'href="/influencers/{people[0]}"' in answer.text


@pytest.mark.parametrize("id", [2**31, 2**63, 10**40])
def test_no_id_is_too_large(client_of, lead, id):
    client = client_of(lead.user)
    for path in ("", "/proof"):
        answer = client.post(f"/relationships/{id}/move{path}", data={"stage": "aware"})
        assert answer.status_code == 404


@pytest.mark.parametrize("undoes", ["-1", "0", str(2**31 - 1), str(2**31), "9" * 40, "x"])
def test_no_move_is_taken_back_that_never_was(client_of, session, lead, lea, undoes):
    answer = move(client_of(lead.user), lea, "aware", undoes=undoes, reason="x")
    assert answer.status_code in (404, 422)
    assert moves(session) == 0
