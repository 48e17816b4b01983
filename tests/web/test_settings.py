"""What a colleague sets for herself, and a lead for the brand."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.directory import tags
from irm.models import AuditEntry, Notice, RelationshipTag, Role, Tag, Task, Topic

PROFILE = {
    "name": "Ana Lopes",
    "locale": "en",
    "timezone": "Europe/Paris",
    "digest_hour": "7",
    "digest_days": "working",
    "letter_keys": "y",
}


@pytest.fixture
def lead(saved):
    """Ana, who leads her brand."""
    return saved(make.member(Role.LEAD))


def test_the_profile_is_kept_and_sets_the_next_digest(session, client_of, lead):
    response = client_of(lead.user).post("/settings/profile", data=PROFILE)

    assert response.status_code == 303
    session.refresh(lead.user)
    assert (lead.user.name, lead.user.timezone, lead.user.digest_hour) == (
        "Ana Lopes",
        "Europe/Paris",
        7,
    )
    assert lead.user.next_digest_at.astimezone(lead.user.zone).hour == 7


def test_no_digest_is_a_choice(session, client_of, lead):
    client_of(lead.user).post("/settings/profile", data=PROFILE | {"digest_hour": ""})

    session.refresh(lead.user)
    assert (lead.user.digest_hour, lead.user.next_digest_at) == (None, None)


def test_keys_of_one_letter_can_be_switched_off(client_of, lead):
    client = client_of(lead.user)
    assert 'data-keys="off"' not in client.get("/today").text

    client.post("/settings/profile", data={k: v for k, v in PROFILE.items() if k != "letter_keys"})

    assert 'data-keys="off"' in client.get("/today").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "🙂" * 10_000},
        {"locale": "xx"},
        {"timezone": "Mars/Olympus"},
        {"digest_hour": "25"},
        {"digest_hour": "soon"},
    ],
)
def test_a_profile_of_nonsense_is_refused_at_its_field(session, client_of, lead, wrong):
    before = lead.user.name

    response = client_of(lead.user).post("/settings/profile", data=PROFILE | wrong)

    assert response.status_code == 422
    assert "form-error" in response.text
    session.refresh(lead.user)
    assert lead.user.name == before


@pytest.mark.parametrize(
    ("locale", "said"),
    [("en", "Choose one from the list."), ("fr", "Faites un choix dans la liste.")],
)
def test_a_value_that_cannot_be_is_answered_with_what_to_do(saved, client_of, locale, said):
    ana = saved(make.member(Role.LEAD, user=make.user(locale=locale))).user

    page = client_of(ana).post("/settings/profile", data=PROFILE | {"timezone": "Mars"}).text

    assert page.count(said) == 1


def test_the_language_changes_from_the_menu(client_of, lead):
    client = client_of(lead.user)

    client.post("/settings/language", data={"locale": "fr"})

    assert '<html lang="fr"' in client.get("/today").text


def test_that_the_profile_is_saved_is_said_in_the_language_just_chosen(client_of, lead):
    client = client_of(lead.user)

    saved = client.post("/settings/profile", data=PROFILE | {"locale": "fr"})

    assert "Votre profil est enregistré." in client.get(saved.location).text


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_rendered_from_its_cookie(client_of, lead, theme):
    client = client_of(lead.user)
    client.set_cookie("theme", theme)

    assert f'data-bs-theme="{theme}"' in client.get("/today").text


def test_a_theme_of_nonsense_is_light(client_of, lead):
    client = client_of(lead.user)
    client.set_cookie("theme", '"><script>')

    assert 'data-bs-theme="light"' in client.get("/today").text


def test_saving_a_topic_queues_a_rescoring(session, client_of, lead):
    response = client_of(lead.user).post(
        "/settings/topics",
        data={"name": "Repair", "keywords": "repair, mend; repair\nréparer", "weight": "0.8"},
    )

    assert response.status_code == 303
    topic = session.scalars(select(Topic)).one()
    assert (topic.keywords, topic.weight) == (["repair", "mend", "réparer"], 0.8)
    task = session.scalars(select(Task)).one()
    assert (task.kind, task.brand_id) == ("score", lead.brand.id)


def test_a_topic_is_changed_and_removed(session, saved, client_of, lead):
    topic = saved(make.topic(brand_id=lead.brand.id, name="Repair"))
    client = client_of(lead.user)
    values = {"name": "Mending", "keywords": "mend", "weight": "1"}

    assert client.post(f"/settings/topics/{topic.id}", data=values).status_code == 303
    session.refresh(topic)
    assert topic.name == "Mending"

    assert client.post(f"/settings/topics/{topic.id}/delete").status_code == 303
    assert session.scalars(select(Topic)).all() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "🙂" * 10_000},
        {"name": "repair"},
        {"keywords": ""},
        {"keywords": ", ;"},
        {"keywords": ",".join(f"w{n}" for n in range(500))},
        {"keywords": "x" * 1000},
        {"weight": "7"},
        {"weight": "nan"},
        {"weight": "heavy"},
    ],
)
def test_a_topic_of_nonsense_is_refused(session, saved, client_of, lead, wrong):
    saved(make.topic(brand_id=lead.brand.id, name="Repair"))
    values = {"name": "Plants", "keywords": "plant", "weight": "1"} | wrong

    response = client_of(lead.user).post("/settings/topics", data=values)

    assert response.status_code == 422
    assert "form-error" in response.text
    assert len(session.scalars(select(Topic)).all()) == 1
    assert session.scalars(select(Task)).all() == []


def test_a_manager_may_not_change_the_brand(saved, client_of, lead):
    ravi = saved(make.member(Role.MANAGER, brand=lead.brand)).user
    topic = saved(make.topic(brand_id=lead.brand.id))
    client = client_of(ravi)

    assert client.get("/settings/brand").status_code == 403
    assert client.post("/settings/brand", data={"name": "Mine"}).status_code == 403
    assert client.post(f"/settings/topics/{topic.id}/delete").status_code == 403


def test_a_brand_has_a_name_of_its_own(session, saved, client_of, lead):
    saved(make.brand(name="Northlight"))
    client = client_of(lead.user)

    assert client.post("/settings/brand", data={"name": "northlight"}).status_code == 422
    assert client.post("/settings/brand", data={"name": "Maison Verte"}).status_code == 303
    session.refresh(lead.brand)
    assert lead.brand.name == "Maison Verte"


@pytest.fixture
def food(session, saved, lead):
    """The tag “food”, which one person has."""
    card = saved(make.relationship(brand=lead.brand))
    tag = tags.named(session, lead.brand_id, "food")
    tags.put(session, card.id, tag.id)
    session.commit()
    return tag.id


def test_a_tag_is_renamed_wherever_it_is(session, client_of, lead, food):
    client = client_of(lead.user)
    assert "1 person" in client.get("/settings/brand").text

    response = client.post(f"/settings/tags/{food}", data={"name": " Cuisine  d’été "})

    assert response.status_code == 303
    session.expire_all()
    assert session.get(Tag, food).name == "Cuisine d’été"
    assert session.scalars(select(RelationshipTag.tag_id)).all() == [food]
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.ids["change"]) == ("tag.changed", "renamed")


@pytest.mark.parametrize("name", ["", "x" * 61, "a,b", "-food", "Été"])
def test_a_name_no_tag_can_have_comes_back_with_a_sentence(session, client_of, lead, food, name):
    tags.named(session, lead.brand_id, "ete")
    session.commit()

    response = client_of(lead.user).post(f"/settings/tags/{food}", data={"name": name})

    assert response.status_code == 422
    assert f'value="{name}"' in response.text
    assert 'class="form-error' in response.text
    session.expire_all()
    assert session.get(Tag, food).name == "food"


def test_a_dropped_tag_comes_off_everybody(session, client_of, lead, food):
    assert client_of(lead.user).post(f"/settings/tags/{food}/delete").status_code == 303

    assert session.scalars(select(Tag)).all() == []
    assert session.scalars(select(RelationshipTag)).all() == []


def test_tags_are_renamed_and_dropped_by_a_lead_of_their_brand(saved, client_of, lead, food):
    manager = client_of(saved(make.member(Role.MANAGER, brand=lead.brand)).user)
    stranger = client_of(saved(make.member(Role.LEAD)).user)

    for address in (f"/settings/tags/{food}", f"/settings/tags/{food}/delete"):
        assert manager.post(address, data={"name": "x"}).status_code == 403
        assert stranger.post(address, data={"name": "x"}).status_code == 404


def test_she_chooses_the_days_of_her_digest(session, client_of, lead):
    client = client_of(lead.user)
    client.post("/settings/profile", data=PROFILE | {"digest_days": "every"})
    session.refresh(lead.user)
    assert lead.user.digest_on_days_off

    client.post("/settings/profile", data=PROFILE)
    session.refresh(lead.user)
    assert not lead.user.digest_on_days_off


def test_what_is_not_ticked_is_not_mailed(session, client_of, lead):
    client = client_of(lead.user)
    assert client.get("/settings/profile").text.count('name="wanted"') == len(Notice)

    client.post("/settings/profile", data=PROFILE | {"wanted": ["weekly", "mention"]})

    session.refresh(lead.user)
    assert [notice for notice in Notice if lead.user.wants(notice)] == [
        Notice.WEEKLY,
        Notice.MENTION,
    ]


def test_who_leads_nothing_is_not_asked_about_the_week_and_keeps_what_she_said(
    session, saved, client_of
):
    ana = saved(make.member(Role.MANAGER, user=make.user(unwanted=["weekly"]))).user
    client = client_of(ana)
    assert 'value="weekly"' not in client.get("/settings/profile").text

    client.post("/settings/profile", data=PROFILE | {"wanted": [notice.value for notice in Notice]})

    session.refresh(ana)
    assert ana.unwanted == ["weekly"]


def test_another_hour_moves_the_week_of_a_lead_on_its_day(session, client_of, lead):
    monday = dt.datetime(2200, 3, 3, 7, tzinfo=dt.UTC)
    lead.user.timezone, lead.user.next_weekly_at = "Europe/Paris", monday
    session.commit()

    client_of(lead.user).post("/settings/profile", data=PROFILE | {"digest_hour": "10"})

    session.refresh(lead.user)
    assert lead.user.next_weekly_at == monday + dt.timedelta(hours=2)
