"""A partner meets those alone who are assigned to her: on pages, in search and counts."""

import make
import pytest
from sqlalchemy import select

from irm import assigned, clock
from irm.directory import tags
from irm.funnel import stages
from irm.models import (
    Role,
    SavedView,
    Stage,
    StageMove,
    Visibility,
)
from tests.house.rights import QUERIES, TABLE
from tests.web.agency import SECRET, leave_with, shown


def test_her_list_her_board_and_her_counts_hold_her_own_people_alone(agency):
    for page in ("/influencers", "/funnel", "/funnel?by=owner", "/influencers?sort=name"):
        text = shown(agency.client.get(page))
        assert "Chloé Martin" in text
        assert SECRET not in text
    assert "1 person" in shown(agency.client.get("/influencers"))
    assert "1 person" in shown(agency.client.get("/influencers/count"))
    assert shown(agency.client.get("/influencers/count?country=FR")) == "0 people"


#: What quick log sends beside the line.
LINE = {"kind": "talk", "quick": "1", "line": "1"}

#: Words of an address that would find Ana's person.
FILTERS = (
    "q=zoe",
    "q=marq",
    "q=%40atmarqueur",
    "owner={ana}",
    "owner=0",
    "owner=-{pia}",
    "tag=marqueur",
    "campaign={campaign}",
    "country=FR",
    "stage=interested&or=owner:{ana}",
    "archived=any",
    "fit=none",
)


def test_no_filter_and_no_word_finds_more(agency):
    named = {"ana": agency.ana.id, "pia": agency.pia.id, "campaign": agency.others.campaign.id}
    for filter in FILTERS:
        for page in ("/influencers", "/influencers/count", "/funnel", "/funnel/heads"):
            response = agency.client.get(f"{page}?{filter.format(**named)}")
            assert response.status_code == 200
            text = shown(response)
            assert f"Zoé {SECRET}" not in text
            assert ">2 people" not in text
    assert agency.client.get("/people?q=marq").get_json() == {"people": []}
    assert agency.client.get("/people?q=chlo").get_json()["people"]


def test_what_can_be_filtered_by_names_nobody_elses_campaigns_and_countries(agency):
    for field in ("campaign", "country", "tag"):
        text = shown(agency.client.get(f"/influencers/filter?field={field}"))
        assert SECRET not in text
        assert ">FR<" not in text
    assert "Radieuse launch" in shown(agency.client.get("/influencers/filter?field=campaign"))
    chip = shown(agency.client.get(f"/influencers?campaign={agency.others.campaign.id}"))
    assert SECRET not in chip


@pytest.mark.parametrize("has_strays", [False, True])
def test_no_page_that_is_open_to_her_tells_of_anybody_else(app, session, agency, has_strays):
    if has_strays:
        leave_with(session, agency)
    ids = {
        "relationship": agency.hers.card.id,
        "influencer": agency.hers.card.influencer_id,
        "touchpoint": agency.hers.touchpoint.id,
        "promise": agency.hers.promise.id,
        "question": agency.hers.question.id,
        "interaction": agency.hers.note.id,
        "fact": agency.hers.fact.id,
    }
    tried = set()
    way = {"way": f"{agency.hers.card.influencer_id},{agency.others.card.influencer_id}"}
    for rule in app.url_map.iter_rules():
        kind, _least = TABLE.get((rule.endpoint, "GET"), ("never", None))
        if rule.endpoint not in assigned.OPEN or (kind and kind not in ids):
            continue
        address = rule.rule.replace("<int:id>", str(ids.get(kind, 0))).replace("<word>", "aware")
        for more in (
            {},
            {"whose": "team"},
            {"of": "team"},
            {"of": agency.ana.id},
            {"mine": ""},
            way,
        ):
            query = {**QUERIES.get(rule.endpoint, {}), **more}
            response = agency.client.get(address, query_string=query)
            assert response.status_code < 500
            assert SECRET not in shown(response), (rule.endpoint, more)
        tried.add(rule.endpoint)
    assert len(tried) > 50


def test_a_line_that_names_somebody_else_finds_nobody(agency):
    for line in ("@atmarqueur called", f"Zoé {SECRET} called"):
        assert f"/influencers/{agency.others.card.influencer_id}" not in shown(
            agency.client.get("/log/line", query_string={"text": line})
        )
        answer = agency.client.post("/log", data={**LINE, "summary": line})
        assert answer.status_code == 422
    answer = agency.client.post("/log", data={**LINE, "summary": "@atradieuse called"})
    assert answer.status_code < 400


def test_of_several_ticked_at_once_her_own_are_moved_and_nobody_else(session, agency):
    for one in (agency.hers, agency.others):
        card = session.merge(one.card)
        card.earned_stage = Stage.ENGAGED
    session.commit()
    ticked = [f"{one.card.id}~engaged" for one in (agency.hers, agency.others)]

    agency.client.post("/funnel/proposals/accept", data={"who": ticked})

    session.expire_all()
    assert session.merge(agency.others.card).stage is Stage.INTERESTED
    moves = session.scalars(select(StageMove).where(StageMove.user_id == agency.pia.id)).all()
    assert {move.relationship_id for move in moves} <= {agency.hers.card.id}


def test_the_views_of_the_team_are_not_hers_and_she_shares_none(session, agency):
    assert SECRET not in shown(agency.client.get("/views"))
    theirs = session.scalar(select(SavedView.id).where(SavedView.name == SECRET))
    assert agency.client.get(f"/influencers?view={theirs}").status_code == 404
    mine = {"name": "Mine", "list": "stage=aware"}
    assert agency.client.post("/views", data={**mine, "shared": "all"}).status_code == 403
    assert agency.client.post("/views", data=mine).status_code < 400


def test_she_imports_exports_and_reviews_nothing(agency):
    for page in ("/imports", "/duplicates", "/network", "/campaigns", "/funnel/reading", "/outbox"):
        assert agency.client.get(page).status_code == 403
    for page in ("/exports", "/promises/file", "/gifts/file", "/funnel/asks/file"):
        assert agency.client.post(page).status_code == 403
    menu = shown(agency.client.get("/today"))
    for page in ("/imports", "/network", "/campaigns", "/plan", "/discovery", "/outbox"):
        assert f'href="{page}"' not in menu


def test_an_address_of_the_brand_she_is_a_partner_of_is_closed_from_another_brand_too(
    session, saved, agency
):
    own = saved(make.member(Role.LEAD, user=agency.pia)).brand
    agency.client.get(f"/today?brand={own.id}")
    theirs, hers = agency.others.card, agency.hers.card
    assert agency.client.get(f"/influencers/{theirs.influencer_id}").status_code == 404
    assert agency.client.get(f"/influencers/{hers.influencer_id}").status_code == 200
    # Where she leads, she may erase; of a person of that other brand she may not.
    assert agency.client.get(f"/influencers/{hers.influencer_id}/erase").status_code == 403
    assert agency.client.get(f"/relationships/{hers.id}/owner").status_code == 403


def test_a_person_of_two_brands_is_seen_through_the_one_where_she_sees_all(session, saved, agency):
    own = saved(make.member(Role.MANAGER, user=agency.pia)).brand
    both = saved(make.relationship(brand=own, influencer=agency.others.card.influencer))
    agency.client.get(f"/today?brand={agency.brand.id}")

    page = shown(agency.client.get(f"/influencers/{both.influencer_id}"))

    assert f"Zoé {SECRET}" in page  # their name is known to her own brand
    assert f"{SECRET} launch" not in page
    assert f"{SECRET} @Partout" not in page


def test_what_is_private_stays_with_its_author_and_the_lead(session, saved, agency):
    saved(
        make.interaction(
            relationship=agency.hers.card,
            author=agency.ana,
            summary="Entre nous",
            visibility=Visibility.PRIVATE,
        )
    )
    page = shown(agency.client.get(f"/influencers/{agency.hers.card.influencer_id}"))
    assert "Entre nous" not in page


def test_other_guests_of_the_brand_are_not_named_to_her(saved, agency):
    rival = make.user(name="Rival Agency")
    saved(make.member(Role.PARTNER, brand=agency.brand, user=rival))
    card = agency.hers.card.id
    for page in (
        "/influencers/filter?field=owner",
        "/funnel?by=owner",
        f"/influencers?owner={rival.id}",
        f"/relationships/{card}/colleagues",
        f"/relationships/{card}/promise",
        f"/interactions/{agency.hers.note.id}",
    ):
        response = agency.client.get(page)
        assert response.status_code < 500
        assert "Rival Agency" not in shown(response), page


def test_moves_of_others_do_not_reach_her_open_board(session, agency):
    since = agency.client.get("/funnel/changes").headers["X-Since"]
    ana = session.merge(agency.ana)
    stages.move(
        session,
        session.merge(agency.others.card),
        Stage.AWARE,
        user=ana,
        at=clock.now(),
        reason="No answer",
    )
    session.commit()
    answer = agency.client.get("/funnel/changes", query_string={"since": since})
    assert answer.status_code == 204
    assert answer.headers["X-Since"] == since


def test_a_tag_that_was_never_on_is_not_named(session, agency):
    theirs = tags.named(session, agency.brand.id, SECRET).id
    address = f"/relationships/{agency.hers.card.id}/tags/remove"
    answer = agency.client.post(address, data={"tag": theirs})
    assert answer.status_code == 404
    assert SECRET not in shown(answer)


def test_private_notes_go_by_the_rights_at_their_own_brand(session, saved, agency):
    own = saved(make.member(Role.LEAD, user=agency.pia)).brand
    saved(
        make.interaction(
            relationship=agency.hers.card,
            author=agency.ana,
            summary="Entre nous",
            visibility=Visibility.PRIVATE,
        )
    )
    agency.client.get(f"/today?brand={own.id}")
    for page in ("evidence", "guide", "facts"):
        text = shown(agency.client.get(f"/relationships/{agency.hers.card.id}/{page}"))
        assert "Entre nous" not in text, page


def test_a_view_she_gave_the_team_before_is_not_hers_to_change(session, saved, agency):
    view = saved(
        make.view(brand_id=agency.brand.id, user_id=agency.pia.id, is_team=True, name="Once mine")
    )
    assert "Once mine" not in shown(agency.client.get("/views"))
    for act in ("", "/rename", "/delete"):
        data = {"list": "", "name": "Mine"}
        assert agency.client.post(f"/views/{view.id}{act}", data=data).status_code == 403


def test_an_address_that_does_not_exist_is_not_found(agency):
    assert agency.client.get("/nowhere").status_code == 404
