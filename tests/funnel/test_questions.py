"""Questions: the clock, the holding reply that makes a promise, and the answer that keeps it."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from irm.errors import Done, Refused
from irm.funnel import holding, promises, questions
from irm.models import Promiser, PromiseState, Question, QuestionState, Visibility
from tests import make

AT = make.MONDAY
DAY = AT.date()
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def ana(saved):
    return saved(make.user(name="Ana", timezone="Europe/Paris"))


@pytest.fixture
def card(saved, ana):
    return saved(make.relationship(name="Mira Okafor", owner=ana))


@pytest.fixture
def asked(session, ana, card):
    def ask(**given):
        values = {"text": "May I film it?", "asked_at": AT, "at": AT, "author": ana}
        return questions.ask(session, card, **values | given)

    return ask


@pytest.fixture
def held(session, ana):
    def hold(question, **given):
        values = {"what": "An answer", "due_on": None, "today": DAY, "at": AT + HOUR, "user": ana}
        return holding.hold(session, question, **values | given)

    return hold


def waiting(session, user, **given):
    return [row.text for row in session.execute(questions.waiting(user.id, **given))]


def test_from_the_question_on_the_clock_runs(ana, asked, card):
    question = asked(asked_at=AT - 5 * HOUR)

    assert question.answer_by == AT + 19 * HOUR
    assert (question.owner_id, question.state) == (ana.id, QuestionState.OPEN)


def test_what_is_urgent_is_answered_on_the_same_day_of_whoever_answers(asked):
    question = asked(is_urgent=True)

    # Six in the evening in Paris, in winter.
    assert question.answer_by == dt.datetime(2026, 3, 2, 17, tzinfo=dt.UTC)


def test_a_brand_has_hours_of_its_own(saved, card, asked):
    card.brand.answering = {"normal": 48, "urgent": 3}
    saved(card)

    assert asked().answer_by == AT + 48 * HOUR
    assert asked(text="Now?", is_urgent=True).answer_by == AT + 3 * HOUR


def test_a_holding_reply_makes_a_promise_in_two_working_days(session, ana, asked, held):
    question = asked()
    assert waiting(session, ana) == ["May I film it?"]

    promise = held(question)

    assert question.held_at == AT + HOUR
    assert (promise.promiser, promise.what) == (Promiser.US, "An answer")
    assert promise.due_on == dt.date(2026, 3, 4)
    assert promise.owner_id == ana.id
    assert waiting(session, ana) == []
    [row] = session.execute(questions.open_of(question.relationship_id, user_id=ana.id))
    assert row.promised_on == promise.due_on


def test_who_knows_when_the_answer_comes_is_told_once(asked, held):
    question = asked()
    held(question, due_on=DAY + dt.timedelta(days=7))

    with pytest.raises(Done, match="know already"):
        held(question)
    assert question.promise.due_on == dt.date(2026, 3, 9)


def test_a_holding_reply_is_taken_back_and_the_clock_runs_as_before(session, ana, asked, held):
    question = asked()
    promise = held(question)

    holding.release(session, question, today=DAY, user=ana)

    assert (question.held_at, question.promise_id) == (None, None)
    assert promise.state is PromiseState.WITHDRAWN
    assert waiting(session, ana) == ["May I film it?"]


def test_answering_keeps_the_promise_and_taking_it_back_opens_both(session, ana, asked, held):
    question = asked()
    promise = held(question)

    questions.answer(session, question, today=DAY, user=ana, at=AT + 2 * HOUR)
    assert (question.state, promise.state) == (QuestionState.ANSWERED, PromiseState.KEPT)
    assert (question.answered_at, question.answered_by_id) == (AT + 2 * HOUR, ana.id)

    questions.reopen(session, question)
    assert (question.state, promise.state) == (QuestionState.OPEN, PromiseState.OPEN)
    assert question.answered_at is None


def test_keeping_the_promise_answers_the_question(session, ana, asked, held):
    question = asked()
    promise = held(question)

    promises.keep(session, promise, on=DAY, today=DAY, user=ana, at=AT)
    assert question.state is QuestionState.ANSWERED

    promises.reopen(session, promise)
    assert (question.state, question.answered_at) == (QuestionState.OPEN, None)


def test_a_broken_promise_lets_the_question_wait_again_and_be_held_again(session, ana, asked, held):
    question = asked()
    promises.break_(session, held(question), on=DAY, today=DAY, user=ana)
    assert waiting(session, ana) == ["May I film it?"]

    held(question, at=AT + 9 * HOUR)

    # The first word is what stopped the clock.
    assert question.held_at == AT + HOUR
    assert waiting(session, ana) == []


def test_what_needs_no_answer_is_dropped_with_its_promise_and_comes_back_with_it(
    session, ana, asked, held
):
    question = asked()
    promise = held(question)

    questions.drop(session, question, today=DAY, user=ana)
    assert (question.state, promise.state) == (QuestionState.DROPPED, PromiseState.WITHDRAWN)
    with pytest.raises(Done, match="closed already"):
        questions.answer(session, question, today=DAY, user=ana, at=AT)

    questions.reopen(session, question)
    assert (question.state, promise.state) == (QuestionState.OPEN, PromiseState.OPEN)
    with pytest.raises(Done, match="open already"):
        questions.reopen(session, question)


def test_another_urgency_sets_the_clock_anew_and_other_words_do_not(session, ana, asked):
    question = asked()
    before = question.answer_by

    questions.change(session, question, text="May I?", is_urgent=False, owner_id=ana.id)
    assert (question.text, question.answer_by) == ("May I?", before)

    questions.change(session, question, text="May I?", is_urgent=True, owner_id=ana.id)
    assert question.answer_by < before


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"asked_at": AT + HOUR}, "in the future"),
        ({"asked_at": AT - dt.timedelta(days=400)}, "too long ago"),
        ({"text": ""}, "Write what they asked"),
    ],
)
def test_what_nobody_means_is_refused_and_nothing_is_written(session, asked, given, said):
    with pytest.raises(Refused, match=said):
        asked(**given)

    assert session.scalar(select(func.count()).select_from(Question)) == 0


def test_the_same_question_is_noted_once_and_no_answer_is_promised_for_yesterday(asked, held):
    question = asked()

    with pytest.raises(Done, match="noted already"):
        asked()
    with pytest.raises(Refused, match="today or a later day"):
        held(question, due_on=DAY - dt.timedelta(days=1))
    assert question.held_at is None


def test_the_most_pressing_comes_first_and_private_ones_are_their_authors(
    session, saved, ana, card
):
    ravi = saved(make.user())
    for hours, text in ((30, "later"), (4, "soon")):
        saved(
            make.question(
                relationship=card, owner_id=ana.id, text=text, answer_by=AT + hours * HOUR
            )
        )
    saved(
        make.question(
            relationship=card,
            owner_id=ana.id,
            author_id=ravi.id,
            text="private",
            visibility=Visibility.PRIVATE,
        )
    )

    assert waiting(session, ana) == ["soon", "later"]
    assert waiting(session, ana, reads_private=True) == ["soon", "private", "later"]
    assert waiting(session, ana, brand_id=card.brand_id + 1) == []


def test_questions_of_a_colleague_who_left_wait_for_who_looks_after_the_person(
    session, saved, ana, card
):
    gone = saved(make.user(is_active=False))
    saved(make.question(relationship=card, owner_id=gone.id, text="Anybody?"))

    assert waiting(session, ana) == ["Anybody?"]


def test_a_private_question_is_held_by_a_private_promise_of_its_author(
    session, saved, asked, held, ana
):
    lead = saved(make.user())
    question = asked(visibility=Visibility.PRIVATE)

    promise = held(question, user=lead)

    assert (promise.visibility, promise.author_id) == (Visibility.PRIVATE, ana.id)
