"""Questions and promises in a browser, by keyboard alone."""

import datetime as dt

import make
import pytest

from irm.models import Promise, Promiser, Question

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def asked(site):
    """Somebody who waits for Ana's word, and a promise of hers that is late."""
    card, lead = site.people[1], site.lead.user
    question = make.question(
        relationship=card,
        owner_id=lead.id,
        author_id=lead.id,
        text="May I film it?",
        asked_at=NOW - dt.timedelta(hours=2),
    )
    late = make.promise(
        relationship=card,
        owner=lead,
        author_id=lead.id,
        what="Send the recipe",
        due_on=NOW.date() - dt.timedelta(days=3),
    )
    site.session.add_all([question, late])
    site.session.commit()
    return question


def test_a_holding_reply_is_one_key_and_makes_a_promise(site, tab, asked):
    tab.go("/promises")
    # The first key chooses a row and does no more, the second one acts.
    tab.page.keyboard.press("h")
    assert (
        tab.page.evaluate("document.activeElement.closest('[data-row]').id") == f"row-q{asked.id}"
    )
    tab.page.keyboard.press("h")
    tab.page.wait_for_selector(f"#row-q{asked.id}.is-done")

    site.session.rollback()
    held = site.session.get(Question, asked.id, populate_existing=True)
    assert held.held_at is not None
    promise = site.session.get(Promise, held.promise_id)
    assert promise.promiser is Promiser.US
    assert promise.due_on > NOW.date()
    assert "knows: an answer by" in tab.page.locator(".toast-note").inner_text()

    tab.page.locator(".toast-note form button").click()
    tab.page.wait_for_selector(f"#row-q{asked.id} [data-key=hold]")
    site.session.rollback()
    assert site.session.get(Question, asked.id, populate_existing=True).held_at is None


def test_a_late_promise_is_kept_by_one_key(site, tab, asked):
    tab.go("/promises")
    for key in ("j", "j", "d"):
        tab.page.keyboard.press(key)
    tab.page.wait_for_selector(".day-row.is-done:has-text('Kept late: Send the recipe')")


def test_a_question_is_noted_and_held_from_a_persons_page(site, tab):
    card = site.people[1]
    tab.go(f"/influencers/{card.influencer_id}")
    tab.page.locator("#promises a:has-text('Question…')").click()
    tab.page.fill("#text", "Is it vegan?")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("#promises li:has-text('They asked: Is it vegan?')")
    tab.page.locator("#promises [data-key=hold]").press("Enter")
    tab.page.wait_for_selector("#promises li:has-text('We promised: An answer: Is it vegan?')")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_rows_bar_nobody(site, tab, axe, asked, theme):
    tab.page.context.add_cookies([{"name": "theme", "value": theme, "url": site.url}])
    tab.go("/promises?whose=team")
    tab.page.wait_for_selector("#questions-kept")
    found = tab.barriers(axe, theme)
    tab.go(f"/questions/{asked.id}")
    found += tab.barriers(axe, theme)
    tab.go(f"/influencers/{asked.relationship.influencer_id}")
    tab.page.wait_for_selector("#promises [data-key=hold]")
    assert not found + tab.barriers(axe, theme)


def test_on_a_phone_nothing_is_cut_and_every_button_is_large(site, tab, asked):
    tab.page.set_viewport_size({"width": 390, "height": 844})
    tab.go("/promises?whose=team")
    tab.page.wait_for_selector("#questions-kept")
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = tab.page.evaluate(
        "() => [...document.querySelectorAll('main button')].filter(e => e.offsetParent"
        " && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 120))"
    )
    assert not small
