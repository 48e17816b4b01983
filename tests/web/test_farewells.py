"""Archive, dossier and erasure from the page: who may, and what is asked first."""

import io
import zipfile

import make
import pytest
from sqlalchemy import select

from irm.directory import traces
from irm.models import AuditEntry, Role, Snapshot, Task, User
from irm.web import dossiers, history


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def lea(saved, lead):
    return saved(make.relationship(brand=lead.brand, name="Léa Petit")).influencer


def test_a_person_is_put_away_and_taken_back(session, client_of, lead, lea):
    client = client_of(lead.user)
    page = client.post(f"/influencers/{lea.id}/archive", follow_redirects=True).text
    assert "In the archive since" in page
    assert "Léa Petit" not in client.get("/influencers").text

    client.post(f"/influencers/{lea.id}/restore")

    assert "Léa Petit" in client.get("/influencers").text


def test_one_click_gives_a_zip_of_everything(session, client_of, lead, lea):
    response = client_of(lead.user).post(f"/influencers/{lea.id}/dossier")

    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        assert "Léa Petit" in archive.read("person.json").decode()
        assert "Léa Petit" in archive.read("README.txt").decode()
    assert session.scalars(select(AuditEntry.action)).all() == ["person.exported"]


@pytest.mark.parametrize(("locale", "first"), [("en", "Everything"), ("fr", "Tout")])
def test_its_readme_names_each_file_and_each_right_in_both_languages(
    session, client_of, lead, lea, locale, first
):
    session.get_one(User, lead.user_id).locale = locale
    lea.lawful_basis = "consent"
    session.commit()

    response = client_of(lead.user).post(f"/influencers/{lea.id}/dossier")

    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        readme = archive.read("README.txt").decode()
        inside = [name for name in archive.namelist() if name != "README.txt"]
    assert readme.startswith(first)
    assert all(readme.count(f"\n{name}: ") == 2 for name in inside)
    assert "Why it may be kept: Consent (GDPR, article 6 paragraph 1)." in readme
    assert readme.count("article 77") == 2
    assert "withdrawn at any time" in readme


def test_its_readme_has_a_word_for_every_table_that_can_be_in_it():
    tables = {*traces.theirs([1]), *traces.mentions([1])}
    beside = {"import_steps", "outbox", "audit_entries", "tasks"}

    assert {table.name for table in tables} | beside == set(dossiers.TABLES)


def test_the_name_has_to_be_typed(session, client_of, lead, lea):
    client = client_of(lead.user)
    address = f"/influencers/{lea.id}/erase"
    assert "What is kept, and why" in client.get(address).text

    wrong = client.post(address, data={"name": "Lea"})
    assert wrong.status_code == 422
    assert session.scalars(select(Task)).all() == []
    done = client.post(address, data={"name": "lea petit"}, follow_redirects=True)

    task = session.scalars(select(Task)).one()
    made = {"influencer_id": lea.id, "created_at": lea.created_at.isoformat()}
    assert (task.kind, task.arguments) == ("erase", made)
    assert "The person is being erased" in done.text


@pytest.mark.parametrize("what", ["dossier", "erase", "archive"])
def test_whom_another_brand_knows_is_left_to_an_administrator(saved, client_of, lead, lea, what):
    saved(make.relationship(influencer=lea))
    admin = saved(make.user(is_admin=True))
    address = f"/influencers/{lea.id}/{what}"

    refused = client_of(lead.user).post(address, data={"name": lea.name})
    allowed = client_of(admin).post(address, data={"name": lea.name})

    assert refused.status_code == 403
    assert "Another brand knows this person" in refused.text
    assert allowed.status_code in (200, 303)


def test_followers_are_drawn_and_listed(session, saved, client_of, lead, lea):
    account = saved(make.account(influencer=lea))
    days = [make.MONDAY.date().replace(day=n) for n in (2, 9, 16)]
    session.add_all(
        Snapshot(account_id=account.id, day=day, followers=1000 * n)
        for n, day in enumerate(days, 1)
    )
    session.commit()

    page = client_of(lead.user).get(f"/influencers/{lea.id}/history").text

    assert page.count("<polyline") == 1
    assert page.index("3,000") < page.index("1,000</td>")


def test_a_drawing_runs_from_edge_to_edge():
    days = [make.MONDAY.date().replace(day=n) for n in (2, 3, 10)]

    assert history.points(days, [10, 20, 10]) == "4.0,68.0 40.5,4.0 296.0,68.0"
    assert history.points(days[:1], [10]) == "4.0,36.0"


@pytest.mark.parametrize("what", ["dossier", "erase"])
def test_whom_another_brand_looks_at_is_left_to_an_administrator_too(
    saved, client_of, lead, lea, what
):
    saved(make.prospect(brand_id=saved(make.brand()).id, influencer_id=lea.id))

    refused = client_of(lead.user).post(f"/influencers/{lea.id}/{what}", data={"name": lea.name})

    assert refused.status_code == 403
