"""The discovery worksheet: left and taken up at any step, and topics at its end."""

import re

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from irm.directory import worksheet
from irm.directory.worksheet import Theme, Worksheet
from irm.models import Platform, Role, Task, Topic
from tests.jobs.erased import erase

ADDRESS = "/discovery/worksheet"


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def client(client_of, lead):
    return client_of(lead.user)


def write(client, step, go="next", **fields):
    return client.post(ADDRESS, data={"step": step, "go": go, **fields}, follow_redirects=True)


def theme(at, name, keywords, weight=""):
    return {f"name-{at}": name, f"keywords-{at}": keywords, f"weight-{at}": weight}


def kept(session, lead):
    session.expire_all()
    return worksheet.load(session, lead.brand_id)


def test_it_leads_from_a_promise_to_topics(session, client, lead):
    assert "What does your brand promise" in client.get(ADDRESS).text
    page = write(client, 1, promise="Tools that last a lifetime").text
    assert "Tools that last a lifetime" in page
    page = write(client, 2, interests="Repair instead of buying new\n\nzero waste cooking").text
    assert 'value="Repair instead of buying new"' in page
    assert "zero waste cooking, zero, waste, cooking" in page
    page = write(
        client, 3, **theme(0, "Repair", "repair, mend"), **theme(1, "Cooking", "cuisine", "0,5")
    ).text
    assert "Who leads these conversations already" in page

    page = write(client, 4, "finish", people="mira").text

    assert "2 topics were made" in page
    topics = session.scalars(select(Topic).order_by(Topic.id)).all()
    assert [(one.name, one.keywords, one.weight) for one in topics] == [
        ("Repair", ["repair", "mend"], 1.0),
        ("Cooking", ["cuisine"], 0.5),
    ]
    assert session.scalars(select(Task.kind)).all() == ["score"]


def test_it_is_taken_up_where_it_was_left_by_any_lead_of_the_brand(
    session, saved, client, client_of, lead
):
    write(client, 1, promise="Tools")
    write(client, 2, "leave", interests="repair")
    other = client_of(saved(make.member(Role.LEAD, brand=lead.brand)).user)

    page = other.get(ADDRESS).text

    assert "What interests your customers" in page
    assert "repair" in page
    assert kept(session, lead) == Worksheet("Tools", ("repair",), step=2)


def test_each_brand_has_its_own(client_of, saved, client):
    write(client, 1, "leave", promise="A secret of ours")
    stranger = client_of(saved(make.member(Role.LEAD)).user)

    assert "A secret of ours" not in stranger.get(ADDRESS).text
    assert "A secret of ours" not in stranger.get(f"{ADDRESS}/whole").text


def test_the_whole_sheet_stands_on_one_page(client):
    write(client, 1, promise="Tools that last")
    write(client, 2, interests="repair")
    write(client, 3, **theme(0, "Repair", "repair, mend", "0.5"))
    write(client, 4, "leave", people="@mira")

    page = client.get(f"{ADDRESS}/whole").text

    for text in ("Tools that last", "repair, mend", "weight 0.5", "@mira"):
        assert text in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (theme(0, "", "repair"), "Give each theme a name."),
        (theme(0, "Repair", " , "), "needs at least one keyword"),
        (theme(0, "Repair", "mend", "2"), "is a number from 0 to 1"),
        (theme(0, "Repair", "mend", "nan"), "is a number from 0 to 1"),
        (theme(0, "R" * 81, "mend"), "A name is too long"),
        (theme(0, "Repair", "m" * 81), "at most"),
        (theme(0, "Repair", "mend") | theme(1, "repair", "fix"), "Two themes are called"),
    ],
)
def test_a_theme_that_cannot_be_is_said_and_what_was_typed_stays(
    session, client, lead, fields, sentence
):
    answer = write(client, 3, **fields)

    assert answer.status_code == 422
    assert sentence in answer.text
    first = next(text for text in fields.values() if text.strip(" ,"))
    assert f'value="{first}"' in answer.text
    assert kept(session, lead) == Worksheet()


@pytest.mark.parametrize(("topic", "named"), [("Repair", "repair"), ("Équitation", "Équitation")])
def test_a_theme_that_is_a_topic_already_is_left_as_it_is(
    session, saved, client, lead, topic, named
):
    saved(make.topic(brand_id=lead.brand_id, name=topic, keywords=["old"]))
    write(client, 3, **theme(0, named, "new"))
    assert "A topic already" in client.get(f"{ADDRESS}?step=3").text

    page = write(client, 4, "finish").text

    assert "Every theme was a topic already" in page
    assert session.scalars(select(Topic.keywords)).all() == [["old"]]
    assert session.scalars(select(Task)).all() == []


def test_without_a_theme_there_is_nothing_to_make(session, client):
    answer = write(client, 4, "finish")

    assert answer.status_code == 422
    assert "Name at least one theme first" in answer.text
    assert session.scalars(select(Topic)).all() == []


def test_those_who_are_named_are_found_by_handle_or_name_where_the_brand_knows_them(
    session, saved, client, lead
):
    card = saved(make.relationship(brand=lead.brand, name="Éloïse Martin"))
    account = saved(make.account(handle="Mira.Mends", platform=Platform.TIKTOK))
    saved(make.prospect(brand_id=lead.brand_id, influencer_id=account.influencer_id))
    hidden = saved(make.account(handle="hidden"))
    saved(make.relationship(influencer=hidden.influencer))

    page = write(client, 4, "more", people="eloise martin\n@mira.mends\nhidden\nnobody").text

    assert f'href="/influencers/{card.influencer_id}"' in page
    assert f'href="/influencers/{account.influencer_id}"' in page
    assert f'href="/influencers/{hidden.influencer_id}"' not in page
    assert len(re.findall("not here yet", page)) == 2
    assert "in Discovery" in page


@pytest.mark.parametrize("role", [Role.MANAGER, Role.VIEWER])
def test_it_is_for_leads(saved, client_of, role):
    client = client_of(saved(make.member(role)).user)

    assert client.get(ADDRESS).status_code == 403
    assert write(client, 1, promise="x").status_code == 403


MANY_LINES = "\n".join(str(n) for n in range(40))


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        (1, {"promise": "x" * 2001}),
        (2, {"interests": MANY_LINES}),
        (4, {"people": "x" * 201}),
    ],
)
def test_what_is_too_long_is_refused_in_a_sentence(session, client, lead, step, fields):
    answer = write(client, step, **fields)

    assert answer.status_code == 422
    assert "at most" in answer.text
    assert kept(session, lead) == Worksheet()


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=90)


@given(st.lists(texts, max_size=5))
def test_whatever_the_interests_are_the_themes_they_suggest_have_a_name_and_keywords(interests):
    for one in worksheet.suggested(interests):
        assert one.name == one.name.strip()
        assert 0 < len(one.name) <= 80
        assert one.keywords


@given(
    st.builds(
        Worksheet,
        promise=texts,
        interests=st.lists(texts, max_size=3).map(tuple),
        themes=st.lists(
            st.builds(Theme, texts, st.lists(texts, max_size=3).map(tuple), st.floats(0, 1)),
            max_size=3,
        ).map(tuple),
        people=st.lists(texts, max_size=3).map(tuple),
        step=st.integers(1, 4),
    )
)
def test_a_worksheet_is_kept_as_it_is(sheet):
    assert Worksheet.from_json(sheet.to_json()) == sheet


def test_suggestions_leave_out_words_that_say_nothing():
    assert worksheet.suggested(["Mieux cuisiner avec les enfants"]) == [
        Theme("Mieux cuisiner avec les enfants", ("cuisiner", "enfants"))
    ]


def test_who_is_erased_is_named_on_no_worksheet_any_more(app, session, saved, client, lead):
    account = saved(
        make.account(handle="mira.mends", influencer=make.influencer(name="Mira Okafor"))
    )
    saved(make.relationship(brand=lead.brand, influencer=account.influencer))
    write(client, 1, promise="As Mira Okafor says: mend it")
    write(client, 4, "leave", people="@mira.mends\nMira Okafor\nsomebody.else")

    erase(app, session, account.influencer_id)

    sheet = kept(session, lead)
    assert sheet.people == ("somebody.else",)
    assert "Mira" not in sheet.promise
