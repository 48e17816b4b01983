"""Campaigns: their days, what is planned around them, and what they owe their members."""

import datetime as dt

import make
import pytest

from irm.errors import Done, Refused, Stale
from irm.funnel import campaign_edits, campaigns
from irm.funnel.campaign_edits import Terms
from irm.funnel.campaigns import Care
from irm.models import Direction

AT = make.MONDAY
DAY = AT.date()


def in_days(days):
    return DAY + dt.timedelta(days=days)


def terms(first=0, last=13, **given):
    given = {"name": "Spring", "goal": "", "owner_id": None, "days": (), **given}
    return Terms(starts_on=in_days(first), ends_on=in_days(last), **given)


@pytest.fixture
def ana(saved):
    return saved(make.user())


@pytest.fixture
def brand(saved):
    return saved(make.brand())


def made(session, brand, ana, **given):
    return campaign_edits.make(session, brand.id, terms(**given), user=ana, at=AT, today=DAY)


def test_a_campaign_may_last_one_day_and_lie_in_the_past(session, brand, ana):
    campaign = made(session, brand, ana, first=-40, last=-40, days=[(in_days(-40), "Fair")])

    assert session.execute(campaigns.event_days(campaign.id)).all() == [(in_days(-40), "Fair")]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"first": 3, "last": 2}, "ends on the day it starts or later"),
        ({"first": -20_000, "last": 2}, "too long ago"),
        ({"first": 2000, "last": 2001}, "within the next three years"),
        ({"first": 0, "last": 2000}, "within the next three years"),
        ({"days": [(in_days(14), "Fair")]}, "between the first and the last day"),
        ({"days": [(DAY, "Fair"), (DAY, "Fair")]}, "twice"),
        ({"days": [(DAY, f"Fair {n}") for n in range(61)]}, "60 event days"),
    ],
)
def test_days_that_nobody_can_mean_are_refused_in_a_sentence(session, brand, ana, given, said):
    with pytest.raises(Refused, match=said):
        made(session, brand, ana, **given)


def test_of_two_who_change_it_at_once_the_second_looks_again(session, brand, ana):
    campaign = made(session, brand, ana)
    seen = campaign.row_version
    new = terms(days=[(in_days(2), "Dinner")])
    campaign_edits.change(session, campaign, new, user=ana, at=AT, today=DAY, seen_version=seen)

    assert session.execute(campaigns.event_days(campaign.id)).all() == [(in_days(2), "Dinner")]
    with pytest.raises(Stale):
        campaign_edits.change(
            session, campaign, terms(), user=ana, at=AT, today=DAY, seen_version=seen
        )


def test_what_is_called_off_is_taken_up_again(session, brand, ana):
    campaign = made(session, brand, ana)

    campaign_edits.call_off(session, campaign, user=ana, at=AT)
    with pytest.raises(Done):
        campaign_edits.call_off(session, campaign, user=ana, at=AT)
    campaign_edits.take_up(session, campaign, user=ana, at=AT)
    assert campaign.cancelled_at is None
    with pytest.raises(Done):
        campaign_edits.take_up(session, campaign, user=ana, at=AT)


def test_whoever_plans_gets_the_phases_and_events_of_each_members_campaigns(saved, session, brand):
    one, both = (saved(make.relationship(brand=brand)) for _ in range(2))
    first = make.campaign(brand=brand, starts_on=DAY, ends_on=in_days(9))
    second = make.campaign(brand=brand, starts_on=in_days(5), ends_on=in_days(5))
    off = make.campaign(brand=brand, cancelled_at=AT)
    over = make.campaign(brand=brand, starts_on=in_days(-60), ends_on=in_days(-22))
    for campaign, cards in ((first, (one, both)), (second, (both,)), (off, (one,)), (over, (one,))):
        for card in cards:
            saved(make.campaign_member(campaign=campaign, relationship=card))
    saved(make.campaign_day(campaign_id=first.id, day=in_days(3)))

    found = campaigns.phases(session, brand.id, DAY, in_days(84))

    assert {id: [each.campaign_id for each in theirs] for id, theirs in found.items()} == {
        one.id: [first.id],
        both.id: [second.id, first.id],
    }
    (around,) = found[one.id]
    assert around.event_days == (in_days(3),)
    assert [(span.first, span.last, span.phase) for span in around.spans] == [
        (in_days(-28), in_days(-1), "before"),
        (DAY, in_days(9), "during"),
        (in_days(10), in_days(30), "after"),
    ]


def test_a_brand_without_campaigns_has_no_phases(session, brand):
    assert campaigns.phases(session, brand.id, DAY, in_days(84)) == {}


class TestAftercare:
    """The campaign ended on DAY; members are thanked within 7 days, and told within 21."""

    @pytest.fixture
    def campaign(self, saved, brand):
        return saved(make.campaign(brand=brand, starts_on=in_days(-13), ends_on=DAY))

    @pytest.fixture
    def card(self, saved, campaign):
        return saved(make.campaign_member(campaign=campaign)).relationship

    def care(self, session, campaign, card, days):
        found = campaigns.aftercare(session, campaign, in_days(days))[card.id]
        return found.thanks.care, found.results.care

    def test_nothing_is_owed_before_it_has_ended_or_once_it_is_called_off(
        self, session, campaign, card
    ):
        assert campaigns.aftercare(session, campaign, DAY) == {}
        campaign.cancelled_at = AT
        assert campaigns.aftercare(session, campaign, in_days(3)) == {}

    def test_thanks_and_results_are_open_until_their_day_and_late_after_it(
        self, session, campaign, card
    ):
        assert self.care(session, campaign, card, 7) == (Care.OPEN, Care.OPEN)
        assert self.care(session, campaign, card, 8) == (Care.LATE, Care.OPEN)
        assert self.care(session, campaign, card, 21) == (Care.LATE, Care.OPEN)
        assert self.care(session, campaign, card, 22) == (Care.LATE, Care.LATE)

    def test_what_went_out_since_the_last_day_counts(self, saved, session, campaign, card):
        for days, activity in ((2, "thanks"), (3, "thanks"), (30, "results")):
            at = AT + dt.timedelta(days=days)
            saved(make.interaction(relationship=card, happened_at=at, activity=activity))

        found = campaigns.aftercare(session, campaign, in_days(40))[card.id]

        assert found.is_done
        assert (found.thanks.done_on, found.results.done_on) == (in_days(2), in_days(30))

    def test_thanks_of_theirs_or_from_before_do_not(self, saved, session, campaign, card):
        before = AT - dt.timedelta(days=1)
        saved(make.interaction(relationship=card, happened_at=before, activity="thanks"))
        saved(make.interaction(relationship=card, activity="thanks", direction=Direction.IN))

        assert self.care(session, campaign, card, 1)[0] is Care.OPEN

    def test_whoever_is_archived_or_not_to_be_contacted_is_owed_nothing(
        self, saved, session, campaign, card
    ):
        other = saved(make.campaign_member(campaign=campaign)).relationship
        card.influencer.archived_at = AT
        other.influencer.do_not_contact = True
        session.flush()

        assert campaigns.aftercare(session, campaign, in_days(3)) == {}
