"""Saved views: kept, opened, changed, shared, deleted and back again."""

import make
import pytest
from sqlalchemy import select

from irm.ledger import relationships as ledger
from irm.models import Role, SavedView, Stage


@pytest.fixture
def lead(saved, session):
    lead = saved(make.member(Role.LEAD))
    for stage in (Stage.AWARE, Stage.AWARE, Stage.ENGAGED):
        saved(make.relationship(brand=lead.brand, stage=stage, name=f"Somebody {stage.value}"))
    ledger.rebuild(session)
    session.commit()
    return lead


@pytest.fixture
def colleague(saved, lead):
    return saved(make.member(Role.MANAGER, brand=lead.brand))


def kept(session):
    session.expire_all()
    return session.scalars(select(SavedView).order_by(SavedView.id)).all()


def test_a_list_is_kept_under_a_name_and_opened_again(session, client_of, lead):
    client = client_of(lead.user)

    sent = {"list": "stage=aware&sort=name&columns=stage,tags", "name": " Warm "}
    response = client.post("/views", data=sent)
    page = client.get(response.location).text

    (view,) = kept(session)
    assert (view.name, view.query, view.columns) == (
        "Warm",
        "stage=aware&sort=name",
        ["stage", "tags"],
    )
    assert page.count('class="who"') == 2
    assert "Stage: Aware" in page
    assert "Changed" not in page
    assert ">Reach</a></th>" not in page


def test_a_changed_view_says_so_and_can_be_saved_or_left(session, client_of, saved, lead):
    view = saved(make.view(brand_id=lead.brand.id, user_id=lead.user.id))
    client = client_of(lead.user)

    address = f"view={view.id}&stage=engaged"
    page = client.get(f"/influencers?{address}").text
    assert ">Changed<" in page
    assert page.count('class="who"') == 1

    client.post(f"/views/{view.id}", data={"list": address})
    assert kept(session)[0].query == "stage=engaged"
    assert ">Changed<" not in client.get(f"/influencers?view={view.id}").text


def test_a_view_that_was_emptied_shows_everybody_and_is_changed(client_of, saved, lead):
    view = saved(make.view(brand_id=lead.brand.id, user_id=lead.user.id))

    page = client_of(lead.user).get(f"/influencers?view={view.id}&q=").text

    assert page.count('class="who"') == 3
    assert ">Changed<" in page


def test_tabs_say_how_many_a_view_finds(client_of, saved, lead):
    saved(make.view(brand_id=lead.brand.id, user_id=lead.user.id, name="Warm"))
    saved(make.view(brand_id=lead.brand.id, user_id=lead.user.id, name="Old", query="stage=gone"))

    tabs = client_of(lead.user).get("/views/tabs", headers={"HX-Request": "true"}).text

    assert 'Warm <span class="tally">2</span>' in tabs
    assert 'Old <span class="tally">?</span>' in tabs


def test_a_view_of_ones_own_is_nobody_elses(client_of, saved, lead, colleague):
    own = saved(make.view(brand_id=lead.brand.id, user_id=colleague.user.id, name="Quiet ones"))
    client = client_of(lead.user)

    assert "Quiet ones" not in client.get("/views").text
    assert client.get(f"/influencers?view={own.id}").status_code == 404
    assert client.post(f"/views/{own.id}/delete").status_code == 404


def test_the_team_sees_a_team_view_and_only_maker_and_lead_change_it(
    session, client_of, saved, lead, colleague
):
    other = saved(make.member(Role.MANAGER, brand=lead.brand))
    shared = {"brand_id": lead.brand.id, "user_id": colleague.user.id, "is_team": True}
    view = saved(make.view(**shared, name="Ours"))

    assert "Ours" in client_of(other.user).get("/influencers").text
    answer = client_of(other.user).post(f"/views/{view.id}/rename", data={"name": "Mine"})
    assert answer.status_code == 403
    client_of(lead.user).post(f"/views/{view.id}/rename", data={"name": "All", "shared": "all"})
    assert [(one.name, one.is_team) for one in kept(session)] == [("All", True)]


def test_a_viewer_keeps_views_for_herself_alone(client_of, saved, lead):
    viewer = saved(make.member(Role.VIEWER, brand=lead.brand))
    client = client_of(viewer.user)

    assert client.post("/views", data={"name": "Mine", "list": ""}).status_code == 303
    sent = {"name": "Ours", "list": "", "shared": "all"}
    assert client.post("/views", data=sent).status_code == 403


def test_a_deleted_view_comes_back_to_its_maker_by_undo(session, client_of, saved, lead, colleague):
    shared = {"brand_id": lead.brand.id, "user_id": colleague.user.id, "is_team": True}
    view = saved(make.view(**shared, name="Ours", columns=["fit"]))
    client = client_of(lead.user)

    page = client.get(client.post(f"/views/{view.id}/delete").location).text
    assert kept(session) == []
    assert ">Undo</button>" in page
    undo = {
        "name": "Ours",
        "list": "stage=aware&columns=fit",
        "shared": "all",
        "maker": str(colleague.user.id),
    }
    client.post("/views", data=undo)

    (back,) = kept(session)
    assert (back.name, back.query, back.user_id) == ("Ours", "stage=aware", colleague.user.id)
    assert back.columns == ["fit"]


def test_the_same_name_twice_is_refused(client_of, lead):
    client = client_of(lead.user)
    client.post("/views", data={"name": "Warm", "list": ""})

    answer = client.post("/views", data={"name": "warm", "list": ""})

    assert answer.status_code == 422
    assert "There is a view “warm” already." in answer.text


def test_columns_are_kept_for_the_reader_and_put_in_order(client_of, lead):
    client = client_of(lead.user)

    sent = {"list": "", "order": ["tags", "fit"], "column": ["tags", "fit"]}
    moved = client.post("/influencers/columns", data={**sent, "up": "fit"}).text
    assert moved.index('value="fit"') < moved.index('value="tags"')
    client.post("/influencers/columns", data={"list": "", "column": ["tags", "country"]})
    page = client.get("/influencers").text

    assert ">Tags</th>" in page
    assert ">Country</th>" in page
    assert ">Resonance</a></th>" not in page


def test_a_filter_is_added_in_two_steps_without_script(client_of, lead):
    client = client_of(lead.user)

    fields = client.get("/influencers/filter?group=0&list=tier%3Dmicro").text
    values = client.get("/influencers/filter?group=0&field=stage&list=tier%3Dmicro").text
    query = "group=0&field=stage&is=not&value=aware&value=engaged&list=tier%3Dmicro"
    done = client.get(f"/influencers/filter/set?{query}")

    assert "Last contact" in fields
    assert "Ambassador" in values
    assert done.location == "/influencers?tier=micro&stage=-aware,engaged"
    changed = client.get(
        "/influencers/filter/set?group=0&at=1&field=contact&how=%3E&days=30"
        "&list=tier%3Dmicro%26stage%3Daware"
    )
    assert changed.location == "/influencers?tier=micro&contact=%3E30d"
    other = client.get("/influencers/filter/set?group=1&field=owner&value=me&list=tier%3Dmicro")
    assert other.location == "/influencers?tier=micro&or=owner:me"
