"""The page of a brand's teams."""

import make
import teamed

from irm.ledger import counters


def test_a_brand_without_teams_says_what_they_are_for(client_of, lea):
    assert "No teams yet" in client_of(lea.user).get("/settings/teams").text


def test_a_lead_makes_a_team_and_takes_that_back(client_of, lea, ben):
    client = client_of(lea.user)

    answer = client.post("/settings/teams", data={"name": "North", "members": [ben.user_id]})

    page = client.get(answer.location).text
    assert "The team “North” is made." in page
    assert "Take Ben out of the team “North”" in page
    assert "Undo" in page


def test_what_is_wrong_with_a_new_team_stands_beside_its_name(saved, client_of, lea, ben):
    teamed.team(saved, ben, name="North")
    client = client_of(lea.user)

    for name, fault in (("", "needs a name"), ("north", "There is a team"), ("x" * 61, "too long")):
        answer = client.post("/settings/teams", data={"name": name, "members": [ben.user_id]})
        assert answer.status_code == 422
        assert fault in answer.text


def test_members_come_and_go_and_each_change_is_taken_back(client_of, saved, lea, ben):
    north, client = teamed.team(saved, lea, name="North"), client_of(lea.user)
    url, ben_in = f"/settings/teams/{north.id}", "Take Ben out of the team “North”"

    answer = client.post(f"{url}/put", data={"user": ben.user_id})
    assert ben_in in client.get(answer.location).text
    answer = client.post(f"{url}/take", data={"user": ben.user_id})
    page = client.get(answer.location).text
    assert ben_in not in page
    assert f'action="{url}/put"' in page


def test_a_team_is_removed_and_brought_back(client_of, saved, lea, ben):
    north, client = teamed.team(saved, lea, ben, name="North"), client_of(lea.user)
    url = f"/settings/teams/{north.id}"

    page = client.get(client.post(f"{url}/remove").location).text
    assert "The team “North” is gone. Its members stay." in page
    assert client.post(f"{url}/rename", data={"name": "South"}).status_code == 404
    page = client.get(client.post(f"{url}/restore").location).text
    assert "The team “North” is back." in page
    assert "Take Ben out of the team “North”" in page


def test_a_lead_puts_nobody_of_another_brand_into_a_team(client_of, saved, lea):
    north, stranger = teamed.team(saved, lea), saved(make.member()).user

    answer = client_of(lea.user).post(f"/settings/teams/{north.id}/put", data={"user": stranger.id})

    assert answer.status_code == 404


def test_a_team_of_another_brand_is_never_seen(client_of, saved, lea):
    theirs = teamed.team(saved, saved(make.member()), name="Elsewhere")
    client = client_of(lea.user)

    assert "Elsewhere" not in client.get("/settings/teams").text
    for act in ("rename", "put", "take", "remove", "restore"):
        sent = {"name": "Ours", "user": lea.user_id}
        assert client.post(f"/settings/teams/{theirs.id}/{act}", data=sent).status_code == 404


def test_each_team_says_how_many_people_its_members_look_after(session, client_of, saved, lea, ben):
    teamed.team(saved, lea, ben, name="North")
    for owner in (lea.user, ben.user, ben.user, None):
        saved(make.relationship(brand=lea.brand, owner=owner))
    counters.recount(session, lea.brand_id)
    session.commit()

    assert "3 people" in client_of(lea.user).get("/settings/teams").text


def test_the_page_of_members_says_who_is_in_which_team(client_of, saved, lea, ben):
    teamed.team(saved, ben, name="North")

    page = client_of(lea.user).get("/settings/members").text

    assert "Teams of Ben" in page
    assert "Teams of Lea" not in page
