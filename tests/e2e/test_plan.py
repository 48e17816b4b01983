"""The plan in a browser: made, moved by drag and by keyboard, pinned, dropped, taken back."""

import datetime as dt

import pytest
from sqlalchemy import select

from irm.models import Planner, State, Touchpoint

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")

TODAY = dt.datetime.now(dt.UTC).date()
#: A week that lies ahead as a whole.
MONDAY = TODAY + dt.timedelta(days=7 - TODAY.weekday())
DAYS = [MONDAY + dt.timedelta(days=n) for n in range(7)]


@pytest.fixture
def touch(site):
    """A touch of the plan on the Tuesday of that week, with Bruno."""
    planned = Touchpoint(
        relationship_id=site.people[1].id,
        owner_id=site.lead.user_id,
        due_on=DAYS[1],
        tactic="message",
        minutes=10,
        why={"code": "plan", "rule": "due", "days": 18, "ideal": 14, "worst": 30},
        planned_by=Planner.PLAN,
        created_at=dt.datetime.now(dt.UTC),
    )
    site.session.add(planned)
    site.session.commit()
    return planned


@pytest.fixture
def week(site, tab, touch):
    """That week on the page, of Ana's."""
    tab.go(f"/plan?of=me&week={MONDAY}")
    return tab.page


def stored(site, touch):
    site.session.expire_all()
    return site.session.get_one(Touchpoint, touch.id)


def day_of(page, touch, day):
    page.locator(f'.plan-cards[data-day="{day}"] #touch-{touch.id}').wait_for()


def test_the_weeks_are_planned_and_the_page_comes_anew(site, tab):
    tab.go("/plan?of=me")
    tab.page.click("text=Plan again")
    tab.page.locator("#plan-progress").wait_for()

    site.work()

    tab.page.locator("#plan-progress").wait_for(state="detached")
    # The plan before it was made on another day.
    tab.page.locator(".plan-head", has_text="As planned Mon 2 Mar").wait_for(state="detached")
    tab.page.locator(".plan-head", has_text="The plan of 1 week, ").wait_for()
    found = site.session.scalars(
        select(Touchpoint).where(Touchpoint.planned_by == Planner.PLAN)
    ).all()
    assert found


def test_a_touch_is_dragged_to_another_day_and_back_by_undo(site, week, touch):
    card = week.locator(f"#touch-{touch.id} summary")
    there = week.locator(f'.plan-cards[data-day="{DAYS[3]}"]')
    start, end = card.bounding_box(), there.bounding_box()
    week.mouse.move(start["x"] + 20, start["y"] + 12)
    week.mouse.down()
    week.mouse.move(start["x"] + 60, start["y"] + 20, steps=5)
    week.mouse.move(end["x"] + 40, end["y"] + 20, steps=10)
    # Over a day that has cards it is among them for a moment, and glides: nobody lets go before it
    # is where it should be.
    for n in range(40):
        week.mouse.move(end["x"] + 40 + n, end["y"] + 20 + n, steps=2)
        if there.locator(f"#touch-{touch.id}").count():
            break
        week.wait_for_timeout(50)
    week.mouse.up()

    week.locator(".toast-note", has_text="moved").wait_for()
    day_of(week, touch, DAYS[3])
    assert stored(site, touch).planned_by is Planner.PERSON

    week.click(".toast-note form button")
    day_of(week, touch, DAYS[1])
    assert stored(site, touch).planned_by is Planner.PLAN


def test_a_touch_is_carried_by_keyboard_and_escape_puts_it_back(site, week, touch):
    week.locator(f"#touch-{touch.id} summary").focus()
    week.keyboard.press("Space")
    week.keyboard.press("ArrowRight")
    week.keyboard.press("Escape")
    day_of(week, touch, DAYS[1])
    assert week.locator(f"#touch-{touch.id} details[open]").count() == 0

    week.keyboard.press("Space")
    week.keyboard.press("ArrowRight")
    week.keyboard.press("ArrowRight")
    week.keyboard.press("Space")

    week.locator(".toast-note", has_text="moved").wait_for()
    day_of(week, touch, DAYS[3])
    assert stored(site, touch).due_on == DAYS[3]
    assert week.evaluate("document.activeElement.closest('[data-row]').id") == f"touch-{touch.id}"


def test_letters_pin_drop_and_accept_the_touch_with_the_focus(site, week, touch):
    summary = week.locator(f"#touch-{touch.id} summary")
    summary.focus()
    week.keyboard.press("p")
    week.locator(f"#touch-{touch.id} .plan-mark").wait_for()
    assert stored(site, touch).is_pinned

    week.keyboard.press("x")
    week.locator(f"#touch-{touch.id}").wait_for(state="detached")
    assert stored(site, touch).state is State.SKIPPED

    week.locator(".toast-note", has_text="dropped").locator("form button").click()
    summary.wait_for()
    summary.focus()
    week.keyboard.press("a")
    week.locator(".toast-note", has_text="stays").wait_for()
    assert stored(site, touch).planned_by is Planner.PERSON


def test_the_dialog_moves_and_a_past_day_is_refused_in_words(site, week, touch):
    week.locator(f"#touch-{touch.id} summary").click()
    week.locator(f"#touch-{touch.id}").get_by_text("Move to…").click()
    week.fill("#plan-to", "2020-01-01")
    week.keyboard.press("Enter")
    week.locator(".toast-note", has_text="Choose today or a later day.").wait_for()
    day_of(week, touch, DAYS[1])

    week.locator(f"#touch-{touch.id}").get_by_text("Move to…").click()
    week.fill("#plan-to", str(DAYS[4]))
    week.keyboard.press("Enter")
    day_of(week, touch, DAYS[4])
    assert stored(site, touch).due_on == DAYS[4]


def test_somebody_who_was_faster_is_said_and_the_card_goes_back(site, week, touch):
    touch.is_pinned = True
    site.session.commit()

    week.locator(f"#touch-{touch.id} summary").focus()
    week.keyboard.press("Space")
    week.keyboard.press("ArrowRight")
    week.keyboard.press("Space")

    week.locator('.toast-note[data-kind="danger"]').wait_for()
    day_of(week, touch, DAYS[1])


def test_what_if_shows_both_side_by_side(site, tab):
    tab.go("/plan")
    tab.page.click("text=What if…")
    tab.page.fill("#hours", "2")
    tab.page.click("main form .btn-primary")

    tab.page.locator("text=How it would come out").wait_for()
    assert tab.page.locator("table.tried tbody tr").count() == 7


def test_a_phone_lists_the_days_and_moves_by_the_dialog(site, tab, touch):
    tab.page.set_viewport_size({"width": 390, "height": 844})
    tab.go(f"/plan?of=me&week={MONDAY}")
    page = tab.page
    page.locator(f"#touch-{touch.id} summary").click()
    page.locator(f"#touch-{touch.id}").get_by_text("Move to…").click()
    page.fill("#plan-to", str(DAYS[2]))
    page.locator("#plan-move .btn-primary").click()

    day_of(page, touch, DAYS[2])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_open_card_and_its_dialog_bar_nobody(week, tab, axe, touch):
    week.locator(f"#touch-{touch.id} summary").click()
    found = tab.barriers_in_both_themes(axe)
    week.locator(f"#touch-{touch.id}").get_by_text("Move to…").click()
    found += tab.barriers_in_both_themes(axe)
    assert not found
