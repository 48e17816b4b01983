"""What people typed as if it were code: a real browser finds no element, no script, no dialog."""

import make
import pytest

from irm.models import FactKind
from tests.house.payloads import PAYLOADS, packed

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")

#: Every element or attribute that a payload made: each bears its number.
MADE = """() => [...document.querySelectorAll('*')]
    .filter(one => [one.localName, ...one.getAttributeNames()].some(name => name.includes('xq')))
    .map(one => one.outerHTML.slice(0, 200))"""

PAGES = (
    "/today",
    "/today?of=team",
    "/funnel",
    "/funnel?by=owner",
    "/influencers?columns=tags,country",
    "/influencers/{person}",
    "/influencers/{person}/facts",
    "/influencers/{person}/ties",
    "/relationships/{card}/facts",
    "/relationships/{card}/guide",
    "/touchpoints/{touchpoint}/brief",
    "/campaigns",
    "/campaigns/{campaign}",
    "/promises",
    "/plan",
    "/network",
    "/network/around/{person}",
    "/influencers/compare?id={person}&id={other}",
    "/settings/brand",
    "/settings/members",
)


@pytest.fixture
def planted(site):
    """The site with payloads as names of everything, and a page for each."""
    packs = packed(180)
    names = [*packs, *PAYLOADS[28:35]]
    for relationship, name in zip(site.people, names, strict=False):
        relationship.influencer.name = name
        relationship.influencer.country = name[:60]
    one, other = site.people[1], site.people[2]
    one.influencer.bio = " ".join(PAYLOADS)
    one.influencer.looks_for = one.influencer.business_model = " ".join(PAYLOADS)
    one.brand.name, site.lead.user.name = packs[0][:100], packs[1][:100]
    due = {"owner": site.lead.user, "purpose": packs[2]}
    touchpoint = make.touchpoint(relationship=one, **due)
    campaign = make.campaign(brand=one.brand, name=packs[3][:100], goal=packs[4])
    site.session.add_all(
        [touchpoint, campaign, make.campaign_member(campaign=campaign, relationship=one)]
    )
    for pack in packs:
        site.session.add_all(
            [
                make.fact(relationship=one, text=pack, kind=FactKind.PASSION),
                make.promise(relationship=one, what=pack, owner=site.lead.user),
                make.interaction(relationship=one, summary=pack, author=site.lead.user),
            ]
        )
    site.session.commit()
    ids = {
        "person": one.influencer_id,
        "other": other.influencer_id,
        "card": one.id,
        "touchpoint": touchpoint.id,
        "campaign": campaign.id,
    }
    return [page.format(**ids) for page in PAGES]


def test_no_page_runs_or_builds_what_somebody_typed(tab, planted):
    dialogs = []
    tab.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for page in planted:
        tab.go(page)
        assert tab.page.evaluate(MADE) == [], page
        assert "xq" in tab.page.content() or page in ("/plan", "/network"), page

    # What a script of ours puts into the page: names found while typing.
    tab.go("/today")
    tab.page.keyboard.press("Control+k")
    tab.page.keyboard.type("xq01")
    tab.page.get_by_role("option").first.wait_for()
    assert tab.page.evaluate(MADE) == []
    assert dialogs == []

    # And it would have been seen.
    tab.page.evaluate("document.body.append(document.createElement('xq00'))")
    assert tab.page.evaluate(MADE) == ["<xq00></xq00>"]
