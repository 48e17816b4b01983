"""Leaving somebody in peace, in a browser, by keyboard alone."""

import datetime as dt

import pytest

from irm.models import Relationship

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")


def card_of(site, id):
    site.session.rollback()
    return site.session.get(Relationship, id, populate_existing=True)


def press_until(tab, selector, key="Tab", most=80):
    """Press a key until the focus stands on what a selector names."""
    for _n in range(most):
        if tab.page.evaluate("one => document.activeElement.matches(one)", selector):
            return
        tab.page.keyboard.press(key)
    raise AssertionError(f"{selector} is not reached")


def test_somebody_is_paused_and_gone_on_with_by_keyboard(site, tab):
    card = site.people[0]
    until = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)
    tab.go(f"/influencers/{card.influencer_id}")

    press_until(tab, "a[data-opens=pause]")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("#pause[open]")
    press_until(tab, "#pause-why")
    tab.page.keyboard.type("On tour")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(f"form[action='/relationships/{card.id}/resume'] button")

    paused = card_of(site, card.id)
    assert paused.paused_why == "On tour"
    assert abs((paused.paused_until - until).days) <= 1
    press_until(tab, f"dd form[action='/relationships/{card.id}/resume'] button")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("dd:has-text('Not paused')")
    assert card_of(site, card.id).paused_until is None


def test_escape_closes_the_dialog_and_changes_nothing(site, tab):
    card = site.people[0]
    tab.go(f"/influencers/{card.influencer_id}")
    tab.page.locator("a[data-opens=pause]").focus()
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("#pause[open]")

    tab.page.keyboard.press("Escape")

    tab.page.wait_for_selector("#pause:not([open])", state="attached")
    assert tab.page.evaluate("document.activeElement.matches('a[data-opens=pause]')")
    assert card_of(site, card.id).paused_until is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_dialog_bars_nobody(site, tab, axe, theme):
    tab.page.context.add_cookies([{"name": "theme", "value": theme, "url": site.url}])
    tab.go(f"/influencers/{site.people[0].influencer_id}")
    tab.page.locator("a[data-opens=pause]").click()
    tab.page.wait_for_selector("#pause[open]")
    assert not tab.barriers(axe)
