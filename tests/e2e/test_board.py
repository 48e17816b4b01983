"""The board in a browser: its columns, its filters and views, what stands on a card."""

import pytest

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")


def card_of(tab, name):
    return tab.page.locator(".card-item", has=tab.page.get_by_role("link", name=name))


def test_a_card_is_handed_over_by_keyboard_and_taken_back(site, tab):
    card = site.people[0]
    tab.go("/funnel?by=owner")
    before = str(card.owner_id or 0)
    others = tab.page.eval_on_selector_all(
        ".cards", "lists => lists.map(list => list.dataset.owner)"
    )
    step = "ArrowRight" if others.index(before) == 0 else "ArrowLeft"
    card_of(tab, card.influencer.name).locator(".card-link").focus()

    for key in ("Space", step, "Space"):
        tab.page.keyboard.press(key)
    toast = tab.page.locator(".toast-note", has=tab.page.get_by_role("button", name="Undo"))
    toast.wait_for()
    site.session.expire_all()
    assert str(card.owner_id or 0) != before

    toast.get_by_role("button", name="Undo").click()
    tab.page.wait_for_selector(f'#card-{card.id}[data-owner="{before}"]')
    site.session.expire_all()
    assert str(card.owner_id or 0) == before


def test_the_board_is_filtered_grouped_and_kept_as_a_view(site, tab):
    tab.go("/funnel")
    step = tab.page.locator("#filter-step")

    tab.page.get_by_role("link", name="Add a filter").click()
    step.get_by_role("link", name="Stage", exact=True).click()
    step.get_by_label("Engaged").check()
    step.get_by_role("button", name="Apply").click()
    tab.page.wait_for_url("**/funnel?stage=engaged")
    tab.page.select_option("#board-by", "tier")
    tab.page.wait_for_url("**/funnel?*by=tier*")
    assert tab.page.locator(".card-item").count() == 2

    tab.page.locator("summary", has_text="Save as a view").click()
    tab.page.fill("#view-name", "Engaged by tier")
    tab.page.locator(".views .menu-body button").click()
    tab.page.wait_for_url("**/funnel?view=*")
    assert tab.page.get_by_role("link", name="Engaged by tier").is_visible()
    assert tab.page.locator("#column-micro").is_visible()


def test_what_stands_on_a_card_is_chosen(site, tab):
    tab.go("/funnel")
    assert tab.page.get_by_text("Nothing planned").count()

    tab.page.get_by_role("link", name="Cards").click()
    tab.page.locator("#filter-step").get_by_label("Next touchpoint").uncheck()
    tab.page.get_by_role("button", name="Show these").click()
    tab.page.wait_for_selector('.card-item >> text="Never contacted"')

    assert not tab.page.get_by_text("Nothing planned").count()


def test_the_heads_say_what_takes_counting_once_the_page_is_there(site, tab):
    tab.go("/funnel?stage=-ambassador")

    tab.page.wait_for_selector("#facts-aware .fact")

    assert "Median" in tab.page.inner_text("#facts-aware")
    assert tab.page.inner_text("#head-engaged .tally") == "2"
