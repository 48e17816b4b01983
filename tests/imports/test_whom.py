"""Whom a row is about after people were merged, or where two people share an address."""

import make
import pytest
from sqlalchemy import func, select

from irm.directory import merge, newcomer
from irm.directory.presence import Handle
from irm.models import (
    Account,
    ImportRow,
    Influencer,
    Interaction,
    Platform,
    Relationship,
    Role,
    Verdict,
)

PEOPLE = "Handle,Name,Followers,E-mail\n"


@pytest.fixture
def ana(saved):
    return saved(make.member(Role.LEAD)).user


@pytest.fixture
def merged_twice(bring, session, ana):
    """Three people made one, in two steps; the first of them and the last."""
    bring(PEOPLE + "a1,Ann Lee,1000,\na2,Ann L,50,\na3,Ann LLL,9,\n")
    first, second, last = session.scalars(select(Influencer.id).order_by(Influencer.id)).all()
    merge.merge(session, second, first, {"name": "kept"}, user=ana, at=make.MONDAY)
    merge.merge(session, last, second, {"name": "kept"}, user=ana, at=make.MONDAY)
    session.commit()
    return first, last


@pytest.fixture
def clients(bring, session):
    """Two clients of one agency, whose address one of them has; by name, their relationships."""
    bring(PEOPLE + "a1,Ann Lee,1000,hello@agency.com\nc1,Carl Gray,50,hello@agency.com\n")
    found = select(Influencer.name, Relationship.id).join(Relationship)
    relationships = dict(session.execute(found).all())
    session.rollback()
    return relationships


@pytest.fixture
def talked(drafted, done, session):
    """Import what was talked about with somebody; say what came of the row."""

    def talked(columns, cells, *, name=""):
        text = (
            f"{columns},Name,Date,Summary,Kind,Direction\n{cells},{name},2026-01-05,Yes,talk,both\n"
        )
        batch_id = drafted(text, kind="interactions")
        done(batch_id)
        session.expire_all()
        rows = session.scalars(select(ImportRow).where(ImportRow.batch_id == batch_id)).all()
        return [(row.verdict, (row.reason or {}).get("code")) for row in rows]

    return talked


def with_whom(session):
    return session.scalars(select(Interaction.relationship_id)).all()


def test_what_happened_with_somebody_merged_twice_is_of_who_they_are_now(
    merged_twice, talked, session
):
    first, last = merged_twice
    talked("influencer_id", first, name="Ann Lee")
    relationship = session.scalars(select(Relationship).where(Relationship.influencer_id == last))
    assert with_whom(session) == [relationship.one().id]


def test_a_person_merged_since_the_list_was_exported_is_not_brought_anew(
    merged_twice, bring, session
):
    first, last = merged_twice
    result = bring(
        f"influencer_id,Name,Country\n{first},Ann Lee,France\n", platform=None, kind="influencers"
    )
    assert (result["created"], result["updated"]) == (0, 1)
    assert session.get_one(Influencer, last).country == "France"
    assert session.scalar(select(func.count()).select_from(Influencer)) == 3


def test_somebody_merged_twice_is_known_when_added_by_hand(merged_twice, session):
    first, last = merged_twice
    account = session.scalars(select(Account).where(Account.handle == "a1")).one()
    account.influencer_id = first  # As data of former days may have it.
    session.commit()
    assert newcomer.known(session, [Handle(Platform.INSTAGRAM, "a1")], []) == [last]


def test_the_address_of_an_agency_does_not_tell_its_clients_apart(clients, talked, session):
    assert talked("E-mail", "hello@agency.com", name="Carl Gray") == [(Verdict.CONFLICT, "shared")]
    assert with_whom(session) == []
    assert talked("E-mail", "hello@agency.com", name="Ann Lee") == [(Verdict.CREATED, None)]
    assert with_whom(session) == [clients["Ann Lee"]]


def test_the_account_tells_clients_of_an_agency_apart(clients, talked, session):
    talked("Handle,Platform,E-mail", "c1,instagram,hello@agency.com", name="Carl Gray")
    assert with_whom(session) == [clients["Carl Gray"]]


def test_the_own_number_tells_clients_of_an_agency_apart(clients, talked, session):
    carl = session.scalars(select(Influencer.id).where(Influencer.name == "Carl Gray")).one()
    session.rollback()
    talked("influencer_id,E-mail", f"{carl},hello@agency.com", name="Carl Gray")
    assert with_whom(session) == [clients["Carl Gray"]]


def test_an_account_and_an_address_of_two_people_are_a_conflict(bring, talked, session):
    bring(PEOPLE + "b1,Ann Lee,10,\nb2,Ann Lee Smith,20,ann@example.org\n")
    rows = talked("Handle,Platform,E-mail", "b1,instagram,ann@example.org")
    assert rows == [(Verdict.CONFLICT, "two_people")]
    assert with_whom(session) == []
