"""Teams as named groups: made, named, filled, taken away and brought back."""

import make
import pytest
import teamed
from sqlalchemy import delete, select

from irm.audit import Action
from irm.directory import teams
from irm.directory.teams import MINE
from irm.errors import Done, NotFound, Refused
from irm.funnel import members
from irm.models import AuditEntry, BrandMember, Team, TeamMember, User

AT = make.MONDAY


def inside(session, team):
    return set(
        session.scalars(select(TeamMember.user_id).where(TeamMember.team_id == team.id)).all()
    )


def said(session, action):
    entries = session.scalars(
        select(AuditEntry.ids).where(AuditEntry.action == action.code).order_by(AuditEntry.id)
    )
    return [one["change"] for one in entries]


def named(session, brand_id):
    return [one.name for one in session.scalars(teams.of_brand(brand_id))]


def test_a_team_is_made_of_members_and_the_audit_says_so(session, lea, ben):
    who = [lea.user_id, ben.user_id, ben.user_id]
    made = teams.add(session, lea.brand_id, name="  North ", user_ids=who, by=lea.user, at=AT)

    assert made.name == "North"
    assert inside(session, made) == {lea.user_id, ben.user_id}
    assert said(session, Action.TEAM_CHANGED) == ["added"]
    assert said(session, Action.TEAM_MEMBER_CHANGED) == ["added", "added"]


def test_somebody_can_be_in_several_teams(session, saved, lea, ben):
    north, south = (teamed.team(saved, ben, name=name) for name in ("North", "South"))

    found = set(session.scalars(teams.of_user(lea.brand_id, ben.user_id)))
    assert found == {north.id, south.id}


@pytest.mark.parametrize("name", ["north", "NORTH ", "Nörth"])
def test_a_name_is_one_teams_however_it_is_written(session, saved, lea, name):
    teamed.team(saved, lea, name="North")

    with pytest.raises(Refused, match="There is a team"):
        teams.add(session, lea.brand_id, name=name, user_ids=[], by=lea.user, at=AT)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\ufdfa" * 20])
def test_a_name_is_there_and_short(session, lea, name):
    with pytest.raises(Refused):
        teams.add(session, lea.brand_id, name=name, user_ids=[], by=lea.user, at=AT)


def test_two_brands_have_each_their_own_team_of_a_name(session, saved, lea):
    other = saved(make.brand())
    teamed.team(saved, lea, name="North")

    teams.add(session, other.id, name="North", user_ids=[], by=lea.user, at=AT)

    assert named(session, lea.brand_id) == named(session, other.id) == ["North"]


def test_a_team_is_renamed_even_to_its_own_name_in_capitals(session, saved, lea):
    north = teamed.team(saved, lea, name="North")
    teamed.team(saved, lea, name="South")

    teams.rename(session, north, "NORTH", by=lea.user, at=AT)

    assert named(session, lea.brand_id) == ["NORTH", "South"]
    with pytest.raises(Refused):
        teams.rename(session, north, "south", by=lea.user, at=AT)


def test_nobody_is_in_a_team_of_a_brand_she_does_not_work_for(session, saved, lea):
    stranger = saved(make.member()).user
    gone = saved(make.member(brand=lea.brand, user=make.user(is_active=False))).user
    north = teamed.team(saved, lea)

    for one in (stranger, gone):
        with pytest.raises(NotFound):
            teams.put(session, north, one.id, by=lea.user, at=AT)
    assert inside(session, north) == {lea.user_id}


def test_twice_in_and_twice_out_is_said(session, saved, lea, ben):
    north = teamed.team(saved, lea)

    teams.put(session, north, ben.user_id, by=lea.user, at=AT)
    with pytest.raises(Done):
        teams.put(session, north, ben.user_id, by=lea.user, at=AT)
    teams.take(session, north, ben.user_id, by=lea.user, at=AT)
    with pytest.raises(Done):
        teams.take(session, north, ben.user_id, by=lea.user, at=AT)

    assert said(session, Action.TEAM_MEMBER_CHANGED) == ["added", "removed"]


def test_a_removed_team_is_seen_by_nobody_and_its_name_is_free(session, saved, lea, ben):
    north = teamed.team(saved, lea, ben, name="North")

    teams.remove(session, north, by=lea.user, at=AT)

    assert named(session, lea.brand_id) == []
    assert session.execute(teams.members(lea.brand_id)).all() == []
    assert session.scalars(teams.of_user(lea.brand_id, ben.user_id)).all() == []
    with pytest.raises(Done):
        teams.remove(session, north, by=lea.user, at=AT)
    teams.add(session, lea.brand_id, name="North", user_ids=[], by=lea.user, at=AT)
    with pytest.raises(Refused, match="There is a team"):
        teams.restore(session, north, by=lea.user, at=AT)


def test_a_removal_is_taken_back_with_the_members_it_had(session, saved, lea, ben):
    north = teamed.team(saved, lea, ben, name="North")

    teams.remove(session, north, by=lea.user, at=AT)
    teams.restore(session, north, by=lea.user, at=AT)

    assert named(session, lea.brand_id) == ["North"]
    assert inside(session, north) == {lea.user_id, ben.user_id}
    assert said(session, Action.TEAM_CHANGED) == ["removed", "restored"]
    with pytest.raises(Done):
        teams.restore(session, north, by=lea.user, at=AT)


def test_a_brand_has_so_many_teams_and_no_more(session, saved, lea):
    for _one in range(teams.MOST_TEAMS):
        teamed.team(saved, brand_id=lea.brand_id)

    with pytest.raises(Refused, match="at most"):
        teams.add(session, lea.brand_id, name="One more", user_ids=[], by=lea.user, at=AT)


def test_whoever_leaves_a_brand_leaves_its_teams_alone_and_comes_back_to_them(
    session, saved, lea, ben
):
    elsewhere = saved(make.member(user=ben.user))
    north, south = (teamed.team(saved, lea, ben, name=name) for name in ("North", "South"))
    there = teamed.team(saved, elsewhere)
    brand = lea.brand

    members.take_out(session, ben, by=lea.user, at=AT)
    session.commit()

    assert inside(session, north) == inside(session, south) == {lea.user_id}
    assert inside(session, there) == {elsewhere.user_id}
    teams.remove(session, south, by=lea.user, at=AT)
    members.put_back(session, brand, elsewhere.user_id, by=lea.user, at=AT)
    teams.restore(session, south, by=lea.user, at=AT)
    assert inside(session, north) == {lea.user_id, elsewhere.user_id}
    assert inside(session, south) == {lea.user_id, elsewhere.user_id}


def test_coming_back_leads_to_no_team_she_had_left_before(session, saved, lea, ben):
    north, brand, user_id = teamed.team(saved, ben), lea.brand, ben.user_id

    teams.take(session, north, user_id, by=lea.user, at=AT)
    members.take_out(session, ben, by=lea.user, at=AT)
    members.put_back(session, brand, user_id, by=lea.user, at=AT)

    assert inside(session, north) == set()


def test_the_database_keeps_whoever_is_no_member_out_of_teams(session, saved, lea, ben):
    north, user_id = teamed.team(saved, lea, ben), ben.user_id

    session.execute(delete(BrandMember).where(BrandMember.user_id == user_id))

    assert inside(session, north) == {lea.user_id}


def test_no_team_comes_to_have_the_number_of_one_that_is_gone(session, saved, lea):
    north = teamed.team(saved, lea)
    before = north.id
    session.delete(north)
    session.commit()

    assert teamed.team(saved, lea).id > before


def held(session, some):
    return set(session.scalars(select(User.id).where(some.hold(User.id))))


def test_teams_hold_their_members_and_mine_are_those_of_the_reader(session, saved, lea, ben):
    mia = saved(make.member(brand=lea.brand))
    north = teamed.team(saved, lea, ben)
    south = teamed.team(saved, mia)
    brand_id = lea.brand_id

    def of(user_id, *values):
        return held(session, teams.named(brand_id, user_id, values))

    assert of(0, str(north.id)) == {lea.user_id, ben.user_id}
    assert of(0, str(north.id), str(south.id)) == {lea.user_id, ben.user_id, mia.user_id}
    assert of(ben.user_id, MINE) == {lea.user_id, ben.user_id}
    assert of(mia.user_id, MINE, str(north.id)) == {lea.user_id, ben.user_id, mia.user_id}
    assert of(0, MINE) == of(0, "999999") == set()


def test_a_team_that_is_gone_or_of_another_brand_holds_nobody(session, saved, lea, ben):
    other = saved(make.member(user=ben.user))
    theirs, ours = teamed.team(saved, other), teamed.team(saved, lea, ben)

    assert held(session, teams.named(lea.brand_id, ben.user_id, [str(theirs.id)])) == set()
    teams.remove(session, ours, by=lea.user, at=AT)
    assert held(session, teams.named(lea.brand_id, ben.user_id, [str(ours.id), MINE])) == set()
    assert session.get(Team, ours.id) is not None
