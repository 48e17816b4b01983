from irm.models import Setting
from irm.scoring.fit import Weights
from irm.scoring.resonance import Expectation
from irm.scoring.rules import Rules, rules, weights
from irm.scoring.tiers import Thresholds


def test_without_settings_the_defaults_hold(session):
    assert rules(session) == Rules()


def test_an_organisation_sets_its_own_rules(session, saved):
    saved(Setting(name="audience", value={"overlap": 0.25}))
    saved(Setting(name="tiers", value={"macro": 100_000, "middle": 5_000}))
    line = {"intercept": -0.5, "slope": -0.25, "accounts": 31}
    saved(Setting(name="expectation:x", value=line))
    saved(Setting(name="something else", value={"overlap": 9}))

    found = rules(session)

    assert found.overlap == 0.25
    assert found.thresholds == Thresholds(100_000, 5_000)
    assert found.expectations == {"x": Expectation(-0.5, -0.25, 31)}
    assert (found.fitted_on("x"), found.fitted_on("youtube")) == (31, 0)


def test_a_setting_that_is_not_sound_has_its_default(session, saved):
    saved(Setting(name="audience", value={"overlap": "half"}))
    saved(Setting(name="tiers", value={"macro": -4, "middle": None}))

    assert rules(session) == Rules()


def test_a_brand_weighs_the_scores_its_own_way():
    assert weights({"reach": 0, "resonance": 1}) == Weights(0, 1, 0.4)
    assert weights(None) == weights({"reach": float("nan"), "relevance": True}) == Weights()
