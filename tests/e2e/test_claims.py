"""Proposed moves in a browser, by keyboard alone."""

import make
import pytest
from sqlalchemy import select

from irm import clock
from irm.ledger import proving
from irm.models import Direction, Relationship, Stage

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def proposed(site):
    """Three of Ana's people, at unaware, of whom two answered; the two, the better fit first."""
    cards = site.people[:3]
    for number, card in enumerate(site.people):
        card.stage, card.fit_order = Stage.UNAWARE, 10.0 + number
    for card in cards[:2]:
        site.session.add(
            make.interaction(relationship=card, direction=Direction.IN, happened_at=clock.now())
        )
    site.session.flush()
    proving.rebuild(site.session, clock.now())
    site.session.commit()
    found = site.session.scalars(
        select(Relationship)
        .where(Relationship.earned_stage.is_not(None))
        .order_by(Relationship.fit_order, Relationship.id)
    )
    return [card.id for card in found]


def card_of(site, id):
    site.session.rollback()
    return site.session.get(Relationship, id, populate_existing=True)


def focused(tab):
    return tab.page.evaluate("document.activeElement.closest('li.pair')?.id")


def test_a_move_is_accepted_the_next_dismissed_and_that_taken_back(site, tab, proposed):
    first, second = proposed[:2]
    tab.go("/funnel/proposals")
    assert focused(tab) == f"claim-{first}"
    tab.page.keyboard.press("a")
    tab.page.wait_for_selector(f"#claim-{first}.is-decided")
    assert card_of(site, first).stage is Stage.AWARE
    assert focused(tab) == f"claim-{second}"

    tab.page.keyboard.press("d")
    tab.page.wait_for_selector(f"#claim-{second}.is-decided")
    assert card_of(site, second).dismissed_from is Stage.UNAWARE

    tab.page.locator(f"#claim-{second} button").click()
    tab.page.wait_for_selector(f"#claim-{second}[data-row]")
    assert card_of(site, second).dismissed_from is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_proposals_bar_nobody(site, tab, axe, proposed, theme):
    tab.page.context.add_cookies([{"name": "theme", "value": theme, "url": site.url}])
    tab.go("/funnel/proposals")
    found = tab.barriers(axe)
    tab.page.keyboard.press("d")
    tab.page.wait_for_selector(f"#claim-{proposed[0]}.is-decided")
    found += tab.barriers(axe)
    assert not found
