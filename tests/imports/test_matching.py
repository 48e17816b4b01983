"""Whom a row is about, and what it may change: never by name alone, never back in time."""

import datetime as dt

import make
from sqlalchemy import func, select

from irm.models import (
    Account,
    AccountHandle,
    ContactPoint,
    ImportRow,
    Influencer,
    Relationship,
    SearchEntry,
    Snapshot,
)
from tests.imports.brought import DAY, HEADINGS, counts, people, stored


def test_a_newer_list_brings_newer_figures_and_keeps_the_old_ones(bring, session):
    bring(HEADINGS + "ana,Ana,10,France,Old bio\n")
    result = bring(HEADINGS + "ana,Anna,20,Spain,New bio\n", day=DAY + dt.timedelta(9))

    assert counts(result) == {"rows": 1, "updated": 1}
    ana = people(session)["ana"]
    assert (ana.followers, ana.figures_on) == (20, DAY + dt.timedelta(9))
    # What a colleague may have put right stays; what people change themselves follows.
    person = ana.influencer
    assert (person.name, person.country, person.bio) == ("Ana", "France", "New bio")
    history = select(Snapshot.day, Snapshot.followers).order_by(Snapshot.day)
    assert session.execute(history).all() == [(DAY, 10), (DAY + dt.timedelta(9), 20)]


def test_an_older_list_adds_to_history_and_leaves_the_present(bring, session):
    bring(HEADINGS + "ana,Ana,20,,New bio\n")
    older = HEADINGS + "ana,Ana,10,France,Old bio\n"

    assert counts(bring(older, day=DAY - dt.timedelta(9))) == {"rows": 1, "updated": 1}
    ana = people(session)["ana"]
    assert (ana.followers, ana.figures_on, ana.influencer.bio) == (20, DAY, "New bio")
    assert ana.influencer.country == "France"
    assert session.scalar(select(func.count()).select_from(Snapshot)) == 2
    assert counts(bring(older, day=DAY - dt.timedelta(9))) == {"rows": 1, "same": 1}


def test_a_figure_that_did_not_move_writes_nothing(bring, session):
    bring(HEADINGS + "ana,Ana,10\n")

    assert counts(bring(HEADINGS + "ana,Ana,10\n", day=DAY + dt.timedelta(9))) == {
        "rows": 1,
        "same": 1,
    }
    assert session.scalar(select(func.count()).select_from(Snapshot)) == 1


def test_another_list_of_the_same_day_corrects_the_day(bring, session):
    bring(HEADINGS + "ana,Ana,10\n")

    assert counts(bring(HEADINGS + "ana,Ana,11\n")) == {"rows": 1, "updated": 1}
    assert session.scalars(select(Snapshot.followers)).all() == [11]


IDS = "Twitter,Name,twitter_id,Followers\n"


def test_a_renamed_account_stays_one_account(bring, session):
    bring(IDS + "ana_old,Ana,1190742973845295105,10\n", platform=None)
    newer = IDS + "ana_new,Ana,1190742973845295105,11\n"
    assert counts(bring(newer, platform=None, day=DAY + dt.timedelta(9))) == {
        "rows": 1,
        "updated": 1,
    }

    account = session.scalars(select(Account)).one()
    assert (account.handle, account.platform_id) == ("ana_new", "1190742973845295105")
    assert session.scalars(select(AccountHandle.handle)).all() == ["ana_old"]
    assert session.scalars(
        select(SearchEntry.text).where(SearchEntry.source == "handle")
    ).all() == ["ana_new"]
    # The list of former days tells nothing new, and a list without ids means the same account.
    before = stored(session)
    again = bring(IDS + "ana_old,Ana,1190742973845295105,10\n", platform=None)
    assert counts(again) == {"rows": 1, "same": 1}
    assert counts(bring("Twitter,Name\nana_old,Ana\n", platform=None)) == {"rows": 1, "same": 1}
    assert stored(session) == before


def test_an_old_list_does_not_rename_an_account_back(bring, session):
    bring(IDS + "ana_new,Ana,1,10\n", platform=None)

    bring(IDS + "ana_old,Ana,1,9\n", platform=None, day=DAY - dt.timedelta(9))

    assert session.scalars(select(Account.handle)).all() == ["ana_new"]
    assert session.scalars(select(AccountHandle.handle)).all() == ["ana_old"]


def test_an_id_and_a_handle_that_say_two_accounts_are_a_conflict_never_a_merge(bring, session):
    bring(IDS + "ana,Ana,1,10\nravi,Ravi,2,20\n", platform=None)
    before = stored(session)

    result = bring(IDS + "ravi,Ana,1,11\nana,Somebody,3,5\n", platform=None)

    assert counts(result) == {"rows": 2, "conflicts": 2}
    assert stored(session) == before
    reasons = session.scalars(select(ImportRow.reason).where(ImportRow.verdict == "conflict"))
    assert {reason["code"] for reason in reasons} == {"handle_taken"}


def test_two_ids_with_one_handle_in_one_list_are_not_merged(bring, session):
    text = IDS + "ana,Ana,1,10\nana,Other Ana,2,20\n"

    assert counts(bring(text, platform=None)) == {"rows": 2, "created": 1, "conflicts": 1}
    assert counts(bring(text, platform=None)) == {"rows": 2, "same": 1, "conflicts": 1}


def test_an_id_learned_later_is_kept(bring, session):
    bring("Twitter,Name\nana,Ana\n", platform=None)

    assert counts(bring(IDS + "Ana,Ana,7,10\n", platform=None)) == {"rows": 1, "updated": 1}
    assert session.scalars(select(Account.platform_id)).all() == ["7"]


def test_people_are_never_matched_by_name_alone(bring, session):
    bring(HEADINGS + "ana,Ana,10\nana_bis,Ana,11\n")
    bring("Handle,Name\nana,Ana\n", platform="tiktok")

    assert session.scalar(select(func.count()).select_from(Influencer)) == 3


def test_a_person_another_brand_knows_gets_a_relationship_and_no_twin(bring, session, saved):
    bring(HEADINGS + "ana,Ana,10\n")
    other = saved(make.brand())

    assert counts(bring(HEADINGS + "ana,Ana,10\n", of=other)) == {"rows": 1, "updated": 1}
    assert counts(bring(HEADINGS + "ana,Ana,10\n", of=other)) == {"rows": 1, "same": 1}
    assert session.scalar(select(func.count()).select_from(Influencer)) == 1
    assert session.scalar(select(func.count()).select_from(Relationship)) == 2


def test_a_stranger_becomes_somebody_we_know(bring, session, saved):
    stranger = saved(make.account(handle="ana", influencer=make.influencer(known=False)))

    assert counts(bring(HEADINGS + "ana,Ana,10\n")) == {"rows": 1, "created": 1}
    session.expire_all()
    assert stranger.influencer.known
    assert session.scalar(select(func.count()).select_from(Influencer)) == 1


def test_an_address_that_is_somebody_elses_stays_theirs(bring, session):
    bring(HEADINGS + "ana,Ana,10,,,agency@example.org\nravi,Ravi,9,,,AGENCY@example.org\n")

    assert session.scalar(select(func.count()).select_from(ContactPoint)) == 1
    assert counts(bring(HEADINGS + "ravi,Ravi,9,,,agency@example.org\n")) == {"rows": 1, "same": 1}
