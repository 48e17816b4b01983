"""Handing people over in a browser: look, do it, take it back; and a month of the team."""

import make
import pytest
from sqlalchemy import func, select

from irm.models import Relationship

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")


def owned(site, user_id):
    site.session.rollback()
    of = Relationship.owner_id == user_id
    return site.session.scalar(select(func.count()).select_from(Relationship).where(of))


def test_people_are_handed_over_after_a_look_and_come_back(site, tab):
    whose = next(card.owner_id for card in site.people if card.owner_id is not None)
    to = make.user(name="Ben")
    site.session.add(make.member(user=to, brand=site.people[0].brand))
    site.session.commit()
    before = owned(site, whose), owned(site, to.id)
    tab.go(f"/handovers/new?from={whose}")

    tab.page.check(f"input[name=to][value='{to.id}']")
    tab.page.click("form[method=get] button.btn-primary")
    tab.page.wait_for_selector("#preview-title")
    assert owned(site, whose) == before[0]
    tab.page.click("form[action='/handovers'] button")
    tab.page.wait_for_selector("text=Still with the new owner")

    assert owned(site, whose) == 0
    assert owned(site, to.id) == sum(before)
    tab.page.click("main form[action$='/undo'] button")
    tab.page.wait_for_selector("text=Taken back on")
    assert (owned(site, whose), owned(site, to.id)) == before


def test_the_month_of_the_team_scrolls_within_itself(site, tab):
    tab.page.set_viewport_size({"width": 390, "height": 844})
    tab.go("/settings/team")

    wide = "document.documentElement.scrollWidth > innerWidth + 1"
    assert not tab.page.evaluate(wide)
    assert tab.page.locator(".month-table").is_visible()
