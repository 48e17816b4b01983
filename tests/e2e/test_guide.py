"""What to do now, in a browser: from a card by one key, planned and logged where it stands."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.ledger import relationships as ledger
from irm.models import Interaction, Kind, Stage, Touchpoint

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def card(site):
    """One of Ana's people, at aware, with whom content was curated once."""
    one = site.people[0]
    one.stage = Stage.AWARE
    at = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    site.session.add(
        make.interaction(
            relationship=one,
            author=site.lead.user,
            kind=Kind.GIVE,
            activity="curate",
            happened_at=at,
        )
    )
    site.session.flush()
    ledger.rebuild(site.session)
    site.session.commit()
    return one.id


def opened(tab, card):
    """The guide of a card, opened by its key."""
    tab.go("/funnel")
    tab.page.locator(f"#card-{card} .card-link").focus()
    tab.page.keyboard.press("w")
    guide = tab.page.locator("#guide[open]")
    guide.locator(".goal").wait_for()
    return guide


def test_a_card_says_by_one_key_what_to_do_and_what_was_done(site, tab, card):
    guide = opened(tab, card)
    assert "Be recognised" in guide.inner_text()
    proposed = guide.locator("li.is-next").inner_text()
    assert "Link to their content from ours" in proposed
    assert "Used last" in guide.locator("li", has_text="Curate").inner_text()


def test_what_is_proposed_is_planned_without_leaving_the_board(site, tab, card):
    guide = opened(tab, card)
    guide.locator("li.is-next button", has_text="Plan it").click()
    guide.locator("[data-next]").wait_for()
    assert tab.page.url.endswith("/funnel")
    site.session.rollback()
    planned = site.session.scalar(
        select(Touchpoint).where(Touchpoint.relationship_id == card, Touchpoint.tactic == "link")
    )
    assert planned.kind == Kind.GIVE
    assert planned.purpose == "Link to their content from ours"


def test_a_tactic_is_logged_in_quick_log_which_knows_it_already(site, tab, card):
    guide = opened(tab, card)
    guide.locator("li.is-next [data-quick-log]").click()
    log = tab.page.locator("#quick-log[open]")
    log.locator("#quick-log-summary").fill("Linked to the film")
    tab.page.keyboard.press("Enter")
    log.locator("[data-after]:not([hidden])").wait_for()
    site.session.rollback()
    logged = site.session.scalar(
        select(Interaction).where(Interaction.summary == "Linked to the film")
    )
    assert (logged.relationship_id, logged.activity, logged.kind) == (card, "link", Kind.GIVE)


def test_the_head_of_a_column_says_what_the_stage_is_for(site, tab, card):
    tab.go("/funnel")
    tab.page.locator("#head-aware .column-guide").click()
    tab.page.locator("#guide[open] .goal").wait_for()
    assert "Be recognised" in tab.page.locator("#guide").inner_text()
    tab.page.keyboard.press("Escape")
    tab.page.locator("#guide").wait_for(state="hidden")


def test_names_of_stages_are_read_while_they_are_written(site, tab, card):
    tab.go("/settings/stages")
    tab.page.fill("[name=engaged_en]", "Accomplice")
    tab.page.get_by_text("Camille moved to Accomplice.").wait_for()
    tab.page.click("button:has-text('Save')")
    tab.page.wait_for_load_state()
    tab.go("/funnel")
    assert tab.page.locator("#head-engaged h2").inner_text().startswith("Accomplice")
