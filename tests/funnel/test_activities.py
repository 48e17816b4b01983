"""Everything an exchange can be."""

import pytest

from irm.funnel import activities, tactics
from irm.models import Interaction, Kind, Touchpoint


def test_each_code_names_one_activity_and_fits_its_columns():
    codes = [one.code for one in activities.ALL]
    assert len(set(codes)) == len(codes)
    room = min(Touchpoint.tactic.type.length, Interaction.activity.type.length)
    assert all(len(code) <= room for code in codes)
    assert all(activities.find(one.code) is one for one in activities.ALL)


def test_each_tactic_is_an_activity_of_the_same_kind_channel_and_words():
    for tactic in tactics.TACTICS:
        found = activities.find(tactic.code)
        assert (found.kind, found.channel, found.stage) == (
            tactic.kind,
            tactic.channel,
            tactic.stage,
        )
        assert activities.label(tactic.code) == str(tactic.label)


def test_nobody_is_asked_in_a_group():
    assert not [one.code for one in activities.ALL if one.group and one.kind is Kind.ASK]
    assert activities.find("meeting").group
    assert not activities.find("pitch").group


def test_each_costs_some_minutes_and_no_more_than_half_a_day():
    assert all(5 <= one.minutes <= 240 for one in activities.ALL)


@pytest.mark.parametrize("written", ["at_event", "At event", "AT-EVENT"])
def test_an_activity_is_known_however_a_list_writes_it(written):
    assert activities.find(written).code == "at_event"


@pytest.mark.parametrize("written", ["", None, "   ", "tea ceremony", "x" * 32])
def test_what_is_no_activity_stays_as_it_was_written(written):
    assert activities.find(written) is None
    assert activities.label(written) == (written or "")
