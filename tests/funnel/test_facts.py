"""Noting facts, putting them right, and making use of them once."""

import datetime as dt

import make
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from irm.directory import people, reindexing, search, timeline
from irm.errors import Done, Refused, Stale
from irm.funnel import facts
from irm.funnel.facts import Noted, Used
from irm.funnel.facts.keeping import FOR_GOOD
from irm.models import AuditEntry, Fact, FactKind, FactUse, SearchEntry, Source, Visibility

AT = make.MONDAY
TODAY = AT.date()
BIRTHDAY = Noted(FactKind.BIRTHDAY, on_month=3, on_day=4)


@pytest.fixture
def ana(saved):
    return saved(make.user(name="Ana"))


@pytest.fixture
def card(saved):
    return saved(make.relationship(name="Mira Okafor"))


@pytest.fixture
def note(session, card, ana):
    def note(noted, author=ana, today=TODAY):
        made = facts.note(session, card, noted, author=author, at=AT, today=today)
        session.commit()
        return made

    return note


def found(session, card, query, user_id=0, reads_private=False):
    reader = search.Reader(card.brand_id, user_id, reads_private)
    return [row.name for row in session.execute(people.lookup(session, query, reader))]


def test_a_fact_keeps_what_how_and_since_when_we_know(session, note, ana):
    fact = note(Noted(FactKind.TEAM, "Leeds United", Source.PUBLIC))

    assert (fact.text, fact.source, fact.author_id) == ("Leeds United", Source.PUBLIC, ana.id)
    assert (fact.known_on, fact.shelf_days) == (TODAY, 365)


@pytest.mark.parametrize(
    ("kind", "given_days", "kept"),
    [
        (FactKind.PASSION, None, 730),
        (FactKind.PROJECT, None, 90),
        (FactKind.NO_GO, None, None),
        (FactKind.PROJECT, 30, 30),
        (FactKind.PROJECT, FOR_GOOD, None),
    ],
)
def test_each_kind_has_a_shelf_life_that_can_be_changed(note, kind, given_days, kept):
    assert note(Noted(kind, "Something", shelf_days=given_days)).shelf_days == kept


@pytest.mark.parametrize(
    ("noted", "said"),
    [
        (Noted(FactKind.PASSION), "what you learnt"),
        (Noted(FactKind.PASSION, "x" * 501), "500 characters"),
        (Noted(FactKind.PASSION, "x", known_on=TODAY + dt.timedelta(days=1)), "in the future"),
        (Noted(FactKind.PASSION, "x", known_on=dt.date(1889, 1, 1)), "too long ago"),
        (Noted(FactKind.PASSION, "x", shelf_days=-1), "ten years"),
        (Noted(FactKind.PASSION, "x", shelf_days=2**31), "ten years"),
        (Noted(FactKind.BIRTHDAY, on_month=2, on_day=30), "no such day"),
        (Noted(FactKind.BIRTHDAY), "Which day"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_nothing_is_written(session, note, noted, said):
    with pytest.raises(Refused, match=said):
        note(noted)

    session.rollback()
    assert session.scalar(select(func.count()).select_from(Fact)) == 0


def test_a_double_click_notes_once(note):
    note(Noted(FactKind.PASSION, "Sourdough"))

    with pytest.raises(Done, match="noted already"):
        note(Noted(FactKind.PASSION, "Sourdough"))


def test_what_another_keeps_to_herself_is_not_told_of(saved, note):
    mine = Noted(FactKind.PASSION, "Sourdough", visibility=Visibility.PRIVATE)
    note(mine)

    note(mine, author=saved(make.user()))


def test_of_two_who_edit_the_second_is_told(session, note, ana):
    fact = note(Noted(FactKind.TASTE, "Oat milk"))
    seen = fact.row_version
    more = {"user": ana, "at": AT, "today": TODAY, "seen_version": seen}
    facts.edit(session, fact, Noted(FactKind.TASTE, "Soy milk"), **more)

    for act in (facts.confirm, lambda *of, **by: facts.edit(*of, Noted(FactKind.TASTE, "x"), **by)):
        with pytest.raises(Stale):
            act(session, fact, **more)
    assert fact.text == "Soy milk"
    changes = session.scalars(select(AuditEntry.ids)).all()
    assert [one["change"] for one in changes] == ["edited"]


def test_still_true_begins_the_shelf_life_anew(session, note, ana):
    fact = note(Noted(FactKind.TEAM, "Leeds United", known_on=dt.date(2024, 1, 1)))

    facts.confirm(session, fact, user=ana, at=AT, today=TODAY, seen_version=fact.row_version)

    assert fact.known_on == TODAY


def test_a_day_that_is_over_is_not_still_true(session, note, ana):
    fact = note(
        Noted(FactKind.MILESTONE, "Opening", on_month=2, on_day=1, on_year=2026),
        today=dt.date(2026, 1, 30),
    )

    with pytest.raises(Refused, match="This day is over"):
        facts.confirm(session, fact, user=ana, at=AT, today=TODAY, seen_version=fact.row_version)


def test_what_holds_no_more_stays_in_history_and_can_come_back(session, note, ana, card):
    fact = note(Noted(FactKind.PASSION, "Sourdough"))
    facts.end(session, fact, user=ana, at=AT, seen_version=fact.row_version)
    session.commit()

    assert (fact.ended_at, fact.ended_by_id) == (AT, ana.id)
    assert found(session, card, "sourdough") == []
    entries = timeline.page(session, card, user_id=0, reads_private=False, kind="fact")
    assert [one.text for one in entries] == ["Sourdough"]
    with pytest.raises(Refused, match="holds no more"):
        facts.use(session, fact, user=ana, at=AT, today=TODAY)

    facts.restore(session, fact, user=ana, at=AT, seen_version=fact.row_version)
    session.commit()

    assert fact.ended_at is None
    assert found(session, card, "sourdough") == ["Mira Okafor"]


def test_nobody_congratulates_twice_for_one_birthday(session, saved, note, ana):
    fact = note(BIRTHDAY)
    facts.use(session, fact, user=ana, at=AT, today=TODAY)
    session.commit()
    tom = saved(make.user(name="Tom"))

    with pytest.raises(Used, match="Ana made use of this already, 2026-03-02") as refused:
        facts.use(session, fact, user=tom, at=AT, today=TODAY + dt.timedelta(days=3))

    assert (refused.value.name, refused.value.at) == ("Ana", AT)
    next_year = TODAY.replace(year=2027)
    facts.use(session, fact, user=tom, at=AT, today=next_year)
    assert session.scalars(select(FactUse.occasion)).all() == ["2026", "2027"]


def test_a_passion_may_be_used_once_a_day(session, note, ana):
    fact = note(Noted(FactKind.PASSION, "Sourdough"))
    facts.use(session, fact, user=ana, at=AT, today=TODAY)

    with pytest.raises(Used):
        facts.use(session, fact, user=ana, at=AT, today=TODAY)
    facts.use(session, fact, user=ana, at=AT, today=TODAY + dt.timedelta(days=1))


def test_a_use_that_is_taken_back_was_none(session, note, ana):
    fact, other = note(BIRTHDAY), note(Noted(FactKind.PASSION, "Sourdough"))
    made = facts.use(session, fact, user=ana, at=AT, today=TODAY)

    facts.take_back(session, other, made.id)
    assert session.scalar(select(func.count()).select_from(FactUse)) == 1
    facts.take_back(session, fact, made.id)
    facts.take_back(session, fact, made.id)

    facts.use(session, fact, user=ana, at=AT, today=TODAY)


def test_what_is_never_spoken_of_is_not_made_use_of(session, note, ana):
    fact = note(Noted(FactKind.NO_GO, "The divorce"))

    with pytest.raises(Refused, match="never spoken of"):
        facts.use(session, fact, user=ana, at=AT, today=TODAY)


def test_people_are_found_by_what_is_noted_of_them_as_far_as_it_may_be_read(
    session, note, card, ana
):
    note(Noted(FactKind.PASSION, "Beekeeping"))
    note(Noted(FactKind.OTHER, "Rehabilitation", is_sensitive=True))

    assert found(session, card, "beekeep") == ["Mira Okafor"]
    assert found(session, card, "rehabil") == []
    assert found(session, card, "rehabil", ana.id) == ["Mira Okafor"]
    assert found(session, card, "rehabil", reads_private=True) == ["Mira Okafor"]
    assert reindexing.rebuild(session) == 1, "the name alone was missing: builders do not index"


def test_a_fact_that_becomes_sensitive_is_hidden_from_search_and_timeline(
    session, saved, note, card, ana
):
    fact = note(Noted(FactKind.OTHER, "Rehabilitation"))
    facts.edit(
        session,
        fact,
        Noted(FactKind.OTHER, "Rehabilitation", is_sensitive=True),
        user=ana,
        at=AT,
        today=TODAY,
        seen_version=fact.row_version,
    )
    session.commit()

    def read(user_id, lead=False):
        return len(timeline.page(session, card, user_id=user_id, reads_private=lead, kind="fact"))

    assert found(session, card, "rehabil") == []
    assert (read(0), read(ana.id), read(0, lead=True)) == (0, 1, 1)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2000, 12, 31)),
    st.lists(st.dates(dt.date(2024, 1, 1), dt.date(2029, 12, 31)), min_size=2, max_size=8),
)
def test_whatever_the_days_a_birthday_is_used_once_a_year(session, card, ana, born, used_on):
    session.execute(delete(FactUse))
    session.execute(delete(SearchEntry))
    session.execute(delete(Fact))
    session.commit()
    noted = Noted(FactKind.BIRTHDAY, on_month=born.month, on_day=born.day)
    fact = facts.note(session, card, noted, author=ana, at=AT, today=TODAY)

    for day in used_on:
        before = set(session.scalars(select(FactUse.occasion)))
        try:
            made = facts.use(session, fact, user=ana, at=AT, today=day)
            assert made.occasion not in before
        except Used:
            assert facts.using.occasion_of(fact, day) in before
    kept = session.scalars(select(FactUse.occasion)).all()
    assert len(kept) == len(set(kept))
    session.commit()
