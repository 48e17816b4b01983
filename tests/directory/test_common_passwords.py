"""Passwords that would be tried first, and those that would not."""

import secrets

import pytest

from irm.directory.common_passwords import LEAKED, is_common
from irm.directory.passwords import SHORTEST

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
        "correct horse battery staple",
    ],
)
def test_what_everybody_chooses_is_common(password):
    assert is_common(password)


@pytest.mark.parametrize("password", ["leavemealone", "LeaveMeAlone2026!", "1qaz2wsx3edc4rfv"])
def test_one_that_leaked_is_common_in_any_letters_and_with_figures_around(password):
    assert is_common(password)
    assert not is_common(f"{password} over lemon hills")


def test_what_leaked_most_often_is_common():
    _, *leaked, _ = LEAKED.read_text(encoding="utf-8").split("\n")

    assert len(leaked) > 40_000
    assert min(map(len, leaked)) == SHORTEST
    assert all(map(is_common, leaked[::100]))


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
