"""The second step of signing in, in a browser: set up from the picture, asked for, recovered."""

import pytest
from factored import shown
from make import PASSWORD
from sqlalchemy import select, update

from irm.models import SecondFactor, Session

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def barred(tab, axe):
    """What bars anybody from the page as it is, light and dark, on desk and phone."""
    found = []
    for size in (PHONE, DESK):
        tab.page.set_viewport_size(size)
        found += tab.barriers_in_both_themes(axe)
        if not tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append((tab.page.url, size["width"], "wider than the screen"))
    return found


def factor_of(site):
    """Ana's second step as it stands now."""
    site.session.rollback()
    return site.session.scalars(select(SecondFactor)).one()


def sign_in(tab):
    """Ana's address and password, as far as the second page."""
    tab.forget()
    tab.go("/login")
    tab.page.fill("#email", "ana@example.com")
    tab.page.fill("#password", PASSWORD)
    tab.page.click("main button")
    tab.page.wait_for_url("**/login/code")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_she_sets_a_second_step_up_and_signs_in_by_it(site, tab, axe, size):
    page, found = tab.page, []
    page.set_viewport_size(size)
    tab.go("/settings/sign-in")
    page.get_by_role("link", name="Set it up").click()
    page.get_by_role("button", name="Begin").click()
    picture = page.locator("main img")
    assert picture.evaluate("one => one.complete && one.naturalWidth > 0")
    found += barred(tab, axe)
    page.set_viewport_size(size)
    page.get_by_label("Code", exact=True).fill("12")
    page.get_by_role("button", name="Switch it on").click()
    page.locator("main .form-error").wait_for()
    found += barred(tab, axe)
    page.set_viewport_size(size)
    page.get_by_label("Code", exact=True).fill(shown(factor_of(site)))
    page.get_by_role("button", name="Switch it on").click()
    codes = page.get_by_label("Your codes").input_value().split()
    assert len(codes) == 10
    found += barred(tab, axe)
    page.set_viewport_size(size)

    # Not to wait for half a minute until the app shows another code.
    site.session.execute(update(SecondFactor).values(last_step=0))
    site.session.commit()
    sign_in(tab)
    found += barred(tab, axe)
    page.set_viewport_size(size)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    page.locator("main .form-error").wait_for()
    found += barred(tab, axe)
    page.set_viewport_size(size)
    page.get_by_label("Code").fill(shown(factor_of(site)))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/today")

    sign_in(tab)
    page.get_by_role("link", name="No phone at hand?").click()
    page.get_by_label("Recovery code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/today")
    tab.go("/settings/sign-in")
    page.get_by_text("Recovery codes that are left: 9").wait_for()
    found += barred(tab, axe)
    assert not found


def test_after_a_while_the_password_is_asked_for_and_then_it_is_done(site, tab, axe):
    page = tab.page
    site.session.query(Session).update({"entered_at": None})
    site.session.commit()
    tab.go("/settings/sign-in")
    page.get_by_label("Who has to have a second step").select_option("administrators")
    page.locator("form[action$=required] button").click()
    page.get_by_role("heading", name="Your password, please").wait_for()
    found = barred(tab, axe)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Go on").click()
    page.locator("main .form-error").wait_for()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()

    # She is an administrator herself, and has none.
    page.wait_for_url("**/settings/sign-in/factor")
    found += barred(tab, axe)
    tab.go("/funnel")
    page.wait_for_url("**/settings/sign-in/factor")
    assert not found
