"""Campaigns in the browser's words: the year, one campaign, its members, what is missing."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.models import Campaign, CampaignDay, CampaignMember, Planner, Role, Touchpoint

NOW = dt.datetime.now(dt.UTC)
TODAY = NOW.date()


def in_days(days):
    return TODAY + dt.timedelta(days=days)


@pytest.fixture
def ana(saved):
    """Ana, who manages relationships of her brand."""
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def client(client_of, ana):
    return client_of(ana.user)


@pytest.fixture
def campaign(saved, ana):
    """One that runs since three days and for a week."""
    return saved(
        make.campaign(brand=ana.brand, name="Spring", starts_on=in_days(-3), ends_on=in_days(7))
    )


def cards(saved, brand, n):
    return [saved(make.relationship(brand=brand, name=f"Person {k}")).id for k in range(n)]


def form(**given):
    values = {
        "name": "Spring",
        "goal": "Try the new tent",
        "starts_on": str(in_days(10)),
        "ends_on": str(in_days(20)),
        "owner": "0",
    }
    return values | given


def members(session, campaign):
    session.rollback()
    return session.scalars(
        select(CampaignMember.relationship_id)
        .where(CampaignMember.campaign_id == campaign.id)
        .order_by(CampaignMember.relationship_id)
    ).all()


def test_a_campaign_is_made_with_its_event_days_and_stands_in_the_year(session, client, ana):
    days = {"event_day": [str(in_days(12)), ""], "event_name": ["Dinner", ""]}

    answer = client.post("/campaigns", data=form(owner=str(ana.user_id), **days))

    (made,) = session.scalars(select(Campaign))
    assert answer.location == f"/campaigns/{made.id}"
    assert session.scalars(select(CampaignDay.name)).all() == ["Dinner"]
    page = client.get(answer.location).text
    assert "Try the new tent" in page
    assert "Dinner" in page
    assert "In 10 days" in page
    assert "Spring" in client.get("/campaigns").text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ends_on": str(in_days(9))}, "ends on the day it starts or later"),
        ({"name": ""}, "Write a name."),
        ({"name": "x" * 121}, "120 characters at most"),
        ({"goal": "x" * 501}, "500 characters at most"),
        ({"starts_on": "2026-02-30"}, "Write a day as 2026-03-31."),
        ({"event_day": "2026-02-30", "event_name": "Fair"}, "Write a day as 2026-03-31."),
        ({"event_day": str(in_days(11)), "event_name": ""}, "what takes place on each event day"),
        ({"event_day": str(in_days(30)), "event_name": "Fair"}, "between the first and the last"),
        ({"owner": "99999"}, "Not a valid choice"),
    ],
)
def test_what_nobody_can_mean_is_refused_in_a_sentence(session, client, given, said):
    answer = client.post("/campaigns", data=form(**given))

    assert answer.status_code == 422
    assert said in answer.text or said == "Not a valid choice"
    assert session.scalars(select(Campaign)).all() == []


def test_of_two_who_change_it_the_second_is_told(session, client, campaign):
    data = form(row_version=str(campaign.row_version))
    assert client.post(f"/campaigns/{campaign.id}", data=data).status_code == 303

    again = client.post(f"/campaigns/{campaign.id}", data=data)

    assert again.status_code == 409
    assert "was changed meanwhile" in again.text


def test_the_form_brings_what_is_there(saved, client, campaign):
    saved(make.campaign_day(campaign_id=campaign.id, day=TODAY, name="Fair"))

    page = client.get(f"/campaigns/{campaign.id}/edit").text

    assert 'value="Spring"' in page
    assert f'value="{TODAY}"' in page
    assert 'value="Fair"' in page


def test_calling_off_is_taken_back_by_undo(client, campaign):
    answer = client.post(f"/campaigns/{campaign.id}/off")

    page = client.get(answer.location).text
    assert "Called off on" in page
    assert f'action="/campaigns/{campaign.id}/on"' in page
    client.post(f"/campaigns/{campaign.id}/on")
    assert "Called off on" not in client.get(answer.location).text


def test_people_are_found_by_name_and_added_and_taken_out_with_undo(
    saved, session, client, ana, campaign
):
    (id,) = cards(saved, ana.brand, 1)
    session.commit()
    members_url = f"/campaigns/{campaign.id}/members"

    assert client.post(members_url, data={"who": id}).status_code == 303
    assert members(session, campaign) == [id]
    page = client.get(f"/campaigns/{campaign.id}").text
    assert "1 person was added to “Spring”." in page
    assert f'action="/campaigns/{campaign.id}/members/undo"' in page
    client.post(f"{members_url}/remove", data={"who": id})
    assert members(session, campaign) == []
    assert "Person 0 is no member any more." in client.get(f"/campaigns/{campaign.id}").text


def test_a_selection_of_the_list_is_added_to_a_campaign_and_taken_back(
    saved, session, client, ana, campaign
):
    ids = cards(saved, ana.brand, 3)

    page = client.post("/campaigns/choose", data={"list": "", "whom": "some", "who": ids[:2]})
    assert "2 people selected" in page.text
    assert "Spring, from" in page.text
    chosen = {"campaign": campaign.id, "list": "", "whom": "some", "who": ids[:2]}
    answer = client.post("/campaigns/members", data=chosen)
    assert members(session, campaign) == ids[:2]

    shown = client.get(answer.location).text
    at = shown.split('name="at" value="')[1].split('"')[0]
    client.post(f"/campaigns/{campaign.id}/members/undo", data={"at": at})
    assert members(session, campaign) == []


@pytest.mark.parametrize("at", ["", "yesterday", "0001-01-01T00:00:00+14:00"])
def test_a_moment_typed_by_hand_takes_nobody_out(client, campaign, at):
    answer = client.post(f"/campaigns/{campaign.id}/members/undo", data={"at": at})

    assert answer.status_code == 422
    assert "This form is not complete." in answer.text


def test_all_the_list_finds_and_all_of_a_view_are_added(saved, session, client, ana, campaign):
    ids = cards(saved, ana.brand, 3)
    chosen = {"campaign": campaign.id, "list": "stage=aware", "whom": "all"}
    assert client.post("/campaigns/members", data=chosen).status_code == 422

    view = saved(make.view(brand_id=ana.brand_id, user_id=ana.user_id, query="stage=unaware"))
    client.post(f"/campaigns/{campaign.id}/members", data={"view": view.id})

    assert members(session, campaign) == ids


def test_nobody_is_added_to_what_was_called_off(saved, session, client, ana, campaign):
    (id,) = cards(saved, ana.brand, 1)
    client.post(f"/campaigns/{campaign.id}/off")

    answer = client.post(f"/campaigns/{campaign.id}/members", data={"who": id})

    assert answer.status_code == 422
    assert members(session, campaign) == []


def test_what_the_cadence_planned_follows_a_campaign_and_its_end(
    saved, session, client, ana, campaign
):
    at = NOW - dt.timedelta(days=1)
    card = saved(make.relationship(brand=ana.brand, owner=ana.user, last_contact_at=at))
    saved(make.interaction(relationship=card, happened_at=at))
    planned = saved(
        make.touchpoint(
            relationship=card, due_on=in_days(13), planned_by=Planner.CADENCE, why={"code": "x"}
        )
    )

    def due_on():
        session.rollback()
        return session.scalar(select(Touchpoint.due_on).where(Touchpoint.id == planned.id))

    client.post(f"/campaigns/{campaign.id}/members", data={"who": card.id})
    assert due_on() == in_days(6)
    client.post(f"/campaigns/{campaign.id}/off")
    assert due_on() == in_days(13)


def test_members_in_other_campaigns_of_the_same_days_are_said(saved, client, ana, campaign):
    other = make.campaign(brand=ana.brand, name="Summer", starts_on=TODAY, ends_on=in_days(90))
    card = saved(make.relationship(brand=ana.brand))
    for one in (campaign, other):
        saved(make.campaign_member(campaign=one, relationship=card))

    page = client.get(f"/campaigns/{campaign.id}").text

    assert "1 member is also in “Summer”." in page


def test_after_its_end_the_page_and_the_year_say_who_misses_what(saved, client, ana):
    over = saved(
        make.campaign(brand=ana.brand, name="Winter", starts_on=in_days(-30), ends_on=in_days(-14))
    )
    for k in range(3):
        card = saved(make.relationship(brand=ana.brand, name=f"Person {k}"))
        saved(make.campaign_member(campaign=over, relationship=card))
    saved(
        make.interaction(
            relationship=card, happened_at=NOW - dt.timedelta(days=10), activity="thanks"
        )
    )

    page = client.get(f"/campaigns/{over.id}").text
    assert "1 of 3" in page
    assert "2 still missing" in page
    only = client.get(f"/campaigns/{over.id}?missing=thanks").text
    assert "Person 0" in only
    assert "Person 2" not in only
    assert client.get(f"/campaigns/{over.id}?missing=nothing").status_code == 422
    assert "2 without thanks" in client.get("/campaigns").text


def test_members_are_paged(saved, session, client, ana, campaign):
    people = [make.relationship(brand=ana.brand, name=f"Person {k:03d}") for k in range(130)]
    session.add_all(people)
    session.flush()
    session.add_all(make.campaign_member(campaign=campaign, relationship=one) for one in people)
    session.commit()

    first = client.get(f"/campaigns/{campaign.id}").text
    assert "Person 099" in first
    assert "Person 100" not in first
    href = first.split(f'href="/campaigns/{campaign.id}?after=')[1].split("#")[0]
    second = client.get(f"/campaigns/{campaign.id}?after={href}").text
    assert "Person 100" in second
    assert "Person 129" in second
    assert "Person 099" not in second


def test_a_viewer_sees_and_changes_nothing(client_of, saved, ana, campaign):
    viewer = saved(make.member(Role.VIEWER, brand=ana.brand))
    client = client_of(viewer.user)

    page = client.get(f"/campaigns/{campaign.id}")

    assert page.status_code == 200
    assert "Call off" not in page.text
    assert client.post(f"/campaigns/{campaign.id}/off").status_code == 403


@pytest.mark.parametrize("year", ["0", "99999", "-1", "²"])
def test_a_year_nobody_means_is_this_or_the_nearest(client, campaign, year):
    assert client.get(f"/campaigns?year={year}").status_code == 200


def test_a_persons_page_names_their_campaigns_and_what_decides_the_rhythm(
    saved, client, ana, campaign
):
    card = saved(make.relationship(brand=ana.brand))
    saved(make.campaign_member(campaign=campaign, relationship=card))

    page = client.get(f"/influencers/{card.influencer_id}").text

    assert f'href="/campaigns/{campaign.id}">Spring</a>' in page
    assert "every 7 days, at the latest after 10 days" in page
    assert "while their campaign is on" in page


def test_people_are_found_by_their_campaign(saved, client, ana, campaign):
    inside, _outside = (
        saved(make.relationship(brand=ana.brand, name=name)) for name in ("Inside", "Outside")
    )
    saved(make.campaign_member(campaign=campaign, relationship=inside))

    def names(value):
        page = client.get(f"/influencers?campaign={value}").text
        return [one for one in ("Inside", "Outside") if f">{one}</a>" in page]

    assert names(campaign.id) == ["Inside"]
    assert names(f"-{campaign.id}") == ["Outside"]
    assert names("none") == ["Outside"]
    assert names(f"none,{campaign.id}") == ["Inside", "Outside"]
    assert "Campaign: Spring" in client.get(f"/influencers?campaign={campaign.id}").text
    assert "Spring" in client.get("/influencers/filter?field=campaign").text
    assert client.get(f"/funnel?campaign={campaign.id}").status_code == 200
