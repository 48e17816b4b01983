"""Editing a person on the page: what is saved, taken back, and decided between two who wrote."""

import html
import json
import re
from html.parser import HTMLParser

import make
import pytest

from irm.directory import search
from irm.models import Archetype, Influencer, Role, Tier

HTMX = {"HX-Request": "true"}


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def lea(saved, session, lead):
    card = saved(make.relationship(brand=lead.brand, name="Léa Petit"))
    id = card.influencer_id
    entry = {"influencer_id": id, "source": "name", "source_id": id, "text": "Léa Petit"}
    search.index_entries(session, [entry])
    session.commit()
    return card.influencer


class Sent(HTMLParser):
    """What a browser would send of the form that stands open."""

    def __init__(self, page):
        super().__init__()
        self.values = {}
        self._into = None
        self.feed(page.split("data-edit>")[1].split("</form>")[0])

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "input" and (
            given.get("type") not in ("checkbox", "radio") or "checked" in given
        ):
            self.values[given["name"]] = given.get("value", "")
        elif tag in ("select", "textarea"):
            self._into = given["name"]
            self.values[self._into] = ""
        elif tag == "option" and "selected" in given:
            self.values[self._into] = given["value"]

    def handle_endtag(self, tag):
        if tag in ("select", "textarea"):
            self._into = None


def sent(page):
    return Sent(page).values


def stored(session, lea):
    session.rollback()
    session.expire_all()
    return session.get(Influencer, lea.id)


def test_a_section_opens_as_a_form_and_comes_back(client_of, lead, lea):
    client = client_of(lead.user)
    address = f"/influencers/{lea.id}/facts"

    form = client.get(address, headers=HTMX).text
    view = client.get(address + "?view=1", headers=HTMX).text
    page = client.get(address).text

    assert 'name="archetype"' in form
    assert "<h1>" not in form
    assert 'name="archetype"' not in view
    assert 'id="facts"' in view
    assert "<h1>" in page
    assert 'name="archetype"' in page


def test_what_is_saved_is_said_and_taken_back(session, client_of, lead, lea):
    client = client_of(lead.user)
    address = f"/influencers/{lea.id}/facts"
    values = {
        **sent(client.get(address).text),
        "name": "Éva Roux",
        "further_languages": "Spanish, de",
    }

    response = client.post(address, data=values, follow_redirects=True)

    assert "Saved: Name, Further languages." in response.text
    now = stored(session, lea)
    assert (now.name, now.further_languages) == ("Éva Roux", "es de")
    toast = response.text.split("toast-note")[1].split("</form>")[0]
    undo = {
        name: html.unescape(value)
        for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', toast)
    }
    client.post(address, data=undo)
    now = stored(session, lea)
    assert (now.name, now.further_languages) == ("Léa Petit", None)


def test_what_two_change_beside_each_other_is_kept_of_both(session, client_of, lead, lea):
    client = client_of(lead.user)
    address = f"/influencers/{lea.id}/facts"
    mine = {**sent(client.get(address).text), "city": "Lyon"}
    client.post(address, data={**mine, "city": "", "country": "France"})

    response = client.post(address, data=mine)

    assert response.status_code == 303
    now = stored(session, lea)
    assert (now.city, now.country) == ("Lyon", "France")


def test_what_two_change_alike_is_shown_to_choose_from(session, client_of, lead, lea):
    client = client_of(lead.user)
    address = f"/influencers/{lea.id}/facts"
    opened = sent(client.get(address).text)
    client.post(address, data={**opened, "city": "Paris", "country": "France"})

    response = client.post(address, data={**opened, "city": "Lyon", "categories": "Repair"})

    assert response.status_code == 409
    assert 'value="Lyon" checked' in response.text
    assert 'value="Paris"' in response.text
    assert stored(session, lea).city == "Paris"
    choice = sent(response.text)
    assert choice["city"] == "Lyon"
    client.post(address, data={**choice, "city": "Paris"})
    now = stored(session, lea)
    assert (now.city, now.country, now.categories) == ("Paris", "France", "Repair")


def test_a_journalist_is_not_to_be_paid_and_it_is_said_why(session, client_of, lead, lea):
    client = client_of(lead.user)
    address = f"/influencers/{lea.id}"
    opened = sent(client.get(address + "/facts").text)

    page = client.post(
        address + "/facts", data={**opened, "archetype": "journalist"}, follow_redirects=True
    ).text
    assert "Journalists are not paid" in page
    assert "Not to be paid" in page
    now = stored(session, lea)
    assert (now.archetype, now.may_be_paid) == (Archetype.JOURNALIST, False)

    terms = {"row_version": now.row_version, "seen": "{}", "may_be_paid": "yes"}
    refused = client.post(address + "/terms", data=terms)
    assert refused.status_code == 422
    assert "Journalists are not paid" in refused.text


def test_a_tier_wants_its_reason(session, client_of, lead, lea):
    client = client_of(lead.user)
    address = f"/influencers/{lea.id}/tier"
    opened = {"row_version": lea.row_version, "seen": json.dumps({}), "tier": "macro"}

    assert client.post(address, data=opened).status_code == 422
    response = client.post(address, data={**opened, "tier_reason": "Television"})

    assert response.status_code == 303
    now = stored(session, lea)
    assert (now.tier, now.tier_reason, now.tier_set_by_id) == (
        Tier.MACRO,
        "Television",
        lead.user_id,
    )


def test_a_tier_set_by_hand_says_by_whom_and_why_and_the_way_back(session, client_of, lead, lea):
    client = client_of(lead.user)
    page = client.get(f"/influencers/{lea.id}").text
    assert "set by hand" not in page
    sent = {"row_version": lea.row_version, "seen": "{}", "tier": "macro"}
    client.post(f"/influencers/{lea.id}/tier", data={**sent, "tier_reason": "Television"})

    page = client.get(f"/influencers/{lea.id}").text
    assert "Macro, set by hand" in page
    assert re.search(rf"Set by {lead.user.name} on \w{{3}}\s\d+\s\w{{3}}: Television", page)
    assert "Back to the scores: Micro" in page
    assert "By the scores it would be: Micro." in page

    version = re.search(r'name="row_version" value="(\d+)"', page)[1]
    back = client.post(f"/influencers/{lea.id}/tier", data={"row_version": version, "tier": ""})
    assert back.status_code == 303
    now = stored(session, lea)
    assert (now.tier, now.tier_reason, now.tier_set_by_id) == (Tier.MICRO, None, None)
    assert now.tier_set_at is None
    assert "set by hand" not in client.get(f"/influencers/{lea.id}").text


def test_a_tier_set_before_days_were_kept_or_by_somebody_who_left_says_what_is_known(
    session, saved, client_of, lead, lea
):
    page = client_of(lead.user)
    lea.tier_reason = "Television"
    session.commit()
    assert "Set by hand: Television" in page.get(f"/influencers/{lea.id}").text

    lea.tier_set_at = make.MONDAY
    session.commit()
    assert re.search(
        r"Set by hand on Mon\s2\sMar.*: Television", page.get(f"/influencers/{lea.id}").text
    )

    lea.tier_set_by_id, lea.tier_reason, lea.tier_set_at = lead.user.id, None, None
    session.commit()
    assert f"Set by {lead.user.name}." in page.get(f"/influencers/{lea.id}").text


@pytest.mark.parametrize("missing", ["source", "lawful_basis"])
def test_where_it_comes_from_and_why_we_may_is_never_empty(client_of, lead, lea, missing):
    values = {"row_version": 1, "seen": "", "source": "A fair", "lawful_basis": "consent"}

    response = client_of(lead.user).post(
        f"/influencers/{lea.id}/basis", data={**values, missing: ""}
    )

    assert response.status_code == 422


def test_a_form_that_somebody_tampered_with_is_no_failure_of_ours(client_of, lead, lea):
    client = client_of(lead.user)
    for seen in ("[]", "{", '{"city": 3}', "null"):
        values = {"row_version": 7, "seen": seen, "name": "X", "origin": "external"}
        response = client.post(f"/influencers/{lea.id}/facts", data=values)
        assert response.status_code in (303, 409), (seen, response.status_code)
