"""How many stood where at a moment equals a replay, whatever happened."""

import datetime as dt

from funnel.histories import EVENTS, START, counted, listed, lived, stood
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from irm.directory.people import Filter
from irm.funnel import board, past_heads
from irm.funnel.past import Narrowed
from irm.funnel.reading.standing import standing, standings
from irm.funnel.reading.whom import Whom
from irm.ledger import counters
from irm.models import Influencer, Tier


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, hours=st.lists(st.integers(0, 1400), min_size=1, max_size=4))
def test_those_who_stood_somewhere_are_those_a_replay_finds(session, events, hours):
    lead, _end = lived(session, events)
    moments = [START + dt.timedelta(hours=hour) for hour in sorted(hours)]

    for owner_id in (None, 0, lead.user_id):
        people = listed(session, lead.brand_id, owner_id)
        expected = [counted(stood(session, one, moment) for one in people) for moment in moments]
        assert standings(session, Whom(lead.brand_id, owner_id), moments) == expected


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, hour=st.integers(0, 1400), is_owned=st.booleans())
def test_the_heads_of_a_past_day_are_those_a_replay_finds_of_a_tier_too(
    session, events, hour, is_owned
):
    lead, _end = lived(session, events)
    for one in session.scalars(select(Influencer)):
        one.tier = Tier.MACRO if one.id % 2 else Tier.MICRO
    session.flush()
    counters.recount(session)
    moment = START + dt.timedelta(hours=hour)
    owner_id = lead.user_id if is_owned else None
    people = listed(session, lead.brand_id, owner_id)

    for tier in (None, Tier.MACRO, Tier.MICRO):
        heads = past_heads.heads(session, lead.brand_id, moment, Narrowed(tier, owner_id))
        of_tier = [one for one in people if tier in (None, one.influencer.tier)]
        expected = counted(stood(session, one, moment) for one in of_tier)
        assert {stage: then for stage, (then, _now) in heads.items()} == expected


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_today_is_what_the_heads_of_the_board_say(session, events):
    lead, end = lived(session, events)

    found = standing(session, Whom(lead.brand_id), end + dt.timedelta(seconds=1))

    heads = board.heads(session, lead.brand_id, Filter())
    assert found == {stage: head.people for stage, head in heads.items()}
