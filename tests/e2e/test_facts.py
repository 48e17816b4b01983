"""Facts in a browser: noted by keyboard, used once, and the day asked for where there is one."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.models import Fact, FactKind, FactUse, Gift

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")

TODAY = dt.datetime.now(dt.UTC).date()


def kept(site, model):
    site.session.rollback()
    return site.session.scalars(select(model).execution_options(populate_existing=True)).all()


def note(site, **given):
    fact = make.fact(relationship_id=site.people[0].id, known_on=TODAY, **given)
    site.session.add(fact)
    site.session.commit()
    return fact


def test_a_birthday_is_noted_by_keyboard_and_used_once(site, tab):
    card = site.people[0]
    tab.go(f"/influencers/{card.influencer_id}")
    tab.page.wait_for_selector("#noted .fact-new[open]")
    assert not tab.page.is_visible("#on_day"), "a passion has no day"

    tab.page.locator(".fact-kinds input:checked").focus()
    for _step in range(3):
        tab.page.keyboard.press("ArrowLeft")
    assert tab.page.is_checked("[name=kind][value=birthday]")
    assert tab.page.is_visible("#on_day")
    tab.page.fill("#on_day", str(TODAY.day))
    tab.page.select_option("#on_month", str(TODAY.month))
    tab.page.locator("#fact-text").press("Enter")
    tab.page.wait_for_selector(".toast-note")

    [fact] = kept(site, Fact)
    assert (fact.kind, fact.on_day, fact.is_yearly) == (FactKind.BIRTHDAY, TODAY.day, True)
    tab.page.click(f"form[action='/facts/{fact.id}/use'] button")
    tab.page.wait_for_selector(".toast-note")
    assert len(kept(site, FactUse)) == 1
    tab.page.click(".toast-note form button")
    tab.page.wait_for_selector(".toast-note:has-text('Taken back')")
    assert kept(site, FactUse) == []


def test_a_gift_starts_from_the_passion_it_answers(site, tab, axe):
    fact = note(site, text="Sourdough")
    tab.go(f"/influencers/{site.people[0].influencer_id}")
    tab.page.click(f"#fact-{fact.id} a:has-text('Give something')")
    tab.page.fill("#item", "A rye starter")
    tab.page.press("#item", "Enter")
    tab.page.wait_for_selector(".toast-note:has-text('counts as a give')")

    [gift] = kept(site, Gift)
    assert (gift.item, gift.fact_id) == ("A rye starter", fact.id)
    tab.go("/gifts")
    assert tab.page.is_visible("td:has-text('Sourdough')")
    assert not tab.barriers(axe)


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_facts_of_all_ages_bar_nobody(site, tab, axe, theme, width):
    card = site.people[0]
    note(
        site,
        text="The divorce",
        kind=FactKind.NO_GO,
        is_sensitive=True,
        author_id=site.lead.user_id,
    )
    old = note(site, text="Lives in Leeds, or so it was two years ago", shelf_days=0)
    old.known_on = TODAY - dt.timedelta(days=700)
    note(site, text="Tea only", ended_at=make.MONDAY)
    site.session.commit()
    tab.page.set_viewport_size({"width": width, "height": 900})
    tab.page.context.add_cookies([{"name": "theme", "value": theme, "url": site.url}])

    found = []
    for path in (
        f"/relationships/{card.id}/facts",
        f"/relationships/{card.id}/gift",
        f"/facts/{old.id}",
    ):
        tab.go(path)
        for one in tab.page.locator("main details > summary").all():
            one.click()
        found += tab.barriers(axe, theme)
        assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not found
