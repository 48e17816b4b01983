"""A link of the morning mail on a phone, in a browser where nobody is signed in."""

import datetime as dt
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from irm.mail import signed
from irm.models import Interaction, State, Touchpoint, User
from tests.e2e.test_accessibility import PHONE, TOO_SMALL

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def phone(tab):
    """The same browser on a phone, with no cookie at all."""
    tab.forget()
    tab.page.set_viewport_size(PHONE)
    return tab


@pytest.fixture
def due(site):
    """The first touchpoint that is Ana's to do."""
    whose = select(Touchpoint).where(
        Touchpoint.owner_id == site.lead.user_id, Touchpoint.state == State.OPEN
    )
    return site.session.scalars(whose.order_by(Touchpoint.id)).first()


@pytest.fixture
def link(site, due):
    row = SimpleNamespace(
        id=due.id, due_on=due.due_on, influencer_id=due.relationship.influencer_id
    )
    with site.app.app_context():
        address = signed.act_address(site.lead.user, row, dt.datetime.now(dt.UTC).date())
    return "/" + address.split("/", 3)[3]


@pytest.fixture
def letter(site):
    with site.app.app_context():
        address = signed.letter_address(site.lead.user, None)
    return "/" + address.split("/", 3)[3]


def test_done_and_taken_back_by_keyboard_alone(site, phone, due, link):
    phone.go(link)
    phone.page.get_by_label("What happened, in one line").fill("She said yes")
    phone.page.keyboard.press("Enter")
    phone.page.get_by_text("Done and logged").wait_for()
    assert site.session.scalars(
        select(Interaction.summary).where(Interaction.touchpoint_id == due.id)
    ).all() == ["She said yes"]

    phone.page.get_by_role("button", name="Undo").press("Enter")

    phone.page.get_by_role("button", name="Done, log it").wait_for()
    site.session.refresh(due)
    assert due.state is State.OPEN


def test_one_press_stops_the_digest_and_one_has_it_again(site, phone, letter):
    hour = site.session.scalar(select(User.digest_hour))
    phone.go(letter)
    phone.page.get_by_role("button", name="Stop this mail").press("Enter")
    phone.page.get_by_text("it comes no more").wait_for()
    assert site.session.scalar(select(User.digest_hour)) is None

    phone.page.get_by_role("button", name="Have it again").press("Enter")

    phone.page.get_by_text("You get this mail again").wait_for()
    assert site.session.scalar(select(User.digest_hour)) == hour


def test_the_pages_bar_nobody(site, phone, axe, due, link, letter):
    found = []
    for path in (link, f"{link}/snooze/1", f"{link}/skip", letter):
        phone.go(path)
        found += phone.barriers_in_both_themes(axe)
        found += [(path, small) for small in phone.page.evaluate(TOO_SMALL)]
        if not phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append((path, "wider than the phone"))
    assert not found
