"""Letters about what happened: each thing told once, collected, and to nobody who may not know."""

import make
import pytest

from irm.funnel import amending, claims, handover
from irm.funnel import interactions as logging
from irm.funnel.handover_terms import Terms
from irm.jobs import noticing
from irm.mail import notices
from irm.models import Notice, Stage, Visibility
from tests.jobs.noticed import AT, DAY, LATER, MINUTE, ask, assign, subjects, written


@pytest.fixture(autouse=True)
def _at_work(at_work):
    """Every test here runs inside the app."""


# Assignment


def test_who_is_entrusted_with_somebody_hears_of_it_once(session, team, person):
    one = person(name="Chloé Martin")
    assign(session, one, team.ana, team.claire)

    assert [noticing.notice(LATER)["written"] for _ in range(3)] == [1, 0, 0]

    [mail] = written(session)
    assert (mail.user_id, mail.subject) == (
        team.ana.id,
        "Claire Dupont entrusted Chloé Martin to you",
    )
    assert (mail.letter, mail.category, mail.doubt_policy) == ("assignment", "team", "resend")
    assert mail.dedupe_key.startswith("assignment:")
    assert mail.dedupe_key.endswith(f":{team.ana.id}")
    assert mail.tells_of == [team.brand.id]


def test_what_she_does_herself_sends_her_nothing(session, team, person):
    assign(session, person(), team.ana, team.ana)
    noticing.notice(LATER)
    assert not written(session)


def test_what_goes_on_is_one_letter_when_it_is_over(session, team, person):
    for minute in range(0, 12, 3):
        assign(session, person(), team.ana, team.claire, at=AT + minute * MINUTE)
        noticing.notice(AT + (minute + 2) * MINUTE)
    assert not written(session)

    noticing.notice(AT + 15 * MINUTE)

    assert subjects(session) == [(team.ana.id, "Claire Dupont entrusted 4 people to you")]


def test_who_goes_on_for_ever_keeps_nobody_waiting_for_ever(session, team, person):
    for minute in range(0, 24, 2):
        assign(session, person(), team.ana, team.claire, at=AT + minute * MINUTE)
        noticing.notice(AT + (minute + 1) * MINUTE)
    assert len(written(session)) == 1


def test_a_handover_of_hundreds_is_one_letter_to_each(session, team, person):
    for _ in range(300):
        person(owner=team.tom)
    terms = Terms(team.brand.id, team.tom.id, (team.ana.id, team.claire.id))
    made = handover.begin(
        session, terms, back_on=None, why="", today=AT.date(), user=team.claire, at=AT
    )
    while not handover.go_on(session, made, terms, user=team.claire, at=AT):
        session.commit()
    session.commit()

    noticing.notice(LATER)

    # Claire took half of them herself.
    assert subjects(session) == [(team.ana.id, "Claire Dupont entrusted 150 people to you")]
    [mail] = written(session)
    assert mail.body_text.count("* ") == notices.NAMED
    assert "and 135 more" in mail.body_text
    assert f"/influencers?owner=me&brand={team.brand.id}" in mail.body_text


def test_what_was_taken_back_meanwhile_is_not_told(session, team, person):
    gone, lent = person(), person(owner=team.ana)
    assign(session, gone, team.ana, team.claire)
    assign(session, gone, team.tom, team.claire, at=AT + MINUTE)
    assign(session, lent, team.tom, team.claire)
    assign(session, lent, team.ana, team.claire, at=AT + MINUTE)

    noticing.notice(LATER)

    assert [user_id for user_id, _subject in subjects(session)] == [team.tom.id]


def test_who_comes_back_days_later_is_told_of(session, team, person):
    lent = person(owner=team.ana, name="Li Na")
    assign(session, lent, team.tom, team.claire)
    noticing.notice(LATER)
    assign(session, lent, team.ana, team.claire, at=AT + 3 * DAY)
    noticing.notice(LATER + 3 * DAY)
    assert subjects(session)[1:] == [(team.ana.id, "Claire Dupont entrusted Li Na to you")]


@pytest.mark.parametrize("why", ["unwanted", "inactive", "elsewhere"])
def test_who_wants_none_has_left_or_may_not_know_gets_none(session, team, person, why):
    reader = team.vera if why == "elsewhere" else team.ana
    assign(session, person(), reader, team.claire)
    if why == "unwanted":
        reader.unwanted = [Notice.ASSIGNMENT]
    reader.is_active = why != "inactive"
    session.commit()

    noticing.notice(LATER)
    reader.unwanted, reader.is_active = [], True
    session.commit()
    noticing.notice(LATER + MINUTE)

    assert not written(session)


def test_somebody_in_the_archive_is_not_told_of(session, team, person):
    one = person()
    assign(session, one, team.ana, team.claire)
    one.influencer.archived_at = AT
    session.commit()
    noticing.notice(LATER)
    assert not written(session)


def test_a_letter_that_cannot_be_made_stops_no_other_and_is_not_lost(
    session, team, person, monkeypatch
):
    assign(session, person(), team.ana, team.claire)
    assign(session, person(), team.tom, team.claire)
    made = notices.assignment

    def fail_for_ana(recipient, *rest):
        if recipient.id == team.ana.id:
            raise RuntimeError("a template of ours is broken")
        return made(recipient, *rest)

    with monkeypatch.context() as broken:
        broken.setattr(notices, "assignment", fail_for_ana)
        counts = noticing.notice(LATER)
    assert (counts["failed"], counts["written"]) == (1, 1)

    noticing.notice(LATER + MINUTE)

    assert [user_id for user_id, _subject in subjects(session)] == [team.tom.id, team.ana.id]


# Mention


def test_whom_a_note_calls_hears_of_it_once(session, team, note):
    made = note("She liked the kit. @ana, do you have the recipe?", team.claire)

    assert [noticing.notice(LATER)["written"] for _ in range(3)] == [1, 0, 0]

    [mail] = written(session)
    name = made.relationship.influencer.name
    assert (mail.user_id, mail.subject) == (team.ana.id, f"Claire Dupont mentions you with {name}")
    assert mail.dedupe_key == f"mention:{made.id}:{team.ana.id}"
    assert "do you have the recipe?" in mail.body_text
    assert f"#interaction-{made.id}" in mail.body_text


def test_several_notes_are_one_letter(session, team, note):
    for minute in range(3):
        note(f"Note {minute} for @Ana Ribeiro and @Tom", team.claire, at=AT + minute * MINUTE)
    noticing.notice(LATER)
    assert sorted(subjects(session)) == [
        (team.ana.id, "You were mentioned in 3 notes"),
        (team.tom.id, "You were mentioned in 3 notes"),
    ]


def test_neither_her_own_note_nor_a_private_one_nor_one_of_another_brand_calls_her(
    session, team, note
):
    note("Remember this @Ana", team.ana)
    note("Her mother is ill @Ana", team.claire, visibility=Visibility.PRIVATE)
    note("@Vera Holm should know", team.claire)
    noticing.notice(LATER)
    assert not written(session)


def test_a_note_that_was_imported_calls_nobody(session, team, person, saved):
    saved(make.interaction(relationship=person(), summary="@Ana said so", created_at=AT))
    noticing.notice(LATER)
    assert not written(session)


def test_whom_a_note_calls_once_it_was_put_otherwise_hears_of_it(session, team, note):
    made = note("She liked the kit, @Tom.", team.claire)
    noticing.notice(LATER)
    for summary in ("She liked the kit, @Tom. And you, @Ana?", "Better so, @Tom and @Ana."):
        rewrite(session, made, summary, team.claire, LATER)

    noticing.notice(LATER + 10 * MINUTE)

    assert [user_id for user_id, _subject in subjects(session)] == [team.tom.id, team.ana.id]


def test_a_note_put_otherwise_before_anybody_was_told_is_told_once(session, team, note):
    made = note("Look, @Ana.", team.claire)
    rewrite(session, made, "Look at this.", team.claire, AT + MINUTE)
    rewrite(session, made, "Look at this, @Ana.", team.claire, AT + 8 * MINUTE)
    for minute in range(20):
        noticing.notice(AT + minute * MINUTE)
    assert len(written(session)) == 1


def rewrite(session, interaction, summary, by, at):
    exchange = logging.Exchange(
        summary=summary,
        kind=interaction.kind,
        direction=interaction.direction,
        channel=interaction.channel,
    )
    amending.edit(
        session, interaction, exchange, happened_at=interaction.happened_at, user=by, at=at
    )
    session.commit()


# Question


def test_the_owner_hears_when_the_time_is_over_and_the_lead_when_it_is_over_twice(
    session, team, person, saved
):
    one = ask(saved, person(name="Li Na"), team.ana, text="May I show it?")

    assert noticing.notice(AT - MINUTE)["written"] == 0
    assert [noticing.notice(AT + n * MINUTE)["written"] for n in range(3)] == [1, 0, 0]
    assert [noticing.notice(AT + DAY + n * MINUTE)["written"] for n in range(3)] == [1, 0, 0]

    hers, leads = written(session)
    assert (hers.user_id, leads.user_id) == (team.ana.id, team.claire.id)
    assert hers.subject == leads.subject == "Li Na waits for an answer"
    assert hers.dedupe_key == f"question:{one.id}:{team.ana.id}"
    assert "with Ana Ribeiro" in leads.body_text
    assert "Of your team" in leads.body_text


def test_many_questions_are_one_letter(session, team, person, saved):
    for n in range(20):
        ask(saved, person(), team.ana, text=f"Question {n}?")
    noticing.notice(AT)
    assert subjects(session) == [(team.ana.id, "20 questions wait for an answer")]


def test_what_was_answered_is_private_or_has_its_promise_is_not_told(session, team, person, saved):
    promise = saved(make.promise(relationship=person(), owner=team.ana))
    ask(saved, person(), team.ana, state="answered")
    ask(saved, person(), team.ana, visibility=Visibility.PRIVATE, author_id=team.ana.id)
    ask(saved, person(), team.ana, promise_id=promise.id)
    ask(saved, person(), team.ana, asked_at=AT - 40 * DAY)
    noticing.notice(AT)
    assert not written(session)


def test_where_nobody_sees_to_it_the_lead_hears_at_once(session, team, person, saved):
    ask(saved, person(), None)
    noticing.notice(AT)
    assert [user_id for user_id, _subject in subjects(session)] == [team.claire.id]


# Proposal


def test_new_proposals_are_told_once_and_once_a_day_at_most(session, team, person):
    first = person(owner=team.ana, stage=Stage.AWARE, earned_stage=Stage.INTERESTED)
    before = noticing.notice(AT - 2 * 60 * MINUTE)["written"]  # seven o'clock
    told = [noticing.notice(AT + n * MINUTE)["written"] for n in range(2)]
    second = person(owner=team.ana, stage=Stage.AWARE, earned_stage=Stage.ENGAGED)
    same_day = noticing.notice(AT + 60 * MINUTE)["written"]
    next_days = [noticing.notice(AT + n * DAY)["written"] for n in (1, 2, 3)]

    assert (before, told, same_day, next_days) == (0, [1, 0], 0, [1, 0, 0])
    one, two = written(session)
    assert one.dedupe_key == f"proposal:2026-03-02:{team.ana.id}"
    assert first.influencer.name in one.body_text
    assert second.influencer.name in two.body_text
    assert first.influencer.name not in two.body_text
    assert "Beside them, 1 that you were told of" in two.body_text


def test_a_proposal_that_changes_or_comes_again_is_new(session, team, person):
    one = person(owner=team.ana, stage=Stage.AWARE, earned_stage=Stage.INTERESTED)
    told = []
    for day, earned in enumerate((Stage.INTERESTED, Stage.ENGAGED, Stage.AWARE, Stage.ENGAGED)):
        one.earned_stage = earned
        session.commit()
        told.append(noticing.notice(AT + day * DAY)["written"])
        session.refresh(one)
    assert told == [1, 1, 0, 1]


def test_what_was_declined_or_is_of_others_is_not_proposed(session, team, person):
    one = person(owner=team.ana, stage=Stage.AWARE, earned_stage=Stage.INTERESTED)
    person(owner=None, stage=Stage.AWARE, earned_stage=Stage.INTERESTED)
    claims.decide(session, one, is_dismissed=True, user=team.ana, at=AT)
    session.commit()
    noticing.notice(AT)
    assert not written(session)


def test_on_days_without_work_nothing_is_proposed(session, team, person):
    person(owner=team.ana, stage=Stage.AWARE, earned_stage=Stage.INTERESTED)
    assert [noticing.notice(AT + n * DAY)["written"] for n in (5, 6, 7)] == [0, 0, 1]
