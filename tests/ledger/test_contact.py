import datetime as dt

from irm.ledger import contact
from irm.models import Direction, Kind

DAY_1 = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def on(day: int) -> dt.datetime:
    return DAY_1 + dt.timedelta(days=day - 1)


def test_nobody_contacted_is_nothing_known():
    assert contact.read([]) == contact.Contact()


def test_an_answer_within_two_weeks_is_an_exchange_from_the_day_they_wrote():
    read = contact.read([(on(1), Direction.OUT, Kind.TALK), (on(15), Direction.IN, Kind.TALK)])

    assert read.last_two_way_at == on(15)


def test_an_answer_after_two_weeks_is_no_exchange():
    read = contact.read([(on(1), Direction.OUT, Kind.TALK), (on(16), Direction.IN, Kind.TALK)])

    assert read.last_two_way_at is None
    assert read.last_contact_at == on(16)


def test_our_answer_to_them_is_an_exchange_too():
    read = contact.read([(on(1), Direction.IN, Kind.TALK), (on(3), Direction.OUT, Kind.TALK)])

    assert read.last_two_way_at == on(1)


def test_a_late_pair_does_not_overwrite_a_newer_exchange():
    read = contact.read(
        [
            (on(1), Direction.IN, Kind.TALK),
            (on(5), Direction.BOTH, Kind.TALK),
            (on(6), Direction.OUT, Kind.TALK),
        ]
    )

    assert read.last_two_way_at == on(5)


def test_an_ask_begins_the_count_of_gives_anew():
    read = contact.read(
        [
            (on(1), Direction.OUT, Kind.GIVE),
            (on(2), Direction.OUT, Kind.GIVE),
            (on(3), Direction.OUT, Kind.ASK),
            (on(4), Direction.OUT, Kind.GIVE),
        ]
    )

    assert read.gives_since_ask == 1


def test_what_they_give_or_ask_is_not_ours_to_count():
    read = contact.read(
        [
            (on(1), Direction.OUT, Kind.GIVE),
            (on(2), Direction.IN, Kind.ASK),
            (on(3), Direction.IN, Kind.GIVE),
        ]
    )

    assert read.gives_since_ask == 1
