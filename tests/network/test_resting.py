"""What reach rests on, in words: with the names of today, and nothing before a measuring."""

import make
import pytest
from flask_babel import force_locale

from irm import clock
from irm.models import Community, NetworkRun
from irm.network import resting
from irm.network.resting import Rests


def share(on, ids, of="audience", high=False):
    return {"code": "risk.share", "of": of, "on": on, "share": 0.634, "ids": ids, "high": high}


@pytest.fixture
def engaged(saved):
    """A brand whose whole audience is with one colleague."""
    ana, brand = saved(make.user(name="Ana")), saved(make.brand())
    for size in (500, 300, 100, 50):
        person = saved(make.influencer(audience=size))
        saved(make.relationship(brand=brand, influencer=person, stage="engaged", owner=ana))
    return brand


def measured(saved, brand, ties):
    now = clock.now()
    return saved(
        NetworkRun(
            brand_id=brand.id,
            day=now.date(),
            finished_at=now,
            people=4,
            strangers=0,
            ties=ties,
            communities=0,
            seconds=0.1,
        )
    )


def test_before_a_measuring_and_without_ties_nothing_is_said(session, saved, engaged):
    session.commit()
    assert resting.read(session, engaged.id, clock.now()) == []
    measured(saved, engaged, ties=0)
    session.commit()
    assert resting.read(session, engaged.id, clock.now()) == []


def test_after_one_it_is_said_with_names(session, saved, engaged):
    measured(saved, engaged, ties=3)
    session.commit()
    found = resting.named(session, resting.read(session, engaged.id, clock.now())).said()
    assert found[0].text == "100% of the audience of those engaged is with one colleague: Ana."
    assert found[0].is_high


def test_what_was_stored_is_said_with_the_names_of_today(app, session, saved):
    zoe = saved(make.influencer(name="Zoé"))
    day = clock.now().date()
    group = Community(
        brand_id=saved(make.brand()).id, name="Bakers", size=3, colour=0, first_on=day, last_on=day
    )
    saved(group)
    stored = [share("people", [zoe.id, 999_999]), share("community", [group.id, 999_999])]
    zoe.name = "Zoé Roux"
    session.commit()
    rests = resting.named(session, stored)
    said = {}
    for locale in ("en", "fr"):
        with app.test_request_context(), force_locale(locale):
            said[locale] = [one.text for one in rests.said()]
    assert "Zoé Roux, Somebody" in said["en"][0]
    assert "Bakers" in said["en"][1]
    assert "Zoé Roux, Quelqu’un" in said["fr"][0]


def test_a_community_that_is_gone_is_a_community_still(app):
    with app.test_request_context():
        [said] = Rests([share("community", [4])]).said()
    assert said.text.endswith("in one community: A community.")


def test_a_code_of_another_version_is_left_out():
    assert Rests([{"code": "risk.new"}]).said() == []
