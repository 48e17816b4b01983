"""The ways in by mail, in a browser: a forgotten password and an invitation, on desk and phone."""

import re

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from irm.models import Outbox

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PASSWORD = "seven small grey donkeys"


@pytest.fixture
def posted(site):
    """The site with a mail server, which nobody speaks to here; gives the newest letter's path."""
    settings = site.app.config["IRM"]
    site.app.config["IRM"] = settings.model_copy(
        update={"smtp_url": SecretStr("smtp://127.0.0.1:9")}
    )

    def path(letter):
        site.session.rollback()
        newest = select(Outbox.body_text).where(Outbox.letter == letter)
        text = site.session.scalars(newest.order_by(Outbox.id.desc())).first()
        return re.search(r"://[^/]+(/\S+)", text)[1]

    yield path
    site.app.config["IRM"] = settings


def barred(tab, axe):
    """What bars anybody from the page as it is, light and dark, on desk and phone."""
    found = []
    for size in (PHONE, DESK):
        tab.page.set_viewport_size(size)
        found += tab.barriers_in_both_themes(axe)
        if not tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append((tab.page.url, size["width"], "wider than the screen"))
    return found


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_whoever_forgot_her_password_gets_in_again(site, tab, axe, posted, size):
    page, found = tab.page, []
    tab.forget()
    tab.go("/login")
    page.get_by_role("link", name="Forgot your password?").click()
    found += barred(tab, axe)
    page.set_viewport_size(size)
    page.get_by_label("E-mail").fill("ana@example.com")
    page.get_by_role("button", name="Send me the link").click()
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    found += barred(tab, axe)
    page.set_viewport_size(size)

    tab.go(posted("reset"))
    page.wait_for_url("**/reset")
    found += barred(tab, axe)
    page.set_viewport_size(size)
    page.get_by_label("New password").fill("short")
    page.get_by_role("button", name="Set the password").click()
    page.locator(".form-error").wait_for()
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()

    page.wait_for_url("**/login")
    page.locator(".toast-note", has_text="you are signed out everywhere").wait_for()
    page.fill("#email", "ana@example.com")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/today")
    assert not found


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_whoever_is_invited_comes_in(site, tab, axe, posted, size):
    page, found = tab.page, []
    page.set_viewport_size(size)
    tab.go("/settings/invitations")
    page.get_by_label("Name").fill("Mira Okafor")
    page.locator("main").get_by_label("E-mail").fill("mira@example.com")
    page.get_by_role("button", name="Send the invitation").click()
    page.get_by_text("Waiting for an answer").wait_for()
    found += barred(tab, axe)
    page.set_viewport_size(size)

    tab.forget()
    tab.go(posted("invitation"))
    page.wait_for_url("**/invitation")
    found += barred(tab, axe)
    page.set_viewport_size(size)
    zone = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    assert page.get_by_label("Time zone").input_value() == zone
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Accept the invitation").click()

    page.wait_for_url("**/today")
    page.locator(".toast-note", has_text="Welcome, Mira Okafor.").wait_for()
    assert not found
