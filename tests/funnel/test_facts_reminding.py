"""What to remember of people now, and whose day comes."""

import datetime as dt

import make
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event

from irm.directory.search import Reader
from irm.funnel import facts
from irm.funnel.facts import How
from irm.funnel.facts.days import of
from irm.models import Fact, FactKind, FactUse, Source, Visibility

TODAY = make.MONDAY.date()
NEAR = {TODAY + dt.timedelta(days=n): f"in {n} days" for n in range(-40, 40)}


def on(days):
    return TODAY + dt.timedelta(days=days)


def day(when, **more):
    return {"on_month": when.month, "on_day": when.day, "is_yearly": True} | more


@pytest.fixture
def ana(saved):
    return saved(make.user(name="Ana"))


@pytest.fixture
def card(saved, ana):
    return saved(make.relationship(name="Mira Okafor", owner=ana))


@pytest.fixture
def noted(saved, card):
    def note(**given):
        return saved(make.fact(**{"relationship_id": card.id} | given))

    return note


@pytest.fixture
def remember(session, card, ana):
    def remember(*, lead=False, user=ana, today=TODAY, **more):
        reader = Reader(card.brand_id, user.id, lead)
        return facts.to_use(session, [card.id], today, reader, **more).get(card.id, [])

    return remember


@pytest.fixture
def ahead(session, card, ana):
    def ahead(days=14, *, today=TODAY, **more):
        return facts.days_ahead(session, ana.id, card.brand_id, today, days, **more)

    return ahead


def test_what_never_to_speak_of_goes_first_then_days_then_the_rest(noted, remember):
    noted(text="Sourdough")
    noted(kind=FactKind.BIRTHDAY, text="", **day(on(3), on_year=1986))
    noted(kind=FactKind.NO_GO, text="The divorce")
    noted(kind=FactKind.BIRTHDAY, text="Son", **day(on(20)))

    found = remember()

    assert [one.how for one in found] == [How.MIND, How.DAY, How.SPEAK]
    assert [str(facts.saying(one, NEAR)) for one in found] == [
        "Never speak of it: The divorce",
        "Birthday in 3 days, turning 40",
        "Passion: Sourdough",
    ]


def test_a_fact_that_aged_is_a_question(noted, remember):
    noted(text="Lives in Leeds", kind=FactKind.OTHER, shelf_days=30, known_on=on(-31))
    noted(text="Lives in York", kind=FactKind.OTHER, shelf_days=30, known_on=on(-30))

    said = [str(facts.saying(one, NEAR)) for one in remember()]

    assert said == ["Other: Lives in York", "Is it still so that …? Other: Lives in Leeds"]


def test_a_day_that_came_once_is_asked_after(noted, remember):
    noted(text="Opens the shop", kind=FactKind.MILESTONE, **once(on(-4)))
    noted(text="Old news", kind=FactKind.MILESTONE, **once(on(-31)))

    [one] = remember()

    assert str(facts.saying(one, NEAR)) == "How did it go? Opens the shop, in -4 days"


def once(when):
    return day(when, on_year=when.year, is_yearly=False)


def test_a_guess_is_marked_and_never_written(noted, remember):
    noted(text="Vegetarian", kind=FactKind.TASTE, source=Source.GUESS)
    noted(text="Ill", kind=FactKind.OTHER, is_sensitive=True, source=Source.TOLD)

    [guess] = [one for one in remember(lead=True) if one.is_guess]

    assert str(facts.saying(guess, NEAR)) == "Our guess, find out: Vegetarian"
    assert remember(lead=True, with_guesses=False) == []


def test_private_and_sensitive_facts_are_for_their_author_and_the_lead(saved, noted, remember, ana):
    ravi = saved(make.user(name="Ravi"))
    noted(text="Ill", is_sensitive=True, author_id=ravi.id)
    noted(text="Shy", visibility=Visibility.PRIVATE, author_id=ravi.id)
    noted(text="Nobody's", visibility=Visibility.PRIVATE)

    assert remember() == []
    assert {one.text for one in remember(user=ravi)} == {"Ill", "Shy"}
    assert {one.text for one in remember(lead=True)} == {"Ill", "Shy", "Nobody's"}


def test_what_ended_is_not_brought_up(noted, remember):
    noted(text="Sourdough", ended_at=make.MONDAY)

    assert remember() == []


def test_a_day_that_was_made_use_of_is_not_brought_up_again(saved, noted, remember, ahead):
    fact = noted(kind=FactKind.BIRTHDAY, text="", **day(on(3)))
    assert [one.how for one in remember()] == [How.DAY]
    assert [one.id for one in ahead()] == [fact.id]

    saved(FactUse(fact_id=fact.id, occasion=str(TODAY.year), at=make.MONDAY))

    assert remember() == []
    assert ahead() == []
    next_year = TODAY.replace(year=TODAY.year + 1)
    assert [one.how for one in remember(today=next_year)] == [How.DAY]


def test_a_day_that_is_put_off_comes_anew(session, saved, noted, ahead):
    fact = noted(kind=FactKind.MILESTONE, text="Opening", **once(on(3)))
    saved(FactUse(fact_id=fact.id, occasion=on(3).isoformat(), at=make.MONDAY))
    assert ahead() == []

    fact.on_month, fact.on_day = on(9).month, on(9).day
    session.commit()

    assert [one.on for one in ahead()] == [on(9)]


def test_of_one_person_a_few_are_brought_up_what_was_used_longest_ago_first(saved, noted, remember):
    made = [noted(text=f"Passion {n}") for n in range(10)]
    saved(FactUse(fact_id=made[0].id, occasion=str(TODAY), at=make.MONDAY))

    found = remember()

    assert len(found) == 8
    assert made[0].id not in [one.id for one in found]


def test_days_ahead_cross_the_end_of_the_year_in_order(noted, ahead):
    late = dt.date(2026, 12, 28)
    january = noted(kind=FactKind.BIRTHDAY, **day(dt.date(2000, 1, 3), on_year=2000))
    december = noted(kind=FactKind.BIRTHDAY, **day(dt.date(2000, 12, 30)))
    noted(kind=FactKind.BIRTHDAY, **day(dt.date(2000, 1, 12)))

    found = ahead(14, today=late)

    assert [(one.id, one.on, one.years) for one in found] == [
        (december.id, dt.date(2026, 12, 30), None),
        (january.id, dt.date(2027, 1, 3), 27),
    ]


@pytest.mark.parametrize(
    "left_out",
    [
        {"archived_at": make.MONDAY},
        {"do_not_contact": True},
    ],
)
def test_whoever_is_not_written_to_has_no_days(session, noted, ahead, card, left_out):
    noted(kind=FactKind.BIRTHDAY, **day(on(3)))
    assert len(ahead()) == 1

    for name, value in left_out.items():
        setattr(card.influencer, name, value)
    session.commit()

    assert ahead() == []


def test_whoever_rests_has_no_days_until_they_are_back(session, noted, ahead, card):
    noted(kind=FactKind.BIRTHDAY, **day(on(3)))
    card.paused_until = on(1)
    session.commit()

    assert ahead() == []
    assert len(ahead(today=on(1))) == 1


def test_days_of_others_people_guesses_and_private_ones_are_left_out(
    saved, noted, ahead, card, ana
):
    noted(kind=FactKind.BIRTHDAY, source=Source.GUESS, **day(on(3)))
    noted(kind=FactKind.BIRTHDAY, is_sensitive=True, author_id=ana.id, **day(on(3)))
    noted(kind=FactKind.BIRTHDAY, visibility=Visibility.PRIVATE, **day(on(3)))
    mine = noted(
        kind=FactKind.BIRTHDAY, visibility=Visibility.PRIVATE, author_id=ana.id, **day(on(3))
    )
    other = saved(make.relationship(brand=card.brand, owner=make.user()))
    saved(make.fact(relationship=other, kind=FactKind.BIRTHDAY, **day(on(3))))

    assert [one.id for one in ahead()] == [mine.id]
    assert len(ahead(reads_private=True)) == 2


def test_each_asks_the_database_once(session, saved, noted, card, ana):
    noted(text="Sourdough")
    others = [saved(make.fact(text=f"T{n}")).relationship_id for n in range(5)]
    asked = []

    def note(*of):
        asked.append(of[2])

    event.listen(session.get_bind(), "before_cursor_execute", note)
    reader = Reader(card.brand_id, ana.id)

    found = facts.to_use(session, [card.id, *others], TODAY, reader)
    facts.days_ahead(session, ana.id, card.brand_id, TODAY, 14)
    event.remove(session.get_bind(), "before_cursor_execute", note)

    assert len(found) == 6
    assert len([one for one in asked if one.startswith(("SELECT", "WITH"))]) == 2
    assert facts.to_use(session, [], TODAY, reader) == {}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dates(dt.date(2024, 1, 1), dt.date(2032, 12, 31)),
    st.lists(st.dates(dt.date(2000, 1, 1), dt.date(2000, 12, 31)), min_size=1, max_size=12),
    st.integers(0, 60),
)
@example(dt.date(2026, 2, 20), [dt.date(2000, 2, 29)], 8)
@example(dt.date(2026, 12, 31), [dt.date(2000, 1, 1), dt.date(2000, 2, 29)], 59)
def test_the_database_finds_the_days_that_the_calendar_says(
    session, card, ahead, today, born, within
):
    session.execute(delete(Fact))
    made = [make.fact(relationship_id=card.id, kind=FactKind.BIRTHDAY, **day(one)) for one in born]
    session.add_all(made)
    session.commit()
    last = today + dt.timedelta(days=within)

    found = {one.id: one.on for one in ahead(within, today=today)}

    coming = {fact.id: of(fact).coming(today) for fact in made}
    assert found == {id: when for id, when in coming.items() if when <= last}
