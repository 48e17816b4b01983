"""axe-core over every page and dialog, light and dark: no violation, no fault in the console."""

from itertools import pairwise

import make
import pytest
import teamed
import tied
from sqlalchemy import select

from irm.models import Campaign, Community, Interaction, Touchpoint

#: Beside the other tests in a browser, which take as long as these.
pytestmark = pytest.mark.xdist_group("axe")

PAGES = (
    "/today",
    "/today?of=team",
    "/today/days",
    "/today/beyond",
    "/touchpoints/{touchpoint}/brief",
    "/touchpoints/{touchpoint}/complete",
    "/touchpoints/{touchpoint}/snooze",
    "/touchpoints/{touchpoint}/skip",
    "/touchpoints/{touchpoint}/reassign",
    "/funnel",
    "/funnel?tier=micro&owner=0",
    "/funnel?q=zzzz",
    "/funnel?sort=fit",
    "/funnel?by=owner",
    "/funnel?by=archetype&country=-france",
    "/funnel/fields",
    "/funnel/proposals",
    "/funnel/moved",
    "/funnel/review",
    "/funnel/reviews",
    "/funnel/past",
    "/funnel/past?day=2001-01-01",
    "/funnel/reading",
    "/funnel/reading?days=0",
    "/funnel/reading/one?of=flow",
    "/funnel/flow?days=0&before=none&after=aware",
    "/funnel/asks",
    "/gifts",
    "/relationships/{relationship}/facts",
    "/relationships/{relationship}/gift",
    "/relationships/{relationship}/ask",
    "/relationships/{relationship}/evidence",
    "/influencers",
    "/influencers?sort=name&stage=aware",
    "/influencers?q=zzzz",
    "/influencers?stage=aware&tier=-macro&or=owner:me",
    "/influencers/filter?group=0",
    "/influencers/filter?group=0&field=stage",
    "/influencers/filter?group=0&field=due",
    "/influencers/columns",
    "/views",
    "/influencers/group",
    "/influencers/group?tier=micro",
    "/bulk",
    "/log/together",
    "/interactions/{interaction}/edit",
    "/interactions/{interaction}/versions",
    "/influencers/{person}",
    "/influencers/{person}/facts",
    "/influencers/{person}/terms",
    "/influencers/{person}/tier",
    "/influencers/{person}/presence",
    "/influencers/{person}/history",
    "/influencers/{person}/scores",
    "/influencers/{person}/resonance",
    "/influencers/{person}/absences",
    "/influencers/{person}/ties",
    "/settings/working",
    "/settings/team",
    "/settings/invitations",
    "/settings/members",
    "/settings/teams",
    "/settings/teams?team={team}",
    "/plan?team={team}",
    "/views/sharing",
    "/settings/users",
    "/settings/audit",
    "/settings/audit?what=people",
    "/settings/members/{colleague}/leave",
    "/settings/users/{colleague}/leave",
    "/handovers",
    "/handovers/new?from=0",
    "/handovers/alone",
    "/influencers/{person}/erase",
    "/influencers/compare",
    "/influencers/compare?id={person}&q=a",
    "/influencers/compare?id={person}&id={other}&id=0",
    "/influencers/new",
    "/imports",
    "/plan",
    "/settings/minutes",
    "/plan?of=me",
    "/plan?of=me&view=list",
    "/plan/gaps",
    "/plan/what-if",
    "/plan/what-if?whom={lead}&away=y",
    "/discovery",
    "/discovery?tier=macro",
    "/network",
    "/network?by=topics",
    "/network/paths",
    "/network/paths?to=nobody",
    "/network/introductions",
    "/network/picture",
    "/network/picture?size=topical",
    "/network/around/{person}",
    "/network/around/{alone}",
    "/network/communities/{community}",
    "/discovery/worksheet",
    "/discovery/worksheet?step=2",
    "/discovery/worksheet?step=3",
    "/discovery/worksheet?step=4",
    "/discovery/worksheet/whole",
    "/outbox",
    "/sending",
    "/status",
    "/status/mail",
    "/settings/profile",
    "/settings/sign-in",
    "/settings/sign-in/factor",
    "/settings/letters",
    "/settings/letters?letter=minutes&lang=fr",
    "/settings/calendar",
    "/settings/brand",
    "/settings/evidence",
    "/settings/limits",
    "/settings/answering",
    "/promises",
    "/relationships/{relationship}/promises",
    "/relationships/{relationship}/promise",
    "/relationships/{relationship}/question",
    "/relationships/{relationship}/pause",
    "/influencers?age=slipping,paused&columns=age,paused",
    "/settings/stages",
    "/settings/cadence",
    "/relationships/{relationship}/rhythm",
    "/campaigns",
    "/campaigns/new",
    "/campaigns/{campaign}",
    "/campaigns/{campaign}?missing=thanks",
    "/campaigns/{campaign}/edit",
    "/campaigns/{campaign}/find?q=a",
    "/stages",
    "/relationships/{relationship}/guide",
    "/relationships/{relationship}/pulse",
    "/settings/scores",
    "/nowhere",
)

#: The pages are looked at in so many tests.
PARTS = 4

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

#: What a thumb would miss.
TOO_SMALL = """() => [...document.querySelectorAll('main button, .tabbar a, .tabbar button')]
    .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44)
    .map(e => e.outerHTML.slice(0, 120))"""


def address(path, site):
    """A path with the people it is about."""
    touchpoint = site.session.scalars(select(Touchpoint.id).limit(1)).one()
    return path.format(
        touchpoint=touchpoint,
        lead=site.lead.user_id,
        colleague=colleague(site) if "{colleague}" in path else 0,
        team=grouped(site) if "{team}" in path else 0,
        person=site.people[1].influencer_id,
        other=site.people[2].influencer_id,
        relationship=site.people[1].id,
        campaign=site.session.scalars(select(Campaign.id).limit(1)).one(),
        interaction=changed(site) if "{interaction}" in path else 0,
        community=together(site) if path.startswith("/network") else 0,
        alone=site.people[-1].influencer_id,
    )


def colleague(site):
    """Somebody else who works for the brand and looks after somebody."""
    one = make.member(brand=site.lead.brand)
    site.session.add_all([one, make.relationship(brand=site.lead.brand, owner=one.user)])
    site.session.commit()
    return one.user_id


def grouped(site):
    """A team of the lead, beside whom somebody is in none."""
    colleague(site)

    def saved(one):
        site.session.add(one)
        site.session.commit()
        return one

    return teamed.team(saved, site.lead).id


def changed(site):
    """An interaction that said something else before."""
    one = site.session.scalars(select(Interaction).order_by(Interaction.id)).first()
    of = {"relationship_id": one.relationship_id, "interaction_id": one.id}
    site.session.add(make.interaction_version(**of))
    site.session.commit()
    return one.id


def together(site):
    """A community of the first people, all but the last tied with those beside them."""
    found = site.session.scalars(select(Community.id)).first()
    if found is not None:
        return found
    made = tied.community(brand_id=site.lead.brand_id)
    site.session.add(made)
    site.session.flush()
    people = [one.influencer for one in site.people[:-1]]
    site.session.add_all(tied.tie(one, other) for one, other in pairwise(people))
    for rank, one in enumerate(people, 1):
        community = made.id if rank < 6 else None
        place = tied.place(one, brand_id=site.lead.brand_id, rank=rank, community_id=community)
        site.session.add(place)
    site.session.add(tied.network_run(brand_id=site.lead.brand_id))
    site.session.commit()
    return made.id


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_bars_anybody_in_either_theme_nor_on_a_phone(site, tab, axe, part):
    page, found = tab.page, []
    for path in PAGES[part::PARTS]:
        page.set_viewport_size(DESK)
        tab.go(address(path, site))
        found += tab.barriers_in_both_themes(axe)
        page.set_viewport_size(PHONE)
        found += [(path, small) for small in page.evaluate(TOO_SMALL)]
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append((path, "wider than the phone"))
    assert not found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_dialog_bars_anybody(site, tab, axe, theme):
    tab.page.context.add_cookies([{"name": "theme", "value": theme, "url": site.url}])
    tab.go("/funnel")
    found = []
    for opener in ("l", "Control+k", "Shift+?"):
        tab.page.keyboard.press(opener)
        tab.page.locator("dialog[open]").wait_for()
        found += tab.barriers(axe, theme)
        tab.page.keyboard.press("Escape")
        # The browser closes it a moment later, and one dialog at a time is open.
        tab.page.locator("dialog[open]").wait_for(state="detached")
    tab.page.locator(".card-item button").first.click()
    found += tab.barriers(axe, theme)
    tab.page.locator("#move label:has(input:enabled)").first.click()
    tab.page.keyboard.press("Enter")
    tab.page.locator("#halt[open]").wait_for()
    found += tab.barriers(axe, theme)
    tab.page.fill("#halt-reason", "They said so.")
    tab.page.keyboard.press("Enter")
    tab.page.locator(".toast-note").wait_for()
    found += tab.barriers(axe, theme)
    assert not found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_sign_in_page_bars_nobody(site, tab, axe, theme):
    tab.forget()
    tab.page.context.add_cookies([{"name": "theme", "value": theme, "url": site.url}])
    tab.go("/login")

    assert not tab.barriers(axe, theme)
