"""Who takes part in a campaign: added by the thousand, taken out, and brought back."""

import datetime as dt

import make
import pytest

from irm.errors import Done, Refused
from irm.funnel import campaign_members
from irm.models import Relationship

AT = make.MONDAY


@pytest.fixture
def ana(saved):
    return saved(make.user())


@pytest.fixture
def campaign(saved):
    return saved(make.campaign())


def cards(saved, campaign, n, **given):
    return [saved(make.relationship(brand=campaign.brand, **given)).id for _ in range(n)]


def names(session, campaign):
    return [row.name for row in session.execute(campaign_members.members(campaign.id))]


def test_only_people_of_the_brand_who_are_no_members_yet_are_added(saved, session, campaign, ana):
    mine, others = cards(saved, campaign, 3), saved(make.relationship())
    (archived,) = cards(saved, campaign, 1)
    session.get_one(Relationship, archived).influencer.archived_at = AT
    session.flush()

    assert campaign_members.add(session, campaign, mine[:2], user=ana, at=AT) == 2
    ids = [*mine, others.id, archived, 999_999]
    assert campaign_members.add(session, campaign, ids, user=ana, at=AT) == 1
    assert campaign_members.counted(session, campaign.id) == 3


def test_thousands_are_added_at_once_and_taken_out_again(saved, session, campaign, ana):
    ids = cards(saved, campaign, 1)
    session.add_all(make.relationship(brand=campaign.brand) for _ in range(1500))
    session.flush()
    many = [one.id for one in session.query(Relationship).all()]
    later = AT + dt.timedelta(minutes=1)

    campaign_members.add(session, campaign, ids, user=ana, at=AT)
    assert campaign_members.add(session, campaign, many, user=ana, at=later) == 1500
    just_added = campaign_members.added_at(session, campaign, later, ana)
    assert campaign_members.remove(session, campaign, just_added, user=ana, at=later) == 1500
    assert campaign_members.counted(session, campaign.id) == 1
    with pytest.raises(Done):
        campaign_members.remove(session, campaign, just_added, user=ana, at=later)


def test_more_than_5000_at_once_are_refused_in_a_sentence(session, campaign, ana):
    with pytest.raises(Refused, match="Up to 5000 people"):
        campaign_members.add(session, campaign, range(1, 5002), user=ana, at=AT)


def test_members_are_listed_by_name_whether_archived_or_not(saved, session, campaign, ana):
    for name in ("Zoé", "Abel", "Mia"):
        saved(
            make.campaign_member(
                campaign=campaign,
                relationship=make.relationship(brand=campaign.brand, name=name),
            )
        )
    session.query(Relationship).first().influencer.archived_at = AT
    session.flush()

    assert names(session, campaign) == ["Abel", "Mia", "Zoé"]


def test_campaigns_on_the_same_days_with_the_same_people_are_named(saved, session, campaign):
    both = cards(saved, campaign, 2)
    day = dt.timedelta(days=1)

    def other(name, **given):
        made = make.campaign(brand=campaign.brand, name=name, **given)
        for id in both:
            saved(make.campaign_member(campaign=made, relationship_id=id))

    for id in both:
        saved(make.campaign_member(campaign=campaign, relationship_id=id))
    other("On its last day", starts_on=campaign.ends_on)
    other("After it", starts_on=campaign.ends_on + day)
    other("Called off", cancelled_at=AT)

    found = session.execute(campaign_members.overlapping(campaign, 5)).all()

    assert [(row.name, row.people) for row in found] == [("On its last day", 2)]
