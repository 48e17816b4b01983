"""A person's page in a browser: edited in place by keyboard alone."""

import pytest

from irm.models import Influencer

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")


def focused(tab):
    return tab.page.evaluate("document.activeElement.name || document.activeElement.textContent")


def test_a_section_is_edited_by_keyboard_and_escape_takes_it_back(site, tab):
    person = site.people[1].influencer_id
    tab.go(f"/influencers/{person}")
    edit = tab.page.locator("#facts [data-edits]")
    edit.wait_for()
    tab.page.wait_for_function("document.querySelector('#facts [data-edits][data-htmx-powered]')")
    edit.focus()

    tab.page.keyboard.press("Enter")
    tab.page.locator("#facts form").wait_for()
    assert focused(tab) == "name"
    tab.page.keyboard.type("Somebody else")
    tab.page.keyboard.press("Escape")
    tab.page.locator("#facts [data-edits]").wait_for()
    assert tab.page.evaluate("document.activeElement.matches('#facts [data-edits]')")

    tab.page.keyboard.press("Enter")
    tab.page.locator("#facts form").wait_for()
    tab.page.fill("#city", "Lyon")
    tab.page.keyboard.press("Enter")
    tab.page.locator(".toast-note", has_text="Saved: City.").wait_for()

    site.session.rollback()
    site.session.expire_all()
    assert site.session.get(Influencer, person).city == "Lyon"
    tab.page.locator(".toast-note").get_by_role("button", name="Undo").click()
    tab.page.locator(".toast-note", has_text="Saved: City.").wait_for()
    assert "Lyon" not in tab.page.inner_text("#facts")


def test_two_who_write_at_once_choose_between_both(site, tab):
    person = site.people[1].influencer_id
    tab.go(f"/influencers/{person}/facts")
    site.session.get(Influencer, person).city = "Paris"
    site.session.commit()

    tab.page.fill("#city", "Lyon")
    tab.page.keyboard.press("Enter")
    tab.page.get_by_role("group", name="City").wait_for()
    assert tab.page.get_by_label("Yours Lyon").is_checked()
    tab.page.get_by_label("Theirs, saved now Paris").check()
    tab.page.get_by_role("button", name="Save", exact=True).click()
    tab.page.locator("#facts dl").wait_for()

    assert "Paris" in tab.page.inner_text("#facts")


def test_followers_over_time_open_where_they_are_asked_for(site, tab):
    tab.go(f"/influencers/{site.people[1].influencer_id}")

    tab.page.get_by_role("link", name="Followers", exact=True).click()

    tab.page.locator("#history .history").wait_for()
