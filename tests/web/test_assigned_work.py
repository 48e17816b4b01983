"""What a partner works on, is told by mail and calendar, and leaves behind."""

import make
from sqlalchemy import select

from irm import clock
from irm.directory import merge
from irm.funnel import calendars, digest, mailed, members, stages
from irm.funnel.happened import team as people_at_work
from irm.mail import catalogue
from irm.models import (
    AuditEntry,
    Promise,
    Question,
    Role,
    Touchpoint,
)
from tests.web.agency import DAY, TODAY, leave_with, shown


def test_her_letters_and_her_calendar_tell_of_her_own_people_alone(app, session, agency):
    leave_with(session, agency)
    bound = {"user_id": agency.pia.id, "until": TODAY + DAY}
    days = {**bound, "since": TODAY - 9 * DAY, "today": TODAY}
    assert [row.name for row in session.execute(digest.due_between(is_admin=False), days)] == [
        "Chloé Martin"
    ]
    promised = session.execute(mailed.promises_due(is_admin=False), bound)
    assert [row.name for row in promised] == ["Chloé Martin"]
    asked = session.execute(mailed.questions_waiting(is_admin=False), {"user_id": agency.pia.id})
    assert [row.name for row in asked] == ["Chloé Martin"]
    pia = session.merge(agency.pia)
    for rows in (calendars.touchpoints(pia, TODAY), calendars.promises(pia, TODAY)):
        assert {row.name for row in session.execute(rows)} == {"Chloé Martin"}
    saved_day = make.campaign_day(campaign_id=agency.others.campaign.id, day=TODAY)
    session.add(saved_day)
    session.commit()
    assert session.execute(calendars.days(pia, TODAY)).all() == []
    assert session.execute(calendars.days(session.merge(agency.ana), TODAY)).all() != []


def test_a_note_calls_a_partner_of_her_own_people_alone(session, agency):
    at_work = people_at_work(session)
    for owner_id, is_called in ((agency.pia.id, True), (agency.ana.id, False), (None, False)):
        roster = at_work.roster(agency.brand.id, owner_id)
        assert (agency.pia.id in roster.called("@Partout Agence")) is is_called
        assert at_work.may_see(agency.pia.id, agency.brand.id, owner_id) is is_called


def test_nobody_gives_a_partner_work_with_whom_she_does_not_see(session, client_of, agency):
    ana, stray = client_of(agency.ana), agency.others.touchpoint
    offered = shown(ana.get(f"/touchpoints/{stray.id}/reassign"))
    assert "Partout Agence" not in offered
    given = {"to": agency.pia.id, "row_version": stray.row_version}
    assert ana.post(f"/touchpoints/{stray.id}/reassign", data=given).status_code == 404
    promised = {"what": "Seeds", "promiser": "us", "due_on": TODAY, "owner": agency.pia.id}
    card = agency.others.card.id
    assert ana.post(f"/relationships/{card}/promises", data=promised).status_code == 422
    assert "Partout Agence" not in shown(ana.get(f"/relationships/{card}/promise"))
    assert "Partout Agence" in shown(ana.get(f"/relationships/{agency.hers.card.id}/promise"))


def test_who_is_taken_from_a_partner_takes_what_she_owed_them_along(session, agency):
    card, ana = session.merge(agency.hers.card), session.merge(agency.ana)
    stages.assign(session, card, ana, user=ana, at=clock.now())
    session.commit()
    session.expire_all()
    for model, one in (
        (Touchpoint, agency.hers.touchpoint),
        (Promise, agency.hers.promise),
        (Question, agency.hers.question),
    ):
        assert session.get_one(model, one.id).owner_id == ana.id
    assert agency.client.get(f"/influencers/{card.influencer_id}").status_code == 404


def test_who_becomes_a_partner_leaves_her_work_with_others_to_them(session, saved, agency):
    max_ = saved(make.member(Role.MANAGER, brand=agency.brand))
    strays = [agency.others.touchpoint, agency.others.promise, agency.others.question]
    alone = saved(make.touchpoint(relationship=make.relationship(brand=agency.brand)))
    for one in (*strays, alone):
        session.get_one(type(one), one.id).owner_id = max_.user_id
    session.commit()
    ana = session.merge(agency.ana)

    place = members.member(session, agency.brand.id, max_.user_id)
    members.change_role(session, place, Role.PARTNER, seen="manager", by=ana, at=clock.now())
    session.commit()

    session.expire_all()
    assert {session.get_one(type(one), one.id).owner_id for one in strays} == {ana.id}
    assert session.get_one(Touchpoint, alone.id).owner_id is None


def test_what_she_may_not_see_of_a_review_is_not_in_her_preview_either(app, session, saved, agency):
    saved(make.review(brand_id=agency.brand.id, closed_at=clock.now()))
    assert catalogue._minutes(session, session.merge(agency.pia), clock.now()) is None


def test_her_place_is_given_and_taken_like_any_other(session, saved, client_of, agency):
    form = shown(client_of(agency.ana).get("/settings/invitations"))
    assert 'value="partner"' in form
    assert session.scalar(select(AuditEntry.id).limit(1)) is None


def test_who_becomes_a_partner_runs_no_campaign_and_is_offered_none(
    session, saved, client_of, agency
):
    max_ = saved(make.member(Role.MANAGER, brand=agency.brand, user=make.user(name="Max")))
    launch = session.merge(agency.hers.campaign)
    launch.owner_id = max_.user_id
    session.commit()
    ana = session.merge(agency.ana)

    place = members.member(session, agency.brand.id, max_.user_id)
    members.change_role(session, place, Role.PARTNER, seen="manager", by=ana, at=clock.now())
    session.commit()

    session.expire_all()
    assert session.merge(agency.hers.campaign).owner_id is None
    assert "Partout Agence" not in shown(client_of(agency.ana).get("/campaigns/new"))


def test_whom_a_merge_takes_from_her_takes_what_she_owed_along(session, agency):
    ana = session.merge(agency.ana)
    kept, gone = agency.others.card.influencer_id, agency.hers.card.influencer_id
    merge.merge(session, kept, gone, {}, brand_id=agency.brand.id, user=ana, at=clock.now())
    session.commit()
    session.expire_all()
    for model, one in ((Promise, agency.hers.promise), (Question, agency.hers.question)):
        assert session.get_one(model, one.id).owner_id == ana.id
