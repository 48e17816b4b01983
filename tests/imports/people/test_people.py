"""One person, many accounts: whom a row is about, what it may change, and who stays out."""

import datetime as dt

import make
import pytest
from sqlalchemy import func, select

from irm.directory import erasure
from irm.models import (
    Account,
    AccountHandle,
    ContactPoint,
    ErasedKey,
    Erasure,
    ImportRow,
    Influencer,
    Relationship,
    Snapshot,
    Tag,
)
from tests.imports.brought import DAY, counts, stored

WIDE = "Name,E-mail,Instagram,Instagram followers,TikTok handle,Country,Tags\n"


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def reasons(session):
    found = session.scalars(select(ImportRow.reason).order_by(ImportRow.id))
    return [reason["code"] for reason in found if reason]


def test_a_row_brings_one_person_with_all_their_accounts(bring, session):
    text = WIDE + "Ana Núñez,ana@example.org,ana,12K,ana_tik,France,food; vélo\n"
    assert counts(bring(text, platform=None)) == {"rows": 1, "created": 1}

    person = session.scalars(select(Influencer)).one()
    accounts = session.scalars(select(Account).order_by(Account.platform)).all()
    assert [(one.handle, one.followers) for one in accounts] == [("ana", 12000), ("ana_tik", None)]
    assert {one.influencer_id for one in accounts} == {person.id}
    assert sorted(session.scalars(select(Tag.name))) == ["food", "vélo"]
    before = stored(session)
    assert counts(bring(text, platform=None)) == {"rows": 1, "same": 1}
    assert stored(session) == before


def test_an_account_of_somebody_known_by_e_mail_is_added_to_them(bring, session):
    bring("Name,E-mail\nAna,ana@example.org\n", platform=None)
    result = bring("Handle,Name,E-mail\nana,Ana,ANA@example.org\n")

    assert counts(result) == {"rows": 1, "updated": 1}
    assert (count(session, Influencer), count(session, Account)) == (1, 1)


def test_rows_of_one_file_that_share_an_address_are_one_person(bring, session):
    text = "Platform,Handle,Name,E-mail\n"
    text += "instagram,ana,Ana,a@example.org\ntiktok,ana_t,Ana,a@example.org\n"
    assert counts(bring(text, platform=None)) == {"rows": 2, "created": 1, "same": 1}

    assert (count(session, Influencer), count(session, Account)) == (1, 2)
    assert counts(bring(text, platform=None)) == {"rows": 2, "same": 2}


def test_the_clients_of_an_agency_stay_apart_and_the_row_says_whose_address_it_is(bring, session):
    text = "Handle,Name,E-mail\nana,Ana,agency@example.org\nravi,Ravi,agency@example.org\n"

    assert counts(bring(text)) == {"rows": 2, "created": 2}
    assert reasons(session) == ["contact_taken"]
    assert counts(bring(text)) == {"rows": 2, "same": 2}


def test_a_row_that_speaks_of_two_people_is_a_conflict_that_names_both(bring, session):
    bring("Handle,Name,E-mail\nana,Ana,ana@example.org\nravi,Ravi,ravi@example.org\n")
    before = stored(session)

    assert counts(bring("Handle,E-mail\nana,ravi@example.org\n")) == {"rows": 1, "conflicts": 1}
    told = session.scalars(select(ImportRow.reason).where(ImportRow.verdict == "conflict")).one()
    assert told == {"code": "two_people", "params": {"one": "Ana", "other": "Ravi"}}
    assert stored(session) == before


@pytest.mark.parametrize(
    ("rule", "country"), [("overwrite", "Spain"), ("empty", "France"), ("never", "France")]
)
def test_the_user_decides_what_happens_to_what_is_filled(bring, session, rule, country):
    bring("Handle,Name,Country\nana,Ana,France\n")

    bring("Handle,Country\nana,Spain\n", day=DAY - dt.timedelta(1), rules={"country": rule})

    assert session.scalars(select(Influencer.country)).all() == [country]
    if rule == "overwrite":
        changes = session.scalars(select(ImportRow.changes).order_by(ImportRow.id.desc())).first()
        assert changes == {"country": ["France", "Spain"]}


def test_somebody_who_was_erased_is_not_taken_in_again(bring, session):
    erased = Erasure(influencer_id=1, at=make.MONDAY, kept={})
    session.add(erased)
    session.flush()
    salt = erasure.salt(session)
    for kind, key in (("account", "instagram:ana"), ("email", "ben@example.org")):
        session.add(ErasedKey(key_hash=erasure.key_hash(salt, kind, key), erasure_id=erased.id))
    session.commit()

    result = bring("Handle,Name,E-mail\nAna,Ana,\nben,Ben,BEN@example.org\ncyd,Cyd,\n")

    assert counts(result) == {"rows": 3, "created": 1, "refused": 2}
    assert session.scalars(select(Influencer.name)).all() == ["Cyd"]
    assert reasons(session) == ["erased", "erased"]


def test_a_namesake_from_the_same_country_is_taken_and_pointed_at(bring, session):
    bring("Handle,Name,Country\nana,Ana Núñez,France\n")
    first = session.scalars(select(Influencer.id)).one()

    result = bring("Handle,Name,Country\nana_n,ana nunez,france\nana_m,Ana Núñez,Peru\n")

    assert counts(result) == {"rows": 2, "created": 2}
    twins = session.scalars(select(ImportRow.twin_id).where(ImportRow.twin_id.is_not(None)))
    assert twins.all() == [first]


def test_an_address_book_imported_twice_brings_nobody_twice(bring, session):
    text = "Name,E-mail,Phone\nAna,ana@example.org,\nRavi,,+33 6 12 34 56 78\nNobody,,\n"
    assert counts(bring(text, platform=None)) == {"rows": 3, "created": 2, "refused": 1}
    before = stored(session)

    assert counts(bring(text, platform=None)) == {"rows": 3, "same": 2, "refused": 1}
    assert stored(session) == before
    assert count(session, ContactPoint) == 2


SERIES = "snapshot_date,twitter,twitter_id,nom,twitter_followers\n"


def test_figures_stand_under_the_day_of_their_row(bring, session):
    text = SERIES + "2024-02-01,ana,1,Ana,20\n2024-01-01,ana,1,Ana,10\n2024-03-01,ana,1,Ana,20\n"
    assert counts(bring(text, platform=None)) == {"rows": 3, "created": 3}

    account = session.scalars(select(Account)).one()
    assert (account.followers, account.figures_on) == (20, dt.date(2024, 3, 1))
    history = session.execute(select(Snapshot.day, Snapshot.followers).order_by(Snapshot.day))
    assert [followers for _, followers in history] == [10, 20, 20]
    assert count(session, Relationship) == 1
    before = stored(session)
    assert counts(bring(text, platform=None)) == {"rows": 3, "same": 3}
    assert stored(session) == before


def test_a_handle_that_changes_hands_is_reported_once_and_kept_from_the_new_account(bring, session):
    text = SERIES + (
        "2024-01-01,ana,1,Ana,10\n2024-02-01,ana_n,1,Ana,11\n"
        "2024-03-01,Ana,2,Other,5\n2024-04-01,ana,2,Other,6\n"
    )
    assert counts(bring(text, platform=None)) == {"rows": 4, "created": 3, "conflicts": 1}

    found = session.execute(select(Account.handle, Account.is_current).order_by(Account.id)).all()
    assert found == [("ana_n", True), ("ana", False)]
    assert session.scalars(select(AccountHandle.handle)).all() == ["ana"]
    before = stored(session)
    assert counts(bring(text, platform=None)) == {"rows": 4, "same": 4}
    assert stored(session) == before


def test_a_handle_in_another_case_is_shown_so_and_is_no_renaming(bring, session):
    bring(SERIES + "2024-01-01,ana,1,Ana,10\n2024-02-01,Ana,1,Ana,11\n", platform=None)

    assert session.scalars(select(Account.handle)).all() == ["Ana"]
    assert count(session, AccountHandle) == 0
