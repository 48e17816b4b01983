"""Quick log's line in a browser: chips say what was understood, and Enter never waits for them."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.models import Channel, Direction, Interaction, Kind, Touchpoint

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")

LINE = "call yesterday: loved the kit, wants samples; back in 2w"


def logged(site):
    site.session.rollback()
    return site.session.scalars(select(Interaction).order_by(Interaction.id.desc())).first()


def open_log(tab):
    tab.page.keyboard.press("l")
    tab.page.locator("#quick-log[open]").wait_for()


@pytest.fixture
def handle(site):
    """Chloé's handle."""
    person = site.people[2].influencer
    site.session.add(make.account(influencer=person, handle="chloe.mends"))
    site.session.commit()
    return "@chloe.mends"


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_a_line_is_shown_as_chips_and_logged(site, tab, handle, size):
    tab.page.set_viewport_size({"width": size[0], "height": size[1]})
    open_log(tab)
    tab.page.fill("#quick-log-summary", f"{handle} {LINE}")
    chips = tab.page.locator("#quick-log .chip")
    chips.nth(3).wait_for()

    assert chips.count() == 4
    assert tab.page.input_value("#quick-log-who") == "Chloé Petit"
    assert tab.page.is_checked("#quick-log [name=kind][value=talk]")
    assert "loved the kit, wants samples" in tab.page.inner_text("#quick-log [data-line]")
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    tab.page.press("#quick-log-summary", "Enter")
    tab.page.locator("#quick-log").get_by_role("button", name="3 days").wait_for()

    found = logged(site)
    assert (found.summary, found.channel) == ("loved the kit, wants samples", Channel.CALL)
    assert (found.kind, found.direction) == (Kind.TALK, Direction.BOTH)
    today = dt.datetime.now(dt.UTC).date()
    due = site.session.scalars(
        select(Touchpoint.due_on).where(Touchpoint.relationship_id == site.people[2].id)
    ).all()
    assert today + dt.timedelta(days=14) in due


def test_a_line_typed_where_a_name_is_asked_for_is_understood_all_the_same(site, tab, handle):
    open_log(tab)
    tab.page.type("#quick-log-who", f"{handle} {LINE}")
    tab.page.locator("#quick-log .chip").nth(3).wait_for()

    assert tab.page.input_value("#quick-log-summary") == f"{handle} {LINE}"
    assert tab.page.input_value("#quick-log-who") == "Chloé Petit"


def test_a_line_put_in_the_place_of_a_chosen_name_is_about_whom_it_names(site, tab, handle):
    open_log(tab)
    tab.page.type("#quick-log-who", "Anna")
    tab.page.locator("#quick-log [role=option]", has_text="Anna Moreau").click()
    tab.page.fill("#quick-log-who", f"{handle} {LINE}")
    tab.page.locator("#quick-log .chip").nth(3).wait_for()
    tab.page.press("#quick-log-summary", "Enter")
    tab.page.locator("#quick-log").get_by_role("button", name="3 days").wait_for()

    assert logged(site).relationship_id == site.people[2].id


def test_a_day_that_no_month_has_is_said_and_nothing_is_logged(site, tab, handle):
    before = logged(site)
    open_log(tab)
    tab.page.fill("#quick-log-summary", f"{handle} call 30 February: all well")
    tab.page.locator("#quick-log .chip", has_text="There is no 30 February").wait_for()
    tab.page.press("#quick-log-summary", "Enter")
    tab.page.locator("#quick-log", has_text="Correct the day").wait_for()
    assert logged(site) == before
    tab.faults.clear()

    tab.page.locator("#quick-log .chip", has_text="There is no 30 February").click()
    tab.page.press("#quick-log-summary", "Enter")
    tab.page.locator("#quick-log").get_by_role("button", name="3 days").wait_for()
    found = logged(site)
    assert (found.summary, found.kind) == ("30 February: all well", Kind.TALK)


def test_enter_saves_at_once_whether_or_not_the_chips_have_come(site, tab, handle):
    tab.page.route("**/log/line*", lambda route: route.abort())
    open_log(tab)
    tab.page.fill("#quick-log-summary", f"{handle} {LINE}")
    tab.page.press("#quick-log-summary", "Enter")
    tab.page.locator("#quick-log").get_by_role("button", name="3 days").wait_for()

    assert logged(site).summary == "loved the kit, wants samples"
    # The request that was cut off, and nothing else.
    assert all("ERR_FAILED" in fault for fault in tab.faults)
    tab.faults.clear()


def test_a_chip_taken_away_puts_its_words_back(site, tab, handle):
    open_log(tab)
    tab.page.fill("#quick-log-summary", f"{handle} {LINE}")
    tab.page.locator("#quick-log .chip", has_text="yesterday").click()
    tab.page.locator("#quick-log .chip", has_text="yesterday").wait_for(state="detached")

    assert "yesterday" in tab.page.inner_text("#quick-log [data-line]")
    assert tab.page.evaluate("document.activeElement.id") == "quick-log-summary"
    tab.page.keyboard.press("Enter")
    tab.page.locator("#quick-log").get_by_role("button", name="3 days").wait_for()
    assert "yesterday" in logged(site).summary


def test_what_was_chosen_by_hand_stays(site, tab, handle):
    open_log(tab)
    tab.page.locator("#quick-log label", has_text="Ask").click()
    tab.page.fill("#quick-log-summary", f"{handle} {LINE}")
    tab.page.locator("#quick-log .chip").nth(3).wait_for()

    assert tab.page.is_checked("#quick-log [name=kind][value=ask]")


def test_what_exactly_sets_kind_and_channel_and_both_stay_open(site, tab):
    open_log(tab)
    tab.page.click("#quick-log details summary")
    tab.page.select_option("#quick-log-activity", "gift")

    assert tab.page.is_checked("#quick-log [name=kind][value=give]")
    assert tab.page.input_value("#quick-log-channel") == "parcel"
    tab.page.select_option("#quick-log-channel", "meeting")
    assert tab.page.input_value("#quick-log-activity") == "gift"
