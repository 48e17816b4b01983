"""Today in a browser, at a desk and on a phone: done, snooze, skip, give on, undo, the brief."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.models import FactKind, Interaction, Role, State, Touchpoint

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")

TODAY = dt.datetime.now(dt.UTC).date()
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(params=SIZES)
def today(request, site, tab):
    """Today at this size, with one touchpoint that is three days overdue: Anna Moreau's."""
    tab.page.set_viewport_size(SIZES[request.param])
    tab.go("/today")
    return tab.page


def row_of(page, site):
    return page.locator(f"#row-t{touchpoint_of(site).id}")


def touchpoint_of(site):
    site.session.rollback()
    asked = select(Touchpoint).where(Touchpoint.relationship_id == site.people[0].id)
    return site.session.scalars(asked.order_by(Touchpoint.id).limit(1)).one()


def press(page, row, name):
    """Open a part of the row, and wait for it."""
    row.get_by_role("link", name=f"{name}, Anna Moreau").click()
    row.locator(".day-panel *").first.wait_for()


def undo(page, words):
    page.locator(".toast-note", has_text=words).get_by_role("button", name="Undo").click()


def test_done_asks_in_one_line_and_is_taken_back(site, today):
    row = row_of(today, site)
    press(today, row, "Done")
    line = row.get_by_label("What happened, in one line")
    assert line.input_value() == "Send the seed box"
    assert line.evaluate("one => one === document.activeElement")
    line.fill("Sent the winter box")
    today.keyboard.press("Enter")
    today.get_by_text("When is the next touchpoint?").wait_for()
    assert touchpoint_of(site).state is State.DONE
    logged = site.session.scalars(
        select(Interaction).where(Interaction.touchpoint_id == touchpoint_of(site).id)
    ).one()
    assert logged.summary == "Sent the winter box"

    undo(today, "Done and logged with Anna Moreau")
    row.get_by_role("link", name="Done, Anna Moreau").wait_for()

    assert touchpoint_of(site).state is State.OPEN
    assert not site.session.scalars(
        select(Interaction).where(Interaction.touchpoint_id == touchpoint_of(site).id)
    ).all()


def test_the_menu_puts_it_off_and_undo_brings_it_forward(site, today):
    row, before = row_of(today, site), touchpoint_of(site).due_on
    press(today, row, "Snooze")

    row.get_by_role("button", name="1 week").click()
    today.locator(".toast-note", has_text="Anna Moreau put off").wait_for()
    assert touchpoint_of(site).due_on == TODAY + dt.timedelta(days=7)

    undo(today, "Anna Moreau put off")
    row.get_by_role("link", name="Done, Anna Moreau").wait_for()
    assert touchpoint_of(site).due_on == before


def test_a_date_is_chosen(site, today):
    row = row_of(today, site)
    press(today, row, "Snooze")
    day = TODAY + dt.timedelta(days=40)

    row.get_by_label("A date").fill(day.isoformat())
    row.get_by_role("button", name="Put it off").click()
    today.locator(".toast-note", has_text="Anna Moreau put off").wait_for()

    assert touchpoint_of(site).due_on == day


def test_a_skip_has_a_reason_and_is_taken_back(site, today):
    row = row_of(today, site)
    press(today, row, "Skip")

    row.get_by_role("button", name="They are away").click()
    today.locator(".toast-note", has_text="Skipped with Anna Moreau").wait_for()
    skipped = touchpoint_of(site)
    assert (skipped.state, skipped.why["skipped"]) == (State.SKIPPED, {"code": "away"})

    undo(today, "Skipped with Anna Moreau")
    row.get_by_role("link", name="Done, Anna Moreau").wait_for()
    assert touchpoint_of(site).state is State.OPEN


def test_it_is_given_to_a_colleague_and_taken_back(site, today):
    ravi = make.member(Role.MANAGER, user=make.user(name="Ravi Nair"), brand=site.lead.brand)
    site.session.add(ravi)
    site.session.commit()
    row = row_of(today, site)
    press(today, row, "Give to a colleague")

    row.get_by_label("Who makes this contact?").select_option(label="Ravi Nair")
    row.get_by_role("button", name="Give it").click()
    today.locator(".toast-note", has_text="Ravi Nair has it now").wait_for()
    assert touchpoint_of(site).owner_id == ravi.user_id

    undo(today, "Ravi Nair has it now")
    row.get_by_role("link", name="Done, Anna Moreau").wait_for()
    assert touchpoint_of(site).owner_id == site.lead.user_id


def test_the_brief_opens_in_the_row_by_hand(site, today):
    site.session.add(make.fact(relationship=site.people[0], kind=FactKind.NO_GO, text="The trial"))
    site.session.commit()
    today.reload()
    row = row_of(today, site)
    assert "Never speak of it: The trial" in row.inner_text()

    press(today, row, "Brief")

    assert "Before the first contact" in row.inner_text()
    assert today.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_enter_opens_the_brief_and_escape_closes_it(site, tab):
    tab.go("/today")
    row = row_of(tab.page, site)
    tab.page.keyboard.press("j")
    tab.page.keyboard.press("Enter")
    row.locator("[data-brief]").wait_for()

    tab.page.keyboard.press("Escape")

    row.locator("[data-brief]").wait_for(state="detached")
    assert tab.page.evaluate("document.activeElement.dataset.key") == "brief"
    tab.page.keyboard.press("b")
    row.locator("[data-brief]").wait_for()


def test_s_puts_it_off_by_a_day_and_then_by_three(site, tab):
    tab.go("/today")
    row = row_of(tab.page, site)
    tab.page.keyboard.press("j")
    tab.page.keyboard.press("s")
    row.get_by_role("button", name="Rather 3 days").wait_for()
    assert touchpoint_of(site).due_on == TODAY + dt.timedelta(days=1)

    tab.page.keyboard.press("3")
    row.get_by_text("in 3 days").first.wait_for()

    put_off = touchpoint_of(site)
    assert (put_off.due_on, put_off.snoozes) == (TODAY + dt.timedelta(days=3), 1)
    tab.page.keyboard.press("d")
    row.get_by_label("A date").wait_for()


def test_the_keys_go_on_after_done_and_what_is_typed_replaces_the_proposal(site, tab):
    tab.go("/today")
    page, row = tab.page, row_of(tab.page, site)
    page.keyboard.press("j")
    page.keyboard.press("d")
    row.get_by_label("What happened, in one line").wait_for()
    page.keyboard.type("Called, she loved it")
    page.keyboard.press("Enter")
    row.get_by_role("button", name="3 days").wait_for()
    page.keyboard.press("Enter")
    row.locator("p[data-next]").wait_for()

    done = touchpoint_of(site).id
    asked = select(Interaction.summary).where(Interaction.touchpoint_id == done)
    assert site.session.scalars(asked).all() == ["Called, she loved it"]
    assert row.evaluate("row => row.contains(document.activeElement)")
    page.keyboard.press("j")
    assert not row.evaluate("row => row.contains(document.activeElement)")
    assert page.evaluate("document.activeElement.closest('[data-row]') !== null")


def test_whoever_begins_to_write_has_another_reason(site, tab):
    tab.go("/today")
    row = row_of(tab.page, site)
    tab.page.keyboard.press("j")
    tab.page.keyboard.press("x")
    row.get_by_label("Another reason").wait_for()
    tab.page.keyboard.type("not needed now")
    tab.page.keyboard.press("Enter")
    tab.page.locator(".toast-note", has_text="Skipped with Anna Moreau").wait_for()

    assert touchpoint_of(site).why["skipped"] == {"code": "other", "words": "not needed now"}


def test_what_may_not_be_is_said_in_a_sentence(site, tab):
    tab.go("/today")
    row = row_of(tab.page, site)
    press(tab.page, row, "Skip")
    tab.page.evaluate("document.querySelector('.day-panel [name=row_version]').value = '7'")

    row.get_by_role("button", name="They are away").click()

    tab.page.locator('.toast-note[data-kind="danger"]').wait_for()
    assert touchpoint_of(site).state is State.OPEN


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_opens_in_a_row_bars_nobody(site, tab, axe, theme):
    tab.page.context.add_cookies([{"name": "theme", "value": theme, "url": site.url}])
    tab.go("/today")
    row = row_of(tab.page, site)
    found = []
    for name in ("Done", "Brief", "Snooze", "Skip", "Give to a colleague"):
        press(tab.page, row, name)
        found += tab.barriers(axe, theme)
    tab.page.set_viewport_size(SIZES["phone"])
    for name in ("Snooze", "Skip", "Brief"):
        press(tab.page, row, name)
        small = tab.page.evaluate(
            """() => [...document.querySelectorAll('main button, .day-actions a, .day-panel input')]
                .filter(e => e.offsetParent && e.type !== 'hidden'
                    && e.getBoundingClientRect().height < 44)
                .map(e => e.outerHTML.slice(0, 120))"""
        )
        assert not small
        assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not found
