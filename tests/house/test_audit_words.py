"""Every action that is recorded can be said, and looked for."""

import pytest

from irm.audit import Action
from irm.web import audit_words
from irm.web.audit_words import WORDS, Area


@pytest.mark.parametrize("action", Action)
def test_every_action_has_words_and_an_area(action):
    area, said = WORDS[action]

    assert str(said)
    assert action in audit_words.in_area(area)


def test_no_two_actions_are_said_alike():
    assert len({str(said) for _area, said in WORDS.values()}) == len(WORDS)


@pytest.mark.parametrize("area", Area)
def test_no_area_is_empty(area):
    assert audit_words.in_area(area)
