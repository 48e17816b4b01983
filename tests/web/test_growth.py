"""How a person's accounts grow, and the doubts about their figures, on both databases."""

import datetime as dt
import re

import make
import pytest
from sqlalchemy import select

from irm.jobs import scoring
from irm.models import Account, Platform, Post, Role, Snapshot

TODAY = dt.datetime.now(dt.UTC)


def ago(days):
    return TODAY - dt.timedelta(days=days)


@pytest.fixture
def lead(saved):
    """Ana, who leads the brand."""
    return saved(make.member(Role.LEAD, user=make.user(name="Ana")))


@pytest.fixture
def lea(saved, lead):
    """Léa, whom the brand knows, with an account of 20,000."""
    relationship = saved(make.relationship(brand=lead.brand, name="Léa"))
    saved(make.account(influencer=relationship.influencer, followers=20_000))
    return relationship


@pytest.fixture
def page(client_of, lead, lea):
    """Open Léa's scores."""

    def open_page():
        return client_of(lead.user).get(f"/influencers/{lea.influencer_id}/scores").text

    return open_page


def snapshots(session, account, followers):
    """Write down the followers of so many days ago."""
    for days, number in followers.items():
        day = ago(days).date()
        session.add(Snapshot(account_id=account.id, day=day, followers=number))
    session.commit()


def post(session, account, days_ago, likes):
    session.add(
        Post(
            account_id=account.id,
            platform_post_id=str(days_ago),
            published_at=ago(days_ago),
            likes=likes,
        )
    )
    session.commit()


def section(text, kind):
    return text[text.index(f'<section class="panel" id="{kind}"') :].partition("</section>")[0]


def test_growth_of_each_account_and_of_all_stands_with_the_days_it_rests_on(
    session, saved, lea, page
):
    large = saved(make.account(influencer=lea.influencer, platform=Platform.X, handle="lea"))
    other = saved(make.account(influencer=lea.influencer, platform=Platform.TIKTOK))
    once = saved(make.account(influencer=lea.influencer, platform=Platform.YOUTUBE))
    snapshots(session, large, {0: 11_000, 30: 10_000, 365: 5_000})
    snapshots(session, other, {0: 1_900, 30: 2_000})
    snapshots(session, once, {0: 700})
    for days in range(1, 91, 2):
        post(session, large, days, 3)

    grown = section(page(), "growth")

    of_x = grown[grown.index("X · lea") :].partition("TikTok")[0]
    assert "+10% (+1,000)" in of_x
    assert "10,000 followers on" in of_x
    assert "+6.7% (+493)" in of_x
    assert "<strong>3.5</strong>" in of_x
    assert "45 posts in 90 days" in of_x
    assert "−5% (−100)" in grown
    assert "+7.5% (+900)" in grown
    assert "2 accounts are known on two days" in grown
    of_youtube = grown[grown.index("YouTube · ") :]
    assert of_youtube.count("Not known") == 3


def test_a_person_without_accounts_has_neither_growth_nor_doubts(client_of, lead, saved):
    nobody = saved(make.relationship(brand=lead.brand))

    text = client_of(lead.user).get(f"/influencers/{nobody.influencer_id}/scores").text

    assert "No account is known yet." in section(text, "growth")
    assert "no figures to doubt" in section(text, "doubts")


def test_figures_without_anything_odd_raise_no_doubt(page):
    text = page()

    assert "Nothing in the figures looks odd." in section(text, "doubts")
    assert "about these figures" not in text


@pytest.fixture
def jumped(session, lea):
    """Léa's account, with 12,000 followers all at once, and as many likes as ever."""
    account = session.scalars(select(Account)).one()
    snapshots(session, account, {30 * n: 8_000 - 50 * n + 12_000 * (n < 3) for n in range(10)})
    for days in (*range(65, 90, 5), *range(5, 60, 5), *range(95, 150, 5)):
        post(session, account, days, 200 + days % 3)
    return account


def test_a_jump_of_followers_without_reactions_is_a_doubt_with_its_evidence(jumped, page):
    text = page()

    found = section(text, "doubts")
    assert "There is 1 doubt about these figures." in text
    assert "More followers, hardly more reactions" in found
    assert "so does a campaign" in found
    evidence = found[found.index("<details>") :]
    assert re.search(r"7,850 followers on .*, 19,900 on ", evidence)
    assert "Posts looked at: 11 before, 16 since." in evidence


def test_doubts_are_read_in_french_with_the_days_and_numbers_of_french(lead, jumped, page):
    lead.user.locale = "fr"

    found = section(page(), "doubts")

    assert "Plus d’abonnés, guère plus de réactions" in found
    assert "7\u202f850 abonnés" in found


def test_the_followers_over_time_say_growth_and_lead_to_the_doubts(client_of, lead, lea, jumped):
    text = client_of(lead.user).get(f"/influencers/{lea.influencer_id}/history").text

    assert "in 30 days: 19,950 followers on" in text
    assert "1 doubt about it" in text
    assert f'href="/influencers/{lea.influencer_id}/scores#doubts"' in text


def test_whose_account_is_left_has_its_followers_over_time_and_no_growth(
    session, client_of, lead, lea, jumped
):
    jumped.is_current = False
    session.commit()

    text = client_of(lead.user).get(f"/influencers/{lea.influencer_id}/history").text

    assert "<polyline" in text
    assert "in 30 days" not in text
    assert "doubt about it" not in text


def test_a_rate_far_from_what_is_usual_is_marked_on_the_persons_page(session, client_of, lead, lea):
    account = session.scalars(select(Account)).one()
    for days in range(1, 6):
        post(session, account, days, 0)
    address = f"/influencers/{lea.influencer_id}"
    assert "with a doubt" not in client_of(lead.user).get(address).text
    scoring.score(session, TODAY)

    text = client_of(lead.user).get(address).text

    assert text.count("with a doubt") == 1
    assert "Reactions far below what is usual" in text
    assert f'href="{address}/scores#doubts"' in text


def test_who_may_not_see_a_person_sees_no_growth_of_theirs(saved, client_of, lea, jumped):
    stranger = saved(make.member(Role.LEAD))

    for page in ("scores", "history"):
        answer = client_of(stranger.user).get(f"/influencers/{lea.influencer_id}/{page}")
        assert answer.status_code == 404
