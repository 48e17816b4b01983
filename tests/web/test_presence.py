"""Accounts, contacts and tags on the page; adding a person by hand."""

import make
import pytest
from sqlalchemy import func, select

from irm.directory import erasure
from irm.models import (
    Account,
    ContactPoint,
    ErasedKey,
    Erasure,
    Influencer,
    Platform,
    Relationship,
    Role,
    StageMove,
    Tag,
)

NEW = {
    "name": "Mira Okafor",
    "handle": "https://www.instagram.com/Mira.Mends/",
    "platform": "",
    "email": "Mira@example.com",
    "source": "Met at a fair",
    "lawful_basis": "consent",
}


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def lea(saved, lead):
    return saved(make.relationship(brand=lead.brand, name="Léa Petit")).influencer


def test_an_account_is_added_by_its_pasted_address(session, client_of, lead, lea):
    page = client_of(lead.user).post(
        f"/influencers/{lea.id}/presence",
        data={"platform": "", "handle": "https://www.tiktok.com/@lea.mends"},
        follow_redirects=True,
    )

    account = session.scalars(select(Account)).one()
    assert (account.platform, account.handle) == (Platform.TIKTOK, "lea.mends")
    assert "lea.mends added." in page.text


def test_whose_account_it_is_stands_with_the_refusal(saved, client_of, lead, lea):
    other = saved(make.relationship(brand=lead.brand, name="Hugo Blanc"))
    saved(make.account(influencer=other.influencer, handle="hugo"))

    response = client_of(lead.user).post(
        f"/influencers/{lea.id}/presence", data={"platform": "instagram", "handle": "@Hugo"}
    )

    assert response.status_code == 409
    assert f'href="/influencers/{other.influencer_id}">To the page of Hugo Blanc' in response.text


def test_a_name_that_is_not_theirs_to_see_is_not_given_away(saved, client_of, lead, lea):
    saved(
        make.account(
            influencer=saved(make.relationship(name="Hugo Blanc")).influencer, handle="hugo"
        )
    )

    response = client_of(lead.user).post(
        f"/influencers/{lea.id}/presence", data={"platform": "instagram", "handle": "hugo"}
    )

    assert response.status_code == 409
    assert "Hugo Blanc" not in response.text


def test_an_account_of_somebody_else_is_not_changed_through_a_person(saved, client_of, lead, lea):
    foreign = saved(make.account())

    response = client_of(lead.user).post(
        f"/influencers/{lea.id}/accounts/change", data={"account": foreign.id, "what": "remove"}
    )

    assert response.status_code == 404


def test_an_address_and_a_number_are_kept_at_once(session, client_of, lead, lea):
    values = {"email": "lea@example.com", "phone": "+33 6 12 34 56 78", "handle": ""}

    page = client_of(lead.user).post(
        f"/influencers/{lea.id}/presence", data=values, follow_redirects=True
    )

    kinds = session.scalars(select(ContactPoint.kind).order_by(ContactPoint.kind)).all()
    assert kinds == ["email", "phone"]
    assert "lea@example.com, +33 6 12 34 56 78 added." in page.text


def test_what_is_refused_stays_typed_and_the_rest_is_kept(session, saved, client_of, lead, lea):
    other = saved(make.relationship(brand=lead.brand, name="Hugo Blanc"))
    theirs = {"kind": "email", "value": "hugo@example.com", "value_key": "hugo@example.com"}
    saved(ContactPoint(influencer_id=other.influencer_id, **theirs))
    values = {"email": "hugo@example.com", "phone": "+33612345678", "website": "no site"}

    response = client_of(lead.user).post(f"/influencers/{lea.id}/presence", data=values)

    assert response.status_code == 409
    page = response.text
    mine = select(ContactPoint.value).where(ContactPoint.influencer_id == lea.id)
    assert session.scalars(mine).all() == ["+33612345678"]
    assert "+33612345678 added." in page
    assert 'name="phone" type="text" value=""' in page
    assert 'name="email" type="text" value="hugo@example.com"' in page
    assert 'id="email-fault">hugo@example.com belongs to somebody' in page
    assert f'href="/influencers/{other.influencer_id}">To the page of Hugo Blanc' in page
    assert 'name="website" type="text" value="no site"' in page
    assert "is not the address of a website" in page


def test_nothing_filled_in_is_said(client_of, lead, lea):
    response = client_of(lead.user).post(f"/influencers/{lea.id}/presence", data={})

    assert response.status_code == 422
    assert "Write an account, an address or a number." in response.text


def test_a_contact_that_was_removed_is_put_back(session, client_of, lead, lea):
    client = client_of(lead.user)
    client.post(f"/influencers/{lea.id}/presence", data={"email": "lea@example.com"})
    point = session.scalars(select(ContactPoint)).one()
    client.post(f"/influencers/{lea.id}/contacts/remove", data={"contact": point.id})
    session.expire_all()
    assert session.scalars(select(ContactPoint)).all() == []

    back = {"kind": "email", "value": "lea@example.com"}
    wrong = client.post(f"/influencers/{lea.id}/contacts", data={**back, "value": "lea"})
    client.post(f"/influencers/{lea.id}/contacts", data=back)

    assert wrong.status_code == 422
    assert session.scalars(select(ContactPoint.value)).all() == ["lea@example.com"]


def test_a_tag_is_put_on_and_taken_off(session, client_of, lead, lea):
    client = client_of(lead.user)
    card = session.scalars(select(Relationship)).one()
    page = client.post(
        f"/relationships/{card.id}/tags", data={"name": "Repair"}, follow_redirects=True
    ).text
    assert "Take off the tag Repair" in page
    tag = session.scalars(select(Tag)).one()

    page = client.post(
        f"/relationships/{card.id}/tags/remove", data={"tag": tag.id}, follow_redirects=True
    ).text

    assert "Take off the tag Repair" not in page


def test_somebody_added_by_hand_begins_at_unaware(session, client_of, lead):
    response = client_of(lead.user).post("/influencers/new", data=NEW)

    made = session.scalars(select(Influencer)).one()
    assert response.headers["Location"] == f"/influencers/{made.id}"
    assert (made.source, made.lawful_basis) == ("Met at a fair", "consent")
    card = session.scalars(select(Relationship)).one()
    assert (card.stage.value, card.owner_id) == ("unaware", lead.user_id)
    assert session.scalar(select(func.count()).select_from(StageMove)) == 1


@pytest.mark.parametrize("missing", ["name", "source", "lawful_basis"])
def test_what_the_law_asks_for_must_be_there(session, client_of, lead, missing):
    response = client_of(lead.user).post("/influencers/new", data={**NEW, missing: ""})

    assert response.status_code == 422
    assert session.scalars(select(Influencer)).all() == []


def test_the_same_account_leads_to_who_has_it(saved, session, client_of, lead, lea):
    saved(make.account(influencer=lea, handle="mira.mends"))

    response = client_of(lead.user).post("/influencers/new", data=NEW)

    assert response.status_code == 409
    assert f'href="/influencers/{lea.id}">Léa Petit' in response.text
    assert session.scalar(select(func.count()).select_from(Influencer)) == 1


def test_a_namesake_is_shown_first_and_may_be_another(saved, session, client_of, lead):
    saved(make.relationship(brand=lead.brand, name="Mira Okafor"))
    client = client_of(lead.user)

    shown = client.post("/influencers/new", data=NEW)
    assert shown.status_code == 409
    assert "May be the same as" in shown.text
    assert client.post("/influencers/new", data={**NEW, "is_another": "y"}).status_code == 303
    assert session.scalar(select(func.count()).select_from(Influencer)) == 2


def test_whom_another_brand_knows_may_be_joined_but_is_not_named(saved, session, client_of, lead):
    foreign = saved(make.relationship(name="Mira of Somewhere"))
    saved(make.account(influencer=foreign.influencer, handle="mira.mends"))
    client = client_of(lead.user)
    assert "Mira of Somewhere" not in client.get("/influencers/new").text

    shown = client.post("/influencers/new", data=NEW)
    assert (shown.status_code, "Mira of Somewhere" in shown.text) == (409, False)
    assert "somebody whom your organisation knows already" in shown.text
    wrong = client.post("/influencers/new", data={**NEW, "joins": foreign.influencer_id + 1})
    assert wrong.status_code == 409
    joined = client.post("/influencers/new", data={**NEW, "joins": foreign.influencer_id})

    assert joined.status_code == 303
    brands = session.scalars(select(Relationship.brand_id)).all()
    assert sorted(brands) == sorted([foreign.brand_id, lead.brand_id])


def test_whom_another_brand_of_hers_knows_is_named(saved, client_of, lead):
    foreign = saved(make.relationship(name="Mira of Somewhere"))
    saved(make.account(influencer=foreign.influencer, handle="mira.mends"))
    saved(make.member(Role.VIEWER, user=lead.user, brand=foreign.brand))
    client = client_of(lead.user)

    shown = client.post(f"/influencers/new?brand={lead.brand_id}", data=NEW)

    assert (shown.status_code, "Mira of Somewhere" in shown.text) == (409, True)


def test_a_key_has_to_match_to_join(saved, session, client_of, lead):
    foreign = saved(make.relationship(name="Mira of Somewhere"))

    client_of(lead.user).post("/influencers/new", data={**NEW, "joins": foreign.influencer_id})

    assert (
        lead.brand_id
        not in session.scalars(
            select(Relationship.brand_id).where(Relationship.influencer_id == foreign.influencer_id)
        ).all()
    )


def test_who_was_erased_is_not_added_again(session, client_of, lead):
    erased = Erasure(influencer_id=1, at=make.MONDAY)
    session.add(erased)
    session.flush()
    theirs = erasure.key_hash(erasure.salt(session), "account", "instagram:mira.mends")
    session.add(ErasedKey(key_hash=theirs, erasure_id=erased.id))
    session.commit()

    response = client_of(lead.user).post("/influencers/new", data=NEW)

    assert response.status_code == 422
    assert "erased on request" in response.text


def keep(session, erased, *keys):
    """Keep keys of somebody who was erased, as the erasure does."""
    session.add(erased)
    session.flush()
    salt = erasure.salt(session)
    for key in keys:
        session.add(ErasedKey(key_hash=erasure.key_hash(salt, *key), erasure_id=erased.id))
    session.commit()


@pytest.mark.parametrize(
    ("name", "handle", "kept", "status"),
    [
        ("Mira Okafor", "mira", {"named": 2}, 303),
        ("Mira Lee", "mira", {"named": 2}, 422),
        ("Mira Okafor", "", {"named": 2}, 422),
        ("Mira Okafor", "mira", {}, 422),
    ],
    ids=["another", "a word of the name", "no account", "erased before names were kept"],
)
def test_an_agencys_address_bars_who_may_be_the_erased_one(
    session, client_of, lead, name, handle, kept, status
):
    email = ("email", "mira@example.com")
    erased = Erasure(influencer_id=1, at=make.MONDAY, kept=kept)
    keep(session, erased, email, *erasure.named_keys(["Ann Lee"], [email]))

    given = {**NEW, "name": name, "handle": handle, "platform": "instagram"}
    response = client_of(lead.user).post("/influencers/new", data=given)

    assert response.status_code == status


def test_somebody_here_may_be_given_the_address_of_an_agency(session, saved, client_of, lead, lea):
    saved(make.account(influencer=lea))
    email = ("email", "hello@agency.com")
    erased = Erasure(influencer_id=1, at=make.MONDAY, kept={"named": 2})
    keep(session, erased, email, *erasure.named_keys(["Ann Lee"], [email]))

    response = client_of(lead.user).post(
        f"/influencers/{lea.id}/presence", data={"email": "hello@agency.com"}
    )

    assert response.status_code == 303
    assert session.scalars(select(ContactPoint.influencer_id)).all() == [lea.id]
