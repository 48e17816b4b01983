"""A person's scores over time: what is drawn, listed and compared, on both databases."""

import datetime as dt
import re
from types import SimpleNamespace

import make
import pytest

from irm.jobs import scoring
from irm.models import Influencer, Platform, Post, Role, Score, ScoreKind
from irm.scoring import reasons
from irm.web import scores

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
    """Open Léa's scores, with what is asked in the address."""

    def open_page(**query):
        address = f"/influencers/{lea.influencer_id}/scores"
        return client_of(lead.user).get(address, query_string=query).text

    return open_page


def reach(session, lea, days_ago, followers):
    """Write down a reach of so many days ago."""
    row = Score(
        influencer_id=lea.influencer_id,
        kind=ScoreKind.REACH,
        day=ago(days_ago).date(),
        value=followers / 1000,
        reasons=reasons.of_reach(followers, [(1, "instagram", followers)]),
    )
    session.add(row)
    session.commit()


def post(session, account, number, days_ago, likes, **given):
    row = Post(
        account_id=account.id,
        platform_post_id=str(number),
        published_at=ago(days_ago),
        likes=likes,
        **given,
    )
    session.add(row)
    session.commit()
    return row


def section(text, kind):
    return text[text.index(f'<section class="panel" id="{kind}"') :].partition("</section>")[0]


def moves(text):
    return text[text.index('aria-labelledby="moved"') : text.index('<div class="courses">')]


def test_a_person_whom_nobody_scored_says_so(page):
    text = page()

    assert section(text, "reach").count("Not scored yet.") == 1
    assert "<polyline" not in text
    assert moves(text).count("Not scored yet on that day.") == 1, "once for all four"


def test_a_score_of_one_day_has_nothing_to_be_compared_with(session, lea, page):
    reach(session, lea, 3, 20_000)

    of_reach = section(page(), "reach")

    assert "Scored once, on" in of_reach
    assert "nothing to compare yet" in of_reach
    assert "20,000 followers on one account." in of_reach
    assert "<polyline" not in of_reach


def test_the_days_are_listed_with_value_difference_and_main_reason(session, lea, page):
    for days, followers in ((50, 20_000), (20, 30_500), (4, 25_000), (1, 25_020)):
        reach(session, lea, days, followers)

    of_reach = section(page(), "reach")

    assert re.findall(r'<td class="num">(.*?)</td>', of_reach) == [
        *("25", "+0.02"),
        *("25", "−5.5"),
        *("30.5", "+10.5"),
        *("20", ""),
    ]
    assert of_reach.index("25,020 followers") < of_reach.index("20,000 followers")
    assert of_reach.count("<polyline") == 1
    assert "between 20 and 30.5" in of_reach


def test_days_beyond_the_newest_few_are_a_click_away(session, lea, page):
    for days in range(1, 12):
        reach(session, lea, days, 1000 * days)

    listed, _, others = section(page(), "reach").partition("<details>")

    assert listed.count("<time") == scores.LISTED
    assert "3 days before" in others
    assert others.count("<time") == 3


def test_a_reader_of_french_reads_days_numbers_and_causes_in_french(session, lead, lea, page):
    lead.user.locale = "fr"
    reach(session, lea, 50, 20_000)
    reach(session, lea, 20, 30_500)

    text = page()

    assert '<td class="num">+10,5</td>' in text
    assert "les abonnés sont passés de 20\u202f000 à 30\u202f500." in text


def test_the_last_24_months_are_shown_and_older_ones_on_demand(session, lea, page):
    reach(session, lea, 1600, 9_000)
    reach(session, lea, 1500, 10_000)
    reach(session, lea, 30, 20_000)

    text = page()

    assert "10,000 followers" in text
    assert "9,000 followers" not in text
    [before] = re.findall(r'href="[^"]*[?&;]before=([\d-]+)"', text)
    older = page(before=before)
    assert "20,000 followers on" not in section(older, "reach")
    assert "Unchanged since" in section(older, "reach")
    oldest = page(before=str(ago(1450).date()))
    assert section(oldest, "reach").count("<time") == 2
    assert "before=" not in oldest
    assert "The last 24 months" in oldest


def test_two_days_are_compared_and_a_cause_is_named(session, lea, page):
    reach(session, lea, 40, 20_000)
    reach(session, lea, 10, 30_000)

    found = moves(page())

    assert "20 → 30" in found
    assert "(+10)" in found
    assert "Instagram: the followers went from 20,000 to 30,000." in found


def test_the_two_days_are_those_of_the_address_in_either_order(session, lea, page):
    for days, followers in ((90, 10_000), (60, 20_000), (3, 30_000)):
        reach(session, lea, days, followers)
    first, last = str(ago(80).date()), str(ago(50).date())

    for query in ({"from": first, "to": last}, {"from": last, "to": first}):
        text = page(**query)
        assert "10 → 20" in moves(text)
        assert f'name="from" type="date" value="{first}"' in text
        assert f'name="to" type="date" value="{last}"' in text
    assert "Unchanged since" in moves(page(**{"from": last, "to": last}))
    assert "First scored on" in moves(page(**{"from": str(ago(100).date()), "to": last}))


def test_new_posts_are_named_and_linked_to(session, saved, lea, page):
    account = saved(make.account(influencer=lea.influencer, followers=1000, platform=Platform.X))
    saved(make.topic(brand_id=lea.brand_id, name="Food", keywords=["tart"]))
    post(session, account, 1, 60, 40, text="My tart")
    scoring.score(session, ago(50))
    post(session, account, 2, 20, 90, text="A tart", url="https://x.com/lea/2")
    post(session, account, 3, 10, 90, text="Rain", url="javascript:alert(1)")
    scoring.score(session, ago(5))

    found = moves(page())

    assert "X: with other newest posts people react at 9%, at 4% before." in found
    assert "“Food” appears in 2 posts now; before it was 1." in found
    assert "2 texts" not in found
    assert "3 texts were read; before it was 1." in found
    assert found.count('href="https://x.com/lea/2"') == 2
    assert "javascript:" not in found
    assert "Resonance went from" in found


def test_a_new_line_and_a_changed_topic_are_causes(session, saved, lea, page):
    topic = saved(make.topic(brand_id=lea.brand_id, name="Food", keywords=["tart"]))
    lea.influencer.bio = "I bake a tart and bread"
    session.commit()
    scoring.score(session, ago(50))
    topic.weight = 0.5
    session.commit()
    scoring.score(session, ago(5))

    assert "The keywords or the weight of the topic “Food” were changed." in moves(page())


def test_a_score_that_moved_for_no_reason_on_record_says_so(session, lea, page):
    reach(session, lea, 40, 20_000)
    reach(session, lea, 10, 20_000)
    session.query(Score).filter_by(day=ago(10).date()).one().value = 20.01
    session.commit()

    assert "It moved by less than irm keeps the reasons of." in moves(page())


def test_whom_the_brand_has_no_relationship_with_has_reach_and_resonance_only(
    session, saved, client_of, lead, lea
):
    user = saved(make.user(is_admin=True))
    other = saved(make.relationship())

    address = f"/influencers/{other.influencer_id}/scores"
    text = client_of(user).get(address, query_string={"brand": lead.brand_id}).text

    assert 'id="resonance"' in text
    assert 'id="fit"' not in text


def test_another_brands_relevance_is_not_shown(session, saved, lea, page):
    other = saved(make.relationship(influencer=session.get(Influencer, lea.influencer_id)))
    for relationship, value in ((lea, 40.0), (other, 77.7)):
        session.add(
            Score(
                influencer_id=lea.influencer_id,
                relationship_id=relationship.id,
                kind=ScoreKind.RELEVANCE,
                day=ago(9).date(),
                value=value,
                reasons=[{"code": "relevance.unknown"}],
            )
        )
    session.commit()

    text = page()

    assert ">40<" in section(text, "relevance")
    assert "77.7" not in text


def test_each_score_of_a_person_leads_to_its_course(client_of, lead, lea):
    text = client_of(lead.user).get(f"/influencers/{lea.influencer_id}").text

    for kind in ScoreKind:
        assert f"/influencers/{lea.influencer_id}/scores#{kind.value}" in text


def row(day, value):
    return SimpleNamespace(day=dt.date(2026, 3, day), value=value)


def test_a_score_is_drawn_as_standing_until_the_next_one():
    rows = [row(1, 40.0), row(11, 60.0)]

    assert scores.steps(rows, dt.date(2026, 1, 1), dt.date(2026, 3, 21)) == [
        "4.0,68.0 150.0,68.0 150.0,4.0 296.0,4.0"
    ]


def test_a_drawing_is_broken_where_a_score_was_not_known():
    rows = [row(1, 40.0), row(6, None), row(11, 40.0)]

    assert scores.steps(rows, dt.date(2026, 1, 1), dt.date(2026, 3, 21)) == [
        "4.0,36.0 77.0,36.0",
        "150.0,36.0 296.0,36.0",
    ]
    assert scores.steps([row(1, None)], dt.date(2026, 1, 1), dt.date(2026, 3, 21)) == []


def test_a_drawing_does_not_make_a_mountain_of_a_tenth():
    rows = [row(1, 40.0), row(11, 41.0)]

    [line] = scores.steps(rows, dt.date(2026, 1, 1), dt.date(2026, 3, 21))

    assert line.startswith("4.0,39.2 ")
    assert line.endswith(",32.8")


def test_what_stood_before_the_window_begins_at_its_edge():
    rows = [row(1, 40.0), row(11, 60.0)]

    [line] = scores.steps(rows, dt.date(2026, 3, 9), dt.date(2026, 3, 13))

    assert line.split()[:2] == ["4.0,68.0", "150.0,68.0"]
