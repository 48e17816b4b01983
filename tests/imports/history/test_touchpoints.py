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
