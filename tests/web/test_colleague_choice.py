"""Where an owner is chosen, colleagues stand under the names of their teams."""

import re

import make
import pytest
import teamed


@pytest.fixture
def card(saved, lea, ben, mia):
    return saved(make.relationship(brand=lea.brand, owner=ben.user))


def choice(page):
    """The choice of an owner."""
    return re.search(r'<select[^>]* name="owner".*?</select>', page, re.DOTALL)[0]


def groups(page):
    """Its groups, each with who is in it."""
    found = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', choice(page), re.DOTALL)
    return {name: re.findall(r">([^<]+)</option>", some) for name, some in found}


ADDRESSES = (
    "/relationships/{id}/owner",
    "/relationships/{id}/promise",
    "/relationships/{id}/question",
    "/campaigns/new",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_colleagues_stand_under_their_teams_whoever_is_in_none_last(
    saved, client_of, lea, ben, mia, card, address
):
    teamed.team(saved, ben, lea, name="North")
    teamed.team(saved, lea, name="South")

    page = client_of(lea.user).get(address.format(id=card.id)).text

    assert groups(page) == {"North": ["Ben", "Lea"], "South": ["Lea"], "In no team": ["Mia"]}


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_teams_they_are_a_plain_list(client_of, lea, card, address):
    page = client_of(lea.user).get(address.format(id=card.id)).text

    assert groups(page) == {}
    assert ">Mia</option>" in choice(page)


def test_whoever_is_in_two_teams_is_chosen_once(saved, client_of, lea, ben, card):
    teamed.team(saved, ben, name="North")
    teamed.team(saved, ben, name="South")

    page = choice(client_of(lea.user).get(f"/relationships/{card.id}/owner").text)

    assert page.count(f'<option value="{ben.user_id}"') == 2
    assert page.count(" selected>") == 1


def test_many_people_are_given_to_a_colleague_of_a_team(saved, client_of, lea, ben, mia, card):
    teamed.team(saved, ben, name="North")
    client = client_of(lea.user)

    page = client.post("/bulk/choose", data={"list": "", "whom": "some", "who": card.id}).text

    assert groups(page) == {"North": ["Ben"], "In no team": ["Lea", "Mia"]}


def test_a_team_is_not_chosen_itself(saved, client_of, lea, ben, card):
    north = teamed.team(saved, ben, name="North")
    client = client_of(lea.user)

    sent = {"owner": f"team-{north.id}", "row_version": card.row_version}
    assert client.post(f"/relationships/{card.id}/owner", data=sent).status_code == 422


def test_today_of_all_is_narrowed_to_a_team(saved, client_of, lea, ben, mia, card):
    north = teamed.team(saved, ben, name="North")
    touched = {}
    for place in (ben, mia):
        of = saved(make.relationship(brand=lea.brand, owner=place.user))
        touched[place] = of.influencer.name
        of.next_order = of.next_touchpoint_on = make.MONDAY.date()
        saved(make.touchpoint(relationship=of, owner=place.user, due_on=make.MONDAY.date()))
    client = client_of(lea.user)

    page = client.get(f"/today?of=team&team={north.id}").text
    whole = client.get("/today?of=team").text

    assert re.findall(r'<th scope="row"><a class="who"[^>]*>(\w+)<', page) == ["Ben"]
    assert touched[ben] in page
    assert touched[mia] not in page
    assert touched[mia] in whole
