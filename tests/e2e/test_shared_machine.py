"""A machine that several use: what one has half written is nobody else's."""

import make
import pytest

from irm.models import Role

pytestmark = pytest.mark.xdist_group("browser")

KEPT = "Object.values(sessionStorage).join()"


def sign_in(tab, email):
    tab.page.get_by_label("E-mail").fill(email)
    tab.page.get_by_label("Password").fill(make.PASSWORD)
    tab.page.get_by_role("button", name="Sign in").click()
    tab.page.wait_for_url("**/today")


def test_a_half_written_log_waits_for_its_author_and_for_nobody_else(site, tab):
    user = make.user(name="Ravi Rao", email="ravi@example.com")
    site.session.add(make.member(Role.MANAGER, user=user, brand=site.lead.brand))
    site.session.commit()
    tab.go("/today")
    tab.page.keyboard.press("l")
    tab.page.locator("#quick-log-summary").fill("Between us: she leaves her agency")
    assert "agency" in tab.page.evaluate(KEPT)

    # Her session runs out while she is away.
    tab.forget()
    tab.go("/today")
    assert "agency" in tab.page.evaluate(KEPT)
    sign_in(tab, "ravi@example.com")

    tab.page.keyboard.press("l")
    assert tab.page.input_value("#quick-log-summary") == ""
    assert tab.page.evaluate(KEPT) == ""
