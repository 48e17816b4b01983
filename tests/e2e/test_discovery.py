"""Discovery in a browser: a list looked through, somebody added by keyboard, taken back, added."""

import pytest
from sqlalchemy import select

from irm.models import Influencer, Prospect, Relationship

pytestmark = pytest.mark.xdist_group("browser")

POSTS = (
    "handle,text,date,likes\n"
    'mira.mends,"A kettle again: repair beats buying, always.",2026-01-05,210\n'
    'mira.mends,"How I repair zips",2026-01-09,180\n'
    'run.kasia,"Sunday, 21 km",2026-01-06,90\n'
)


def related(site):
    site.session.expire_all()
    found = select(Influencer.name).join(Relationship).where(Influencer.name.like("%.%"))
    return site.session.scalars(found).all()


def look_through(site, tab):
    page = tab.page
    tab.go("/imports?look=1")
    assert page.get_by_label("Only look through them").is_checked()
    file = {"name": "posts.csv", "mimeType": "text/csv", "buffer": POSTS.encode()}
    page.set_input_files("#file", file)
    page.select_option("#platform", "instagram")
    page.click("button:has-text('Go on to the columns')")
    page.wait_for_url("**/imports/*")
    page.click("button:has-text('Import without trying')")
    page.wait_for_selector("progress")
    page.wait_for_selector("progress")
    site.work()
    page.wait_for_selector("text=Done.")


def test_who_was_found_in_a_list_is_added_by_keyboard_and_stands_on_the_board(site, tab, axe):
    page = tab.page
    look_through(site, tab)
    assert related(site) == []
    page.click("text=See them in Discovery")
    page.wait_for_url("**/discovery*")
    page.wait_for_selector("li.prospect")
    assert page.locator("li.prospect h2").all_inner_texts() == ["mira.mends", "run.kasia"]
    assert page.locator("li.prospect mark").first.inner_text() == "repair"
    assert not tab.barriers_in_both_themes(axe)

    page.get_by_role("button", name="Add to the funnel, mira.mends").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=mira.mends is in the funnel now")
    # The sentence has the focus, so it is read out, and Tab goes on from there.
    assert "in the funnel now" in page.evaluate("document.activeElement.innerText")
    assert related(site) == ["mira.mends"]
    assert not tab.barriers_in_both_themes(axe)

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add to the funnel, mira.mends").wait_for()
    page.wait_for_function("document.activeElement.innerText === 'mira.mends'")
    assert related(site) == []

    page.get_by_role("button", name="Add to the funnel, mira.mends").focus()
    page.keyboard.press("Space")
    page.wait_for_selector("text=mira.mends is in the funnel now")
    tab.go("/funnel?q=mira")
    assert "mira.mends" in page.locator("#column-unaware").inner_text()


def test_several_are_ticked_and_added_together(site, tab):
    page = tab.page
    look_through(site, tab)
    tab.go("/discovery")
    page.get_by_label("Select everybody on this page").check()
    assert page.locator("[data-said]").inner_text() == "2 selected"
    page.click("button:has-text('Add the selected')")
    page.wait_for_selector("text=2 people are in the funnel now.")
    assert sorted(related(site)) == ["mira.mends", "run.kasia"]
    assert site.session.scalars(select(Prospect)).all() == []


def test_on_a_phone_nothing_is_pushed_off_the_side(site, tab):
    page = tab.page
    look_through(site, tab)
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/discovery", "/discovery/worksheet?step=3", "/discovery/worksheet/whole"):
        tab.go(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, path
