"""The week in review: one for each lead and week, on her first working day of it."""

import datetime as dt

import make
import pytest
from at_once import at_once
from sqlalchemy import select

from irm.db import db
from irm.jobs import reminders
from irm.mail import weekly
from irm.models import (
    Outbox,
    Promise,
    PromiseState,
    Role,
    Stage,
    StageMove,
    User,
    Visibility,
)

MORNING = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_work(at_work):
    """Every test here runs inside the app."""


@pytest.fixture
def lead(saved):
    """Nora in Paris, who leads a brand, wants no digest and whose week is due."""
    user = make.user(
        timezone="Europe/Paris", name="Nora", digest_hour=None, next_weekly_at=MORNING - DAY / 48
    )
    return saved(make.member(Role.LEAD, user=user))


@pytest.fixture
def person(saved, lead):
    """Somebody of her brand, who went a stage up on Thursday."""
    person = saved(make.relationship(brand=lead.brand, stage=Stage.AWARE, name="Mira Okafor"))
    went(saved, lead, person, Stage.UNAWARE, Stage.AWARE)
    return person


def went(saved, lead, person, start, end, at=MORNING - 4 * DAY):
    saved(
        StageMove(
            relationship_id=person.id,
            brand_id=lead.brand_id,
            from_stage=start,
            to_stage=end,
            at=at,
            user_id=lead.user_id,
        )
    )


def written(session):
    session.expire_all()
    found = select(Outbox).where(Outbox.letter == "weekly").order_by(Outbox.id)
    return session.scalars(found).all()


def test_a_week_is_written_once_and_the_next_is_planned(session, lead, person):
    first, second = reminders.remind(MORNING), reminders.remind(MORNING)

    assert (first["weekly"], second["weekly"]) == (1, 0)
    [mail] = written(session)
    assert mail.dedupe_key == f"weekly:{lead.user_id}:2026-W10"
    assert "Moved since Mon 23 Feb: 1 up" in mail.body_text
    assert "Mira Okafor · Unaware → Aware · by Nora · Thu 26 Feb" in mail.body_text
    assert mail.tells_of == [lead.brand_id]
    session.refresh(lead.user)
    assert lead.user.next_weekly_at == dt.datetime(2026, 3, 9, 7, tzinfo=dt.UTC)


def test_who_leads_nothing_has_no_week(session, saved):
    saved(make.member(Role.MANAGER, user=make.user(next_weekly_at=MORNING)))
    assert reminders.remind(MORNING)["weekly"] == 0


def test_who_switched_it_off_has_none_and_is_asked_again_next_week(session, lead, person):
    lead.user.unwanted = ["weekly"]
    session.commit()
    assert reminders.remind(MORNING)["weekly"] == 0
    session.refresh(lead.user)
    assert lead.user.next_weekly_at > MORNING + 6 * DAY


def test_a_new_lead_begins_on_a_monday(session, lead):
    lead.user.next_weekly_at = None
    session.commit()
    reminders.remind(MORNING + DAY)
    session.refresh(lead.user)
    assert lead.user.next_weekly_at == dt.datetime(2026, 3, 9, 7, tzinfo=dt.UTC)


def test_where_monday_is_a_day_off_it_comes_on_the_first_day_that_is_not(
    session, saved, lead, person
):
    lead.user.work_days = "345"
    session.commit()
    saved(
        make.absence(
            user_id=lead.user_id,
            first_on=MORNING.date() + 2 * DAY,
            last_on=MORNING.date() + 2 * DAY,
        )
    )
    counts = [reminders.remind(MORNING + shift * DAY)["weekly"] for shift in range(5)]
    assert counts == [0, 0, 0, 1, 0]
    assert written(session)[0].dedupe_key.endswith("2026-W10")


def test_after_weeks_without_a_worker_there_is_one_of_the_present_week(session, lead, person):
    lead.user.next_weekly_at = MORNING - 35 * DAY
    session.commit()
    assert reminders.remind(MORNING)["weekly"] == 1
    assert reminders.remind(MORNING + DAY)["weekly"] == 0
    assert [mail.dedupe_key.rpartition(":")[2] for mail in written(session)] == ["2026-W10"]


def test_a_week_with_nothing_in_it_is_no_mail(session, lead):
    assert reminders.remind(MORNING)["weekly"] == 0
    assert not written(session)


def test_many_workers_at_once_write_one(app, session, lead, person):
    total = []

    def work(_n):
        with app.app_context():
            total.append(reminders.remind(MORNING)["weekly"])
            db.session.close()

    at_once(work, 4)

    assert sum(total) == 1
    assert len(written(session)) == 1


def test_one_that_cannot_be_made_does_not_stop_the_others(
    session, saved, lead, person, monkeypatch
):
    other = saved(
        make.member(
            Role.LEAD, brand=lead.brand, user=make.user(digest_hour=None, next_weekly_at=MORNING)
        )
    )
    made = weekly.compose

    def fail_for_the_first(session, recipient, common):
        if recipient.id == lead.user_id:
            raise RuntimeError("a template of ours is broken")
        return made(session, recipient, common)

    monkeypatch.setattr(weekly, "compose", fail_for_the_first)
    counts = reminders.remind(MORNING)

    assert (counts["failed"], counts["weekly"]) == (1, 1)
    assert [mail.user_id for mail in written(session)] == [other.user_id]
    assert session.get(User, lead.user_id).next_weekly_at < MORNING


def test_what_was_promised_and_asked_stands_in_it_and_nothing_private(session, saved, lead, person):
    given = {"relationship": person, "owner": lead.user}
    saved(make.promise(what="Late", due_on=MORNING.date() - 3 * DAY, **given))
    saved(make.promise(what="This week", due_on=MORNING.date() + 3 * DAY, **given))
    saved(make.promise(what="Next week", due_on=MORNING.date() + 9 * DAY, **given))
    saved(make.promise(what="Theirs", promiser="them", due_on=MORNING.date(), **given))
    private = {"visibility": Visibility.PRIVATE, "author_id": lead.user_id}
    saved(make.promise(what="Whispered", due_on=MORNING.date(), **given, **private))
    for what, closed_on in (("Broken", 2), ("Long ago", 20)):
        saved(
            make.promise(
                what=what,
                due_on=MORNING.date() - 30 * DAY,
                state=PromiseState.BROKEN,
                closed_on=MORNING.date() - closed_on * DAY,
                **given,
            )
        )
    assert session.query(Promise).count() == 7

    reminders.remind(MORNING)

    [mail] = written(session)
    assert "Promises: 1 broken, 2 due" in mail.body_text
    assert "Late · 3 days overdue · Nora" in mail.body_text
    assert "This week · Thu 5 Mar · Nora" in mail.body_text
    for left_out in ("Next week", "Theirs", "Whispered", "Long ago"):
        assert left_out not in mail.body_text


def test_the_week_ahead_is_set_against_the_hours_that_are_left(session, saved, lead, person):
    lead.user.weekly_hours = 5
    session.commit()
    for shift, minutes in ((-1, 60), (3, 90), (8, 300)):
        saved(
            make.touchpoint(
                relationship=person,
                owner=lead.user,
                due_on=MORNING.date() + shift * DAY,
                minutes=minutes,
            )
        )
    saved(
        make.absence(
            user_id=lead.user_id,
            first_on=MORNING.date() + 4 * DAY,
            last_on=MORNING.date() + 4 * DAY,
        )
    )
    reminders.remind(MORNING)
    [mail] = written(session)
    text = mail.body_text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Until Sun 8 Mar: 2 h 30 of work, 4 h of time" in text
    assert "Nora · 2 contacts · 1 overdue · 2 h 30 of 4 h" in text


def test_a_brand_of_somebody_else_stays_out(session, saved, lead, person):
    elsewhere = saved(make.member(Role.LEAD))
    stranger = saved(make.relationship(brand=elsewhere.brand, name="Not hers"))
    went(saved, elsewhere, stranger, Stage.UNAWARE, Stage.AWARE)
    reminders.remind(MORNING)
    [mail] = [one for one in written(session) if one.user_id == lead.user_id]
    assert "Not hers" not in mail.body_text
