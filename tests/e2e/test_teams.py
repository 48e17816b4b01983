"""Teams in a browser: made, filled, filtered by, shared with, taken away and brought back."""

import make
import pytest

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")


def said(tab, text):
    tab.page.locator(".toast-note", has_text=text).wait_for()


def test_a_team_is_made_and_the_list_and_the_board_are_filtered_by_it(site, tab):
    ben = make.member(brand=site.lead.brand, user=make.user(name="Ben Kerr"))
    site.session.add(ben)
    site.session.commit()
    page = tab.page
    tab.go("/settings/teams")
    assert page.get_by_role("heading", name="No teams yet").is_visible()
    page.get_by_label("Name of the team", exact=True).fill("North")
    page.get_by_label("Ben Kerr").check()
    page.get_by_role("button", name="Make the team").click()
    said(tab, "The team “North” is made.")
    chips = page.get_by_role("list", name="Members of the team “North”")
    assert chips.inner_text().split("\n") == ["Ben Kerr"]

    page.get_by_label("Whom to put into the team “North”").select_option("Ana Lopes")
    page.get_by_role("button", name="Add to the team “North”").click()
    said(tab, "Ana Lopes is in the team “North” now.")
    page.get_by_role("button", name="Take Ben Kerr out of the team “North”").click()
    said(tab, "Ben Kerr is not in the team “North” any more.")

    tab.go("/influencers")
    page.get_by_role("link", name="Add a filter").click()
    step = page.locator("#filter-step")
    step.get_by_role("link", name="Team", exact=True).click()
    step.get_by_label("North").check()
    step.get_by_role("button", name="Apply").click()
    page.get_by_role("link", name="Team: North", exact=True).wait_for()
    # Ana looks after every other one of the dozen.
    assert page.locator("tr[data-row]").count() == 6
    page.get_by_role("link", name="As a board").click()
    page.locator("#board").wait_for()
    assert page.locator(".card-item").count() == 6
    assert "6 people" in page.inner_text("main")


def test_a_view_is_shared_with_a_team_whose_removal_is_taken_back(site, tab):
    page = tab.page
    tab.go("/settings/teams")
    page.get_by_label("Name of the team", exact=True).fill("North")
    page.get_by_label("Ana Lopes").check()
    page.get_by_role("button", name="Make the team").click()
    said(tab, "The team “North” is made.")

    tab.go("/influencers?team=mine")
    page.get_by_text("Save as a view").click()
    page.get_by_label("Name", exact=True).fill("Ours")
    # The teams come once the menu is open.
    page.locator("#view-shared option", has_text="North").wait_for(state="attached")
    page.get_by_label("Who sees it").select_option("North")
    page.locator(".menu-body button", has_text="Save").click()
    page.get_by_role("link", name="Ours").first.wait_for()
    tab.go("/views")
    assert "Team “North”, made by Ana Lopes" in page.inner_text("main")

    tab.go("/settings/teams")
    page.get_by_role("button", name="Remove the team “North”").click()
    said(tab, "The team “North” is gone. Its members stay.")
    tab.go("/views")
    assert "Yours alone" in page.inner_text("main")
    tab.go("/settings/teams")
    assert page.get_by_role("heading", name="No teams yet").is_visible()


def test_undo_brings_a_removed_team_back(site, tab):
    page = tab.page
    tab.go("/settings/teams")
    page.get_by_label("Name of the team", exact=True).fill("North")
    page.get_by_label("Ana Lopes").check()
    page.get_by_role("button", name="Make the team").click()
    page.get_by_role("button", name="Remove the team “North”").click()
    said(tab, "The team “North” is gone.")

    page.get_by_role("button", name="Undo").click()

    said(tab, "The team “North” is back.")
    assert page.get_by_role("button", name="Take Ana Lopes out of the team “North”").is_visible()
