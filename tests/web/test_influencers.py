"""The list of people, and one person's page."""

import datetime as dt
import re

import make
import pytest

from irm.directory import search, tags
from irm.ledger import relationships as ledger
from irm.models import NEVER, ContactPoint, Platform, Post, Role, Score, ScoreKind, Stage, Tier

HTMX = {"HX-Request": "true"}


@pytest.fixture
def lead(saved):
    """Ana, who leads her brand."""
    return saved(make.member(Role.LEAD))


def people(saved, session, lead, *names):
    made = [saved(make.relationship(brand=lead.brand, name=name)) for name in names]
    ledger.rebuild(session)
    session.commit()
    return made


def shown(page):
    return [part.split(">")[1].split("<")[0] for part in page.split('class="who"')[1:]]


def test_the_list_is_sorted_by_fit_unless_somebody_chooses(saved, session, client_of, lead):
    best = make.relationship(brand=lead.brand, name="Zoé", fit=90.0)
    saved(best)
    people(saved, session, lead, "Anna")
    client = client_of(lead.user)

    assert shown(client.get("/influencers").text) == ["Zoé", "Anna"]
    assert shown(client.get("/influencers?sort=name").text) == ["Anna", "Zoé"]


def test_pages_go_on_where_the_last_one_ended(saved, session, client_of, lead):
    people(saved, session, lead, *[f"Person {n:03d}" for n in range(60)])
    client = client_of(lead.user)

    first = client.get("/influencers?sort=name").text
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(following).text

    assert len(shown(first)) == 50
    assert shown(second) == [f"Person {n:03d}" for n in range(50, 60)]
    assert 'rel="next"' not in second


def test_a_filtered_count_comes_after_the_page(saved, session, client_of, lead):
    people(saved, session, lead, "Anna", "Anton", "Berta")
    client = client_of(lead.user)

    page = client.get("/influencers?q=an").text
    count = page.split('hx-get="/influencers/count')[1].split('"')[0].replace("&amp;", "&")

    assert sorted(shown(page)) == ["Anna", "Anton"]
    assert client.get(f"/influencers/count{count}", headers=HTMX).text == "2 people"


@pytest.mark.parametrize(
    "query",
    ["tier=macro", "stage=aware", "owner=0", "platform=tiktok", "sort=reach&stage=aware"],
)
def test_filters_find_who_fits(saved, session, client_of, lead, query):
    person = make.influencer(name="Zoé", tier=Tier.MACRO)
    saved(make.relationship(brand=lead.brand, influencer=person, stage=Stage.AWARE))
    saved(make.account(influencer=person, platform=Platform.TIKTOK, handle="zoe"))
    if query != "owner=0":
        people(saved, session, lead, "Anna")

    page = client_of(lead.user).get(f"/influencers?{query}").text

    assert shown(page) == ["Zoé"]
    assert "TikTok · zoe" in page


@pytest.mark.parametrize(
    "query",
    [
        "sort=fame",
        "stage=x",
        "platform=x%00y",
        "after=1~2~3",
        "after=nan~1",
        "after=50~" + "9" * 40,
        "sort=next&after=9999-99-99~1",
        "q=" + "%F0%9F%99%82" * 10_000,
    ],
)
def test_nonsense_in_the_address_is_refused(client_of, lead, query):
    response = client_of(lead.user).get(f"/influencers?{query}")

    assert response.status_code in (200, 400, 414, 422)
    if response.status_code == 200:
        assert "Nobody" in response.text


def test_nothing_that_a_row_shows_is_taken_for_markup(saved, session, client_of, lead):
    sign = '<b title="x">'
    person = make.influencer(name=f"Zoé {sign}", country=f"Fr {sign}", city=f"Lyon {sign}")
    card = saved(make.relationship(brand=lead.brand, influencer=person))
    saved(make.account(influencer=person, handle=f"zoe{sign}"))
    note = saved(make.interaction(relationship=card, summary=f"She likes {sign} plants"))
    search.index_note(session, note, card)
    tags.add(session, card, f"Food {sign}", user=lead.user, at=make.MONDAY)
    session.commit()
    client = client_of(lead.user)

    everybody = client.get("/influencers?columns=tags,country,city").text
    found = client.get("/influencers?q=plants").text

    assert "Food &lt;b" in everybody
    assert "Lyon &lt;b" in everybody
    assert "She likes &lt;b" in found
    assert sign not in everybody + found


def test_the_first_address_to_write_to_is_a_column_of_the_list_and_its_file(
    saved, session, client_of, lead
):
    anna, _berta = people(saved, session, lead, "Anna", "Berta")
    for kind, value in (
        ("phone", "+33 1"),
        ("email", "anna@example.com"),
        ("email", "a@b.example"),
    ):
        key = {"kind": kind, "value": value, "value_key": value}
        saved(ContactPoint(influencer_id=anna.influencer_id, **key))
    client = client_of(lead.user)

    page = client.get("/influencers?sort=name&columns=email").text
    sent = {"form": "csv", "list": "sort=name", "columns": "email"}
    file = client.post("/exports", data=sent).get_data(as_text=True)

    assert ">E-mail</th>" in page
    assert ">anna@example.com</td>" in page
    assert ">–</td>" in page
    assert "a@b.example" not in page
    assert [row.split(",")[-1] for row in file.splitlines()] == ["E-mail", "anna@example.com", ""]


def test_looking_somebody_up_gives_names_and_stages(saved, session, client_of, lead):
    (anna,) = people(saved, session, lead, "Anna")

    found = client_of(lead.user).get("/people?q=an", headers=HTMX).get_json()["people"]

    assert found == [
        {
            "relationship_id": anna.id,
            "name": "Anna",
            "note": "Unaware",
            "url": f"/influencers/{anna.influencer_id}",
        }
    ]


def test_the_page_of_a_person_explains_each_score(saved, session, client_of, lead):
    (anna,) = people(saved, session, lead, "Anna")
    why = [{"code": "reach.audience", "audience": 1000, "accounts": 1}]
    saved(
        Score(
            influencer_id=anna.influencer_id,
            kind=ScoreKind.REACH,
            day=dt.date(2026, 3, 1),
            value=37.5,
            reasons=why,
        )
    )

    page = client_of(lead.user).get(f"/influencers/{anna.influencer_id}").text

    assert "1,000 followers on one account." in page
    assert "The audience is not known; until it is, micro." in page
    assert "Not scored yet." in page


def test_accounts_are_linked_to_the_web_alone(saved, client_of, lead):
    person = make.influencer(name="Anna")
    saved(make.relationship(brand=lead.brand, influencer=person))
    saved(make.account(influencer=person, handle="good", url="https://example.com/good"))
    saved(make.account(influencer=person, handle="bad", url="javascript:alert(1)"))

    page = client_of(lead.user).get(f"/influencers/{person.id}").text

    assert 'href="https://example.com/good"' in page
    assert "javascript:" not in page
    assert "bad" in page


def test_the_timeline_goes_on_and_keeps_its_filter(saved, client_of, lead):
    anna = saved(make.relationship(brand=lead.brand, name="Anna"))
    for n in range(55):
        at = make.MONDAY + dt.timedelta(hours=n)
        saved(make.interaction(relationship=anna, summary=f"Note {n:02d}", happened_at=at))
    client = client_of(lead.user)

    page = client.get(f"/influencers/{anna.influencer_id}?only=interaction").text
    path = f"/influencers/{anna.influencer_id}/timeline"
    more = page.split(f'hx-get="{path}')[1].split('"')[0].replace("&amp;", "&")
    rest = client.get(path + more, headers=HTMX).text

    assert "Note 54" in page
    assert "Note 04" not in page
    assert "Note 04" in rest
    assert "only=interaction" in more


def test_nothing_on_the_timeline_is_taken_for_markup(saved, client_of, lead):
    sign = '<b title="x">'
    anna = saved(make.relationship(brand=lead.brand, name="Anna"))
    saved(make.interaction(relationship=anna, summary=f"Liked {sign}"))
    account = saved(make.account(influencer=anna.influencer))
    saved(
        Post(
            account_id=account.id,
            url=f"https://example.com/{sign}",
            text=f"My {sign}",
            published_at=make.MONDAY,
        )
    )

    page = client_of(lead.user).get(f"/influencers/{anna.influencer_id}").text

    assert "Liked &lt;b" in page
    assert "My &lt;b" in page
    assert 'href="https://example.com/&lt;b' in page
    assert sign not in page


@pytest.mark.parametrize("before", ["x", "9999-12-31~move~1", "2026-03-02T00:00:00~move~zz"])
def test_a_timeline_address_made_by_hand_is_refused(saved, client_of, lead, before):
    anna = saved(make.relationship(brand=lead.brand, name="Anna"))

    response = client_of(lead.user).get(
        f"/influencers/{anna.influencer_id}/timeline?before={before}", headers=HTMX
    )

    assert response.status_code in (200, 422)


@pytest.mark.parametrize("address", ["/influencers/999999", "/influencers/" + "9" * 40])
def test_nobody_by_that_number_is_a_404(client_of, lead, address):
    assert client_of(lead.user).get(address).status_code == 404


def test_a_person_of_another_brand_does_not_exist(saved, client_of, lead):
    stranger = saved(make.relationship(name="Somebody else"))

    response = client_of(lead.user).get(f"/influencers/{stranger.influencer_id}")

    assert response.status_code == 404
    assert "Somebody else" not in response.text


def test_a_person_of_another_of_ones_brands_is_shown_without_a_relationship(saved, client_of, lead):
    other = saved(make.member(Role.LEAD, user=lead.user))
    elsewhere = saved(make.relationship(brand=other.brand, name="Zoé"))

    page = (
        client_of(lead.user)
        .get(f"/influencers/{elsewhere.influencer_id}?brand={lead.brand.id}")
        .text
    )

    assert "Zoé" in page
    assert "has no relationship with this person" in page
    assert "composer" not in page


def test_never_is_the_last_day_of_all(saved, session, lead):
    (anna,) = people(saved, session, lead, "Anna")

    assert anna.next_order == NEVER


def test_a_page_says_how_to_reach_the_person(saved, client_of):
    lead = saved(make.member(Role.LEAD))
    card = saved(make.relationship(brand=lead.brand, name="Zoé"))
    saved(make.account(influencer=card.influencer, handle="zoe.cooks", followers=12_000))
    saved(
        ContactPoint(
            influencer_id=card.influencer_id,
            kind="email",
            value="zoe@example.com",
            value_key="zoe@example.com",
        )
    )

    page = client_of(lead.user).get(f"/influencers/{card.influencer_id}").text

    assert 'href="mailto:zoe@example.com"' in page
    assert "zoe.cooks" in page


@pytest.mark.parametrize("score", ["fit", "relevance", "resonance", "reach"])
def test_a_head_sorts_by_its_score_and_turns_it_round_with_the_unknown_last_both_ways(
    saved, session, client_of, lead, score
):
    for name, value in (("High", 80.0), ("Low", 5.0), ("Unknown", None)):
        person = make.influencer(name=name, **dict.fromkeys(("reach", "resonance"), value))
        saved(make.relationship(brand=lead.brand, influencer=person, relevance=value, fit=value))
    ledger.rebuild(session)
    session.commit()
    client = client_of(lead.user)

    high = client.get(f"/influencers?sort={score}").text
    low = client.get(f"/influencers?sort={score}-low").text

    assert shown(high) == ["High", "Low", "Unknown"]
    assert shown(low) == ["Low", "High", "Unknown"]
    head = rf'<th scope="col" class="num" aria-sort="%s"><a href="/influencers\?sort=%s">{score}<'
    assert re.search(head % ("descending", f"{score}-low"), high, re.IGNORECASE)
    assert re.search(head % ("ascending", score), low, re.IGNORECASE)


def test_an_order_is_kept_in_a_view_and_on_the_next_page(saved, session, client_of, lead):
    for n in range(52):
        fit = None if n < 2 else float(n)
        saved(make.relationship(brand=lead.brand, name=f"Person {n:02d}", fit=fit))
    ledger.rebuild(session)
    session.commit()
    view = saved(make.view(brand_id=lead.brand_id, user_id=lead.user_id, query="sort=fit-low"))
    client = client_of(lead.user)

    first = client.get(f"/influencers?view={view.id}").text
    following = re.search(r'rel="next" href="([^"]*)"', first)[1].replace("&amp;", "&")
    second = client.get(following).text

    assert shown(first) == [f"Person {n:02d}" for n in range(2, 52)]
    assert sorted(shown(second)) == ["Person 00", "Person 01"]


def test_each_score_of_the_list_leads_to_its_reasons(saved, session, client_of, lead):
    one = saved(make.relationship(brand=lead.brand, name="Anna", fit=64.0))

    page = client_of(lead.user).get("/influencers").text

    href = f"/influencers/{one.influencer_id}/scores"
    assert f'<td class="num"><a href="{href}#fit">64</a></td>' in page
    # What is not known has its reasons too.
    assert f'<a href="{href}#resonance">–</a>' in page
    assert page.count(f'<a href="{href}#reach">') == 2
