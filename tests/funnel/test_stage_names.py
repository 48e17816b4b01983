"""What a brand calls its stages: sound names only, and no two alike."""

import make
import pytest

from irm import clock
from irm.errors import Refused
from irm.funnel import stage_names
from irm.i18n import calling
from irm.models import AuditEntry, Stage

OURS = {
    locale: {stage.value: f"{stage.value} {locale}" for stage in Stage} for locale in ("en", "fr")
}


@pytest.fixture
def rule(saved, session):
    """Name the stages of Ana's brand."""
    lead = saved(make.member())

    def act(**names):
        changed = stage_names.rule(
            session,
            lead.brand,
            {"en": {}, "fr": {}} | names,
            ours=OURS,
            user=lead.user,
            at=clock.now(),
        )
        session.flush()
        return changed

    act.brand = lead.brand
    return act


def test_a_name_of_the_brand_is_said_in_its_language_alone(rule):
    assert rule(fr={"aware": "Nous connaît"})
    assert stage_names.of(rule.brand.stage_labels, "fr") == {"aware": "Nous connaît"}
    assert stage_names.of(rule.brand.stage_labels, "en") == {}


def test_a_stage_is_called_by_the_brands_name_while_it_counts():
    label = Stage.AWARE.label
    with calling({"aware": "Knows us"}):
        assert str(label) == "Knows us"
        assert str(Stage.ENGAGED.label) == "Engaged"
        assert f"{Stage.AWARE}" == "aware"
        with calling({}):
            assert str(label) == "Aware"
        assert f"{label}" == "Knows us"
    assert str(label) == "Aware"


def test_naming_again_the_same_changes_nothing_and_is_not_noted_twice(rule, session):
    assert rule(en={"aware": "Knows us"})
    assert not rule(en={"aware": "Knows us"})
    assert session.query(AuditEntry).count() == 1


def test_irms_own_word_is_no_name_of_the_brand(rule):
    assert not rule(en={"aware": OURS["en"]["aware"]})
    assert rule.brand.stage_labels == {}


def test_names_are_given_up_by_leaving_them_empty(rule):
    rule(en={"aware": "Knows us"})
    assert rule(en={"aware": ""})
    assert rule.brand.stage_labels == {}


@pytest.mark.parametrize(
    "names",
    [
        {"aware": "Fan", "engaged": "FAN"},
        {"aware": "Élan", "engaged": "elan"},
        {"aware": OURS["en"]["engaged"]},
        {"aware": "x" * (stage_names.LENGTH + 1)},
        {"aware": "…"},
    ],
)
def test_names_that_cannot_be_told_apart_or_shown_are_refused(rule, names):
    with pytest.raises(Refused):
        rule(en=names)
    assert rule.brand.stage_labels == {}


def test_two_stages_may_swap_their_names(rule):
    assert rule(en={"aware": OURS["en"]["engaged"], "engaged": OURS["en"]["aware"]})


@pytest.mark.parametrize(
    "stored",
    [
        None,
        [],
        "x",
        {"aware": "Fan"},
        {"aware": {"en": 3}},
        {"aware": {"en": "  "}},
        {"aware": {"en": "x" * 400}},
        {"nobody": {"en": "Fan"}},
    ],
)
def test_what_is_stored_wrong_leaves_irms_word(stored):
    assert stage_names.of(stored, "en") == {}
