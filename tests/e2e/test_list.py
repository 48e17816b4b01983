"""The list in a browser: filter by keyboard, select with Shift, change together, take it back."""

import pytest
from sqlalchemy import select

from irm.models import Relationship, Stage

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")


def stages(site):
    site.session.rollback()
    return [one.stage for one in site.session.scalars(select(Relationship))]


def test_people_are_selected_with_shift_changed_together_and_taken_back(site, tab):
    before = sorted(stages(site))
    tab.go("/influencers?sort=name")
    boxes = tab.page.locator("input[name=who]")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    assert tab.page.inner_text("[data-said]") == "4 selected"
    tab.page.locator("[data-select-page]").check()
    assert tab.page.inner_text("[data-said]") == "12 selected"

    tab.page.get_by_role("button", name="Change the selected").click()
    tab.page.select_option("#stage", "ambassador")
    tab.page.fill("#reason", "The whole panel signed.")
    tab.page.fill("#add_tags", "panel")
    tab.page.get_by_role("button", name="See what it will do").click()
    tab.page.get_by_role("button", name="Change 12 people").click()
    tab.page.locator(".toast-note", has_text="12 people were changed.").wait_for()
    assert set(stages(site)) == {Stage.AMBASSADOR}

    tab.page.get_by_role("button", name="Take it back").click()
    tab.page.locator(".toast-note", has_text="12 people are as before.").wait_for()
    assert sorted(stages(site)) == before


def test_a_filter_is_added_changed_and_dropped_by_keyboard_alone(site, tab):
    tab.go("/influencers")
    keys, step = tab.page.keyboard, tab.page.locator("#filter-step")
    tab.page.get_by_role("link", name="Add a filter").focus()
    keys.press("Enter")
    step.get_by_role("link", name="Stage", exact=True).focus()
    keys.press("Enter")
    step.get_by_label("Engaged").focus()
    keys.press("Space")
    keys.press("Enter")
    tab.page.wait_for_url("**/influencers?stage=engaged")
    assert tab.page.locator("tr[data-row]").count() == 2

    tab.page.get_by_role("link", name="Stage: Engaged", exact=True).focus()
    keys.press("Enter")
    step.get_by_label("is not", exact=True).focus()
    keys.press("Space")
    step.get_by_role("button", name="Apply").focus()
    keys.press("Enter")
    tab.page.wait_for_url("**/influencers?stage=-engaged")
    assert tab.page.locator("tr[data-row]").count() == 10

    tab.page.get_by_role("link", name="Take away the filter Stage: not Engaged").focus()
    keys.press("Enter")
    tab.page.wait_for_url("**/influencers")
    assert tab.page.locator("tr[data-row]").count() == 12


def test_columns_are_put_in_order_in_the_dialog(tab):
    tab.go("/influencers")
    tab.page.get_by_role("link", name="Columns").click()
    step = tab.page.locator("#filter-step")
    step.get_by_role("button", name="Move Tier up").click()
    step.get_by_role("checkbox", name="Reach").uncheck()
    # The page it leads to has the address of this one.
    with tab.page.expect_navigation():
        step.get_by_role("button", name="Show these").last.click()

    heads = tab.page.locator("thead th").all_inner_texts()

    assert [one.strip() for one in heads[1:5]] == ["Name", "Tier", "Stage", "Fit"]
    assert "Reach" not in heads


@pytest.mark.parametrize("query", ["", "?stage=-engaged&tier=-macro&audience=none,1000.."])
def test_the_first_people_stand_in_the_first_screen_of_a_phone(site, tab, query):
    tab.page.set_viewport_size({"width": 390, "height": 844})

    tab.go(f"/influencers{query}")

    row = tab.page.locator("tr[data-row]").first.bounding_box()
    bar = tab.page.get_by_role("link", name="Today").last.bounding_box()
    assert row["y"] + row["height"] < bar["y"]
    for name in ("Import a list", "Add somebody", "Columns", "Add a filter"):
        size = tab.page.get_by_role("link", name=name).bounding_box()
        assert min(size["width"], size["height"]) >= 44
