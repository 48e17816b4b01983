"""People side by side: who stands there, what is marked, what is said of what is not known."""

import datetime as dt
import re

import make
import pytest

from irm.ledger import relationships as ledger
from irm.models import Archetype, Platform, Post, Role, Score, ScoreKind, Snapshot, Tier
from irm.scoring import reasons

TODAY = dt.datetime.now(dt.UTC)


@pytest.fixture
def lead(saved):
    """Ana, who leads the brand."""
    return saved(make.member(Role.LEAD, user=make.user(name="Ana")))


@pytest.fixture
def known(saved, lead):
    """Somebody the brand knows, by name and with what is given."""

    def somebody(name, relevance=None, fit=None, **given):
        person = make.influencer(name=name, **given)
        return saved(
            make.relationship(brand=lead.brand, influencer=person, relevance=relevance, fit=fit)
        )

    return somebody


@pytest.fixture
def compare(client_of, lead):
    """Open the comparison of some relationships or ids."""

    def open_page(*who, **more):
        ids = [one if isinstance(one, int | str) else one.influencer_id for one in who]
        return client_of(lead.user).get("/influencers/compare", query_string={"id": ids, **more})

    return open_page


def row(text, words):
    """The cells of one row."""
    line = re.search(rf'<tr><th scope="row">{words}</th>(.*?)</tr>', text, re.DOTALL)
    return re.findall(r"<td.*?</td>", line[1], re.DOTALL)


def names(text):
    return re.findall(r'<th scope="col"><div><a class="who" href="[^"]*">([^<]*)<', text)


def test_people_stand_in_the_order_of_the_address_and_the_highest_is_marked_in_words(
    known, compare
):
    lea = known("Léa", 20.0, 30.0, reach=71.0, audience=5_000)
    mia = known("Mia", 20.0, 64.0, reach=44.0, audience=900)

    text = compare(mia, lea).text

    assert names(text) == ["Mia", "Léa"]
    assert ["Highest" in cell for cell in row(text, "Fit")] == [True, False]
    assert ["Highest" in cell for cell in row(text, "Reach")] == [False, True]
    assert ["Highest" in cell for cell in row(text, "Audience")] == [False, True]
    # Where all are alike, none is better.
    assert not any("Highest" in cell for cell in row(text, "Relevance"))


def test_what_looks_alike_is_marked_alike(known, compare):
    people = [known(f"Person {n}", fit=fit) for n, fit in enumerate((64.1, 63.9, 12.0))]

    cells = row(compare(*people).text, "Fit")

    assert ["Highest" in cell for cell in cells] == [True, True, False]


def test_what_is_not_known_is_said_and_never_the_highest(known, compare):
    text = compare(known("Léa"), known("Mia", fit=0.0)).text

    assert "Not known" in row(text, "Fit")[0]
    assert not any("Highest" in cell for cell in row(text, "Fit"))
    for words in ("Resonance", "Audience", "Archetype", "Accounts", "Speaks of", "Posts a week"):
        assert all("Not known" in cell for cell in row(text, words)), words
    assert "Never contacted" in row(text, "Last contact")[0]
    assert "No owner" in row(text, "Owner")[0]


def test_each_number_has_its_reasons_beneath_it(session, known, compare):
    lea, mia = known("Léa", 55.0, reach=54.0, audience=20_000), known("Mia")
    topic = reasons.of_topic(1, "Repair", 0.5, 3, [], True)
    session.add_all(
        Score(
            influencer_id=lea.influencer_id,
            relationship_id=lea.id if kind is ScoreKind.RELEVANCE else None,
            kind=kind,
            day=(TODAY - dt.timedelta(days=days)).date(),
            value=1.0,
            reasons=why,
        )
        for kind, days, why in (
            (ScoreKind.REACH, 3, reasons.of_reach(20_000, [(1, "instagram", 20_000)])),
            (ScoreKind.REACH, 9, reasons.of_reach(7, [(1, "instagram", 7)])),
            (ScoreKind.RELEVANCE, 1, [topic]),
        )
    )
    session.commit()

    text = compare(lea, mia).text

    assert "20,000 followers on one account." in row(text, "Reach")[0]
    assert "7 followers" not in text
    assert f'href="/influencers/{lea.influencer_id}/scores#reach"' in row(text, "Reach")[0]
    assert "20,000 followers on one account." in row(text, "Audience")[0]
    assert "appears in the bio and in 3 posts" in row(text, "Relevance")[0]
    assert "Repair" in row(text, "Speaks of")[0]
    assert "Not scored yet." in row(text, "Reach")[1]


def test_tier_says_whether_a_colleague_chose_it(known, compare):
    by_hand = known("Léa", tier=Tier.MACRO, tier_reason="She is on the radio.")
    by_scores = known("Mia", tier=Tier.MICRO, audience=900, archetype=Archetype.CREATOR)

    cells = row(compare(by_hand, by_scores).text, "Tier")

    assert "A colleague chose it: She is on the radio." in cells[0]
    assert "An audience of 900 is below" in cells[1]


def test_accounts_stand_with_followers_growth_and_posts_a_week(saved, session, known, compare):
    lea, mia = known("Léa"), known("Mia")
    account = saved(
        make.account(
            influencer=lea.influencer, platform=Platform.TIKTOK, handle="lea", followers=1_100
        )
    )
    session.add_all(
        Snapshot(account_id=account.id, day=(TODAY - dt.timedelta(days=days)).date(), followers=n)
        for days, n in ((1, 1_100), (31, 1_000))
    )
    # 13 of the last 90 days, and one long before: known for more than 90 days.
    session.add_all(
        Post(
            account_id=account.id,
            platform_post_id=str(days),
            published_at=TODAY - dt.timedelta(days=days),
        )
        for days in (*range(5, 83, 6), 400)
    )
    session.commit()

    text = compare(lea, mia).text

    assert "TikTok · lea<small>1.1K, +10% in 30 days</small>" in row(text, "Accounts")[0]
    assert "<span>1</span>" in row(text, "Posts a week")[0]
    assert "13 posts in 90 days." in row(text, "Posts a week")[0]
    assert "No post of the last 90 days is known." in row(text, "Posts a week")[1]


def test_a_click_takes_somebody_out_and_another_puts_somebody_in(known, compare):
    lea, mia, zoe = known("Léa"), known("Mia"), known("Zoé")

    text = compare(lea, mia, q="zo").text

    drop = f'href="/influencers/compare?id={mia.influencer_id}" aria-label="Take Léa out'
    add = "&amp;".join(f"id={one.influencer_id}" for one in (lea, mia, zoe))
    assert drop in text
    assert f'<a class="who" href="/influencers/compare?{add}">Zoé</a>' in text


def test_one_person_asks_with_whom_and_nobody_asks_for_people(known, compare):
    lea = known("Léa")

    assert "Compare with…" in compare(lea).text
    assert "Nobody is compared yet" in compare().text
    assert "Nobody found." in compare(lea, q="zzz").text


def test_more_than_five_are_too_many(known, compare):
    people = [known(f"Person {n}") for n in range(6)]

    text = compare(*people).text

    assert names(text) == [f"Person {n}" for n in range(5)]
    assert "Five people fit side by side" in text
    assert "Add somebody" not in text


@pytest.mark.parametrize("wrong", ["", "x", "-1", "²", "9" * 40, "0", "1 OR 1=1"])
def test_ids_that_are_nobodys_are_left_out_with_a_sentence(known, compare, wrong):
    text = compare(known("Léa"), wrong).text

    assert names(text) == ["Léa"]
    assert "One of these is not among the people of" in text


def test_people_of_other_brands_strangers_and_the_merged_are_left_out(
    saved, session, known, compare
):
    lea, mia = known("Léa"), known("Mia")
    mia.influencer.merged_into_id = lea.influencer_id
    session.commit()
    elsewhere, stranger = saved(make.relationship(name="Ida")), known("Jo", known=False)

    response = compare(lea, mia, elsewhere, stranger)

    assert response.status_code == 200
    assert names(response.text) == ["Léa"]
    assert "3 of these are not among the people of" in response.text
    assert "Ida" not in response.text


def test_who_is_named_twice_stands_once_and_the_archived_say_so(saved, session, known, compare):
    lea = known("Léa", archived_at=TODAY)

    text = compare(lea, lea).text

    assert names(text) == ["Léa"]
    assert '<span class="tag">Archive</span>' in text


def test_the_list_sends_those_who_are_ticked(saved, client_of, lead, known):
    lea, mia = known("Léa"), known("Mia")
    elsewhere = saved(make.relationship())
    client = client_of(lead.user)

    response = client.post("/influencers/compare", data={"who": [mia.id, lea.id, elsewhere.id]})

    ids = f"id={mia.influencer_id}&id={lea.influencer_id}"
    assert response.location == f"/influencers/compare?{ids}"
    assert 'formaction="/influencers/compare"' in client.get("/influencers").text


@pytest.mark.parametrize("ticked", [0, 1, 6])
def test_too_few_or_too_many_go_back_to_the_list_with_a_sentence(client_of, lead, known, ticked):
    people = [known(f"Person {n}").id for n in range(ticked)]
    client = client_of(lead.user)

    response = client.post(
        "/influencers/compare", data={"who": people, "list": "sort=name"}, follow_redirects=True
    )

    assert response.request.full_path == "/influencers?sort=name"
    assert "Select two to five people to compare them." in response.text


def test_a_viewer_compares_from_a_persons_page(saved, client_of, lead, known):
    viewer, lea = saved(make.member(Role.VIEWER, brand=lead.brand)).user, known("Léa")
    client = client_of(viewer)

    page = client.get(f"/influencers/{lea.influencer_id}").text

    assert f'href="/influencers/compare?id={lea.influencer_id}"' in page
    assert client.get(f"/influencers/compare?id={lea.influencer_id}").status_code == 200


def test_scores_of_another_brand_are_not_shown(saved, session, lead, known, compare):
    lea = known("Léa")
    other = saved(make.relationship(influencer=lea.influencer, relevance=99.0, fit=98.0))
    session.add(
        Score(
            influencer_id=lea.influencer_id,
            relationship_id=other.id,
            kind=ScoreKind.RELEVANCE,
            day=TODAY.date(),
            value=99.0,
            reasons=[reasons.of_topic(1, "Secret", 0.5, 3, [], True)],
        )
    )
    ledger.rebuild(session)
    session.commit()

    text = compare(lea).text

    assert "Secret" not in text
    assert "Not known" in row(text, "Relevance")[0]
