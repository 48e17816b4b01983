"""A picture of the network in a browser: drawn within the policy, in either theme, and walked."""

from itertools import pairwise

import pytest
from tied import tie

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")

DRAWN = "[data-drawing] svg"


@pytest.fixture
def people(site):
    """A dozen people, each tied with the next."""
    found = [one.influencer for one in site.people]
    site.session.add_all(tie(one, other) for one, other in pairwise(found))
    site.session.commit()
    return found


def spot(tab, name):
    """Where somebody is drawn: above their name."""
    box = tab.page.locator(f"{DRAWN} text", has_text=name).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] - 8


def test_a_click_on_somebody_draws_who_is_around_them(tab, people):
    tab.go(f"/network/around/{people[3].id}")
    tab.page.wait_for_selector(DRAWN)
    assert "Dario Rossi" in tab.page.locator("[data-drawing]").get_attribute("aria-label")

    tab.page.mouse.click(*spot(tab, people[4].name))

    tab.page.wait_for_url(f"**/network/around/{people[4].id}")
    assert tab.page.locator("h1").inner_text() == f"Around {people[4].name}"


def test_who_is_pointed_at_is_told_within_the_policy(tab, people):
    tab.go(f"/network/around/{people[3].id}")
    tab.page.wait_for_selector(DRAWN)
    tab.page.mouse.move(*spot(tab, people[4].name))

    tab.page.wait_for_selector(f"{DRAWN} text:has-text('Influence: –')")


def test_on_a_phone_and_in_the_dark_the_picture_is_drawn_anew(tab, people):
    tab.go(f"/network/around/{people[3].id}")
    tab.page.wait_for_selector(DRAWN)
    ink = f"getComputedStyle(document.querySelector('{DRAWN} text')).fill"
    light = tab.page.evaluate(ink)

    tab.page.set_viewport_size({"width": 390, "height": 844})
    tab.page.wait_for_function(f"document.querySelector('{DRAWN}').clientWidth < 390")
    tab.page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")

    tab.page.wait_for_function(f"light => {ink} !== light", arg=light)
    x, _y = spot(tab, people[3].name)
    assert 0 < x < 390


def test_by_keyboard_the_table_leads_the_same_ways(tab, people):
    tab.go(f"/network/around/{people[3].id}")

    tab.page.get_by_role("link", name=f"Around {people[4].name}", exact=True).focus()
    tab.page.keyboard.press("Enter")

    tab.page.wait_for_url(f"**/network/around/{people[4].id}")
