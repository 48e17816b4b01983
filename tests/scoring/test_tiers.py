import pytest

from irm.models import Archetype, Tier
from irm.scoring.tiers import Thresholds, is_chosen, tier


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (None, Tier.MICRO),
        (0, Tier.MICRO),
        (9_999, Tier.MICRO),
        (10_000, Tier.MIDDLE),
        (249_999, Tier.MIDDLE),
        (250_000, Tier.MACRO),
    ],
)
def test_the_audience_decides_the_tier(audience, expected):
    assert tier(audience, None) is expected
    assert tier(audience, Archetype.CREATOR) is expected


@pytest.mark.parametrize(
    "archetype",
    [Archetype.CELEBRITY, Archetype.JOURNALIST, Archetype.ANALYST, Archetype.POLITICIAN],
)
def test_whoever_is_recognised_offline_is_macro_from_the_middle_up(archetype):
    assert tier(9_999, archetype) is Tier.MICRO
    assert tier(10_000, archetype) is Tier.MACRO


def test_the_organisation_sets_the_thresholds():
    small = Thresholds(macro=50_000, middle=1_000)

    assert tier(50_000, None, small) is Tier.MACRO
    assert tier(1_000, None, small) is Tier.MIDDLE


def test_a_choice_outlives_the_colleague_who_made_it():
    assert is_chosen(7, None)
    assert is_chosen(None, "On every poster in town")
    assert not is_chosen(None, None)
