"""A colleague looks at her mails before they come, and says which she wants."""

import pytest

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")


def test_a_letter_is_seen_as_it_looks_and_read_in_the_other_language(site, tab):
    tab.go("/settings/profile")
    tab.page.get_by_role("link", name="See what each mail looks like").click()
    tab.page.get_by_label("Mail", exact=True).select_option("minutes")
    letter = tab.page.frame_locator("iframe.letter-frame")

    # Its own style is let in: the button looks like one.
    button = letter.get_by_role("link", name="Open the minutes")
    assert button.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(29, 78, 216)"

    tab.page.get_by_label("Language", exact=True).select_option("fr")
    letter.get_by_role("link", name="Ouvrir le compte rendu").wait_for()
