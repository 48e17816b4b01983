"""What is planned, from a sheet of things to do or from irm itself."""

import datetime as dt
import json

import make
import pytest
from sqlalchemy import select

from irm.ledger import relationships as ledger
from irm.models import Planner, State, Touchpoint

DUE = dt.date(2026, 3, 20)
OURS = "account,due_on,planned_by,purpose,state,created_at,why\n"


def ours(cells, planned_at, why):
    """A row of our own export."""
    quoted = json.dumps(why).replace('"', '""')
    return f'instagram:chloe,{cells},{planned_at},"{quoted}"\n'


def stored(session):
    return session.scalars(select(Touchpoint).order_by(Touchpoint.id)).all()


@pytest.mark.parametrize(
    "text",
    [
        "Due,Contact,Subject,Owner\n2026-03-20,@chloe,Send samples,ana@example.com\n",
        "Échéance,Contact,Objet,Responsable\n20/03/2026,@chloe,Send samples,ana@example.com\n",
    ],
)
def test_a_sheet_of_things_to_do_becomes_touchpoints(take, session, chloe, ana, related, text):
    assert take(text).counts == {"created": 1}

    (one,) = stored(session)
    assert (one.due_on, one.purpose, one.state) == (DUE, "Send samples", State.OPEN)
    assert (one.owner_id, one.planned_by) == (ana.id, Planner.PERSON)
    assert related(chloe).next_touchpoint_on == DUE
    assert ledger.rebuild(session) == 0
    assert take(text).counts == {"same": 1}


def test_one_of_ours_is_known_by_when_it_was_planned(take, session, saved, chloe):
    ours = saved(make.touchpoint(relationship=chloe, due_on=DUE, planned_by=Planner.CADENCE))
    moved = f"instagram:chloe,2026-03-25,cadence,,open,{ours.created_at.isoformat()},\n"

    found = take(OURS + moved)

    assert found.counts == {"updated": 1}
    assert found.decisions[0].changes == {"due_on": ["2026-03-20", "2026-03-25"]}
    (one,) = stored(session)
    assert one.due_on == dt.date(2026, 3, 25)


def test_touchpoints_know_again_whom_they_replaced(take, session, chloe):
    first, second = "2026-03-01T09:00:00+00:00", "2026-03-01T10:00:00.000001+00:00"
    dropped = {"code": "cadence", "days": 14, "stage": "aware", "replaced": True}
    by_hand = {"code": "planned", "replaces": [first]}
    rows = ours("2026-03-20,cadence,,skipped", first, dropped)
    rows += ours("2026-03-22,person,Call,open", second, by_hand)

    take(OURS + rows)

    old, new = stored(session)
    assert old.why == dropped
    assert new.why == {"code": "planned", "replaces": [old.id]}
    assert take(OURS + rows).counts == {"same": 2}


@pytest.mark.parametrize("why", [[1], "x", {"code": 5}, {"code": {}}, None])
def test_a_reason_that_is_none_of_ours_is_planned_by_hand(take, session, chloe, why):
    take(OURS + ours("2026-03-20,person,x,open", "2026-03-01 09:00", why))
    assert stored(session)[0].why == {"code": "planned"}


def test_a_day_far_ahead_is_refused(take, session, chloe):
    found = take("Due,Contact\n2036-03-20,@chloe\n")
    assert found.complaints == ["too_far"]
    assert not stored(session)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("30 February 2026", "30 February 2026"),
        ("2026-02-30", "2026-02-30"),
        ("0001-01-01", "0001-01-01"),
        ("9999-12-31", "9999-12-31"),
        ("soon", "soon"),
    ],
)
def test_a_day_that_is_none_is_refused_with_what_stands_there(take, session, chloe, day, said):
    found = take(f"Due,Contact\n2026-03-20,@chloe\n{day},@chloe\n")

    assert found.counts == {"created": 1, "refused": 1}
    assert found.complaints == ["bad_day"]
    assert found.decisions[1].complaint.params == {"day": said}
    assert str(found.decisions[1].complaint) == f"{said} cannot be read as a day."
    assert len(stored(session)) == 1


def test_a_row_without_a_day_is_refused(take, session, chloe):
    assert take("Due,Contact,Subject\n,@chloe,Call\n").complaints == ["no_day"]


def test_an_ask_from_a_sheet_does_not_get_around_the_gate(take, session, chloe, ana):
    sheet = "Due,Contact,Subject,Type,Owner\n2026-03-20,@chloe,A post,ask,{}\n"

    found = take(sheet.format("ana@example.com"))

    assert (found.counts, found.complaints) == ({"created": 1}, ["ask_as_talk"])
    (one,) = stored(session)
    assert (one.kind, one.purpose, one.state) == ("talk", "A post", State.OPEN)
    # Again, and once somebody else is to do it: it stays what it is.
    again = take(sheet.format("nobody@example.com"))
    assert (again.counts, again.complaints) == ({"same": 1}, ["ask_stays"])
    assert stored(session)[0].kind == "talk"


def test_an_ask_is_a_talk_and_what_else_was_left_out_is_said_with_it(take, session, chloe):
    found = take("Due,Contact,Type,Owner\n2026-03-20,@chloe,ask,nobody@example.com\n")

    (decision,) = found.decisions
    assert decision.complaint.code == "ask_as_talk_without"
    assert "nobody@example.com" in str(decision.complaint)


@pytest.mark.parametrize("state", ["done", "skipped"])
def test_an_ask_that_is_over_is_taken_as_it_was(take, session, chloe, state):
    found = take(f"Due,Contact,Type,Status\n2026-02-20,@chloe,ask,{state}\n")

    assert found.complaints == []
    assert stored(session)[0].kind == "ask"


def test_an_ask_that_irm_had_planned_comes_back_as_one(take, session, chloe):
    row = "instagram:chloe,2026-03-20,person,A post,open,2026-03-01T09:00:00+00:00,,ask\n"

    found = take(OURS.replace("why", "why,kind") + row)

    assert (found.counts, found.complaints) == ({"created": 1}, ["ask_kept"])
    assert stored(session)[0].kind == "ask"


def test_a_list_opens_no_ask_that_was_skipped(take, session, saved, chloe):
    old = saved(
        make.touchpoint(relationship=chloe, due_on=DUE, kind="ask", state=State.SKIPPED, purpose="")
    )
    row = f"instagram:chloe,2026-03-25,person,,open,{old.created_at.isoformat()},,ask\n"

    found = take(OURS.replace("why", "why,kind") + row)

    assert found.complaints == ["ask_stays"]
    (one,) = stored(session)
    assert (one.state, one.due_on) == (State.SKIPPED, dt.date(2026, 3, 25))


def test_what_nobody_known_is_to_do_is_with_whoever_looks_after_the_person(
    take, session, chloe, ana
):
    chloe.owner_id = ana.id
    session.commit()

    found = take(
        "Due,Contact,Subject,Owner\n"
        "2026-03-20,@chloe,First,nobody@example.com\n"
        "2026-03-21,@chloe,Second,\n"
    )

    assert found.counts == {"created": 2}
    assert [one.owner_id for one in stored(session)] == [ana.id, ana.id]
    assert found.complaints == ["owner_instead"]
    assert "nobody@example.com" in str(found.decisions[0].complaint)


def test_what_nobody_looks_after_stays_without_owner_and_that_is_said(take, session, chloe):
    found = take("Due,Contact,Owner\n2026-03-20,@chloe,nobody@example.com\n")

    assert found.complaints == ["no_colleague"]
    assert stored(session)[0].owner_id is None


def test_a_touchpoint_finds_its_campaign_by_name_and_day(take, session, saved, brand, chloe):
    old, new = (
        saved(
            make.campaign(
                brand=brand,
                name="Spring",
                starts_on=dt.date(year, 3, 1),
                ends_on=dt.date(year, 4, 30),
            )
        )
        for year in (2025, 2026)
    )
    sheet = (
        "Due,Contact,Campaign,Minutes,Is pinned\n"
        "2026-03-20,@chloe,SPRING,45,yes\n"
        "2025-05-02,@chloe,spring,5000,\n"
        "2026-03-22,@chloe,Autumn,,\n"
    )

    found = take(sheet)

    first, second, third = stored(session)
    assert (first.campaign_id, first.minutes, first.is_pinned) == (new.id, 45, True)
    assert (second.campaign_id, second.minutes, second.is_pinned) == (old.id, None, False)
    assert third.campaign_id is None
    assert found.complaints == ["bad_figure", "no_campaign"]
    assert take(sheet).counts == {"same": 3}
