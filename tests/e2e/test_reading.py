"""Reading the funnel in a browser: drawn in either theme, with nothing the policy forbids."""

import pytest

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")

#: The colour of the first words of the first drawing.
INK = "getComputedStyle(document.querySelector('[data-drawing] svg text')).fill"


def drawn(tab):
    """How many drawings there should be, and are."""
    return tab.page.evaluate(
        """() => [document.querySelectorAll('[data-drawing]').length,
                  document.querySelectorAll('[data-drawing] svg').length]"""
    )


def test_each_table_has_its_drawing_which_says_what_it_is(site, tab):
    tab.go("/funnel/reading?days=0")
    tab.page.wait_for_selector("[data-drawing] svg")

    wanted, there = drawn(tab)
    assert wanted == there >= 4
    labels = tab.page.eval_on_selector_all(
        "[data-drawing]", "all => all.map(one => one.getAttribute('aria-label'))"
    )
    assert all(labels)


def test_drawings_turn_dark_with_the_page(site, tab):
    tab.go("/funnel/reading?days=0")
    tab.page.wait_for_selector("[data-drawing] svg")
    light = tab.page.evaluate(INK)

    tab.page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")

    tab.page.wait_for_function(f"light => {INK} !== light", arg=light)
    assert drawn(tab)[0] == drawn(tab)[1]


def test_what_is_pointed_at_is_told_within_the_policy(site, tab):
    tab.go("/funnel/reading?days=0")
    place = tab.page.locator("#reading-tiers [data-drawing]")
    place.scroll_into_view_if_needed()
    before = place.locator("svg text").count()

    place.hover()

    tab.page.wait_for_function(
        "n => document.querySelectorAll('#reading-tiers [data-drawing] svg text').length > n",
        arg=before,
    )
