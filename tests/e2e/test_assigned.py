"""An agency's guest in a browser: what is hers, and no way to the rest."""

import datetime as dt
import urllib.request

import make
import pytest

from irm.funnel import stages
from irm.ledger import relationships as ledger
from irm.models import Role
from tests.e2e.conftest import TODAY, Tab

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")

NOW = dt.datetime.now(dt.UTC)

#: Of the dozen on the board, the two that are hers; the others' names are looked for.
HERS = ("Chloé Petit", "Inès Silva")


@pytest.fixture
def pia(site):
    """Pia of an agency, to whom Ana assigned two of her people, one with something due."""
    session = site.session
    user = make.user(name="Pia Agence", email="pia@example.com")
    session.add(make.member(Role.PARTNER, brand=site.lead.brand, user=user))
    session.flush()
    for card in site.people:
        if card.influencer.name in HERS:
            stages.assign(session, card, user, user=site.lead.user, at=NOW)
    chloe = site.people[2]
    session.add(
        make.touchpoint(relationship=chloe, owner=user, due_on=TODAY, purpose="Ask for the recipe")
    )
    ledger.rebuild(session)
    session.commit()
    return user


@pytest.fixture(params=[1440, 390])
def guest(chromium, site, pia, request):
    """Pia's browser, wide and narrow, in which she signs in."""
    context = chromium.new_context(viewport={"width": request.param, "height": 900}, locale="en-GB")
    context.set_default_timeout(30_000)
    tab = Tab(context.new_page(), site.url)
    tab.go("/login")
    tab.page.fill("#email", "pia@example.com")
    tab.page.fill("#password", make.PASSWORD)
    tab.page.click("main button")
    tab.page.wait_for_url("**/today")
    yield tab
    context.close()
    assert not tab.faults


def others(site):
    return [one.influencer.name for one in site.people if one.influencer.name not in HERS]


def seen(tab):
    tab.page.wait_for_load_state("networkidle")
    return tab.page.content()


def test_she_sees_what_is_assigned_to_her_and_nobody_else(site, guest, axe):
    for page in ("/today", "/influencers", "/funnel", "/funnel?by=owner", "/funnel/proposals"):
        guest.go(page)
        text = seen(guest)
        assert not [name for name in others(site) if name in text], page
        assert not guest.barriers(axe), page
    guest.go("/today")
    assert "Chloé Petit" in seen(guest)
    guest.go("/influencers")
    assert guest.page.locator("table.people tbody tr").count() == len(HERS)
    assert "2 people" in guest.page.locator(".pager").inner_text()
    for link in ("/imports", "/network", "/campaigns", "/plan", "/outbox", "/duplicates"):
        assert guest.page.locator(f"a[href='{link}']").count() == 0


def test_she_does_with_them_what_a_colleague_does(site, guest):
    chloe = site.people[2]
    guest.go(f"/influencers/{chloe.influencer_id}")
    assert not [name for name in others(site) if name in seen(guest)]
    guest.go("/today")
    guest.page.locator("[data-row] [data-key=done]").first.click()
    line = guest.page.locator("[data-row]").get_by_label("What happened, in one line")
    line.fill("She sent it")
    guest.page.keyboard.press("Enter")
    guest.page.get_by_text("When is the next touchpoint?").wait_for()


def test_no_search_finds_the_others(site, guest):
    for name in ("Anna", "Moreau", "seed box"):
        guest.go(f"/influencers?q={name}")
        assert "Anna Moreau" not in seen(guest)
    guest.go("/today")
    guest.page.keyboard.press("Control+k")
    guest.page.locator("dialog[open] input").fill("Moreau")
    guest.page.get_by_text("Nothing found.").first.wait_for()


def test_no_address_leads_to_the_others(site, guest):
    anna = site.people[0]
    for page in (
        f"/influencers/{anna.influencer_id}",
        f"/influencers/{anna.influencer_id}/history",
        f"/relationships/{anna.id}/facts",
        f"/relationships/{anna.id}/evidence",
        "/views?brand=999999",
    ):
        response = guest.page.goto(guest.url + page)
        assert response.status == 404, page
        assert "Anna Moreau" not in seen(guest)
    for page in ("/imports", "/network", "/campaigns", "/funnel/reading", "/reviews", "/outbox"):
        response = guest.page.goto(guest.url + page)
        assert response.status in (403, 404), page


def test_nothing_is_exported(site, guest):
    guest.go("/influencers")
    assert guest.page.get_by_text("Export").count() == 0
    token = guest.page.locator("meta[name=csrf-token]").get_attribute("content")
    sent = {"csrf_token": token, "list": "", "columns": "fit", "form": "csv"}
    answer = guest.page.request.post(
        f"{guest.url}/exports", form=sent, headers={"Referer": guest.url}
    )
    assert answer.status == 403


def test_her_calendar_holds_her_own_people_alone(site, guest):
    guest.go("/settings/calendar")
    guest.page.get_by_role("button", name="Make an address").click()
    address = guest.page.get_by_label("Address of your calendar").input_value()
    path = "/calendar/" + address.rpartition("/")[2]
    with urllib.request.urlopen(guest.url + path) as answer:  # our own server
        text = answer.read().decode()
    assert "Chloé Petit" in text
    assert not [name for name in others(site) if name in text]
