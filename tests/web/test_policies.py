"""The settings of cadence: shown, looked at, saved, refused, taken back to irm's own."""

import make
import pytest
from sqlalchemy import select

from irm.forms.policies import name
from irm.funnel import cadence, policies
from irm.models import CadencePolicy, Role


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def client(client_of, lead):
    return client_of(lead.user)


def form(**given):
    values = {}
    for scope, key, own in policies.each(cadence.DEFAULTS):
        for half in ("ideal", "worst"):
            values[name(scope, key, half)] = str(getattr(own, half)) if own else ""
    return values | given


def kept(session):
    session.rollback()
    rows = session.scalars(select(CadencePolicy).order_by(CadencePolicy.id))
    return [(row.scope.value, row.key, row.ideal, row.worst) for row in rows]


def test_the_table_shows_what_holds_beside_irms_own(saved, client, lead):
    saved(make.policy(brand_id=lead.brand_id, key="interested", ideal=8, worst=16))

    page = client.get("/settings/cadence").text

    assert 'id="stage_interested_ideal" value="8"' in page
    assert "10 / 21" in page
    assert "Back to irm’s own" in page


def test_a_look_saves_nothing_and_saving_does(saved, session, client, lead):
    saved(make.relationship(brand=lead.brand))
    data = form(stage_unaware_ideal="9", campaign_after_ideal="5", campaign_after_worst="9")

    page = client.post("/settings/cadence", data=data | {"do": "look"}).text
    assert "1 person would have another rhythm." in page
    assert "Nothing is saved yet." in page
    assert kept(session) == []

    answer = client.post("/settings/cadence", data=data)
    assert answer.status_code == 303
    assert kept(session) == [("stage", "unaware", 9, 30), ("campaign", "after", 5, 9)]
    assert "follows them" in client.get("/settings/cadence").text
    client.post("/settings/cadence/reset")
    assert kept(session) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"stage_aware_ideal": "0"}, "from 1 to 365"),
        ({"stage_aware_worst": "10000"}, "from 1 to 365"),
        ({"stage_aware_ideal": "-3"}, "from 1 to 365"),
        ({"stage_aware_ideal": ""}, "from 1 to 365"),
        ({"stage_aware_ideal": "often"}, "Write a whole number."),
        ({"stage_aware_ideal": "9" * 40}, "from 1 to 365"),
        ({"stage_aware_ideal": "31"}, "The longest wait is not shorter than the ideal one."),
        ({"campaign_before_ideal": "5"}, "Write both numbers, or none."),
        ({"campaign_before_worst": "5"}, "Write both numbers, or none."),
        ({"campaign_during_ideal": "", "campaign_during_worst": ""}, "from 1 to 365"),
    ],
)
def test_what_is_no_cadence_is_refused_in_a_sentence(session, client, given, said):
    answer = client.post("/settings/cadence", data=form(**given))

    assert answer.status_code == 422
    assert said in answer.text
    assert kept(session) == []
