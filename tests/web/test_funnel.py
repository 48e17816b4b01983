"""The board as a browser sees it: columns, filters, and moving cards."""

import re

import make
import pytest
from sqlalchemy import select

from irm.ledger import counters
from irm.ledger import relationships as ledger
from irm.models import Role, Stage, StageMove, Tier

HTMX = {"HX-Request": "true"}


@pytest.fixture
def lead(saved):
    """Ana, who leads her brand."""
    return saved(make.member(Role.LEAD))


def card(saved, session, member, **given):
    """A card on the member's board, counted."""
    relationship = saved(make.relationship(brand=member.brand, **given))
    counters.recount(session)
    session.commit()
    return relationship


def move(client, relationship, to, **more):
    values = {"stage": to, "row_version": relationship.row_version, "reason": "So they said."}
    values |= more
    return client.post(f"/relationships/{relationship.id}/move", data=values, headers=HTMX)


def test_the_board_shows_cards_with_counts_and_joint_audience(saved, session, client_of, lead):
    person = make.influencer(name="Chloé", audience=12_300_000, tier=Tier.MACRO)
    card(saved, session, lead, influencer=person, stage=Stage.AWARE)

    page = client_of(lead.user).get("/funnel").text

    assert "Chloé" in page
    assert "Joint audience 12.3M" in page
    assert "Never contacted" in page
    assert "Nothing planned" in page


def test_an_empty_board_teaches_the_first_step(client_of, lead):
    page = client_of(lead.user).get("/funnel").text

    assert "Nobody is here yet" in page
    assert 'href="/imports"' in page


@pytest.mark.parametrize(
    ("filter", "is_found"),
    [
        ("tier=macro", True),
        ("tier=micro", False),
        ("owner=0", True),
        ("q=ch", True),
        ("q=zz", False),
    ],
)
def test_filters_narrow_the_board_and_stand_as_chips(
    saved, session, client_of, lead, filter, is_found
):
    card(saved, session, lead, influencer=make.influencer(name="Chloé", tier=Tier.MACRO))

    page = client_of(lead.user).get(f"/funnel?{filter}").text

    assert ("Chloé" in page) is is_found
    assert 'class="chip"' in page or f'value="{filter[2:]}"' in page


def test_a_column_goes_on_below_its_first_cards(saved, session, client_of, lead):
    for n in range(35):
        saved(make.relationship(brand=lead.brand, name=f"Person {n:02d}"))
    counters.recount(session)
    session.commit()
    client = client_of(lead.user)

    first = client.get("/funnel").text
    more = "/funnel/cards" + first.split('hx-get="/funnel/cards')[1].split('"')[0].replace(
        "&amp;", "&"
    )
    second = client.get(more, headers=HTMX).text

    assert first.count('class="card-item"') == 30
    assert second.count('class="card-item"') == 5
    assert "hx-get" not in second


def test_moving_a_card_answers_with_the_card_both_heads_and_undo(saved, session, client_of, lead):
    relationship = card(saved, session, lead, name="Chloé")

    response = move(client_of(lead.user), relationship, "aware", reason="She replied.")

    assert response.status_code == 200
    assert f'id="card-{relationship.id}"' in response.text
    assert 'data-stage="aware"' in response.text
    assert response.text.count('hx-swap-oob="true"') == 2
    assert "Chloé moved to Aware." in response.text
    made = session.scalars(select(StageMove)).one()
    assert (made.from_stage, made.to_stage) == (Stage.UNAWARE, Stage.AWARE)
    assert (made.user_id, made.reason) == (lead.user.id, "She replied.")


def test_undo_is_another_move(saved, session, client_of, lead):
    relationship = card(saved, session, lead)
    client = client_of(lead.user)
    move(client, relationship, "aware")
    made = session.scalars(select(StageMove)).one()

    response = move(
        client, relationship, "unaware", row_version=relationship.row_version + 1, undoes=made.id
    )

    assert 'data-stage="unaware"' in response.text
    assert "Undo" not in response.text
    moves = session.scalars(select(StageMove).order_by(StageMove.id)).all()
    assert [(m.to_stage, m.undoes_id) for m in moves] == [
        (Stage.AWARE, None),
        (Stage.UNAWARE, made.id),
    ]


def test_a_move_that_comes_too_late_answers_409_with_the_card_as_it_stands(
    saved, session, client_of, lead
):
    relationship = card(saved, session, lead, name="Chloé")
    client = client_of(lead.user)
    move(client, relationship, "engaged")

    response = move(client, relationship, "aware")

    assert response.status_code == 409
    assert 'data-stage="engaged"' in response.text
    assert "Chloé was moved meanwhile" in response.text
    assert len(session.scalars(select(StageMove)).all()) == 1


def test_without_script_a_move_leads_back_to_the_person(saved, session, client_of, lead):
    relationship = card(saved, session, lead)
    client = client_of(lead.user)

    response = client.post(
        f"/relationships/{relationship.id}/move",
        data={"stage": "aware", "row_version": 1, "reason": "Met"},
    )

    assert response.status_code == 303
    assert response.location == f"/influencers/{relationship.influencer_id}"
    assert "moved to Aware" in client.get(response.location).text


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"stage": "aware"},
        {"stage": "famous", "row_version": "1"},
        {"stage": "aware", "row_version": "many"},
        {"stage": "aware", "row_version": "9" * 30},
        {"stage": "aware", "row_version": "1", "reason": "🙂" * 10_000},
    ],
)
def test_nonsense_moves_nothing(saved, session, client_of, lead, values):
    relationship = card(saved, session, lead)

    response = client_of(lead.user).post(
        f"/relationships/{relationship.id}/move", data=values, headers=HTMX
    )

    assert response.status_code == 422
    assert 0 < len(response.text) < 200
    assert session.scalars(select(StageMove)).all() == []


def test_a_viewer_sees_cards_but_may_not_move_them(saved, session, client_of, lead):
    relationship = card(saved, session, lead, name="Chloé")
    vera = saved(make.member(Role.VIEWER, brand=lead.brand)).user
    client = client_of(vera)

    page = client.get("/funnel").text

    assert "Chloé" in page
    assert "data-may-move" not in page
    assert move(client, relationship, "aware").status_code == 403


def test_cards_of_another_brand_do_not_exist(saved, session, client_of, lead):
    stranger = saved(make.relationship(name="Somebody else"))
    client = client_of(lead.user)

    assert "Somebody else" not in client.get("/funnel").text
    assert move(client, stranger, "aware").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/funnel?tier=giant",
        "/funnel?owner=anna",
        "/funnel?owner=99999999999999999999",
        "/funnel?q=" + "x" * 500,
        "/funnel/cards?column=aware&after=nonsense",
        "/funnel/cards?column=aware&after=9999-12-31~1~" + "9" * 40,
    ],
)
def test_an_address_that_means_nothing_is_refused_in_a_sentence(client_of, lead, address):
    response = client_of(lead.user).get(address)

    assert response.status_code == 422
    assert "Traceback" not in response.text


@pytest.mark.parametrize("sort", ["fit", "relevance", "resonance", "reach"])
def test_the_board_is_sorted_by_any_score_and_goes_on_so_what_is_not_known_last(
    saved, session, client_of, lead, sort
):
    for n in range(35):
        value = None if n < 3 else float(n)
        person = make.influencer(name=f"Person {n:02d}", reach=value, resonance=value)
        saved(make.relationship(brand=lead.brand, influencer=person, relevance=value, fit=value))
    ledger.rebuild(session)
    session.commit()
    client = client_of(lead.user)

    first = client.get(f"/funnel?sort={sort}").text
    more = "/funnel/cards" + first.split('hx-get="/funnel/cards')[1].split('"')[0].replace(
        "&amp;", "&"
    )
    second = client.get(more, headers=HTMX).text

    assert f"sort={sort}" in more
    shown = [int(n) for n in re.findall(r">Person (\d\d)<", first + second)]
    assert shown == [*range(34, 2, -1), 0, 1, 2]
    assert "not known comes last" in first
    assert f'value="{sort}" selected' in first


def test_sorted_by_fit_a_card_shows_it_and_a_move_keeps_it(saved, session, client_of, lead):
    relationship = card(saved, session, lead, name="Chloé", fit=64.0)
    client = client_of(lead.user)
    values = {"stage": "aware", "row_version": relationship.row_version, "reason": "Asked."}

    page = client.get("/funnel?sort=fit").text
    url = f"/relationships/{relationship.id}/move?sort=fit"
    moved = client.post(url, data=values, headers=HTMX).text

    assert "<dt>Fit</dt><dd>64</dd>" in page
    assert "<dt>Fit</dt><dd>64</dd>" in moved
    assert "move?sort=fit" in moved


def test_a_filter_is_taken_away_without_losing_the_order(client_of, lead):
    page = client_of(lead.user).get("/funnel?sort=reach&tier=micro").text

    assert 'class="chip-drop" href="/funnel?sort=reach"' in page


def test_an_order_that_does_not_exist_is_refused(client_of, lead):
    response = client_of(lead.user).get("/funnel?sort=wealth")

    assert response.status_code == 422
    assert "This address names a filter that does not exist." in response.text


def test_the_scores_of_a_card_lead_to_their_reasons(saved, session, client_of, lead):
    relationship = card(saved, session, lead)

    page = client_of(lead.user).get("/funnel").text

    assert f'<a class="card-why" href="/influencers/{relationship.influencer_id}/scores">' in page
