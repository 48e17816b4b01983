"""A warm path in a browser: found, asked for through the gate, answered, and noted as made."""

import datetime as dt

import make
import pytest
from sqlalchemy import select
from tied import tie

from irm.ledger import proving
from irm.ledger import relationships as ledger
from irm.models import Direction, Introduction, Kind, Stage, Tie, TieKind, Touchpoint

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def elif_kaya(site):
    """An ambassador who was given much and spoke with us the day before yesterday."""
    card, at = site.people[4], dt.datetime.now(dt.UTC) - dt.timedelta(days=2)
    card.stage, card.owner = Stage.AMBASSADOR, site.lead.user
    session, common = site.session, {"author": site.lead.user, "relationship": card}
    before = at - dt.timedelta(days=9)
    session.add_all(make.interaction(happened_at=before, kind=Kind.GIVE, **common) for _ in "1234")
    session.add_all(
        make.interaction(happened_at=at, direction=Direction.BOTH, **common) for _ in "12"
    )
    session.commit()
    ledger.rebuild(session)
    proving.settle(session, [card.id], at)
    session.commit()
    return card


@pytest.fixture
def baker(site, elif_kaya):
    """A stranger, whom somebody knows whom Elif works with."""
    today = dt.datetime.now(dt.UTC).date()
    session = site.session
    baker = make.influencer(name="lila_bakes", known=False)
    session.add_all([baker, make.account(influencer=baker, handle="lila_bakes")])
    session.flush()
    between = site.people[0].influencer
    session.add_all(
        [
            tie(elif_kaya.influencer, between, kind=TieKind.COLLABORATES, last_seen=today),
            tie(between, baker, kind=TieKind.MENTIONS, weight=3, last_seen=today),
        ]
    )
    session.commit()
    return baker


@pytest.mark.parametrize("width", [1440, 390])
def test_a_warm_path_becomes_a_touchpoint_and_an_introduction(site, tab, elif_kaya, baker, width):
    page = tab.page
    page.set_viewport_size({"width": width, "height": 900})
    tab.go("/network/paths")
    page.get_by_label("Whom would you like to reach?").fill("@lila_bakes")
    page.keyboard.press("Enter")
    page.get_by_text("Elif Kaya → Anna Moreau → lila_bakes").wait_for()

    page.get_by_role("link", name="Ask for this introduction").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="For an introduction to lila_bakes").wait_for()
    assert page.input_value("#wish") == "An introduction to lila_bakes"
    page.fill("#benefit", "She meets a baker of her town")
    page.fill("#community", "They learn to bake")
    page.fill("#shared_values", "Bread for everybody")
    page.get_by_role("button", name="Plan this ask").click()

    page.locator(".toast-note", has_text="An ask is planned with Elif Kaya").wait_for()
    row = page.locator("#main .rows > li").first
    assert "To be asked" in row.inner_text()
    planned = site.session.scalars(select(Touchpoint).where(Touchpoint.kind == "ask")).one()
    assert planned.relationship_id == elif_kaya.id
    assert planned.purpose == "An introduction to lila_bakes"

    tab.go(f"/touchpoints/{planned.id}/complete")
    page.fill("[name=summary]", "She calls her tomorrow")
    page.locator("main").get_by_label("How it ended").select_option("accepted")
    page.locator("main").get_by_role("button", name="Done").click()
    page.wait_for_url(lambda url: "/complete" not in url)

    tab.go("/network/introductions")
    page.get_by_text("Agreed to introduce us").wait_for()
    page.get_by_role("button", name="Elif Kaya introduced us to lila_bakes").click()
    page.locator(".toast-note", has_text="Noted: they introduced you").wait_for()
    page.get_by_role("button", name="Add lila_bakes to the funnel").wait_for()

    site.session.expire_all()
    made = site.session.scalars(select(Introduction)).one()
    assert made.made_at is not None
    found = select(Tie).where(Tie.kind == TieKind.INTRODUCED)
    assert site.session.scalars(found).one().to_id == baker.id
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_undo_takes_the_ask_back_and_says_so_among_the_introductions(site, tab, elif_kaya, baker):
    page = tab.page
    between = site.people[0].influencer_id
    way = f"{elif_kaya.influencer_id},{between},{baker.id}"
    tab.go(f"/relationships/{elif_kaya.id}/ask?way={way}")
    for field in ("#benefit", "#community", "#shared_values"):
        page.fill(field, "Yes")
    page.get_by_role("button", name="Plan this ask").click()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_load_state()

    tab.go("/network/introductions")
    page.get_by_text("Not asked").wait_for()
