"""Long readings are made in the night of a brand, once."""

import datetime as dt

import make

from irm.funnel import stages
from irm.funnel.reading import kept
from irm.jobs import readings
from irm.models import Reading

NIGHT = dt.datetime(2026, 3, 2, 18, tzinfo=dt.UTC)  # three in the morning in Tokyo


def test_a_brand_with_many_moves_is_read_in_its_night(session, saved, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 1)
    brand = saved(make.brand(timezone="Asia/Tokyo"))
    small = saved(make.brand(timezone="Asia/Tokyo"))
    for _ in range(2):
        stages.begin(session, saved(make.influencer()), brand.id, user=None, at=make.MONDAY)
    stages.begin(session, saved(make.influencer()), small.id, user=None, at=make.MONDAY)
    session.commit()

    by_day = readings.read_due(session, NIGHT + dt.timedelta(hours=6))
    by_night = readings.read_due(session, NIGHT)
    again = readings.read_due(session, NIGHT + dt.timedelta(minutes=10))

    assert (by_day, by_night, again) == (0, len(kept.KINDS), 0)
    assert {row.brand_id for row in session.query(Reading)} == {brand.id}


def test_what_was_read_days_ago_goes(session, saved):
    brand = saved(make.brand())
    saved(Reading(brand_id=brand.id, kind="flow", asked="x", as_of=make.MONDAY, result=[]))

    readings.read_due(session, make.MONDAY + dt.timedelta(days=3))

    assert session.query(Reading).count() == 0
