"""Two spellings of a heading are one."""

import pytest

from irm.imports import headings


@pytest.mark.parametrize(
    ("heading", "folded"),
    [
        (" Abonnés\n(Instagram) ", "abonnes instagram"),
        ("twitter_followers", "twitter followers"),
        ("Views (Avg.)", "views avg"),
        ("NOMBRE D’ABONNÉS", "nombre d abonnes"),
        ("Category&amp;Theme", "category theme"),
    ],
)
def test_a_heading_is_reduced_to_its_words(heading, folded):
    assert headings.fold(heading) == folded
