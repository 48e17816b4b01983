"""The queue of duplicates and the merge, as a browser and a keyboard meet them."""

import datetime as dt
import re

import make
import pytest
from sqlalchemy import event, select

from irm.access import Permission
from irm.db import db
from irm.directory import search
from irm.funnel import interactions, stages
from irm.funnel.interactions import Exchange
from irm.models import (
    BrandMember,
    Duplicate,
    DuplicateState,
    Influencer,
    Interaction,
    Merge,
    Relationship,
    Role,
    Stage,
    Task,
)

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ana(saved):
    return saved(make.member(Role.MANAGER, user=make.user(name="Ana")))


@pytest.fixture
def pair(session, saved, ana):
    """Chloé twice at Ana's brand, as a proposed pair: its id and both people's."""

    def make_pair(brand=None, names=("Chloé Martin", "chloe cooks"), **given):
        people = []
        for name in names:
            person = saved(make.influencer(name=name))
            saved(make.account(influencer=person))
            entry = {"influencer_id": person.id, "source": "name", "source_id": person.id}
            search.index_entries(session, [{**entry, "text": name}])
            stages.begin(session, person, (brand or ana.brand).id, user=ana.user, at=make.MONDAY)
            people.append(person)
        found = saved(make.duplicate(left=people[0], right=people[1], **given))
        return found.id, people[0].id, people[1].id

    return make_pair


def state_of(session, id):
    session.rollback()
    session.expire_all()
    return session.get(Duplicate, id).state


def versions(session, kept, gone):
    session.rollback()
    return {
        "other": gone,
        "kept_version": session.get(Influencer, kept).row_version,
        "gone_version": session.get(Influencer, gone).row_version,
    }


def test_the_likeliest_pair_stands_first_with_its_reasons(session, client_of, ana, pair):
    pair(names=("Low One", "Low Two"), score=55)
    reasons = [{"code": "phone", "params": {"value": "+33 6"}}]
    pair(names=("High One", "High Two"), score=91, reasons=reasons)

    page = client_of(ana.user).get("/duplicates").text

    assert page.index("High One") < page.index("Low One")
    assert "Same telephone number: +33 6" in page
    assert 'id="tally-open">2<' in page


def test_an_empty_queue_teaches(client_of, ana):
    page = client_of(ana.user).get("/duplicates").text

    assert "Nobody here twice" in page
    assert "Look again now" in page


def test_not_the_same_is_said_and_taken_back_in_place(session, client_of, ana, pair):
    id, _one, _other = pair()
    client = client_of(ana.user)

    answer = client.post(f"/duplicates/{id}/decide", data={"decision": "distinct"}, headers=HTMX)

    assert state_of(session, id) is DuplicateState.DISTINCT
    assert "data-decided" in answer.text
    assert 'id="tally-distinct" hx-swap-oob="true">1<' in answer.text
    undo = dict(re.findall(r'name="(decision)" value="(\w+)"', answer.text))
    answer = client.post(f"/duplicates/{id}/decide", data=undo, headers=HTMX)
    assert state_of(session, id) is DuplicateState.OPEN
    assert f'id="pair-{id}" data-row' in answer.text


def test_without_a_script_a_decision_comes_back_with_undo(session, client_of, ana, pair):
    id, _one, _other = pair()

    page = client_of(ana.user).post(
        f"/duplicates/{id}/decide", data={"decision": "later"}, follow_redirects=True
    )

    assert state_of(session, id) is DuplicateState.LATER
    assert "Undo" in page.text


def test_pairs_of_brands_that_are_not_ours_are_not_shown(saved, client_of, ana, pair):
    id, one, _other = pair(brand=saved(make.brand()))
    client = client_of(ana.user)

    assert "Nobody here twice" in client.get("/duplicates").text
    assert client.get(f"/duplicates/{id}").status_code == 404
    assert client.get(f"/influencers/{one}/merge").status_code == 404


@pytest.mark.parametrize("address", ["/duplicates", "/influencers/{one}/merge?with={other}"])
def test_a_viewer_does_not_merge(saved, client_of, ana, pair, address):
    id, one, other = pair()
    viewer = saved(make.member(Role.VIEWER, brand=ana.brand)).user
    client = client_of(viewer)

    assert client.get(address.format(one=one, other=other)).status_code == 403
    assert client.post(f"/duplicates/{id}/decide", data={"decision": "later"}).status_code == 403
    assert client.post(f"/influencers/{one}/merge", data={"other": other}).status_code == 403
    assert Permission.MERGE.value not in client.get("/today").text


def test_who_may_see_one_only_merges_neither(session, saved, client_of, ana, pair):
    id, one, other = pair()
    other_brand = saved(make.brand())
    card = session.scalars(select(Relationship).filter_by(influencer_id=other)).one()
    card.brand_id = other_brand.id
    session.commit()

    client = client_of(ana.user)

    assert client.get(f"/influencers/{one}/merge?with={other}").status_code == 404
    data = versions(session, one, other)
    assert client.post(f"/influencers/{one}/merge", data=data).status_code == 404
    assert state_of(session, id) is DuplicateState.OPEN


def test_what_moves_is_counted_in_words_before(session, client_of, ana, pair):
    _id, one, other = pair()
    card = session.scalars(select(Relationship).filter_by(influencer_id=other)).one()
    exchange, at = Exchange("Hello"), make.MONDAY
    for _ in range(3):
        interactions.log(session, card, exchange, author=ana.user, happened_at=at, at=at)
    session.commit()

    page = client_of(ana.user).get(f"/influencers/{one}/merge?with={other}").text

    assert "3 interactions" in page
    assert "1 account" in page
    assert 'name="name" value="kept" checked' in page


def test_a_merge_says_the_day_of_a_newer_value_it_does_not_propose(session, client_of, ana, pair):
    _id, one, other = pair()
    session.get(Influencer, one).city, session.get(Influencer, other).city = "Lyon", "Paris"
    session.get(Influencer, other).created_at = make.MONDAY + dt.timedelta(days=9)
    session.commit()

    page = client_of(ana.user).get(f"/influencers/{one}/merge?with={other}").text

    assert re.search(r'name="city" value="kept" checked><span>Lyon</span>', page)
    assert re.search(r'value="gone"><span>Paris <small[^>]*>newer, Wed\s11\sMar', page)


def test_a_merge_says_stored_words_in_the_readers(session, client_of, ana, pair):
    _id, one, other = pair()
    kept, gone = session.get(Influencer, one), session.get(Influencer, other)
    kept.language, gone.language, gone.further_languages = "fr", "en", "es pt"
    kept.preferred_channel, gone.lawful_basis = "email", "legal_obligation"
    session.commit()

    page = client_of(ana.user).get(f"/influencers/{one}/merge?with={other}").text

    for word in ("French", "English", "Spanish, Portuguese", "E-mail", "Legal obligation"):
        assert f"<span>{word}</span>" in page


def test_a_merge_leads_the_old_address_on_and_undo_brings_it_back(session, client_of, ana, pair):
    id, one, other = pair()
    client = client_of(ana.user)
    data = {**versions(session, one, other), "name": "gone", "pair": id}

    page = client.post(f"/influencers/{one}/merge", data=data, follow_redirects=True)

    assert "was merged into" in page.text
    assert "chloe cooks" in page.text
    answer = client.get(f"/influencers/{other}?only=move")
    assert (answer.status_code, answer.location) == (302, f"/influencers/{one}?only=move")
    assert state_of(session, id) is DuplicateState.MERGED
    doubles = client.get(f"/influencers/{one}/doubles", headers=HTMX).text
    assert "was merged into this person by Ana" in doubles

    made = session.scalars(select(Merge)).one()
    page = client.post(f"/merges/{made.id}/undo", follow_redirects=True)
    assert "are two people again" in page.text
    assert client.get(f"/influencers/{other}").status_code == 200
    assert state_of(session, id) is DuplicateState.OPEN


def test_a_viewer_is_led_on_too_and_a_stranger_is_not(session, saved, client_of, ana, pair):
    _id, one, other = pair()
    client_of(ana.user).post(f"/influencers/{one}/merge", data=versions(session, one, other))
    viewer = saved(make.member(Role.VIEWER, brand=ana.brand)).user
    stranger = saved(make.member(Role.LEAD)).user

    assert client_of(viewer).get(f"/influencers/{other}").location == f"/influencers/{one}"
    assert client_of(stranger).get(f"/influencers/{other}").status_code == 404


def test_what_another_brand_has_is_not_hers_to_choose(session, saved, client_of, ana, pair):
    _id, one, other = pair()
    bob = saved(make.member(Role.LEAD, user=make.user(name="Bob")))
    begun = [
        stages.begin(
            session,
            session.get(Influencer, id),
            bob.brand_id,
            user=bob.user,
            at=make.MONDAY,
            owner_id=bob.user_id if id == one else None,
        )
        for id in (one, other)
    ]
    stages.move(session, begun[0], Stage.ENGAGED, user=bob.user, at=make.MONDAY, reason="won")
    session.commit()
    sent = {f"stage-{bob.brand_id}": "gone", f"owner-{bob.brand_id}": "gone"}

    client_of(ana.user).post(
        f"/influencers/{one}/merge", data={**versions(session, one, other), **sent}
    )

    session.expire_all()
    theirs = select(Relationship).where(Relationship.brand_id == bob.brand_id)
    card = session.scalars(theirs).one()
    assert (card.stage, card.owner_id) == (Stage.ENGAGED, bob.user_id)


def test_the_queue_merges_and_undoes_without_leaving_the_page(session, client_of, ana, pair):
    id, one, other = pair()
    client = client_of(ana.user)

    form = client.get(f"/influencers/{one}/merge?with={other}&pair={id}", headers=HTMX).text
    assert f'<li class="pair is-merging" id="pair-{id}">' in form
    data = {**versions(session, one, other), "pair": id}
    answer = client.post(f"/influencers/{one}/merge", data=data, headers=HTMX)
    assert "data-decided" in answer.text

    made = session.scalars(select(Merge)).one()
    answer = client.post(f"/merges/{made.id}/undo", data={"pair": id}, headers=HTMX)
    assert f'id="pair-{id}" data-row' in answer.text
    assert "are two people again" in answer.text


def test_a_stale_comparison_shows_both_as_they_are_now(session, client_of, ana, pair):
    _id, one, other = pair()
    data = versions(session, one, other)
    session.get(Influencer, one).city = "Lyon"
    session.commit()
    client = client_of(ana.user)

    answer = client.post(f"/influencers/{one}/merge", data=data)

    assert answer.status_code == 409
    assert "Compare them again" in answer.text
    assert "Lyon" in answer.text
    assert client.post(f"/influencers/{one}/merge", data=data, headers=HTMX).status_code == 409
    assert session.scalars(select(Merge)).all() == []


def test_the_second_of_two_merges_is_told(session, client_of, ana, pair):
    _id, one, other = pair()
    client, data = client_of(ana.user), versions(session, one, other)
    client.post(f"/influencers/{one}/merge", data=data)

    assert client.post(f"/influencers/{one}/merge", data=data).status_code == 409
    made = session.scalars(select(Merge)).one()
    client.post(f"/merges/{made.id}/undo")
    assert client.post(f"/merges/{made.id}/undo").status_code == 409


def test_somebody_to_merge_with_is_found_by_name(session, client_of, ana, pair):
    _id, one, other = pair()

    page = client_of(ana.user).get(f"/influencers/{one}/merge?q=cooks").text

    assert f'href="/influencers/{one}/merge?with={other}"' in page


def test_a_search_is_queued_once_however_often_it_is_asked_for(session, client_of, ana):
    client = client_of(ana.user)
    for _ in range(2):
        client.post("/duplicates/find")

    assert [task.kind for task in session.scalars(select(Task))] == ["duplicates"]
    assert "being compared" in client.get("/duplicates").text


def test_more_pairs_follow_below(client_of, ana, pair):
    for n in range(21):
        pair(names=(f"One {n}", f"Other {n}"), score=50 + n)
    client = client_of(ana.user)

    page = client.get("/duplicates").text
    rest = re.search(r'hx-get="([^"]+rows=1)"', page).group(1).replace("&amp;", "&")

    assert page.count("data-row") == 20
    assert client.get(rest, headers=HTMX).text.count("data-row") == 1


def test_undo_keeps_what_was_logged_since_and_says_so(session, client_of, ana, pair):
    _id, one, other = pair()
    client = client_of(ana.user)
    client.post(f"/influencers/{one}/merge", data=versions(session, one, other))
    session.rollback()
    card = session.scalars(select(Relationship).filter_by(influencer_id=one)).one()
    exchange, at = Exchange("Since"), make.MONDAY
    interactions.log(session, card, exchange, author=ana.user, happened_at=at, at=at)
    session.commit()

    made = session.scalars(select(Merge)).one()
    page = client.post(f"/merges/{made.id}/undo", follow_redirects=True).text

    # The exchange, and the next touchpoint that it planned.
    assert "2 entries were added since the merge" in page
    talk = session.scalars(select(Interaction)).one()
    session.refresh(talk)
    assert talk.relationship.influencer_id == one
    assert session.scalars(select(BrandMember)).all()


def test_the_queue_asks_little_however_many_pairs_it_shows(app, client_of, ana, pair):
    for n in range(12):
        pair(names=(f"One {n}", f"Other {n}"))
    client, statements = client_of(ana.user), []
    client.get("/duplicates")
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)

    page = client.get("/duplicates").text

    event.remove(engine, "before_cursor_execute", note)
    assert page.count("data-row") == 12
    # Who it is (2), her brands, the worker, the pairs, what hangs on them (3), counts, a search.
    assert len(statements) <= 10, statements


def test_the_row_below_the_person_says_whom_they_may_be(client_of, ana, pair):
    id, one, other = pair()

    part = client_of(ana.user).get(f"/influencers/{one}/doubles", headers=HTMX).text

    assert f"/influencers/{one}/merge?with={other}&amp;pair={id}" in part
    assert "Same name" in part
    page = client_of(ana.user).get(f"/influencers/{one}").text
    assert f'hx-get="/influencers/{one}/doubles"' in page
