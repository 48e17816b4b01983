"""Filters as people type them: numbers in their own way, and what is no number."""

import datetime as dt
from urllib.parse import urlencode

import make
import pytest
from sqlalchemy import select

from irm.directory import listed
from irm.directory.search import Reader
from irm.ledger import relationships as ledger
from irm.models import BulkEdit, Role, SavedView, Tier


@pytest.fixture
def lead(saved, session):
    """Ana, who leads a brand with one large and one small person."""
    lead = saved(make.member(Role.LEAD))
    for name, tier, audience in (("Large", Tier.MACRO, 1_000_000), ("Small", Tier.MICRO, 12_300)):
        person = make.influencer(name=name, tier=tier, audience=audience)
        saved(make.relationship(brand=lead.brand, influencer=person))
    ledger.rebuild(session)
    session.commit()
    return lead


def sent(client, address="", **given):
    query = {"group": "0", "field": "audience", "is": "is", "list": address, **given}
    return client.get("/influencers/filter/set?" + urlencode(query)).location


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("100 000", "100000"),
        ("100\u00a0000", "100000"),
        ("100\u202f000", "100000"),
        ("100,000", "100000"),
        ("100.000", "100000"),
        ("1M", "1000000"),
        ("12.3k", "12300"),
        ("12,3 K", "12300"),
        ("1,5 million", "1500000"),
    ],
)
def test_a_number_may_be_typed_as_people_write_it(client_of, lead, typed, read):
    found = sent(client_of(lead.user), **{"from": typed})

    assert found == f"/influencers?audience={read}.."


def test_a_score_keeps_its_decimals(client_of, lead):
    client = client_of(lead.user)

    assert sent(client, field="fit", **{"from": "62,5", "to": "80"}).endswith("fit=62.5..80")


@pytest.mark.parametrize("typed", ["many", "-5", "1..2", "9" * 20, "<b>"])
def test_what_is_no_number_is_said_at_its_filter_and_the_others_hold(client_of, lead, typed):
    client = client_of(lead.user)

    address = sent(client, "tier=macro", **{"from": typed})
    page = client.get(address)

    assert page.status_code == 200
    assert "is no number; write 50000, 12.3k or 1M" in page.text
    assert ">Large</a>" in page.text
    assert ">Small</a>" not in page.text
    assert "<b>" not in page.text
    assert "1 person" in client.get(address.replace("?", "/count?")).text


def test_what_is_no_number_leaves_the_other_half_of_an_or_alone(client_of, lead):
    page = client_of(lead.user).get("/influencers?tier=macro&or=audience:many..").text

    assert ">Large</a>" in page
    assert ">Small</a>" not in page


def test_a_filter_that_means_nothing_is_mended_where_it_stands(client_of, lead):
    client = client_of(lead.user)

    page = client.get("/influencers?audience=many..5000").text
    step = page.split('chip-unread"><a href="')[1].split('"')[0].replace("&amp;", "&")
    form = client.get(step).text

    assert 'value="many"' in form
    assert 'value="5000"' in form
    assert sent(client, "audience=many..5000", at="0", to="20k").endswith("?audience=..20000")


@pytest.mark.parametrize("field", ["contact", "added"])
def test_what_is_no_day_is_said_at_its_filter(client_of, lead, field):
    page = client_of(lead.user).get(f"/influencers?{field}=soon&tier=macro")

    assert page.status_code == 200
    assert "this is no day" in page.text
    assert ">Small</a>" not in page.text


def test_a_filter_that_is_emptied_is_taken_away(client_of, lead):
    client = client_of(lead.user)

    assert sent(client, "tier=macro&audience=5..", at="1") == "/influencers?tier=macro"
    assert sent(client, "tier=macro") == "/influencers?tier=macro"


def test_nothing_is_done_to_all_of_a_list_with_a_filter_that_means_nothing(
    session, client_of, lead
):
    client, shown = client_of(lead.user), {"list": "audience=many.."}

    chosen = client.post("/bulk/choose", data={**shown, "whom": "all"})
    drafted = client.post("/bulk", data={**shown, "whom": "all", "owner": "0"})
    exported = client.post("/exports", data={**shown, "form": "csv", "columns": "fit"})
    kept = client.post("/views", data={**shown, "name": "Many"})

    assert chosen.location == "/influencers?audience=many.."
    assert [one.status_code for one in (drafted, exported, kept)] == [422, 422, 422]
    assert session.scalars(select(BulkEdit)).all() == session.scalars(select(SavedView)).all() == []


def test_who_stands_still_is_offered_shown_and_given_out(saved, session, client_of, lead):
    last = dt.datetime.now(dt.UTC) - dt.timedelta(days=60)
    until = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=20)
    saved(make.relationship(brand=lead.brand, name="Quiet", stage_since=last, last_contact_at=last))
    saved(make.relationship(brand=lead.brand, name="On tour", paused_until=until))
    client = client_of(lead.user)

    assert "Slipping away" in client.get("/influencers/filter?field=age").text
    page = client.get("/influencers?age=slipping,paused&columns=age,paused,stage").text

    assert "Age: Slipping away or Paused" in page
    assert "Quiet" in page
    assert "On tour" in page
    assert "Large" not in page
    wanted = listed.List.read("age=slipping,paused", ["age", "paused", "stage"])
    reader = Reader(lead.brand_id, lead.user_id)
    given = listed.rows(session, wanted, reader, dt.datetime.now(dt.UTC), dt.UTC)
    assert sorted(given) == [
        ["On tour", "", "", "Paused", until, "Unaware"],
        ["Quiet", "", "", "Slipping away", None, "Unaware"],
    ]
