"""What each stage is for, and what brings people to the next one."""

import pytest

from irm.funnel import tactics
from irm.ledger.proving import ACTIVITIES
from irm.models import Archetype, Kind, Stage, Touchpoint


def test_each_stage_has_a_goal_and_at_least_three_tactics():
    for stage in Stage:
        assert str(tactics.GOALS[stage])
        assert len(tactics.of(stage)) >= 3, stage


def test_each_code_names_one_tactic_and_fits_its_column():
    codes = [one.code for one in tactics.TACTICS]
    assert len(set(codes)) == len(codes)
    assert all(len(code) <= Touchpoint.tactic.type.length for code in codes)
    assert all(tactics.find(one.code) is one for one in tactics.TACTICS)


def test_nothing_is_asked_of_somebody_before_the_stage_of_asking():
    early = {one.stage for one in tactics.TACTICS if one.kind is Kind.ASK}
    assert early == {Stage.ENGAGED}


def test_each_stage_of_the_way_to_asking_has_something_to_give():
    for stage in (Stage.UNAWARE, Stage.AWARE, Stage.INTERESTED, Stage.ENGAGED, Stage.AMBASSADOR):
        assert any(one.kind is Kind.GIVE for one in tactics.of(stage)), stage


def test_what_was_asked_and_accepted_counts_as_an_activity():
    asked = {one.code.replace("_", "") for one in tactics.TACTICS if one.kind is Kind.ASK}
    assert asked <= ACTIVITIES


@pytest.mark.parametrize("written", ["co_creation", "Co-creation", "cocreation", "CO CREATION"])
def test_a_tactic_is_known_however_a_list_writes_it(written):
    assert tactics.find(written).code == "co_creation"


@pytest.mark.parametrize("written", ["", None, "   ", "coaching", "x" * 32])
def test_what_is_no_tactic_stays_as_it_was_written(written):
    assert tactics.find(written) is None
    assert tactics.label(written) == (written or "")


def test_the_stage_of_the_person_comes_first_and_no_other_is_lost():
    ordered = tactics.in_order(Stage.ENGAGED)
    assert [stage for stage, _ in ordered] == [
        Stage.ENGAGED,
        Stage.UNAWARE,
        Stage.AWARE,
        Stage.INTERESTED,
        Stage.AMBASSADOR,
    ]
    assert [stage for stage, _ in tactics.in_order()] == list(Stage)


def test_nothing_of_value_is_offered_to_those_who_live_on_their_independence():
    for archetype in (Archetype.JOURNALIST, Archetype.ANALYST):
        assert not {"sponsor", "business"} & {one.code for one in tactics.suited(archetype)}


def test_each_face_of_influence_has_a_suitable_tactic_at_each_stage():
    for archetype in Archetype:
        stages = {one.stage for one in tactics.suited(archetype)}
        assert stages == set(Stage), archetype
    assert tactics.suited(None) == tactics.TACTICS
