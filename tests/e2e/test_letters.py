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


def test_the_frame_is_as_tall_as_its_letter_however_wide_the_page_is(site, tab):
    tab.go("/settings/letters?letter=minutes")
    frame = "document.querySelector('iframe.letter-frame')"
    letter = f"{frame}.contentDocument.querySelector('.sheet')"

    heights = []
    for width in (1280, 390):
        tab.page.set_viewport_size({"width": width, "height": 500})
        tab.page.wait_for_function(f"{frame}.clientHeight === {letter}?.offsetHeight")
        heights.append(tab.page.evaluate(f"{frame}.clientHeight"))
    assert 500 < heights[0] < heights[1]


def test_a_page_that_is_resized_between_two_letters_goes_on(site, tab):
    tab.go("/settings/letters?letter=minutes")
    frame = "document.querySelector('iframe.letter-frame')"
    tab.page.wait_for_function(f"{frame}.contentDocument.querySelector('.sheet')")

    # What a frame holds while the next letter is on its way: a document with nothing in it.
    tab.page.evaluate(f"{frame}.contentDocument.documentElement.remove()")
    tab.page.evaluate("dispatchEvent(new Event('resize'))")

    assert not tab.faults
