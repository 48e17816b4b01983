"""Questions in the browser's words: asked, held with one click, answered; and the brand's hours."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.models import Brand, Promise, Question, QuestionState, Role, Visibility

NOW = dt.datetime.now(dt.UTC)
TODAY = NOW.date()


@pytest.fixture
def ana(saved):
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def card(saved, ana):
    return saved(make.relationship(brand=ana.brand, owner=ana.user, name="Mira Okafor"))


@pytest.fixture
def question(saved, ana, card):
    return saved(
        make.question(
            relationship=card,
            owner_id=ana.user_id,
            author_id=ana.user_id,
            text="May I film it?",
            asked_at=NOW - dt.timedelta(hours=1),
        )
    )


def act(client, question, what, version=1, **more):
    values = {"row_version": str(version), **more}
    return client.post(f"/questions/{question.id}/{what}", data=values)


def stored(session, question):
    session.rollback()
    return session.get(Question, question.id, populate_existing=True)


def test_a_question_from_an_exchange_runs_from_that_exchange(saved, session, client_of, ana, card):
    told = saved(make.interaction(relationship=card, happened_at=NOW - dt.timedelta(hours=3)))
    client = client_of(ana.user)
    form = client.get(f"/relationships/{card.id}/question?interaction={told.id}").text
    day = f"{told.happened_at:%Y-%m-%d}"
    assert f'value="{day}"' in form

    answer = client.post(
        f"/relationships/{card.id}/questions",
        data={"text": "May I film it?", "interaction": str(told.id), "asked_on": day},
    )

    [made] = session.scalars(select(Question))
    assert made.asked_at == told.happened_at
    assert made.answer_by - made.asked_at == dt.timedelta(hours=24)
    assert "Noted. An answer is due by" in client.get(answer.location).text
    assert "They asked: May I film it?" in client.get(f"/relationships/{card.id}/promises").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": ""}, "Write what they asked."),
        ({"text": "x" * 501}, "too long"),
        ({"asked_on": str(TODAY + dt.timedelta(days=3))}, "in the future"),
        ({"asked_on": "1970-01-01"}, "too long ago"),
        ({"asked_on": "0001-01-01"}, "too long ago"),
        ({"asked_on": "9999-12-31"}, "in the future"),
    ],
)
def test_what_cannot_be_meant_comes_back_with_a_sentence(
    session, client_of, ana, card, typed, said
):
    answer = client_of(ana.user).post(
        f"/relationships/{card.id}/questions", data={"text": "May I?", **typed}
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalar(select(Question)) is None


def test_a_holding_reply_is_one_click_and_can_be_taken_back(session, client_of, ana, question):
    client = client_of(ana.user)

    answer = act(client, question, "hold", back="promises")

    assert answer.location == "/promises"
    promise = session.scalars(select(Promise)).one()
    assert promise.what == "An answer: May I film it?"
    assert TODAY < promise.due_on <= TODAY + dt.timedelta(days=5)
    page = client.get("/promises").text
    assert "Mira Okafor knows: an answer by" in page
    assert page.count('data-key="hold"') == 0
    assert f"/questions/{question.id}/release" in page
    act(client, question, "release", version=2)
    assert stored(session, question).held_at is None
    assert 'data-key="hold"' in client.get("/promises").text


def test_a_holding_reply_takes_another_day(session, client_of, ana, question):
    day = TODAY + dt.timedelta(days=20)
    act(client_of(ana.user), question, "hold", due_on=str(day))
    assert session.scalars(select(Promise.due_on)).one() == day


def test_an_answer_keeps_the_promise_and_says_so_on_the_page(
    session, client_of, ana, question, card
):
    client = client_of(ana.user)
    act(client, question, "hold")
    part = client.get(f"/relationships/{card.id}/promises").text
    assert "An answer is promised: " in part

    act(client, question, "answer", version=2)

    assert stored(session, question).state is QuestionState.ANSWERED
    assert session.scalars(select(Promise.state)).one() == "kept"
    assert "nobody waits" in client.get(f"/relationships/{card.id}/promises").text
    act(client, question, "reopen", version=3)
    assert stored(session, question).state is QuestionState.OPEN


def test_what_needs_no_answer_is_dropped_and_is_not_dropped_twice(
    session, client_of, ana, question
):
    client = client_of(ana.user)
    act(client, question, "drop")
    assert stored(session, question).state is QuestionState.DROPPED
    assert act(client, question, "drop").status_code == 409
    assert act(client, question, "drop", version=2).status_code == 422


def test_a_question_is_put_otherwise(session, client_of, ana, question):
    client = client_of(ana.user)
    assert 'value="May I film it?"' in client.get(f"/questions/{question.id}").text
    before = question.answer_by

    client.post(
        f"/questions/{question.id}",
        data={"text": "May I film it today?", "is_urgent": "y", "row_version": "1"},
    )

    found = stored(session, question)
    assert (found.text, found.is_urgent) == ("May I film it today?", True)
    assert found.answer_by < before


def test_a_private_question_is_not_there_for_others(saved, session, client_of, ana, question):
    question.visibility = Visibility.PRIVATE
    session.commit()
    other = client_of(saved(make.member(brand=ana.brand)).user)
    assert other.get(f"/questions/{question.id}").status_code == 404
    assert act(other, question, "answer").status_code == 404


def test_questions_are_counted_by_the_first_word(saved, client_of, ana, card):
    for hours, held in ((2, None), (30, None), (50, 4)):
        saved(
            make.question(
                relationship=card,
                owner_id=ana.user_id,
                state=QuestionState.ANSWERED,
                asked_at=NOW - dt.timedelta(hours=60),
                held_at=NOW - dt.timedelta(hours=60 - held) if held else None,
                answered_at=NOW - dt.timedelta(hours=60 - hours),
            )
        )
    file = client_of(ana.user).post("/promises/file", data={"what": "colleagues"})
    assert file.get_data(as_text=True).splitlines()[1].endswith(",0,0,2,1,4.0")


def test_a_lead_sets_the_hours_of_her_brand(saved, session, client_of, ana):
    lead = client_of(saved(make.member(Role.LEAD, brand=ana.brand)).user)

    assert lead.post("/settings/answering", data={"normal": "48", "urgent": "6"}).status_code == 303
    assert session.scalars(select(Brand.answering)).one() == {"normal": 48, "urgent": 6}
    assert 'value="48"' in lead.get("/settings/answering").text
    lead.post("/settings/answering/reset")
    session.rollback()
    assert session.scalars(select(Brand.answering)).one() == {}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"normal": "0"}, "Write a whole number of hours, from 1 to 168."),
        ({"normal": "169"}, "Write a whole number of hours, from 1 to 168."),
        ({"normal": ""}, "Write a whole number of hours, from 1 to 168."),
        ({"urgent": "half"}, "Write a whole number."),
        ({"normal": "2", "urgent": "3"}, "cannot wait longer"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused(saved, session, client_of, ana, typed, said):
    lead = client_of(saved(make.member(Role.LEAD, brand=ana.brand)).user)
    answer = lead.post("/settings/answering", data={"normal": "24", "urgent": "", **typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalars(select(Brand.answering)).one() == {}
