"""Days off and days on which nothing ran: what falls due on them is told once, and later."""

import datetime as dt

import make
import pytest
import time_machine
from sqlalchemy import select

from irm import scheduler
from irm.db import db
from irm.funnel import digest, timing
from irm.jobs import clock_watch, reminders, zone_rules
from irm.mail import doubt
from irm.models import BrandMember, Instance, Outbox, Setting, User

MORNING = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

#: The Friday before, at her hour.
FRIDAY = MORNING - 3 * DAY


@pytest.fixture(autouse=True)
def _at_work(at_work):
    """Every test here runs inside the app."""


def written(session):
    session.expire_all()
    return session.scalars(select(Outbox).order_by(Outbox.id)).all()


def due(session, saved, user, *days):
    """Touchpoints of a colleague on these days, each with a person called by the day."""
    brand_id = session.scalar(select(BrandMember.brand_id).where(BrandMember.user_id == user.id))
    for day in days:
        person = make.relationship(brand_id=brand_id, name=f"Due {day:%d %B}")
        saved(make.touchpoint(relationship=person, owner=user, due_on=day))


def test_a_weekend_is_quiet_and_monday_says_what_fell_due_on_it(session, busy, saved):
    ana = busy(due_on=FRIDAY.date(), next_digest_at=FRIDAY - DAY / 48)
    due(session, saved, ana, *(FRIDAY.date() + shift * DAY for shift in (1, 2, 3)))

    counts = [reminders.remind(FRIDAY + shift * DAY) for shift in range(4)]

    assert [one["written"] for one in counts] == [1, 0, 0, 1]
    assert [one["quiet"] for one in counts] == [0, 1, 1, 0]
    monday = written(session)[1]
    assert monday.subject == "Your touchpoints for Monday 2 March: 3 overdue, 1 today"
    _before, since = monday.body_text.split("Fell due since Friday (2)")
    since, today = since.split("Today (1)")
    assert "Due 28 February" in since
    assert "Due 01 March" in since
    assert "Due 02 March" in today
    assert monday.body_text.count("Due 28 February") == 1


def test_who_wants_it_every_day_gets_it_on_a_sunday(session, busy):
    sunday = MORNING - DAY
    busy(due_on=sunday.date(), next_digest_at=sunday - DAY / 48, digest_on_days_off=True)
    assert reminders.remind(sunday)["written"] == 1


def test_a_public_holiday_of_her_country_is_quiet(session, busy):
    easter_monday = dt.datetime(2026, 4, 6, 7, tzinfo=dt.UTC)
    given = {"due_on": easter_monday.date(), "next_digest_at": easter_monday}
    busy(country="FR", **given)
    busy(country="US", **given)
    counts = reminders.remind(easter_monday)
    assert (counts["quiet"], counts["written"]) == (1, 1)


def test_an_absence_is_quiet_and_one_that_was_ended_is_not(session, busy, saved):
    ana = busy()
    away = make.absence(user_id=ana.id, first_on=MORNING.date(), last_on=MORNING.date() + DAY)
    saved(away)
    assert reminders.remind(MORNING)["quiet"] == 1

    session.delete(away)
    session.commit()

    assert reminders.remind(MORNING + DAY)["written"] == 1


def test_whose_working_days_are_none_is_written_to_all_the_same(session, busy):
    busy(work_days="")
    assert reminders.remind(MORNING)["written"] == 1


@pytest.mark.parametrize("away", [dt.timedelta(hours=6), 3 * DAY, 40 * DAY])
def test_after_a_stop_each_has_one_digest_and_each_item_stands_in_it_once(
    session, busy, saved, away
):
    last = MORNING - away
    people = [busy(due_on=last.date() - DAY, next_digest_at=last - DAY / 48) for _ in range(3)]
    for user in people:
        user.digest_told_on = last.date() - DAY
        days = [last.date() + shift * DAY for shift in range(away.days + 1)]
        due(session, saved, user, *days[-15:])
    session.commit()

    first, again = reminders.remind(MORNING), reminders.remind(MORNING + dt.timedelta(hours=3))

    assert (first["written"], again["written"]) == (3, 0)
    for mail in written(session):
        for shift in range(min(away.days + 1, 15)):
            assert mail.body_text.count(f"Due {MORNING - shift * DAY:%d %B}") == 1


def test_a_long_stop_is_named_by_its_day_and_a_short_one_by_its_weekday(session, busy, saved):
    for name, back in (("Short", 4), ("Long", 30)):
        told_on = MORNING.date() - back * DAY
        busy(name=name, digest_told_on=told_on, due_on=told_on + DAY)
    reminders.remind(MORNING)
    short, long = written(session)
    assert "Fell due since Thursday (1)" in short.body_text
    assert "Fell due since Saturday 31 January (1)" in long.body_text


def test_an_empty_morning_counts_as_told(session, busy):
    ana = busy(due_on=MORNING.date() + 20 * DAY)
    reminders.remind(MORNING)
    session.refresh(ana)
    assert ana.digest_told_on == MORNING.date()


def test_after_a_flight_to_the_west_no_day_has_two_digests(session, busy):
    ana = busy(timezone="Pacific/Auckland", next_digest_at=MORNING - DAY)
    reminders.remind(MORNING)  # Monday evening in Auckland
    session.refresh(ana)
    digest.reschedule(ana, 8, timing.ZoneInfo("Pacific/Honolulu"), MORNING)
    session.commit()
    for hours in range(1, 30):
        reminders.remind(MORNING + dt.timedelta(hours=hours))

    days = [mail.dedupe_key.rpartition(":")[2] for mail in written(session)]
    assert days == sorted(set(days))


@pytest.mark.parametrize("jump", [dt.timedelta(hours=1), -dt.timedelta(hours=1), -DAY])
def test_a_clock_that_jumps_and_comes_back_sends_nothing_twice_and_loses_no_day(
    session, busy, saved, jump
):
    ana = busy(due_on=MORNING.date())
    due(session, saved, ana, MORNING.date() + DAY)
    for moment in (MORNING, MORNING + jump, MORNING + DAY / 24, MORNING + DAY):
        with time_machine.travel(moment, tick=False):
            reminders.remind(moment)
    days = [mail.dedupe_key.rpartition(":")[2] for mail in written(session)]
    assert days == ["2026-03-02", "2026-03-03"]


def test_a_moment_that_a_wrong_clock_planned_is_planned_anew(session, busy):
    ana = busy(next_digest_at=MORNING + 3650 * DAY)
    reminders.remind(MORNING)
    session.refresh(ana)
    assert ana.next_digest_at == dt.datetime(2026, 3, 3, 7, tzinfo=dt.UTC)


def keep(session, name, value):
    session.merge(Setting(name=name, value=value))
    session.commit()


def test_new_zone_rules_move_what_lies_ahead_and_leave_what_is_due(session, busy):
    # As if Paris had had no summer time by the rules of before.
    ahead = busy(next_digest_at=dt.datetime(2026, 7, 1, 7, tzinfo=dt.UTC))
    late = busy(next_digest_at=dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC))
    now = dt.datetime(2026, 6, 30, 13, tzinfo=dt.UTC)
    keep(session, zone_rules.NAME, "1999a")

    assert zone_rules.mind(session, now) == 1
    assert zone_rules.mind(session, now) == 0

    session.refresh(ahead)
    session.refresh(late)
    assert ahead.next_digest_at == dt.datetime(2026, 7, 1, 6, tzinfo=dt.UTC)
    assert late.next_digest_at == dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
    assert session.get(Setting, zone_rules.NAME).value == timing.rules_version() != ""


def test_rules_that_come_too_late_for_an_hour_make_it_due_at_once(session, busy):
    ana = busy(next_digest_at=dt.datetime(2026, 7, 1, 7, tzinfo=dt.UTC), due_on=dt.date(2026, 7, 1))
    keep(session, zone_rules.NAME, "1999a")
    assert reminders.remind(dt.datetime(2026, 7, 1, 6, 30, tzinfo=dt.UTC))["written"] == 1
    session.refresh(ana)
    assert ana.next_digest_at == dt.datetime(2026, 7, 2, 6, tzinfo=dt.UTC)


def sending(session):
    session.expire_all()
    row = session.scalar(select(Instance))
    return row and (row.sending, row.paused_reason)


def test_a_clock_of_before_the_program_pauses_sending_until_it_is_right(session):
    assert not clock_watch.is_sound(session, dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    assert sending(session) == ("paused", "clock")

    assert clock_watch.is_sound(session, MORNING)
    assert sending(session) == ("on", None)


def test_a_clock_years_ahead_pauses_sending_until_a_person_says_it_is_right(session):
    ahead = MORNING + 3650 * DAY
    assert clock_watch.is_sound(session, MORNING)
    assert not clock_watch.is_sound(session, ahead)
    assert not clock_watch.is_sound(session, ahead + DAY)
    assert sending(session) == ("paused", "clock")

    doubt.resume(session)
    session.commit()

    assert clock_watch.is_sound(session, ahead + DAY)
    assert clock_watch.is_sound(session, ahead + 2 * DAY)
    assert sending(session) == ("on", None)


def test_a_year_without_a_worker_is_no_wrong_clock(session):
    assert clock_watch.is_sound(session, MORNING)
    assert clock_watch.is_sound(session, MORNING + 365 * DAY)
    assert clock_watch.is_sound(session, MORNING)


def test_a_pause_that_a_person_ordered_outlives_a_wrong_clock(session):
    doubt.pause(session, "person")
    session.commit()
    assert not clock_watch.is_sound(session, dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    assert clock_watch.is_sound(session, MORNING)
    assert sending(session) == ("paused", "person")


def test_the_worker_writes_and_fails_no_mail_by_a_clock_ten_years_ahead(app, session, busy, mail):
    busy(due_on=MORNING.date())
    waits = mail(deadline_at=MORNING + 3 * DAY)
    clock_watch.is_sound(session, MORNING)
    worker = scheduler.Worker(app)
    with time_machine.travel(MORNING + 3650 * DAY, tick=False):
        for entry in scheduler.TIMETABLE:
            if entry.name in ("remind", "deliver", "sweep"):
                scheduler.guard(worker, entry)

    assert [one.id for one in written(session)] == [waits.id]
    assert written(session)[0].state.value == "pending"
    assert db.session.scalar(select(User.next_digest_at)) < MORNING
