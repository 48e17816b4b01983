"""What a stage rests on, in the browser: read, added to, taken back, and ruled by the lead."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm import clock
from irm.jobs import tasks
from irm.ledger import mentions, proving
from irm.models import Direction, Proof, Relationship, Role, Stage, Task, Visibility

TODAY = dt.datetime.now(dt.UTC).date()


@pytest.fixture
def lead(saved):
    """Ana, who leads her brand."""
    return saved(make.member(Role.LEAD))


def add(client, card, **more):
    values = {"kind": "follow", "day": str(TODAY), "until": "", "note": ""} | more
    return client.post(f"/relationships/{card.id}/evidence", data=values)


def earned(session, card):
    session.rollback()
    return session.scalar(select(Relationship.earned_stage).where(Relationship.id == card.id))


def test_a_person_says_what_was_claimed_what_was_earned_and_what_is_missing(
    saved, session, client_of, lead
):
    card = saved(make.relationship(brand=lead.brand, stage=Stage.ENGAGED))
    saved(make.interaction(relationship=card, direction=Direction.IN, happened_at=clock.now()))
    proving.rebuild(session, clock.now())
    session.commit()

    page = client_of(lead.user).get(f"/influencers/{card.influencer_id}").text

    assert "Claim not covered" in page
    assert "newest proof today" in page
    assert f'hx-get="/relationships/{card.id}/missing"' in page
    missing = client_of(lead.user).get(f"/relationships/{card.id}/missing").text
    assert missing == "For “Interested”: 0 of 2 exchanges both ways in the last 60 days."


def test_evidence_that_is_typed_in_counts_at_once_and_can_be_taken_back(
    saved, session, client_of, lead
):
    card = saved(make.relationship(brand=lead.brand))
    client = client_of(lead.user)

    assert add(client, card, note="https://example.com/story").status_code == 303
    assert earned(session, card) is Stage.AWARE
    page = client.get(f"/relationships/{card.id}/evidence").text
    assert 'href="https://example.com/story"' in page

    proof = session.scalars(select(Proof)).one()
    assert proof.author_id == lead.user_id
    assert client.post(f"/proofs/{proof.id}/remove").status_code == 303
    assert earned(session, card) is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"day": str(TODAY + dt.timedelta(days=3))}, "Evidence cannot lie in the future."),
        ({"day": "1950-01-01"}, "This day is too far away to be right."),
        ({"until": str(TODAY)}, "Only an agreement has a last day."),
        (
            {"kind": "agreement", "until": "2001-01-01"},
            "The last day of an agreement cannot come before its first.",
        ),
        ({"day": ""}, "Choose a day."),
        ({"note": "x" * 501}, "This is too long: 500 characters at most."),
    ],
)
def test_evidence_that_cannot_be_is_refused_in_a_sentence(
    saved, session, client_of, lead, wrong, said
):
    card = saved(make.relationship(brand=lead.brand))

    answer = add(client_of(lead.user), card, **wrong)

    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalars(select(Proof)).all() == []


def test_of_a_private_note_others_learn_only_that_it_is_there(saved, client_of, lead):
    card = saved(make.relationship(brand=lead.brand))
    author = saved(make.member(brand=lead.brand)).user
    saved(
        make.interaction(
            relationship=card,
            direction=Direction.IN,
            visibility=Visibility.PRIVATE,
            author=author,
            summary="Between us",
        )
    )
    other = saved(make.member(brand=lead.brand)).user
    address = f"/relationships/{card.id}/evidence"

    assert "Between us" in client_of(author).get(address).text
    page = client_of(other).get(address).text
    assert "Between us" not in page
    assert "a private note of a colleague" in page


def rules(**more):
    own = {"exchanges": 2, "exchange_days": 60, "activity_days": 180, "mention_days": 180}
    return {"handles": "", "aliases": "", **own, **more}


def test_the_lead_rules_by_what_the_brand_is_known_and_all_posts_are_read_anew(
    app, saved, session, client_of, lead
):
    account = saved(make.account())
    card = saved(make.relationship(brand=lead.brand, influencer=account.influencer))
    saved(make.post(account_id=account.id, text="Love @nova!", published_at=clock.now()))
    client = client_of(lead.user)

    answer = client.post(
        "/settings/evidence", data=rules(handles="instagram: @Nova\n@nova.fr", exchanges=1)
    )
    assert answer.status_code == 303
    while tasks.run_next(app) is not None:
        pass

    assert earned(session, card) is Stage.AWARE
    page = client.get("/settings/evidence").text
    assert "instagram: @Nova\n@nova.fr" in page.replace("\r", "")
    client.post("/settings/evidence", data=rules(handles="instagram: @Nova\n@nova.fr", exchanges=1))
    session.rollback()
    assert len(session.scalars(select(Task).where(Task.kind == "evidence")).all()) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"handles": "friendster: @nova"}, "There is no platform called “friendster”."),
        ({"handles": "two words"}, "“two words” is no handle."),
        ({"exchanges": "0"}, "Write a whole number, from 1 to 20."),
        ({"mention_days": "often"}, "Write a whole number."),
    ],
)
def test_rules_that_cannot_be_are_refused_in_a_sentence(client_of, lead, wrong, said):
    answer = client_of(lead.user).post("/settings/evidence", data=rules(**wrong))

    assert answer.status_code == 422
    assert said in answer.text


def test_whoever_spoke_of_the_brand_before_it_knew_them_is_aware_from_the_first_day(
    saved, session, client_of, lead
):
    lead.brand.aliases = ["Nova"]
    account = saved(make.account())
    post = saved(make.post(account_id=account.id, text="Nova!", published_at=clock.now()))
    mentions.read(session, [post.id])
    saved(make.prospect(brand_id=lead.brand_id, influencer_id=account.influencer_id))

    client_of(lead.user).post(f"/influencers/{account.influencer_id}/admit")

    session.rollback()
    assert session.scalars(select(Relationship.earned_stage)).one() is Stage.AWARE
