"""One digest for each colleague and local day: written once, whatever happens."""

import datetime as dt

import make
import pytest
from at_once import at_once
from sqlalchemy import select

from irm.db import db
from irm.jobs import reminders
from irm.mail import letters
from irm.models import BrandMember, MailState, Outbox, Role, Stage, User, Visibility

MORNING = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_work(at_work):
    """Every test here runs inside the app."""


def written(session):
    session.expire_all()
    return session.scalars(select(Outbox).order_by(Outbox.id)).all()


def test_a_due_digest_is_written_once_and_the_next_one_planned(session, busy):
    ana = busy()

    first, second = reminders.remind(MORNING), reminders.remind(MORNING)

    assert (first["written"], second["written"]) == (1, 0)
    [mail] = written(session)
    assert mail.dedupe_key == f"digest:{ana.id}:2026-03-02"
    assert (mail.to_address, mail.state) == (ana.email, MailState.PENDING)
    session.refresh(ana)
    assert ana.next_digest_at == dt.datetime(2026, 3, 3, 7, tzinfo=dt.UTC)


def test_before_her_hour_nobody_hears_anything(session, busy):
    busy(next_digest_at=MORNING + dt.timedelta(minutes=1))
    assert reminders.remind(MORNING)["written"] == 0
    assert not written(session)


def test_the_next_days_are_reason_enough_for_a_mail(session, busy):
    busy(due_on=MORNING.date() + 7 * DAY)
    assert reminders.remind(MORNING)["written"] == 1


def test_where_nothing_is_due_no_mail_is_written_but_the_next_day_is_planned(session, busy):
    ana = busy(due_on=MORNING.date() + 8 * DAY)
    assert reminders.remind(MORNING)["empty"] == 1
    assert not written(session)
    session.refresh(ana)
    assert ana.next_digest_at > MORNING


def test_a_colleague_without_a_moment_gets_one(session, busy):
    ana = busy(next_digest_at=None)
    reminders.remind(MORNING)
    session.refresh(ana)
    assert ana.next_digest_at == dt.datetime(2026, 3, 3, 7, tzinfo=dt.UTC)


@pytest.mark.parametrize(("name", "value"), [("digest_hour", None), ("is_active", False)])
def test_who_wants_no_digest_or_has_left_gets_none(session, busy, name, value):
    setattr(busy(), name, value)
    session.commit()
    reminders.remind(MORNING)
    assert not written(session)


def test_after_forty_days_of_silence_one_digest_is_written(session, busy):
    ana = busy(next_digest_at=MORNING - 40 * DAY)
    assert reminders.remind(MORNING)["written"] == 1
    assert reminders.remind(MORNING)["written"] == 0
    assert [mail.dedupe_key for mail in written(session)] == [f"digest:{ana.id}:2026-03-02"]


def test_a_new_hour_on_the_same_day_brings_no_second_digest(session, busy):
    ana = busy()
    reminders.remind(MORNING)
    session.refresh(ana)
    ana.digest_hour, ana.next_digest_at = 9, dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
    session.commit()

    assert reminders.remind(MORNING + dt.timedelta(hours=1))["repeated"] == 1
    assert len(written(session)) == 1


def test_each_is_written_in_her_own_language_and_day(session, busy):
    busy(locale="fr")
    busy(timezone="Pacific/Auckland", due_on=MORNING.date() - DAY)
    reminders.remind(MORNING)
    paris, auckland = written(session)
    assert "lundi 2 mars" in paris.subject
    assert "1 overdue" in auckland.subject


def test_each_brands_stages_are_called_as_it_calls_them(session, busy, saved):
    ana = busy(locale="fr")
    for brand in (
        make.brand(name="One", stage_labels={"aware": {"en": "Met us", "fr": "Nous a vus"}}),
        make.brand(name="Two", stage_labels={"aware": {"en": "Knows us"}}),
    ):
        saved(make.member(Role.MANAGER, user=ana, brand=brand))
        person = make.relationship(brand=brand, stage=Stage.AWARE, name=f"Of {brand.name}")
        saved(make.touchpoint(relationship=person, owner=ana, due_on=MORNING.date()))
    reminders.remind(MORNING)
    [mail] = written(session)
    assert "Of One · Nous a vus" in mail.body_text
    assert "Of Two · Informé" in mail.body_text


def test_a_brand_she_left_is_not_told_of(session, busy, saved):
    ana = busy()
    elsewhere = make.relationship(name="Not hers")
    saved(make.touchpoint(relationship=elsewhere, owner=ana))
    reminders.remind(MORNING)
    [mail] = written(session)
    assert "Not hers" not in mail.body_text


def test_private_notes_stay_out_of_mails(session, saved):
    member = saved(make.member(Role.MANAGER, user=make.user(next_digest_at=MORNING)))
    person = saved(make.relationship(brand=member.brand))
    saved(make.touchpoint(relationship=person, owner=member.user))
    saved(make.interaction(relationship=person, summary="We met at the fair."))
    saved(
        make.interaction(
            relationship=person,
            summary="Her mother is ill.",
            visibility=Visibility.PRIVATE,
            author=member.user,
            happened_at=MORNING,
        )
    )
    reminders.remind(MORNING)
    [mail] = written(session)
    assert "We met at the fair." in mail.body_text
    assert "mother" not in mail.body_text + mail.body_html


def test_a_long_list_is_cut_and_counted(session, busy, saved):
    ana = busy()
    [place] = session.scalars(select(make.BrandMember).where(make.BrandMember.user_id == ana.id))
    for _ in range(30):
        person = make.relationship(brand=place.brand)
        saved(make.touchpoint(relationship=person, owner=ana, due_on=MORNING.date() - DAY))
    reminders.remind(MORNING)
    [mail] = written(session)
    assert "Overdue (30)" in mail.body_text
    assert "and 10 more" in mail.body_text
    assert mail.body_text.count("/influencers/") == 21


def test_a_digest_that_cannot_be_made_does_not_stop_the_others(session, busy, monkeypatch):
    first, second = busy(), busy()
    made = letters.digest

    def fail_for_the_first(recipient, *rest):
        if recipient.id == first.id:
            raise RuntimeError("a template of ours is broken")
        return made(recipient, *rest)

    monkeypatch.setattr(letters, "digest", fail_for_the_first)
    counts = reminders.remind(MORNING)

    assert (counts["failed"], counts["written"]) == (1, 1)
    assert [mail.user_id for mail in written(session)] == [second.id]
    session.refresh(first)
    assert first.next_digest_at < MORNING  # still due: it is not lost


def test_a_dry_run_counts_and_writes_nothing(session, busy):
    ana = busy()
    assert reminders.remind(MORNING, is_dry=True)["written"] == 1
    assert not written(session)
    session.refresh(ana)
    assert ana.next_digest_at < MORNING


def test_many_workers_at_once_write_as_much_as_one(app, session, busy):
    for _ in range(8):
        busy()
    total = []

    def work(_n):
        with app.app_context():
            total.append(reminders.remind(MORNING)["written"])
            db.session.close()

    at_once(work, 4)

    assert sum(total) == 8
    assert len(written(session)) == 8
    assert not session.scalars(select(User).where(User.next_digest_at <= MORNING)).all()


def test_what_falls_due_during_a_pause_is_left_out_until_the_day_they_are_back(
    session, busy, saved
):
    ana = busy(due_on=MORNING.date() + 30 * DAY)
    brand_id = session.scalar(select(BrandMember.brand_id).where(BrandMember.user_id == ana.id))
    resting = saved(
        make.relationship(brand_id=brand_id, name="On tour", paused_until=MORNING.date() + 3 * DAY)
    )
    for days in (-2, 0, 2):
        due_on = MORNING.date() + days * DAY
        saved(make.touchpoint(relationship=resting, owner=ana, due_on=due_on))

    assert reminders.remind(MORNING)["empty"] == 1
    assert reminders.remind(MORNING + 3 * DAY)["written"] == 1

    [mail] = written(session)
    assert mail.body_text.count("On tour") == 3


@pytest.fixture
def lead(saved):
    """Nora, who leads a brand and has nothing planned herself."""
    user = make.user(timezone="Europe/Paris", next_digest_at=MORNING - DAY / 48, name="Nora")
    return saved(make.member(Role.LEAD, user=user))


def left_alone(saved, lead, days, **given):
    last = MORNING - days * DAY
    return saved(
        make.relationship(
            brand=lead.brand, last_contact_at=last, contact_order=last.date(), **given
        )
    )


def test_a_lead_is_mailed_the_day_somebody_passes_the_second_limit_and_not_every_day(
    session, saved, lead
):
    left_alone(saved, lead, 300, name="Long gone")
    left_alone(saved, lead, 90, name="Mira Okafor")

    assert reminders.remind(MORNING)["empty"] == 1
    assert reminders.remind(MORNING + DAY)["written"] == 1
    assert reminders.remind(MORNING + 2 * DAY)["empty"] == 1

    [mail] = written(session)
    assert "Beyond the second limit: 2 people" in mail.body_text
    assert "Mira Okafor · Unaware · 91 days without contact" in mail.body_text
    assert f"/influencers?age=lost&brand={lead.brand_id}" in mail.body_text


def test_after_days_without_a_worker_nobody_who_passed_it_meanwhile_is_missed(session, saved, lead):
    left_alone(saved, lead, 90, name="Mira Okafor")

    assert reminders.remind(MORNING + 7 * DAY)["written"] == 1


def test_a_touchpoint_that_was_ahead_and_was_not_kept_makes_somebody_new(session, saved, lead):
    left_alone(saved, lead, 300, next_order=MORNING.date() - DAY, name="Not kept")

    assert reminders.remind(MORNING)["written"] == 1


def test_a_mail_that_goes_out_anyway_tells_a_lead_of_all_who_are_beyond_it(session, saved, lead):
    gone = left_alone(saved, lead, 300, name="Long gone")
    saved(make.touchpoint(relationship=make.relationship(brand=lead.brand), owner=lead.user))

    reminders.remind(MORNING)

    [mail] = written(session)
    assert gone.influencer.name in mail.body_text
    assert mail.subject.endswith("1 today, 1 left alone")


def test_a_manager_is_not_told_of_the_people_of_others(session, busy, saved):
    ana = busy()
    member = session.scalar(select(BrandMember).where(BrandMember.user_id == ana.id))
    left_alone(saved, member, 300, name="Long gone")

    reminders.remind(MORNING)

    [mail] = written(session)
    assert "Long gone" not in mail.body_text


def owing(saved, **given):
    """A colleague whose digest is due, who has no touchpoint at all, and a person of hers."""
    member = saved(make.member(Role.MANAGER, user=make.user(next_digest_at=MORNING, **given)))
    return member.user, saved(make.relationship(brand=member.brand, owner=member.user))


def test_what_was_promised_for_tomorrow_is_reason_enough_for_a_mail(session, saved):
    ana, person = owing(saved)
    for days in (-1, 1, 2):
        due_on = MORNING.date() + days * DAY
        saved(make.promise(relationship=person, owner=ana, due_on=due_on, what=f"In {days}"))
    saved(make.promise(relationship=person, owner=ana, promiser="them", what="Theirs"))

    assert reminders.remind(MORNING)["written"] == 1

    [mail] = written(session)
    assert "2 promises due" in mail.subject
    assert "In -1" in mail.body_text
    assert "In 2" not in mail.body_text
    assert "Theirs" not in mail.body_text


def test_who_waits_for_a_word_is_told_of_and_who_knows_when_it_comes_is_not(session, saved):
    ana, person = owing(saved)
    promise = saved(make.promise(relationship=person, owner=ana, due_on=MORNING.date() + 3 * DAY))
    for text, held in (("Waits", None), ("Knows", promise.id)):
        saved(make.question(relationship=person, owner_id=ana.id, text=text, promise_id=held))

    reminders.remind(MORNING + DAY)

    [mail] = written(session)
    assert "1 question waiting" in mail.subject
    assert "Waits" in mail.body_text
    assert "Knows" not in mail.body_text


def test_private_promises_and_those_at_a_brand_she_left_stay_out_of_mails(session, saved):
    ana, person = owing(saved)
    private = {"visibility": Visibility.PRIVATE, "author_id": ana.id}
    saved(make.promise(relationship=person, owner=ana, **private))
    saved(make.question(relationship=person, owner_id=ana.id, **private))
    saved(make.promise(relationship=saved(make.relationship()), owner=ana))

    assert reminders.remind(MORNING)["empty"] == 1
    assert not written(session)
