"""What leaves a phone's screen only in the longer language, or in a table that is full."""

import invited
import pytest

PHONE = {"width": 390, "height": 844}

WIDE = """() => [document.documentElement, ...document.querySelectorAll(".table-wrap")]
    .filter((one) => one.scrollWidth > one.clientWidth + 1).length"""


@pytest.mark.parametrize("path", ["/settings/working", "/settings/invitations"])
def test_settings_in_french_are_not_wider_than_a_phone(site, tab, path):
    site.lead.user.locale = "fr"
    who = {"name": "Marie Delacroix-Montgomery", "email": "marie.montgomery@long-name.example"}
    made = invited.invitation(**who, brands=[site.lead.brand], invited_by=site.lead.user)
    site.session.add(made)
    site.session.commit()
    tab.page.set_viewport_size(PHONE)

    tab.go(path)

    assert tab.page.locator("html").get_attribute("lang") == "fr"
    assert tab.page.evaluate(WIDE) == 0
