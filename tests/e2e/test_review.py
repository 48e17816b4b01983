"""The review in a browser: by keyboard from its beginning to the minutes, and on a phone."""

import datetime as dt

import pytest
from sqlalchemy import select

from irm import clock
from irm.funnel import stages
from irm.models import Decision, Outbox, Relationship, ReviewItem, Stage, StageMove, Touchpoint

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def moved(site):
    """Four of Ana's people moved yesterday, the best fit first."""
    at = clock.now() - dt.timedelta(days=1)
    for number, card in enumerate(site.people):
        card.fit_order = 10.0 + number
    found = []
    for card in site.people[:4]:
        session = site.session
        session.add(
            StageMove(
                relationship_id=card.id,
                brand_id=card.brand_id,
                to_stage=Stage.UNAWARE,
                at=at - dt.timedelta(days=50),
            )
        )
        to = Stage.INTERESTED if card.stage is not Stage.INTERESTED else Stage.AWARE
        stages.move(session, card, to, user=site.lead.user, at=at, reason="They said so.")
        found.append(card)
    site.session.commit()
    return found


def begin(tab):
    tab.go("/funnel/review")
    for kind in ("proposed", "late", "asked"):
        tab.page.set_checked(f"input[value={kind}]", False)
    tab.page.click("main form button")
    tab.page.wait_for_selector("[data-review]")


def arrive(tab, name):
    tab.page.wait_for_function(
        "name => document.querySelector('#who')?.textContent.trim() === name", arg=name
    )


def decisions(site):
    site.session.rollback()
    items = site.session.scalars(
        select(ReviewItem).order_by(ReviewItem.place).execution_options(populate_existing=True)
    )
    return [item.decision for item in items]


def test_by_keyboard_from_the_first_card_to_the_minutes(site, tab, moved):
    names = [card.influencer.name for card in moved]
    press = tab.page.keyboard.press
    begin(tab)
    arrive(tab, names[0])

    press("s")
    arrive(tab, names[1])
    press("m")
    tab.page.select_option("#move-stage", "ambassador")
    tab.page.fill("#move-why", "Speaks for us.")
    press("Enter")
    arrive(tab, names[2])
    press("p")
    tab.page.keyboard.type("Send the seeds")
    press("Enter")
    arrive(tab, names[3])
    press("l")
    tab.page.wait_for_url("**/funnel/reviews/*")

    assert decisions(site) == [
        Decision.STAYS,
        Decision.MOVED,
        Decision.PLANNED,
        Decision.LATER,
    ]
    stood = site.session.get(Relationship, moved[1].id, populate_existing=True)
    assert stood.stage is Stage.AMBASSADOR
    purposes = site.session.scalars(select(Touchpoint.purpose)).all()
    assert "Send the seeds" in purposes

    tab.page.click(".review-close summary")
    tab.page.click(".review-close button")
    tab.page.wait_for_selector("text=In the outbox for Ana Lopes")
    site.session.rollback()
    assert len(site.session.scalars(select(Outbox)).all()) == 1


def test_keys_walk_and_take_a_decision_back(site, tab, moved):
    names = [card.influencer.name for card in moved]
    press = tab.page.keyboard.press
    begin(tab)
    press("n")
    arrive(tab, names[1])
    press("k")
    arrive(tab, names[0])
    press("b")
    tab.page.keyboard.type("On tour")
    press("Enter")
    arrive(tab, names[1])
    assert decisions(site)[0] is Decision.PAUSED

    press("u")
    arrive(tab, names[0])
    tab.page.wait_for_selector(f"text=Taken back: {names[0]}.")

    assert decisions(site)[0] is None


def test_a_letter_that_is_typed_decides_nothing(site, tab, moved):
    begin(tab)

    tab.page.fill("#note-plain", "")
    tab.page.focus("#note-plain")
    tab.page.keyboard.type("mslpb")

    assert tab.page.input_value("#note-plain") == "mslpb"
    assert set(decisions(site)) == {None}


def test_a_card_bars_nobody(site, tab, axe, moved):
    begin(tab)
    found = tab.barriers_in_both_themes(axe)
    for key in ("m", "p", "b"):
        tab.page.keyboard.press("Escape")
        tab.page.keyboard.press(key)
        found += tab.barriers(axe)
        tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("s")
    arrive(tab, moved[1].influencer.name)
    tab.go(f"/review-items/{site.session.scalars(select(ReviewItem.id)).first()}")
    found += tab.barriers_in_both_themes(axe)
    assert not found


def test_on_a_phone_a_review_is_gone_through_by_thumb(site, tab, moved):
    tab.page.set_viewport_size({"width": 390, "height": 844})
    begin(tab)
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390

    tab.page.click("text=Plan a touchpoint…")
    tab.page.fill("#plan-purpose", "Call")
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390
    tab.page.click("button[value=planned]")
    arrive(tab, moved[1].influencer.name)

    assert decisions(site)[0] is Decision.PLANNED


def test_the_past_is_walked_day_by_day_and_leads_back(site, tab, moved):
    tab.go("/funnel/past")
    tab.page.wait_for_selector("#counted:not([hx-get])")

    tab.page.click("text=A week back")
    tab.page.wait_for_selector("text=This is the past")
    day = (clock.now().date() - dt.timedelta(days=8)).isoformat()
    assert tab.page.input_value("#past-day") == day

    tab.page.click("text=Back to today")
    tab.page.wait_for_url("**/funnel")
