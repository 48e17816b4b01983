"""Discovery as a browser sees it: who is proposed and why, and beginning with them in one click."""

import re
import time

import make
import pytest
from sqlalchemy import event, select

from irm.db import db
from irm.directory import prospects
from irm.models import Prospect, Relationship, Role, Task
from irm.web.status import Look

HTMX = {"HX-Request": "true"}


@pytest.fixture
def lead(saved):
    """Ana, who leads her brand."""
    return saved(make.member(Role.LEAD))


@pytest.fixture
def bread(saved, lead):
    return saved(make.topic(brand_id=lead.brand_id, name="Bread", keywords=["sourdough"]))


def why(topic, *posts, gives=61.0):
    """Reasons as a scoring stores them."""
    spoken = {
        "code": "relevance.topic", "topic": topic.id, "name": topic.name, "gives": gives,
        "matching": len(posts), "posts": [post.id for post in posts], "bio": False,
    }  # fmt: skip
    return [spoken, {"code": "relevance.read", "texts": 9, "topics": {str(topic.id): 1}}]


def propose(saved, lead, name="Léa Martin", topic=None, text="My sourdough is alive", **given):
    """A prospect with an account, and one post that speaks of the topic."""
    account = saved(make.account(influencer=make.influencer(name=name), followers=12_300))
    posts = [saved(make.post(account_id=account.id, text=text, url="https://example.com/p"))]
    if topic is not None:
        given = {"relevance": 61.0, "fit": 50.0, "reasons": why(topic, *posts), **given}
    return saved(
        make.prospect(brand_id=lead.brand_id, influencer_id=account.influencer_id, **given)
    )


def begun(session):
    session.expire_all()
    return session.scalars(select(Relationship.influencer_id)).all()


def test_somebody_is_shown_with_what_they_speak_of_and_the_words_that_say_so(
    saved, client_of, lead, bread
):
    propose(saved, lead, topic=bread)

    page = client_of(lead.user).get("/discovery").text

    assert "Léa Martin" in page
    assert "12.3K" in page
    assert "61 points" in page
    assert "My <mark>sourdough</mark> is alive" in page
    assert 'href="https://example.com/p"' in page


def test_what_people_wrote_is_text_and_nothing_else(saved, client_of, lead, bread):
    text = "<script>alert(1)</script> sourdough <img src=x>"
    one = propose(saved, lead, "<b>Eve</b>", topic=bread, text=text)
    post = saved(make.post(account_id=saved(make.account()).id, url="javascript:alert(1)"))
    one.reasons = why(bread, post)
    saved(one)

    page = client_of(lead.user).get("/discovery").text

    assert "<b>Eve" not in page
    assert "<script>alert" not in page
    assert "javascript:" not in page


def test_one_click_begins_and_leaves_a_way_back_in_its_place(
    saved, session, client_of, lead, bread
):
    one = propose(saved, lead, topic=bread)
    person, client = one.influencer_id, client_of(lead.user)

    answer = client.post(f"/influencers/{person}/admit", headers=HTMX)

    assert answer.status_code == 200
    assert "is in the funnel now" in answer.text
    assert begun(session) == [person]
    assert session.scalars(select(Task.kind)).all() == ["score"]
    undo = re.search(r'hx-post="([^"]+)"', answer.text)[1]
    own = re.search(r'name="own" value="([^"]*)"', answer.text)[1]

    back = client.post(undo, data={"own": own}, headers=HTMX)

    assert "My <mark>sourdough</mark>" in back.text
    assert begun(session) == []
    assert session.scalars(select(Prospect.is_own)).one()


def test_without_script_it_leads_back_to_the_list_as_it_was(saved, client_of, lead, bread):
    one = propose(saved, lead, topic=bread)
    client = client_of(lead.user)

    answer = client.post(
        f"/influencers/{one.influencer_id}/admit",
        data={"list": f"topic={bread.id}&sort=fit&evil=//x"},
        follow_redirects=False,
    )

    assert answer.status_code == 303
    assert answer.location == f"/discovery?topic={bread.id}&sort=fit"
    assert "Undo" in client.get(answer.location).text


def test_of_two_colleagues_the_second_is_told_that_it_is_done(saved, client_of, lead, bread):
    one = propose(saved, lead, topic=bread)
    ravi = saved(make.member(Role.MANAGER, brand=lead.brand))
    client_of(lead.user).post(f"/influencers/{one.influencer_id}/admit")

    answer = client_of(ravi.user).post(f"/influencers/{one.influencer_id}/admit", headers=HTMX)

    assert answer.status_code == 409
    assert answer.text == "Léa Martin is in the funnel already."


def test_who_was_merged_or_erased_meanwhile_ends_in_a_sentence(saved, session, client_of, lead):
    kept, gone = propose(saved, lead, "Kept"), propose(saved, lead, "Gone")
    erased = propose(saved, lead, "Erased")
    person = erased.influencer_id
    session.get(make.Influencer, gone.influencer_id).merged_into_id = kept.influencer_id
    session.delete(erased)
    session.commit()
    client = client_of(lead.user)

    merged = client.post(f"/influencers/{gone.influencer_id}/admit", headers=HTMX)
    missing = client.post(f"/influencers/{person}/admit", headers=HTMX)

    assert (merged.status_code, missing.status_code) == (409, 404)
    assert "merged" in merged.text
    assert begun(session) == []


def test_several_are_added_at_once_and_only_those_who_may_be_seen(saved, session, client_of, lead):
    mine = [propose(saved, lead, f"P{n}") for n in range(2)]
    other = saved(make.member(Role.LEAD))
    theirs = propose(saved, other, "Theirs")
    people = [one.influencer_id for one in mine]
    who = [*map(str, people), str(theirs.influencer_id)]

    answer = client_of(lead.user).post(
        "/discovery", data={"who": [*who, "x", "9" * 12]}, follow_redirects=True
    )

    assert sorted(begun(session)) == people
    assert "2 people are in the funnel now. 1 was left out" in answer.text


def test_nobody_ticked_is_said(client_of, lead):
    answer = client_of(lead.user).post("/discovery", follow_redirects=True)

    assert "Select at least one person." in answer.text


def test_who_is_put_aside_is_out_of_the_list_until_taken_back(saved, client_of, lead, bread):
    one = propose(saved, lead, topic=bread)
    client = client_of(lead.user)

    answer = client.post(f"/influencers/{one.influencer_id}/dismiss", headers=HTMX)

    assert "is put aside" in answer.text
    assert "Léa" not in client.get("/discovery").text
    assert "Léa" in client.get("/discovery?show=aside").text
    back = client.post(f"/influencers/{one.influencer_id}/propose", headers=HTMX)
    assert "Léa Martin" in back.text
    assert "Léa" in client.get("/discovery").text


def test_a_viewer_looks_and_changes_nothing(saved, session, client_of, lead, bread):
    one = propose(saved, lead, topic=bread)
    viewer = client_of(saved(make.member(Role.VIEWER, brand=lead.brand)).user)

    page = viewer.get("/discovery").text

    assert "Léa Martin" in page
    assert "Add to the funnel" not in page
    for verb in ("admit", "withdraw", "dismiss", "propose"):
        assert viewer.post(f"/influencers/{one.influencer_id}/{verb}").status_code == 403
    assert viewer.post("/discovery", data={"who": "1"}).status_code == 403
    assert begun(session) == []


def test_an_own_prospect_has_a_page_for_members_and_for_nobody_else(saved, client_of, lead, bread):
    one = propose(saved, lead, topic=bread)
    stranger = saved(make.member(Role.LEAD))
    address = f"/influencers/{one.influencer_id}"

    page = client_of(lead.user).get(address).text

    assert "Not in the funnel of" in page
    assert f'action="{address}/admit"' in page
    assert "appears in one post: 61 points" in page
    assert client_of(stranger.user).get(address).status_code == 404


def test_from_the_persons_page_one_comes_back_to_it(saved, session, client_of, lead, bread):
    person = propose(saved, lead, topic=bread).influencer_id
    address, client = f"/influencers/{person}", client_of(lead.user)

    answer = client.post(f"{address}/admit", data={"back": "person"})

    assert answer.location == address
    page = client.get(address).text
    assert "Not in the funnel" not in page
    assert "Undo" in page
    assert begun(session) == [person]


def test_whom_another_brand_proposes_but_does_not_own_has_no_page(saved, client_of, lead):
    card = saved(make.relationship())
    saved(make.prospect(brand_id=lead.brand_id, influencer_id=card.influencer_id, is_own=False))
    client = client_of(lead.user)

    assert card.influencer.name not in client.get("/discovery").text
    assert client.get(f"/influencers/{card.influencer_id}").status_code == 404
    assert client.post(f"/influencers/{card.influencer_id}/admit").status_code == 404


def test_people_of_another_of_ones_brands_can_be_begun_with(saved, session, client_of, lead):
    card = saved(make.relationship(name="Known elsewhere"))
    saved(make.member(Role.VIEWER, user=lead.user, brand=card.brand))
    saved(make.prospect(brand_id=lead.brand_id, influencer_id=card.influencer_id, is_own=False))
    client = client_of(lead.user)
    here = f"?brand={lead.brand_id}"

    page = client.get(f"/discovery{here}").text
    client.post(f"/influencers/{card.influencer_id}/admit{here}")

    assert "Known elsewhere" in page
    assert "in another brand’s funnel" in page
    assert begun(session) == [card.influencer_id] * 2


def test_invented_people_are_proposed_to_no_brand_but_that_of_the_demo(saved, client_of, lead):
    card = saved(make.relationship(name="Invented", brand=make.brand(is_demo=True)))
    saved(make.member(Role.VIEWER, user=lead.user, brand=card.brand))
    saved(make.prospect(brand_id=lead.brand_id, influencer_id=card.influencer_id, is_own=False))

    page = client_of(lead.user).get(f"/discovery?brand={lead.brand_id}").text

    assert "Invented" not in page


def test_prospects_stand_in_no_list_board_or_search(saved, client_of, lead, bread):
    propose(saved, lead, "Zoltan", topic=bread)
    client = client_of(lead.user)

    for address in ("/influencers", "/funnel", "/influencers?q=zoltan", "/people?q=zoltan"):
        assert "Zoltan" not in client.get(address).text.replace('value="zoltan"', "")


def test_an_empty_page_teaches_the_next_step(saved, client_of, lead):
    client = client_of(lead.user)

    assert 'href="/discovery/worksheet"' in client.get("/discovery").text
    saved(make.topic(brand_id=lead.brand_id))
    assert "Only look through them" in client.get("/discovery").text
    propose(saved, lead)
    page = client.get("/discovery").text
    assert "These people are being scored" in page
    assert "Not scored yet" in page
    assert "Nobody fits these filters" in client.get("/discovery?tier=macro").text


@pytest.mark.parametrize("query", ["topic=x", "tier=huge", "platform=fax", "sort=x", "show=y"])
def test_an_address_that_means_nothing_is_refused_in_a_sentence(client_of, lead, query):
    answer = client_of(lead.user).get(f"/discovery?{query}")

    assert answer.status_code == 422
    assert "does not exist" in answer.text


def test_the_list_goes_on_from_page_to_page(saved, client_of, lead, bread, monkeypatch):
    for n in range(prospects.PAGE + 2):
        propose(saved, lead, f"Person {n:02d}", topic=bread, relevance=90.0 - n)
    client = client_of(lead.user)

    first = client.get(f"/discovery?topic={bread.id}").text
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = client.get(following).text

    assert "Person 19" in first
    assert "Person 20" not in first
    assert "Person 20" in second
    assert "Person 21" in second
    assert f"topic={bread.id}" in following
    assert "22 people" in second


def test_the_page_asks_little_however_many_it_shows(app, saved, session, client_of, lead, bread):
    app.extensions["irm.worker"] = time.monotonic(), time.monotonic(), Look()
    client, counts = client_of(lead.user), []
    for more in (1, 12):
        for n in range(more):
            propose(saved, lead, f"P{n}", topic=bread)
        statements = []
        with app.app_context():
            engine = db.engine

        def note(_connection, _cursor, statement, *_rest, kept=statements):
            kept.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        assert client.get("/discovery").status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(statements) - 2)  # Who it is: session and user.

    assert counts[0] == counts[1] <= 7
