"""The address of one's calendar in a browser: made and copied by keyboard, shown once."""

import pytest

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")


def test_an_address_is_made_and_copied_by_keyboard(site, tab):
    tab.go("/settings/profile")
    tab.page.get_by_role("link", name="Set up your calendar").press("Enter")
    tab.page.get_by_role("button", name="Make an address").press("Enter")
    address = tab.page.get_by_label("Address of your calendar").input_value()

    tab.page.locator("[data-copies]").press("Enter")

    tab.page.get_by_role("button", name="Copied.").wait_for()
    assert address.endswith(".ics")
    webcal = tab.page.get_by_role("link", name="Open in my calendar").get_attribute("href")
    assert webcal.split(":", 1)[1] == address.split(":", 1)[1]
    tab.go("/settings/calendar")
    assert address not in tab.page.content()


def test_the_page_that_shows_the_address_bars_nobody(site, tab, axe):
    tab.go("/settings/calendar")
    tab.page.locator("form[action='/settings/calendar'] button").first.click()
    tab.page.get_by_label("Address of your calendar").wait_for()

    assert not tab.barriers(axe, "light")
