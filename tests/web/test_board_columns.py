"""The board as a browser sees it: other columns than the stages, filters, views, fields, facts."""

import datetime as dt
import re
from html import unescape

import make
import pytest
from sqlalchemy import select

from irm.ledger import relationships as ledger
from irm.models import Archetype, Role, SavedView, Stage, Tier

HTMX = {"HX-Request": "true"}

TODAY = dt.datetime.now(dt.UTC).date()


@pytest.fixture
def lead(saved):
    """Ana, who leads her brand."""
    return saved(make.member(Role.LEAD))


@pytest.fixture
def people(saved, session, lead):
    """Chloé, a macro analyst whom Ana owns, and Bo, whom nobody owns."""
    chloe = make.influencer(
        name="Chloé", tier=Tier.MACRO, archetype=Archetype.ANALYST, country="France", audience=900
    )
    long_ago = make.MONDAY - dt.timedelta(days=400)
    found = [
        saved(
            make.relationship(
                brand=lead.brand,
                influencer=chloe,
                owner=lead.user,
                stage=Stage.ENGAGED,
                stage_since=long_ago,
                last_contact_at=long_ago,
                gives_since_ask=1,
            )
        ),
        saved(make.relationship(brand=lead.brand, name="Bo", stage=Stage.AWARE)),
    ]
    session.add(
        make.touchpoint(relationship=found[1], owner=lead.user, due_on=TODAY - dt.timedelta(days=3))
    )
    session.add(make.interaction(relationship=found[0], happened_at=long_ago))
    session.commit()
    ledger.rebuild(session)
    session.commit()
    return found


def columns(page):
    """The names that stand in each column, by its key."""
    parts = re.split(r'<section class="column[^"]*" id="column-', page)[1:]
    return {
        part.split('"')[0]: re.findall(r'class="card-link"[^>]*>([^<]+)<', part) for part in parts
    }


def fact(page, key):
    """What is said below a head."""
    found = re.search(rf'id="facts-{key}"[^>]*>(.*?)</p>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", " ", found[1]).split()


def test_the_columns_are_tiers_owners_or_archetypes_where_the_address_says_so(
    client_of, lead, people
):
    client, own = client_of(lead.user), str(lead.user.id)

    tiers = columns(client.get("/funnel?by=tier").text)
    owners = columns(client.get("/funnel?by=owner").text)
    page = client.get("/funnel?by=archetype").text
    rest = client.get("/funnel/cards?by=archetype&column=none", headers=HTMX).text

    assert tiers == {"macro": ["Chloé"], "middle": [], "micro": ["Bo"]}
    assert owners == {own: ["Chloé"], "0": ["Bo"]}
    assert columns(page)["analyst"] == ["Chloé"]
    assert "by=archetype&amp;column=none" in page
    assert ">Bo</a>" in rest


def test_a_card_in_another_column_than_its_stage_says_its_stage(client_of, lead, people):
    page = client_of(lead.user).get("/funnel?by=tier").text

    assert "Engaged" in page.split('id="card-')[1]
    assert "cannot be carried" in page
    assert "data-may-move" not in page


def test_any_filter_of_the_list_narrows_the_board_and_is_a_chip(client_of, lead, people):
    client = client_of(lead.user)

    page = client.get("/funnel?country=france").text
    other = client.get("/funnel?country=-france&by=tier").text

    assert columns(page)["engaged"] == ["Chloé"]
    assert columns(page)["aware"] == []
    assert "Country: france" in page
    assert columns(other) == {"macro": [], "middle": [], "micro": ["Bo"]}
    assert "Country: not france" in other


def test_the_filter_dialog_leads_back_to_the_board(client_of, lead, people):
    client = client_of(lead.user)
    page = client.get("/funnel?by=owner").text
    add = unescape(re.search(r'href="(/influencers/filter[^"]+)"', page)[1])

    made = client.get(f"{add.replace('/filter?', '/filter/set?')}&field=tier&is=not&value=macro")

    assert made.location == "/funnel?tier=-macro&by=owner"


def test_addresses_of_old_go_on_to_work(client_of, lead, people):
    client = client_of(lead.user)

    page = client.get(f"/funnel?owner={lead.user.id}&tier=macro&q=").text

    assert columns(page)["engaged"] == ["Chloé"]
    assert columns(page)["aware"] == []


def test_what_takes_counting_comes_after_the_page(client_of, lead, people):
    client = client_of(lead.user)

    found = client.get("/funnel/heads", headers=HTMX).text

    assert fact(found, "aware")[:2] == ["1", "overdue"]
    assert fact(found, "engaged")[:4] == ["1", "too", "long", "here"]
    assert "Median" in fact(found, "engaged")
    assert "stage=aware&amp;due=overdue" in found
    assert "head-aware" not in found


def test_heads_that_no_counter_knows_are_counted_after_the_page(client_of, lead, people):
    client = client_of(lead.user)

    page = client.get("/funnel?country=france").text
    found = client.get("/funnel/heads?country=france", headers=HTMX).text

    assert "Counting" in page
    assert "1 person, sorted by" in found
    assert re.search(r'head-engaged.*?<span class="tally">1<', found, re.DOTALL)
    assert re.search(r'head-aware.*?<span class="tally">0<', found, re.DOTALL)


def test_the_fields_of_a_card_are_each_colleagues_own(saved, session, client_of, lead, people):
    client = client_of(lead.user)
    assert "France" not in client.get("/funnel").text

    client.post("/funnel/fields", data={"list": "page=funnel", "field": ["country", "fit"]})
    page = client.get("/funnel").text
    colleague = saved(make.member(Role.MANAGER, brand=lead.brand)).user
    theirs = client_of(colleague).get("/funnel").text

    assert "France" in page
    assert "<dt>Fit</dt>" in page
    assert "<dt>Reach</dt>" not in page
    assert "Last contact" not in page
    assert "<dt>Reach</dt>" in theirs
    assert "France" not in theirs

    client.post("/funnel/fields", data={"list": "page=funnel", "reset": "1"})
    assert "<dt>Reach</dt>" in client.get("/funnel").text


def test_a_view_of_the_board_keeps_filters_columns_order_and_fields(
    session, client_of, lead, people
):
    client = client_of(lead.user)
    shown = "page=funnel&tier=macro&by=owner&sort=fit&fields=country"

    response = client.post("/views", data={"list": shown, "name": "Big ones"})
    page = client.get(response.location).text

    view = session.scalars(select(SavedView)).one()
    assert (view.page, view.query, view.columns) == (
        "funnel",
        "tier=macro&sort=fit&by=owner",
        ["country"],
    )
    assert response.location == f"/funnel?view={view.id}"
    assert "France" in page
    assert "Tier: Macro" in page
    assert columns(page)[str(lead.user.id)] == ["Chloé"]
    assert "Big ones" not in client.get("/influencers").text


def test_a_deleted_view_of_the_board_comes_back_as_one(session, client_of, lead, people):
    client = client_of(lead.user)
    shown = "page=funnel&by=tier&fields=country"
    client.post("/views", data={"list": shown, "name": "Tiers"})
    view = session.scalars(select(SavedView)).one()

    page = client.post(f"/views/{view.id}/delete", follow_redirects=True).text
    undo = dict(re.findall(r'name="(list|name|shared|maker)" value="([^"]*)"', page))
    client.post("/views", data={name: unescape(value) for name, value in undo.items()})

    again = session.scalars(select(SavedView)).one()
    assert (again.page, again.query, again.columns) == ("funnel", "by=tier", ["country"])


def test_a_view_of_the_list_opens_as_a_board_and_the_other_way_round(
    saved, client_of, lead, people
):
    of_list = saved(make.view(brand_id=lead.brand.id, user_id=lead.user.id, query="stage=aware"))
    of_board = saved(
        make.view(
            brand_id=lead.brand.id, user_id=lead.user.id, query="tier=macro&by=tier", page="funnel"
        )
    )
    client = client_of(lead.user)

    board = client.get(f"/funnel?view={of_list.id}").text
    found = client.get(f"/influencers?view={of_board.id}").text

    assert columns(board)["aware"] == ["Bo"]
    assert columns(board)["engaged"] == []
    assert ">Chloé</a>" in found
    assert ">Bo</a>" not in found


def test_a_view_of_the_list_is_not_saved_from_the_board(saved, client_of, lead, people):
    view = saved(make.view(brand_id=lead.brand.id, user_id=lead.user.id))

    response = client_of(lead.user).post(f"/views/{view.id}", data={"list": "page=funnel"})

    assert response.status_code == 404


def test_a_card_says_what_an_ask_takes_and_until_when_it_is_paused(
    session, client_of, lead, people
):
    chloe, bo = people
    bo.paused_until, bo.paused_why = TODAY + dt.timedelta(days=9), "on leave"
    session.commit()

    page = client_of(lead.user).get("/funnel").text

    assert "Give first: no asks yet" in page.split(f'id="card-{chloe.id}"')[1]
    of_bo = page.split(f'id="card-{bo.id}"')[1].split("</li>")[0]
    assert "data-paused" in of_bo
    assert re.search(r"Paused until [^<]+: on leave", of_bo)


def test_who_is_paused_is_overdue_neither_on_the_card_nor_in_the_head(
    session, client_of, lead, people
):
    bo = people[1]
    client = client_of(lead.user)
    assert "Overdue by" in client.get("/funnel").text
    assert client.get("/influencers?stage=aware&due=overdue").text.count("Bo</a>") == 1

    bo.paused_until = TODAY + dt.timedelta(days=9)
    session.commit()

    assert "Overdue by" not in client.get("/funnel").text
    # With a filter no kept counter knows the heads: they are counted another way.
    for filters in ("", "?country=-France"):
        assert "overdue" not in fact(client.get(f"/funnel/heads{filters}").text, "aware")
    assert "Bo</a>" not in client.get("/influencers?stage=aware&due=overdue").text


def test_a_card_that_is_handed_over_comes_back_with_both_heads_and_undo(
    session, client_of, lead, people
):
    chloe, _bo = people
    client = client_of(lead.user)
    values = {"owner": "0", "row_version": chloe.row_version}

    found = client.post(f"/relationships/{chloe.id}/owner?by=owner", data=values, headers=HTMX).text

    assert f'id="card-{chloe.id}"' in found
    assert 'data-owner="0"' in found
    assert {*re.findall(r'id="head-(\w+)"', found)} == {"0", str(lead.user.id)}
    assert "Undo" in found
    session.refresh(chloe)
    assert chloe.owner_id is None


def test_columns_far_to_the_side_come_once_they_are_seen(saved, session, client_of, lead):
    for n in range(9):
        owner = saved(make.member(Role.MANAGER, brand=lead.brand)).user
        saved(make.relationship(brand=lead.brand, owner=owner, name=f"Person {n}"))
    ledger.rebuild(session)
    session.commit()
    client = client_of(lead.user)

    page = client.get("/funnel?by=owner").text
    later = [unescape(one) for one in re.findall(r'hx-get="(/funnel/cards[^"]+)"', page)]
    found = [client.get(one, headers=HTMX).text for one in later]

    assert page.count('class="card-item"') == 6
    assert "is-folded" in page
    assert sum(one.count('class="card-item"') for one in found) == 3


def test_after_many_cards_of_a_column_a_filter_is_offered(saved, session, client_of, lead):
    for _ in range(35):
        session.add(make.relationship(brand=lead.brand))
    session.commit()
    ledger.rebuild(session)
    session.commit()
    client = client_of(lead.user)

    early = client.get("/funnel/cards?column=unaware&seen=60", headers=HTMX).text
    late = client.get("/funnel/cards?column=unaware&seen=270", headers=HTMX).text

    assert "column-hint" not in early
    assert "A filter finds somebody faster" in late
    assert "seen=300" in late


@pytest.mark.parametrize(
    "address",
    [
        "/funnel?by=wealth",
        "/funnel?fields=wealth",
        "/funnel/cards?column=famous",
        "/funnel/cards?by=owner&column=anna",
        "/funnel/cards?by=tier&column=macro&after=x~1",
        "/funnel/heads?tier=giant",
    ],
)
def test_an_address_that_means_nothing_is_refused_in_a_sentence(client_of, lead, address):
    response = client_of(lead.user).get(address)

    assert response.status_code == 422
