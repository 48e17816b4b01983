import datetime as dt

from irm.ledger import contact
from irm.ledger.contact import TRIES
from irm.models import Channel, Direction, Kind
from irm.models.relationship import LEFT_IN_PEACE

DAY_1 = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def on(day: int) -> dt.datetime:
    return DAY_1 + dt.timedelta(days=day - 1)


def test_nobody_contacted_is_nothing_known():
    assert contact.read([]) == contact.Contact()


def test_an_answer_within_two_weeks_is_an_exchange_from_the_day_they_wrote():
    read = contact.read(
        [
            (on(1), Direction.OUT, Kind.TALK, Channel.MESSAGE),
            (on(15), Direction.IN, Kind.TALK, Channel.MESSAGE),
        ]
    )

    assert read.last_two_way_at == on(15)


def test_an_answer_after_two_weeks_is_no_exchange():
    read = contact.read(
        [
            (on(1), Direction.OUT, Kind.TALK, Channel.MESSAGE),
            (on(16), Direction.IN, Kind.TALK, Channel.MESSAGE),
        ]
    )

    assert read.last_two_way_at is None
    assert read.last_contact_at == on(16)


def test_our_answer_to_them_is_an_exchange_too():
    read = contact.read(
        [
            (on(1), Direction.IN, Kind.TALK, Channel.MESSAGE),
            (on(3), Direction.OUT, Kind.TALK, Channel.MESSAGE),
        ]
    )

    assert read.last_two_way_at == on(1)


def test_a_late_pair_does_not_overwrite_a_newer_exchange():
    read = contact.read(
        [
            (on(1), Direction.IN, Kind.TALK, Channel.MESSAGE),
            (on(5), Direction.BOTH, Kind.TALK, Channel.MESSAGE),
            (on(6), Direction.OUT, Kind.TALK, Channel.MESSAGE),
        ]
    )

    assert read.last_two_way_at == on(5)


def test_an_ask_begins_the_count_of_gives_anew():
    read = contact.read(
        [
            (on(1), Direction.OUT, Kind.GIVE, Channel.MESSAGE),
            (on(2), Direction.OUT, Kind.GIVE, Channel.MESSAGE),
            (on(3), Direction.OUT, Kind.ASK, Channel.MESSAGE),
            (on(4), Direction.OUT, Kind.GIVE, Channel.MESSAGE),
        ]
    )

    assert read.gives_since_ask == 1


def test_what_they_give_or_ask_is_not_ours_to_count():
    read = contact.read(
        [
            (on(1), Direction.OUT, Kind.GIVE, Channel.MESSAGE),
            (on(2), Direction.IN, Kind.ASK, Channel.MESSAGE),
            (on(3), Direction.IN, Kind.GIVE, Channel.MESSAGE),
        ]
    )

    assert read.gives_since_ask == 1


def test_each_day_on_which_we_wrote_counts_until_they_answer():
    tries = [
        (on(1), Direction.OUT, Kind.TALK, Channel.EMAIL),
        (on(1), Direction.OUT, Kind.TALK, Channel.MESSAGE),
        (on(8), Direction.OUT, Kind.GIVE, Channel.CALL),
    ]

    assert contact.read(tries).unanswered == 2
    answered = (on(9), Direction.IN, Kind.TALK, Channel.EMAIL)
    assert contact.read([*tries, answered]).unanswered == 0
    again = (on(9), Direction.OUT, Kind.TALK, Channel.EMAIL)
    assert contact.read([*tries, answered, again]).unanswered == 1


def test_what_asks_for_no_answer_is_none_that_is_missing():
    for channel in (Channel.COMMENT, Channel.POST, Channel.PARCEL, Channel.EVENT, Channel.OTHER):
        assert contact.read([(on(1), Direction.OUT, Kind.GIVE, channel)]).unanswered == 0


def test_the_index_of_those_left_in_peace_counts_as_many_tries():
    assert str(LEFT_IN_PEACE) == f"relationships.unanswered >= {TRIES}"
