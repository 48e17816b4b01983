"""What to know before a contact: only what the reader may read, the no-goes first."""

import datetime as dt

import make
import pytest

from irm.directory.search import Reader
from irm.funnel import brief
from irm.funnel.brief import Step
from irm.funnel.facts.reminding import How
from irm.models import Channel, FactKind, Kind, Promiser, Role, Source, Stage, Visibility

AT = make.MONDAY
DAY = AT.date()


@pytest.fixture
def ana(saved):
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def card(saved, ana):
    return saved(
        make.relationship(brand=ana.brand, owner=ana.user, stage=Stage.AWARE, name="Chloé")
    )


@pytest.fixture
def due(saved, ana, card):
    return saved(make.touchpoint(relationship=card, owner=ana.user, due_on=DAY))


def read(session, touchpoint, ana, *, reads_private=False):
    reader = Reader(ana.brand_id, ana.user_id, reads_private)
    return brief.of(session, touchpoint, reader, DAY)


def test_it_has_the_last_three_exchanges_that_the_reader_may_read(session, saved, ana, card, due):
    ravi = saved(make.member(Role.LEAD, brand=ana.brand)).user
    for n in range(4):
        at = AT - dt.timedelta(days=n)
        saved(make.interaction(relationship=card, summary=f"Talk {n}", happened_at=at))
    saved(
        make.interaction(
            relationship=card,
            summary="Secret",
            author=ravi,
            visibility=Visibility.PRIVATE,
            happened_at=AT + dt.timedelta(hours=1),
        )
    )

    said = [one.summary for one in read(session, due, ana).exchanges]
    all_said = [one.summary for one in read(session, due, ana, reads_private=True).exchanges]

    assert said == ["Talk 0", "Talk 1", "Talk 2"]
    assert all_said == ["Secret", "Talk 0", "Talk 1"]


def test_it_has_the_promises_both_ways_and_the_questions(session, saved, ana, card, due):
    saved(make.promise(relationship=card, promiser=Promiser.THEM, what="A film"))
    saved(make.promise(relationship=card, promiser=Promiser.US, what="Seeds"))
    saved(make.question(relationship=card, text="When?"))

    found = read(session, due, ana)

    assert [one.what for one in found.promises] == ["Seeds", "A film"]
    assert [one.text for one in found.questions] == ["When?"]


def test_what_never_to_speak_of_comes_first_and_a_guess_is_marked(session, saved, ana, card, due):
    saved(make.fact(relationship=card, text="Bread", known_on=DAY))
    saved(make.fact(relationship=card, text="A cat", source=Source.GUESS, known_on=DAY))
    saved(make.fact(relationship=card, text="The divorce", kind=FactKind.NO_GO, known_on=DAY))

    facts = read(session, due, ana).facts

    assert (facts[0].text, facts[0].how) == ("The divorce", How.MIND)
    assert [one.text for one in facts if one.is_guess] == ["A cat"]


def test_before_the_first_contact_it_lists_the_four_steps_ticked_from_what_was_logged(
    session, saved, ana, card, due
):
    assert [(one.step, one.is_done) for one in read(session, due, ana).steps] == [
        (step, False) for step in Step
    ]
    saved(make.interaction(relationship=card, channel=Channel.COMMENT, activity="small_talk"))
    saved(make.interaction(relationship=card, channel=Channel.OTHER, activity="follow"))
    saved(make.fact(relationship=card, kind=FactKind.TEAM, text="The Foxes"))

    assert all(one.is_done for one in read(session, due, ana).steps)

    saved(make.interaction(relationship=card, channel=Channel.EMAIL))
    assert not read(session, due, ana).steps


def test_the_gate_is_asked_of_the_ask_itself_as_if_it_were_not_planned(session, saved, ana, card):
    planned = saved(
        make.touchpoint(relationship=card, owner=ana.user, due_on=DAY, kind=Kind.ASK.value)
    )

    assert read(session, planned, ana).verdict.why["code"] != "asked_already"


def test_it_names_the_tactic_that_was_chosen_else_the_one_that_suits(
    session, saved, ana, card, due
):
    assert read(session, due, ana).is_proposed
    chosen = saved(make.touchpoint(relationship=card, due_on=DAY, tactic="comment"))

    found = read(session, chosen, ana)

    assert (found.tactic.code, found.is_proposed) == ("comment", False)
    assert [one.id for one in found.others] == [due.id]


@pytest.mark.parametrize("zone", [None, "", "Mars/Olympus", "../etc"])
def test_a_zone_nobody_knows_has_no_clock(zone):
    assert brief.time_there(zone, AT) is None


def test_the_clock_of_apia_is_theirs():
    there = brief.time_there("Pacific/Apia", AT)

    assert (there.date(), there.hour) == (DAY, 22)
    assert brief.is_night(there)
