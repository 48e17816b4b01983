"""The review as pages: begun, gone through, closed, and its minutes mailed once."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.funnel import stages
from irm.models import (
    Decision,
    MailState,
    NetworkRun,
    Outbox,
    Relationship,
    Review,
    ReviewItem,
    Role,
    Stage,
    Touchpoint,
)

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def people(session, lead):
    """Three people who became aware yesterday, the best fit first."""
    found = []
    for n in range(3):
        person = make.influencer(name=f"Person {n}")
        session.add(person)
        one = stages.begin(session, person, lead.brand_id, user=None, at=NOW - 40 * DAY)
        one.fit, one.fit_order = 90.0 - n, 10.0 + n
        at, reason = NOW - DAY, "They said so."
        stages.move(session, one, Stage.AWARE, user=lead.user, at=at, reason=reason)
        found.append(one)
    session.commit()
    return found


@pytest.fixture
def begun(session, lead, people, client_of):
    """The lead's browser, and the items of a review that she began."""
    client = client_of(lead.user)
    client.post("/funnel/review", data={"kinds": ["moved"]})
    items = session.scalars(select(ReviewItem).order_by(ReviewItem.place)).all()
    return client, items


def seen(session, item):
    session.expire_all()
    return item.decided_at.isoformat() if item.decided_at else ""


def test_the_preview_counts_each_kind(lead, people, client_of):
    page = client_of(lead.user).get("/funnel/review").text

    assert "3 people in all" in page
    assert "Begin the review" in page


def test_a_manager_waits_for_the_lead(saved, lead, people, client_of):
    manager = saved(make.member(Role.MANAGER, brand=lead.brand))
    client = client_of(manager.user)

    assert "A lead begins the review" in client.get("/funnel/review").text
    assert client.post("/funnel/review", data={"kinds": ["moved"]}).status_code == 403


def test_a_review_without_a_kind_is_refused(lead, people, client_of):
    assert client_of(lead.user).post("/funnel/review", data={}).status_code == 422


def test_a_card_says_who_it_is_why_and_what_is_planned(saved, people, begun):
    client, items = begun
    saved(make.touchpoint(relationship_id=people[0].id, purpose="Send the box"))
    saved(make.interaction(relationship_id=people[0].id, summary="Likes beans."))

    page = client.get(f"/review-items/{items[0].id}").text

    for words in (
        "Person 0",
        "Moved from “Unaware” to “Aware”",
        "0 of 3 decided",
        "Card 1 of 3",
        "Send the box",
        "Likes beans.",
    ):
        assert words in page


def test_a_decision_leads_to_the_next_card_and_the_last_to_the_minutes(session, begun):
    client, items = begun
    places = []
    for item in items:
        answer = client.post(f"/review-items/{item.id}", data={"decision": "later", "seen": ""})
        places.append(answer.headers["Location"])

    assert places == [
        f"/review-items/{items[1].id}",
        f"/review-items/{items[2].id}",
        f"/funnel/reviews/{items[0].review_id}",
    ]


def test_a_review_goes_on_where_it_was_left(begun):
    client, items = begun
    client.post(f"/review-items/{items[0].id}", data={"decision": "stays", "seen": ""})

    assert client.get("/funnel/review").headers["Location"] == f"/review-items/{items[1].id}"


def test_the_second_of_two_sees_what_the_first_decided(session, saved, lead, begun, client_of):
    client, items = begun
    manager = saved(make.member(Role.MANAGER, brand=lead.brand))
    other = client_of(manager.user)
    other.post(
        f"/review-items/{items[0].id}", data={"decision": "later", "seen": "", "note": "Busy."}
    )

    answer = client.post(f"/review-items/{items[0].id}", data={"decision": "stays", "seen": ""})

    assert answer.status_code == 409
    for words in ("Somebody decided on this card meanwhile.", manager.user.name, "Busy."):
        assert words in answer.text
    session.expire_all()
    assert items[0].decision is Decision.LATER


def test_a_move_back_without_a_reason_keeps_what_was_typed(session, begun):
    client, items = begun
    data = {"decision": "moved", "seen": "", "stage": "unaware", "note": "Strange."}

    answer = client.post(f"/review-items/{items[0].id}", data=data)

    assert answer.status_code == 422
    assert "Say why Person 0 goes back" in answer.text
    assert 'value="Strange."' in answer.text
    session.expire_all()
    assert items[0].decision is None


def test_a_planned_touchpoint_belongs_to_whom_was_chosen(session, saved, lead, begun):
    client, items = begun
    colleague = saved(make.member(Role.MANAGER, brand=lead.brand))
    data = {
        "decision": "planned",
        "seen": "",
        "purpose": "Send seeds",
        "due_on": (NOW + 9 * DAY).date().isoformat(),
        "kind": "give",
        "owner": str(colleague.user_id),
    }

    client.post(f"/review-items/{items[0].id}", data=data)

    [planned] = session.scalars(select(Touchpoint)).all()
    assert (planned.owner_id, planned.purpose) == (colleague.user_id, "Send seeds")


def test_planning_within_a_pause_says_until_when_they_are_left_in_peace(session, people, begun):
    client, items = begun
    paused = session.get(Relationship, items[0].relationship_id)
    paused.paused_until, paused.paused_why = (NOW + 20 * DAY).date(), "On tour"
    session.commit()
    data = {"decision": "planned", "seen": "", "due_on": (NOW + 9 * DAY).date().isoformat()}

    answer = client.post(
        f"/review-items/{items[0].id}", data=data | {"kind": "talk"}, follow_redirects=True
    )

    assert "They are paused until" in answer.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision": "planned", "due_on": ""},
        {"decision": "planned", "due_on": "2001-01-01"},
        {"decision": "planned", "due_on": "2030-01-01", "owner": "999999"},
        {"decision": "planned", "due_on": "2030-01-01", "kind": "ask"},
        {"decision": "paused", "until": ""},
        {"decision": "paused", "until": "2001-01-01", "why": "x"},
        {"decision": "moved", "stage": ""},
        {"decision": "dance"},
        {"decision": "later", "seen": "monday"},
    ],
)
def test_what_cannot_be_decided_leaves_nothing_half_written(session, begun, wrong):
    client, items = begun

    assert client.post(f"/review-items/{items[0].id}", data=wrong).status_code == 422
    session.expire_all()
    assert items[0].decision is None
    assert session.scalars(select(Touchpoint)).all() == []


def test_a_decision_is_taken_back(session, begun):
    client, items = begun
    client.post(f"/review-items/{items[0].id}", data={"decision": "stays", "seen": ""})

    client.post(f"/review-items/{items[0].id}/undo", data={"seen": seen(session, items[0])})

    session.expire_all()
    assert items[0].decision is None


def test_closing_twice_mails_the_minutes_once_to_whom_was_chosen(
    session, saved, lead, begun, client_of
):
    client, items = begun
    saved(make.member(Role.MANAGER, brand=lead.brand))
    french = saved(make.member(Role.MANAGER, brand=lead.brand, user=make.user(locale="fr")))
    client.post(
        f"/review-items/{items[0].id}", data={"decision": "stays", "seen": "", "note": "Good."}
    )
    url = f"/funnel/reviews/{items[0].review_id}/close"
    chosen = {"recipients": [str(lead.user_id), str(french.user_id)]}

    client.post(url, data=chosen)
    client.post(url, data=chosen)

    mails = session.scalars(select(Outbox).order_by(Outbox.user_id)).all()
    assert [mail.user_id for mail in mails] == [lead.user_id, french.user_id]
    assert "Stays at “Aware”" in mails[0].body_text
    assert "Good." in mails[0].body_text
    assert mails[0].tells_of == [lead.brand_id]
    assert mails[1].body_text.startswith("Bonjour")


def test_private_notes_stand_on_the_card_of_whom_they_are_meant_for_alone(
    session, saved, lead, people, begun, client_of
):
    client, items = begun
    author = saved(make.member(Role.MANAGER, brand=lead.brand))
    other = saved(make.member(Role.MANAGER, brand=lead.brand))
    secret = make.interaction(
        relationship_id=people[0].id,
        summary="Wants to leave her agent.",
        visibility="private",
        author_id=author.user_id,
    )
    saved(secret)
    url = f"/review-items/{items[0].id}"

    assert "her agent" in client_of(author.user).get(url).text
    assert "her agent" not in client_of(other.user).get(url).text
    client.post(
        f"/funnel/reviews/{items[0].review_id}/close", data={"recipients": [str(lead.user_id)]}
    )
    [mail] = session.scalars(select(Outbox)).all()
    assert "her agent" not in mail.body_text + mail.body_html


def test_the_minutes_are_a_page_a_line_in_the_list_and_a_file(session, begun):
    client, items = begun
    client.post(f"/review-items/{items[0].id}", data={"decision": "later", "seen": ""})
    review = items[0].review_id
    client.post(f"/funnel/reviews/{review}/close", data={})

    page = client.get(f"/funnel/reviews/{review}").text
    assert "1 of 3 cards decided" in page
    assert "The minutes were mailed to nobody." in page
    assert f"/funnel/reviews/{review}" in client.get("/funnel/reviews").text
    file = client.post(f"/funnel/reviews/{review}/file").data.decode("utf-8-sig")
    assert file.splitlines()[1].startswith("Person 0,Next time,")


def test_a_review_of_another_brand_is_not_there(saved, begun, lead, client_of):
    _client, items = begun
    stranger = client_of(saved(make.member(Role.LEAD)).user)

    assert stranger.get(f"/funnel/reviews/{items[0].review_id}").status_code == 404
    assert stranger.get(f"/review-items/{items[0].id}").status_code == 404
    answer = stranger.post(f"/review-items/{items[0].id}", data={"decision": "later"})
    assert answer.status_code == 404


def test_two_who_begin_at_once_begin_one_review(session, begun):
    client, _items = begun

    answer = client.post("/funnel/review", data={"kinds": ["moved"]})

    assert answer.status_code == 409
    assert len(session.scalars(select(Review)).all()) == 1


def test_the_minutes_are_called_mailed_once_they_are_sent(session, lead, begun):
    client, items = begun
    url = f"/funnel/reviews/{items[0].review_id}"
    client.post(f"{url}/close", data={"recipients": [str(lead.user_id)]})
    assert "In the outbox for" in client.get(url).text
    assert "Mailed to" not in client.get(url).text

    [mail] = session.scalars(select(Outbox)).all()
    mail.state = MailState.SENT
    session.commit()

    assert f"Mailed to {lead.user.name}." in client.get(url).text


def test_closing_says_how_many_are_undecided_and_what_becomes_of_them(begun):
    client, items = begun
    client.post(f"/review-items/{items[0].id}", data={"decision": "stays", "seen": ""})

    page = client.get(f"/funnel/reviews/{items[0].review_id}").text

    assert "2 cards are undecided." in page
    assert page.index("2 cards are undecided.") < page.index("Still open")


def test_the_next_card_offers_to_take_back_what_this_user_decided_last(
    session, saved, lead, begun, client_of
):
    client, items = begun
    other = client_of(saved(make.member(Role.MANAGER, brand=lead.brand)).user)
    client.post(f"/review-items/{items[0].id}", data={"decision": "stays", "seen": ""})

    last = f'action="/review-items/{items[0].id}/undo"'
    assert last in client.get(f"/review-items/{items[1].id}").text
    assert last not in other.get(f"/review-items/{items[1].id}").text
    answer = client.post(
        f"/review-items/{items[0].id}/undo", data={"seen": seen(session, items[0])}
    )
    assert answer.headers["Location"] == f"/review-items/{items[0].id}"
    assert "Taken back: Person 0." in client.get(answer.headers["Location"]).text


def test_what_the_reach_rests_on_is_said_and_kept_with_the_minutes(
    session, saved, lead, begun, client_of
):
    client, items = begun
    url = f"/funnel/reviews/{items[0].review_id}"
    french = saved(make.member(Role.MANAGER, brand=lead.brand, user=make.user(locale="fr")))
    for size in (500, 300, 100, 50):
        person = saved(make.influencer(audience=size))
        held = {"stage": Stage.ENGAGED, "owner": lead.user}
        card = saved(make.relationship(brand=lead.brand, influencer=person, **held))
    session.commit()
    assert "What your reach rests on" not in client.get(url).text

    run = {"people": 7, "strangers": 0, "ties": 5, "communities": 0, "seconds": 0.1}
    saved(NetworkRun(brand_id=lead.brand_id, day=NOW.date(), finished_at=NOW, **run))
    all_of_it = f"100% of the audience of those engaged is with one colleague: {lead.user.name}."
    assert all_of_it in client.get(url).text
    client.post(f"{url}/close", data={"recipients": [str(lead.user_id), str(french.user_id)]})
    card.owner = french.user
    session.commit()

    # The minutes keep what it was.
    assert all_of_it in client.get(url).text
    assert "As it stood when the review was closed." in client.get(url).text
    mails = session.scalars(select(Outbox).order_by(Outbox.user_id)).all()
    assert f"High · {all_of_it}" in mails[0].body_text
    assert "Ce sur quoi repose votre portée" in mails[1].body_text
    stored = session.scalars(select(Review.rests_on)).one()
    assert {one["code"] for one in stored} == {"risk.share"}
    # The next one begins with what it is by now.
    assert 'hx-get="/funnel/review/rests"' in client.get("/funnel/review").text
    assert "95% of the audience" in client.get("/funnel/review/rests").text
