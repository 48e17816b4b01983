"""A campaign in a browser: made, filled by name and by selection, taken back; on both screens."""

import datetime as dt

import pytest
from sqlalchemy import select

from irm.models import Campaign, CampaignMember

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")

TODAY = dt.datetime.now(dt.UTC).date()


def members(site, name):
    site.session.rollback()
    return site.session.scalars(
        select(CampaignMember.relationship_id)
        .join(Campaign, Campaign.id == CampaignMember.campaign_id)
        .where(Campaign.name == name)
    ).all()


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)], ids=["phone", "desktop"])
def test_a_campaign_is_made_and_somebody_is_found_and_added_and_taken_out(site, tab, size):
    tab.page.set_viewport_size({"width": size[0], "height": size[1]})
    tab.go("/campaigns/new")
    tab.page.fill("[name=name]", "Spring fair")
    tab.page.fill("[name=starts_on]", str(TODAY))
    tab.page.fill("[name=ends_on]", str(TODAY + dt.timedelta(days=20)))
    tab.page.fill("#event-day-1", str(TODAY + dt.timedelta(days=5)))
    tab.page.fill("#event-name-1", "The fair")
    tab.page.click("main button.btn-primary")

    tab.page.wait_for_selector("h1:has-text('Spring fair')")
    tab.page.locator("#add-who").press_sequentially("Greta")
    tab.page.locator("#found button").first.focus()
    tab.page.keyboard.press("Enter")

    tab.page.wait_for_selector("a.who:has-text('Greta Berg')")
    assert members(site, "Spring fair") == [site.people[6].id]
    tab.page.click("button[aria-label='Take Greta Berg out']")
    tab.page.wait_for_selector("text=is no member any more")
    assert members(site, "Spring fair") == []
    tab.page.click("button:has-text('Undo')")
    tab.page.wait_for_selector("a.who:has-text('Greta Berg')")
    assert members(site, "Spring fair") == [site.people[6].id]


def test_the_year_leads_to_who_was_not_thanked(site, tab):
    tab.go("/campaigns")

    tab.page.click("a.who:has-text('Repair week')")
    tab.page.click("a.tag:has-text('still missing') >> nth=0")

    tab.page.wait_for_selector("text=Only those who miss something.")
    assert tab.page.locator("main tbody tr").count() == 3


def test_a_look_at_another_cadence_says_whom_it_concerns(site, tab):
    tab.go("/settings/cadence")
    tab.page.fill("#stage_aware_ideal", "3")

    tab.page.click("button[value=look]")

    tab.page.wait_for_selector("text=would have another rhythm")
    assert tab.page.input_value("#stage_aware_ideal") == "3"
