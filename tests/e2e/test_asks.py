"""The ask form in a browser: by keyboard alone, shut and open, and how an ask ended."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.ledger import proving
from irm.ledger import relationships as ledger
from irm.models import Ask, Direction, Interaction, Kind, Outcome, Stage

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def chloe(site):
    """Somebody at `interested` who answered twice and was given two things."""
    card, at = site.people[2], dt.datetime.now(dt.UTC) - dt.timedelta(days=2)
    card.stage = Stage.INTERESTED
    session, user = site.session, site.lead.user
    both = {"direction": Direction.BOTH, "author": user, "relationship": card}
    session.add_all(make.interaction(happened_at=at, **both) for _ in range(2))
    give = {"kind": Kind.GIVE, "author": user, "relationship": card}
    session.add_all(make.interaction(happened_at=at, **give) for _ in range(2))
    session.commit()
    ledger.rebuild(session)
    proving.settle(session, [card.id], at)
    session.commit()
    return card


def tab_to(tab, name):
    """Press Tab until the field of this name is reached."""
    for _ in range(60):
        if tab.page.evaluate("document.activeElement.name") == name:
            return
        tab.page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by Tab")


def test_an_ask_is_thought_through_and_planned_by_keyboard(site, tab, chloe):
    tab.go(f"/influencers/{chloe.influencer_id}")
    tab.page.get_by_role("link", name="Ask for something").focus()
    tab.page.keyboard.press("Enter")
    tab.page.get_by_text("3 are wanted at Interested: 1 more").wait_for()

    for name, text in (
        ("wish", "Two pages in the booklet"),
        ("benefit", "New readers"),
        ("community", "They learn a knot"),
        ("shared_values", "Repair"),
    ):
        tab_to(tab, name)
        tab.page.keyboard.type(text)
    tab_to(tab, "reason")
    tab.page.keyboard.press("Enter")
    tab.page.locator("#reason-fault").wait_for()
    assert tab.page.input_value("#benefit") == "New readers"

    tab_to(tab, "reason")
    tab.page.keyboard.type("The printer waits")
    tab.page.keyboard.press("Enter")
    tab.page.locator(".toast-note", has_text="An ask is planned with").wait_for()

    site.session.rollback()
    assert site.session.scalars(select(Ask)).one().override_reason == "The printer waits"
    tab.page.locator(".toast-note").get_by_role("button", name="Undo").click()
    tab.page.locator(".toast-note", has_text="Skipped with").wait_for()


def test_what_is_suggested_is_logged_and_opens_the_gate(site, tab, chloe):
    tab.go(f"/relationships/{chloe.id}/ask")
    tab.page.get_by_role("button", name="Log it: Mention them in our content").click()
    dialog = tab.page.locator("#quick-log[open]")
    dialog.wait_for()
    assert dialog.locator("[name=activity]").input_value() == "mention"
    assert not dialog.locator("[name=outcome]").is_visible()

    tab.page.keyboard.type("Quoted them in the journal")
    tab.page.keyboard.press("Enter")
    dialog.get_by_role("button", name="1 week").click()

    tab.page.get_by_text("The gate is open").wait_for()
    site.session.rollback()
    logged = site.session.scalars(select(Interaction).filter_by(activity="mention")).one()
    assert (logged.kind, logged.summary) == (Kind.GIVE, "Quoted them in the journal")


def test_how_an_ask_ended_is_one_click_on_the_timeline(site, tab, chloe):
    ask = make.interaction(relationship=chloe, kind=Kind.ASK, author=site.lead.user)
    site.session.add(ask)
    site.session.commit()
    tab.go(f"/influencers/{chloe.influencer_id}")

    tab.page.locator(f"#interaction-{ask.id}").get_by_role("button", name="Accepted").click()
    tab.page.locator(".toast-note", has_text="accepted").wait_for()

    site.session.refresh(ask)
    assert ask.outcome is Outcome.ACCEPTED
    assert tab.page.locator(f"#interaction-{ask.id} .tag-good").inner_text() == "Accepted"


def test_a_phone_shows_the_form_without_scrolling_aside(site, tab, chloe):
    tab.page.set_viewport_size({"width": 390, "height": 844})
    for path in (f"/relationships/{chloe.id}/ask", "/funnel/asks"):
        tab.go(path)
        assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
