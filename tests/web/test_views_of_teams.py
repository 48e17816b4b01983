"""Views that are shared with one team."""

import make
import pytest
import teamed
from sqlalchemy import select

from irm.directory import teams
from irm.models import Role, SavedView


@pytest.fixture
def ida(saved, lea):
    return saved(make.member(brand=lea.brand, user=make.user(name="Ida")))


@pytest.fixture
def north(saved, ben, ida):
    return teamed.team(saved, ben, ida, name="North")


@pytest.fixture
def view(saved, ben, north):
    """What Ben shares with his team."""
    given = {"brand_id": ben.brand_id, "user_id": ben.user_id, "team_id": north.id}
    return saved(make.view(**given, name="Ours"))


def kept(session):
    session.expire_all()
    return session.scalars(select(SavedView).order_by(SavedView.id)).all()


def sees(client, view):
    """Whether a view stands among the tabs and can be opened."""
    tab = f'href="/influencers?view={view.id}"' in client.get("/influencers").text
    opened = client.get(f"/influencers?view={view.id}").status_code == 200
    assert tab == opened
    return opened


def test_a_view_of_a_team_is_seen_by_its_members_leads_and_administrators_alone(
    client_of, saved, lea, ben, ida, mia, view
):
    boss = saved(make.user(is_admin=True))

    for user in (ben.user, ida.user, lea.user, boss):
        assert sees(client_of(user), view), user.name
    assert not sees(client_of(mia.user), view)
    assert client_of(mia.user).post(f"/views/{view.id}/delete").status_code == 404


def test_views_of_before_mean_what_they_meant(client_of, saved, lea, ben, mia, north):
    mine = {"brand_id": ben.brand_id, "user_id": ben.user_id}
    alls = saved(make.view(**mine, name="All", is_team=True))
    own = saved(make.view(**mine, name="Own"))

    assert sees(client_of(mia.user), alls)
    assert not sees(client_of(lea.user), own)
    assert not sees(client_of(mia.user), own)


def test_a_view_is_shared_with_a_team_with_all_and_taken_back(session, client_of, ben, mia, north):
    client, theirs = client_of(ben.user), client_of(mia.user)
    client.post("/views", data={"name": "Warm", "list": "", "shared": north.id})
    (view,) = kept(session)
    assert (view.is_team, view.team_id) == (False, north.id)
    page = client.get("/views").text
    assert "Team “North”, made by Ben" in page
    assert f'<option value="{north.id}" selected>North</option>' in page

    for shared, seen in (("all", True), (str(north.id), False), ("", False)):
        client.post(f"/views/{view.id}/rename", data={"name": "Warm", "shared": shared})
        assert sees(theirs, view) is seen
    (view,) = kept(session)
    assert (view.is_team, view.team_id) == (False, None)


def test_nobody_shares_with_a_team_she_is_not_in_but_a_lead(
    session, client_of, saved, lea, mia, north
):
    away = teamed.team(saved, saved(make.member()))
    sent = {"name": "Warm", "list": "", "shared": north.id}

    assert client_of(mia.user).post("/views", data=sent).status_code == 404
    assert client_of(lea.user).post("/views", data=sent | {"shared": away.id}).status_code == 404
    assert client_of(lea.user).post("/views", data=sent | {"shared": "North"}).status_code == 404
    assert kept(session) == []
    assert client_of(lea.user).post("/views", data=sent).status_code == 303


def test_a_viewer_shares_with_no_team(client_of, saved, lea):
    vera = saved(make.member(Role.VIEWER, brand=lea.brand))
    north = teamed.team(saved, vera)
    sent = {"name": "Warm", "list": "", "shared": north.id}

    assert client_of(vera.user).post("/views", data=sent).status_code == 403


def test_a_lead_changes_a_view_of_a_team_and_its_members_do_not(client_of, lea, ida, view, north):
    sent = {"name": "Theirs", "shared": north.id}

    assert client_of(ida.user).post(f"/views/{view.id}/rename", data=sent).status_code == 403
    assert client_of(lea.user).post(f"/views/{view.id}/rename", data=sent).status_code == 303


def test_whoever_left_the_team_keeps_her_view_and_goes_on_sharing_it(
    session, client_of, lea, ben, ida, view, north
):
    teams.take(session, north, ben.user_id, by=lea.user, at=make.MONDAY)
    session.commit()
    client = client_of(ben.user)

    sent = {"name": "Still ours", "shared": north.id}
    assert client.post(f"/views/{view.id}/rename", data=sent).status_code == 303
    assert sees(client, view)
    assert sees(client_of(ida.user), view)


def test_a_view_of_a_removed_team_is_its_makers_own_until_the_team_is_back(
    session, client_of, lea, ben, ida, view, north
):
    teams.remove(session, north, by=lea.user, at=make.MONDAY)
    session.commit()

    assert not sees(client_of(ida.user), view)
    assert not sees(client_of(lea.user), view)
    assert sees(client_of(ben.user), view)
    assert "Yours alone" in client_of(ben.user).get("/views").text
    teams.restore(session, north, by=lea.user, at=make.MONDAY)
    session.commit()
    assert sees(client_of(ida.user), view)


def test_a_view_of_a_team_that_is_deleted_altogether_is_its_makers_own(
    session, client_of, ben, ida, view, north
):
    session.delete(north)
    session.commit()

    assert kept(session)[0].team_id is None
    assert sees(client_of(ben.user), view)
    assert not sees(client_of(ida.user), view)


def test_a_deleted_view_of_a_team_comes_back_to_the_team_by_undo(
    session, client_of, lea, ida, ben, view, north
):
    client = client_of(lea.user)

    page = client.get(client.post(f"/views/{view.id}/delete").location).text

    assert f'name="shared" value="{north.id}"' in page
    undo = {"name": "Ours", "list": "", "shared": north.id, "maker": ben.user_id}
    assert client.post("/views", data=undo).status_code == 303
    (back,) = kept(session)
    assert (back.user_id, back.team_id) == (ben.user_id, north.id)
    assert sees(client_of(ida.user), back)
