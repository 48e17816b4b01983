"""Everything that is filtered by owner is filtered by team."""

import datetime as dt
import re

import make
import pytest
import teamed

from irm.directory import teams
from irm.ledger import counters
from irm.models import PlanGap, Stage, StageMove


@pytest.fixture
def north(saved, lea, ben):
    """Lea and Ben; Mia is in no team."""
    return teamed.team(saved, lea, ben, name="North")


@pytest.fixture
def crowd(session, saved, lea, ben, mia, north):
    """Anna is Lea's, Bert and Beth are Ben's, Maud is Mia's and Nils nobody's."""
    owners = {"Anna": lea, "Bert": ben, "Beth": ben, "Maud": mia, "Nils": None}
    cards = {}
    for name, place in owners.items():
        stage = Stage.ENGAGED if name == "Beth" else Stage.AWARE
        cards[name] = saved(
            make.relationship(
                brand=lea.brand, name=name, stage=stage, owner=place.user if place else None
            )
        )
    counters.recount(session, lea.brand_id)
    session.commit()
    return cards


def seen(page):
    return {name for name in ("Anna", "Bert", "Beth", "Maud", "Nils") if f">{name}<" in page}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("team={north}", {"Anna", "Bert", "Beth"}),
        ("team=-{north}", {"Maud", "Nils"}),
        ("team={north}&stage=aware", {"Anna", "Bert"}),
        ("team={north}&owner={ben}", {"Bert", "Beth"}),
        ("team={north}&owner={mia}", set()),
        ("team={north}&q=be", {"Bert", "Beth"}),
        ("stage=engaged&or=team:-{north};owner:0", {"Beth", "Nils"}),
        ("team=mine", {"Anna", "Bert", "Beth"}),
        ("team={north}&sort=name", {"Anna", "Bert", "Beth"}),
        ("team=999999", set()),
    ],
)
def test_the_list_keeps_whom_the_members_of_a_team_look_after(
    client_of, lea, ben, mia, north, crowd, query, found
):
    asked = query.format(north=north.id, ben=ben.user_id, mia=mia.user_id)
    client = client_of(lea.user)

    page = client.get(f"/influencers?{asked}").text
    counted = client.get(f"/influencers/count?{asked}").text

    assert seen(page) == found
    assert counted.startswith(str(len(found)))


def test_the_list_says_at_once_how_many_a_team_has(client_of, lea, north, crowd):
    page = client_of(lea.user).get(f"/influencers?team={north.id}").text

    assert "3 people" in page
    assert "/influencers/count" not in page


def test_mine_is_nobodys_for_whoever_is_in_no_team(client_of, mia, crowd):
    assert seen(client_of(mia.user).get("/influencers?team=mine").text) == set()


@pytest.mark.parametrize("by", ["stage", "tier", "owner", "archetype"])
def test_the_board_shows_and_counts_a_teams_people_alone(client_of, lea, north, crowd, by):
    client = client_of(lea.user)

    page = client.get(f"/funnel?team={north.id}&by={by}").text
    facts = client.get(f"/funnel/heads?team={north.id}&by={by}").text

    assert "Maud" not in page
    assert "3 people" in (page if by != "archetype" else facts)


@pytest.mark.parametrize("sort", ["", "fit", "reach"])
def test_the_boards_heads_are_those_of_the_team(client_of, lea, north, crowd, sort):
    page = client_of(lea.user).get(f"/funnel?team={north.id}&sort={sort}").text

    cards = re.findall(r'id="card-(\d+)"', page)
    assert set(map(int, cards)) == {crowd[name].id for name in ("Anna", "Bert", "Beth")}


def test_a_chip_names_the_team_and_says_when_it_is_gone(session, client_of, lea, mia, north, crowd):
    client = client_of(lea.user)
    assert "Team: North" in client.get(f"/influencers?team={north.id}").text
    assert "Team: mine or North" in client.get(f"/influencers?team=mine,{north.id}").text

    teams.remove(session, north, by=lea.user, at=make.MONDAY)
    session.commit()

    page = client.get(f"/influencers?team={north.id}").text
    assert "Team: a team that is gone" in page
    assert seen(page) == set()
    assert "Maud" not in client.get(f"/funnel?team={north.id}").text
    step = client.get(f"/influencers/filter?field=team&group=0&at=0&list=team%3D{north.id}").text
    assert "A team that is gone" in step


def test_a_team_of_another_brand_is_neither_named_nor_asked(client_of, saved, lea, crowd):
    away = saved(make.member(user=lea.user))
    theirs = teamed.team(saved, away, name="Elsewhere")
    client = client_of(lea.user)
    asked = f"brand={lea.brand_id}&team={theirs.id}"

    for address in ("/influencers", "/funnel", "/plan", "/funnel/past", "/funnel/reading"):
        page = client.get(f"{address}?{asked}")
        assert page.status_code == 200
        assert "Elsewhere" not in page.text
        assert seen(page.text) == set()


def test_the_teams_of_the_brand_are_offered_to_choose_from(client_of, saved, lea, north):
    teamed.team(saved, lea, name="South")

    step = client_of(lea.user).get("/influencers/filter?field=team").text

    assert "Mine, whoever reads this" in step
    assert step.index("North") < step.index("South")


def test_a_brand_without_teams_has_nothing_to_choose_from(client_of, mia):
    client = client_of(mia.user)

    assert (
        "There is nothing to choose from yet." in client.get("/influencers/filter?field=team").text
    )
    for address in ("/plan", "/funnel/past", "/funnel/reading"):
        assert "team" not in re.findall(r'<select[^>]* name="(\w+)"', client.get(address).text)


@pytest.mark.parametrize("team", ["north", "-1", "1,2", "٣", "9" * 40])
def test_what_names_no_team_is_refused(client_of, lea, north, team):
    client = client_of(lea.user)

    for address in ("/funnel/past", "/funnel/reading"):
        assert client.get(address, query_string={"team": team}).status_code == 422
    assert client.get("/plan", query_string={"team": team}).status_code == 404


def test_a_past_day_shows_and_counts_a_teams_people(session, saved, client_of, lea, north, crowd):
    for card in crowd.values():
        saved(
            StageMove(
                relationship_id=card.id,
                brand_id=lea.brand_id,
                to_stage=Stage.AWARE,
                at=make.MONDAY,
            )
        )
    client, day = client_of(lea.user), (make.MONDAY + dt.timedelta(days=2)).date()

    page = client.get(f"/funnel/past?day={day}&team={north.id}").text
    heads = client.get(f"/funnel/past/heads?day={day}&team={north.id}").text

    assert {name for name in crowd if name in page} == {"Anna", "Bert", "Beth"}
    assert f"team={north.id}" in page
    assert "3 people that evening, 3 today" in heads


def test_the_funnel_is_read_of_a_team(saved, client_of, lea, north, crowd):
    for card in crowd.values():
        saved(
            StageMove(
                relationship_id=card.id,
                brand_id=lea.brand_id,
                to_stage=card.stage,
                at=make.MONDAY,
            )
        )
    client = client_of(lea.user)
    days = "from=2026-03-01&to=2026-03-05"

    page = client.get(f"/funnel/reading?{days}&team={north.id}").text
    went = client.get(f"/funnel/flow?{days}&team={north.id}&before=none&after=aware").text
    whole = client.get(f"/funnel/flow?{days}&before=none&after=aware").text

    assert f'<option value="{north.id}" selected>North</option>' in page
    assert f"team={north.id}" in page
    assert {name for name in crowd if name in went} == {"Anna", "Bert"}
    assert {name for name in crowd if name in whole} == {"Anna", "Bert", "Maud", "Nils"}


def test_the_plan_shows_the_colleagues_of_a_team(session, saved, client_of, lea, north, crowd):
    saved(make.plan(lea.user_id, brand_id=lea.brand_id))
    client = client_of(lea.user)

    for asked in (f"team={north.id}", f"of=team-{north.id}", "team=mine"):
        page = client.get(f"/plan?{asked}").text
        rows = re.findall(r'<th scope="row"><a class="who"[^>]*>(\w+)<', page)
        assert rows == ["Ben", "Lea"]
        assert "Plan again" not in page
    assert "Mia" in client.get("/plan?of=team").text


def test_the_list_of_the_plan_and_what_does_not_fit_are_a_teams(
    saved, client_of, lea, north, crowd
):
    saved(make.plan(lea.user_id, brand_id=lea.brand_id))
    for name in ("Anna", "Maud"):
        card = crowd[name]
        saved(make.touchpoint(relationship=card, owner=card.owner, due_on=dt.date(2026, 3, 4)))
        saved(
            PlanGap(
                brand_id=lea.brand_id,
                relationship_id=card.id,
                owner_id=card.owner_id,
                what="contact",
                why={"code": "no_room", "whole": True},
                days=3,
                debt=1.0,
            )
        )
    client, asked = client_of(lea.user), f"team={north.id}&week=2026-03-02"

    for address in ("/plan?view=list&", "/plan/gaps?"):
        assert seen_in(client.get(f"{address}{asked}").text) == {"Anna"}
    for what in ("touches", "gaps"):
        file = client.post(f"/plan/file?{asked}", data={"what": what}).text
        assert seen_in(file) == {"Anna"}


def seen_in(text):
    return {name for name in ("Anna", "Maud") if name in text}
