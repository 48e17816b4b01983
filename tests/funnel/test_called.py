"""Whom a text calls by an @."""

import pytest

from irm.funnel.called import Colleague, Roster

ROSTER = Roster(
    [
        Colleague(1, "Claire Dupont"),
        Colleague(2, "Ana Ribeiro"),
        Colleague(3, "Ana Li"),
        Colleague(4, "Éloïse Le Goff"),
        Colleague(5, "Jean-Marc Petit"),
        Colleague(6, "Root Admin", is_member=False),
        Colleague(7, "Zoé"),
        Colleague(8, "Sam Same"),
        Colleague(9, "Sam Same"),
    ]
)


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@Claire please look", {1}),
        ("ask @claire, or @ZOE.", {1, 7}),
        ("@Claire Dupont's list", {1}),
        ("(@clairedupont)", {1}),
        ("@eloise", {4}),
        ("@Eloise le goff!", {4}),
        ("@Jean-Marc has it", {5}),
        ("@Ana Li", {3}),
        ("@Ana Ribeiro and @Ana Li", {2, 3}),
        ("@Root Admin", {6}),
        # One of several first names, or of somebody who is not of the team, calls nobody.
        ("@Ana", set()),
        ("@Root", set()),
        ("@Sam Same", set()),
        # Handles, addresses and parts of words are no calls.
        ("@claire.makes posted", set()),
        ("@claire_d", set()),
        ("@Claires", set()),
        ("write to info@claire.example", set()),
        ("@ Claire", set()),
        ("@Claire Dupontel", {1}),
        ("", set()),
        ("@" * 5000, set()),
    ],
)
def test_a_colleague_is_called_by_a_name_that_only_she_has(text, called):
    assert ROSTER.called(text) == called


def test_a_long_text_is_read_to_its_end():
    assert ROSTER.called("x " * 20_000 + "@Zoé") == {7}
