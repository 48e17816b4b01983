"""Passwords that would be tried first, and those that would not."""

import secrets

import pytest

from irm.directory.common_passwords import is_common

ABOUT = ("Ana Ribeiro", "ana.ribeiro@example.com", "Maison Verte")


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "P4ssw0rd2026!!",
        "p4ssw0rd12345",
        "Motdepasse123!!",
        "été-2026-soleil",
        "azertyuiop123",
        "qwertyqwerty",
        "123456789012",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "abcdefghijklmn",
        "1q2w3e4r5t6y",
        "iloveyou12345",
        "Bonjour-Soleil-2026",
    ],
)
def test_what_everybody_chooses_is_common(password):
    assert is_common(password)


@pytest.mark.parametrize("password", ["ana.ribeiro2026", "Ribeiro-Ana-99", "MaisonVerte2026!"])
def test_what_is_known_of_her_is_common_for_her_alone(password):
    assert is_common(password, ABOUT)
    assert not is_common(password, ("Mira Okafor", "mira@example.net"))


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "seven small grey donkeys",
        "a welcome sunshine dragon monkey",
        "tr0ub4dor&3xkcd",
        "日本語のパスワードです、はい",
    ],
)
def test_a_few_words_of_ones_own_are_not(password):
    assert not is_common(password, ABOUT)


def test_what_chance_makes_is_not():
    assert not any(is_common(secrets.token_urlsafe(15), ABOUT) for _ in range(500))
