"""Gifts answer a passion; items with our logo are merch, and earn nobody an ask."""

import datetime as dt

import make
import pytest
from sqlalchemy import func, select

from irm.directory.search import Reader
from irm.errors import Refused
from irm.funnel import activities, balance, gifts, given
from irm.funnel.gifts import Given, Unanswering, Unwise
from irm.models import (
    Archetype,
    FactKind,
    FactUse,
    Gift,
    Interaction,
    Kind,
    Visibility,
)

AT = make.MONDAY
BEGINNING = AT - dt.timedelta(days=90)


@pytest.fixture
def ana(saved):
    return saved(make.user(name="Ana"))


@pytest.fixture
def card(saved):
    return saved(make.relationship(name="Mira Okafor"))


@pytest.fixture
def passion(saved, card):
    return saved(make.fact(relationship_id=card.id, text="Sourdough"))


@pytest.fixture
def give(session, card, ana):
    def give(what, *, at=AT, to=card, **more):
        reader = Reader(card.brand_id, ana.id)
        made = gifts.give(
            session, to, what, author=ana, reader=reader, happened_at=at, at=AT, **more
        )
        session.commit()
        return made

    return give


def test_a_gift_is_a_give_that_answers_a_passion_and_makes_use_of_it(session, give, passion, card):
    gift = give(Given("A rye starter", passion.id, note="She laughed."))

    logged = session.get_one(Interaction, gift.interaction_id)
    assert (logged.kind, logged.activity, logged.summary) == (Kind.GIVE, "gift", "She laughed.")
    assert (gift.item, gift.fact_id, gift.is_merch) == ("A rye starter", passion.id, False)
    [use] = session.scalars(select(FactUse))
    assert (use.fact_id, use.occasion, use.interaction_id) == (passion.id, "2026-03-02", logged.id)
    assert card.gives_since_ask == 1
    assert card.last_contact_at == AT


def test_what_carries_our_logo_is_merch_and_no_give(session, give, card):
    gift = give(Given("A mug", is_merch=True))

    logged = session.get_one(Interaction, gift.interaction_id)
    assert (logged.kind, logged.activity, logged.summary) == (Kind.TALK, "merch", "A mug")
    assert card.gives_since_ask == 0
    assert balance.counts(session, card.id).gives == 0
    assert activities.find("merch").kind is Kind.TALK


def test_merch_answers_nothing_whatever_the_form_says(give, passion):
    assert give(Given("A mug", passion.id, is_merch=True)).fact_id is None


@pytest.mark.parametrize("fact_id", [None, 2**31 - 1])
def test_a_gift_that_answers_nothing_asks_for_a_passion_first(session, give, fact_id):
    with pytest.raises(Unanswering, match="Choose a passion of theirs, or note one first"):
        give(Given("A plant", fact_id))

    session.rollback()
    assert session.scalar(select(func.count()).select_from(Interaction)) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": FactKind.BIRTHDAY, "on_month": 1, "on_day": 1},
        {"kind": FactKind.NO_GO},
        {"ended_at": AT},
        {"visibility": Visibility.PRIVATE},
        {"is_sensitive": True},
    ],
)
def test_a_gift_answers_no_fact_that_does_not_hold_or_may_not_be_read(saved, give, card, wrong):
    fact = saved(make.fact(**{"relationship_id": card.id} | wrong))

    with pytest.raises(Unanswering):
        give(Given("A plant", fact.id))


def test_a_gift_answers_no_passion_of_somebody_else(saved, give):
    with pytest.raises(Unanswering):
        give(Given("A plant", saved(make.fact()).id))


@pytest.mark.parametrize(
    "archetype", [Archetype.JOURNALIST, Archetype.ANALYST, Archetype.POLITICIAN]
)
def test_whoever_lives_on_being_independent_is_given_nothing_without_a_second_thought(
    session, give, passion, card, archetype
):
    card.influencer.archetype = archetype
    session.commit()

    for what in (Given("A rye starter", passion.id), Given("A mug", is_merch=True)):
        with pytest.raises(Unwise, match="Nothing of value may change hands with Mira Okafor"):
            give(what)
        session.rollback()
        give(what, is_confirmed=True)


def test_two_gifts_of_one_day_use_the_passion_once(session, give, passion):
    give(Given("A rye starter", passion.id))
    give(Given("A basket", passion.id))

    assert session.scalar(select(func.count()).select_from(FactUse)) == 1
    assert session.scalar(select(func.count()).select_from(Gift)) == 2


def test_nothing_is_given_in_the_future(session, give, passion):
    with pytest.raises(Refused, match="in the future"):
        give(Given("A rye starter", passion.id), at=AT + dt.timedelta(days=2))


def test_gifts_and_merch_are_listed_and_counted_apart(saved, session, give, passion, card, ana):
    give(Given("A rye starter", passion.id))
    give(Given("A mug", is_merch=True))
    give(Given("A cap", is_merch=True), at=AT - dt.timedelta(days=100))
    elsewhere = saved(make.relationship())
    give(Given("Elsewhere", is_merch=True), to=elsewhere)

    reader = Reader(card.brand_id, ana.id)
    rows = given.newest(session, reader, BEGINNING)

    assert [(row.item, row.fact, row.is_merch) for row in rows] == [
        ("A mug", "", True),
        ("A rye starter", "Sourdough", False),
    ]
    counted = given.counts(session, card.brand_id, BEGINNING)
    assert counted == {False: (1, 1), True: (1, 1)}
    assert given.counts(session, card.brand_id, AT + dt.timedelta(days=1)) == {
        False: (0, 0),
        True: (0, 0),
    }


def test_of_what_is_private_the_list_says_no_word(saved, session, give, passion, card, ana):
    gift = give(Given("A rye starter", passion.id))
    session.get_one(Interaction, gift.interaction_id).visibility = Visibility.PRIVATE
    passion.is_sensitive, passion.author_id = True, ana.id
    session.commit()

    def read(user_id, lead=False):
        [row] = given.newest(session, Reader(card.brand_id, user_id, lead), BEGINNING)
        return row.item, row.fact

    assert read(0) == ("", "")
    assert read(ana.id) == read(0, lead=True) == ("A rye starter", "Sourdough")
