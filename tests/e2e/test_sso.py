"""Signing in at the organisation's own service, in a browser."""

import pytest
from identity_provider import IdentityProvider
from sqlalchemy import update

from irm.models import Session

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def service(site):
    """The service, and a site that signs in there."""
    service, before = IdentityProvider(), site.app.config["IRM"]
    service.serve(site.app, public_url=site.url)
    yield service
    site.app.config["IRM"] = before
    site.app.extensions["sign-in service"] = None
    service.stop()


def barred(tab, axe):
    """What bars anybody from the page as it is, light and dark, on desk and phone."""
    found = []
    for size in (DESK, PHONE):
        tab.page.set_viewport_size(size)
        found += tab.barriers_in_both_themes(axe)
        if not tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append((tab.page.url, size["width"], "wider than the screen"))
    return found


def test_one_link_leads_there_and_back_to_where_she_wanted_to_go(site, service, tab, axe):
    tab.forget()
    tab.go("/plan")
    tab.page.get_by_role("heading", name="Sign in").wait_for()
    found = barred(tab, axe)

    tab.page.get_by_role("link", name="Sign in with Acme ID").click()

    tab.page.wait_for_url("**/plan")
    assert tab.page.get_by_role("heading", level=1).count() == 1
    assert not found


def test_a_refusal_stands_above_the_way_in(site, service, tab, axe):
    tab.forget()
    service.claims["email"] = "stranger@example.com"
    tab.go("/login")

    tab.page.get_by_role("link", name="Sign in with Acme ID").click()

    tab.page.get_by_role("alert").get_by_text("Nobody signs in here as").wait_for()
    assert not barred(tab, axe)


def test_what_she_entered_waits_while_she_signs_in_once_more_in_another_tab(
    site, service, tab, axe
):
    page = tab.page
    site.session.execute(update(Session).values(entered_at=None))
    site.session.commit()
    tab.go("/settings/sign-in")
    page.get_by_label("Who has to have a second step").select_option("administrators")
    page.locator("form[action$=required] button").click()
    page.get_by_role("heading", name="Your password, please").wait_for()
    found = barred(tab, axe)
    page.get_by_role("button", name="I did: go on").click()
    page.get_by_text("Acme ID has not said yet").wait_for()
    found += barred(tab, axe)

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in with Acme ID").click()
    opened.value.get_by_text("go on in the other one").wait_for()
    page.bring_to_front()
    page.get_by_role("button", name="I did: go on").click()

    # She is an administrator herself, and has no second step.
    page.wait_for_url("**/settings/sign-in/factor")
    assert not found
