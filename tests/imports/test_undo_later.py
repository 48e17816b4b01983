"""An import taken back after others built on what it brought: later lists, and merges."""

import datetime as dt

import make
import pytest
from sqlalchemy import func, select

from irm.directory import merge, presence
from irm.imports import contacts
from irm.models import (
    Account,
    ContactPoint,
    Influencer,
    Interaction,
    Platform,
    Post,
    Relationship,
    Role,
)

PEOPLE = "Handle,Name,Followers,E-mail\n"
TALKS = "Handle,Platform,Date,Summary,Kind,Direction\n"
POSTS = "Handle,Platform,Post ID,Posted,Caption,Likes\n"
ACCOUNTS = "Handle,Platform,Name,E-mail,Followers\n"


@pytest.fixture
def ana(saved):
    return saved(make.member(Role.LEAD)).user


def test_who_a_list_drafted_earlier_but_run_later_changed_stays(drafted, bring, done, session):
    earlier = drafted(PEOPLE + "ann,Ann,500,ann@example.org\n", platform="instagram")
    brought = bring(PEOPLE + "ann,Ann,10,\n")
    done(earlier)

    report = done(brought["batch"], "undo")["report"]

    assert report["later_import"] >= 1
    assert session.scalars(select(Influencer.name)).all() == ["Ann"]
    assert session.scalars(select(ContactPoint.value)).all() == ["ann@example.org"]


def test_an_exchange_that_a_later_list_changed_stays(bring, drafted, done, session):
    bring(PEOPLE + "ann,Ann,10,\n")
    first = drafted(TALKS + "ann,instagram,2026-01-05,Talked,talk,both\n", kind="interactions")
    done(first)
    second = drafted(TALKS + "ann,instagram,2026-01-05,Talked,talk,in\n", kind="interactions")
    assert done(second)["updated"] == 1

    assert done(first, "undo")["report"] == {"later_import": 1}
    assert session.scalars(select(Interaction.summary)).all() == ["Talked"]

    done(second, "undo")
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Interaction)) == 1


def test_a_post_that_a_later_list_changed_stays(bring, drafted, done, session):
    bring(PEOPLE + "ann,Ann,10,\n")
    first = drafted(POSTS + "ann,instagram,123456,2026-01-05,Hello,10\n", kind="posts")
    done(first)
    done(drafted(POSTS + "ann,instagram,123456,2026-01-05,Hello world,20\n", kind="posts"))

    done(first, "undo")

    assert session.scalars(select(Post.text)).all() == ["Hello world"]


def test_an_account_that_a_later_list_changed_stays(bring, drafted, done, session):
    bring(PEOPLE + "ann,Ann Lee,10,ann@example.org\n")
    first = drafted(ACCOUNTS + "tt,tiktok,Ann Lee,ann@example.org,5\n", kind="influencers")
    done(first)
    day = dt.date(2026, 9, 9)
    later = drafted(ACCOUNTS + "tt,tiktok,Ann Lee,ann@example.org,7\n", kind="influencers", day=day)
    done(later)

    done(first, "undo")

    assert dict(session.execute(select(Account.handle, Account.followers)).all()) == {
        "ann": 10,
        "tt": 7,
    }


def test_what_a_later_list_changed_goes_once_that_one_is_undone(bring, drafted, done, session):
    first = bring(PEOPLE + "ann,Ann,10,\n")
    second = drafted(PEOPLE + "ann,Ann,20,\n", platform="instagram", day=dt.date(2026, 9, 9))
    done(second)

    done(second, "undo")
    done(first["batch"], "undo")

    assert session.scalars(select(Influencer)).all() == []


def test_what_a_merge_gave_to_somebody_stays_with_them(bring, done, session, ana):
    bring(PEOPLE + "a1,Ann Lee,1000,\n")
    second = bring(PEOPLE + "a2,Ann L,50,al@example.org\n")
    kept, gone = session.scalars(select(Influencer.id).order_by(Influencer.id))
    merge.merge(session, kept, gone, {}, user=ana, at=make.MONDAY)
    session.commit()

    report = done(second["batch"], "undo")["report"]

    session.expire_all()
    assert report["built_on"] >= 2
    owners = session.execute(select(Account.handle, Account.influencer_id)).all()
    assert dict(owners) == {"a1": kept, "a2": kept}
    assert session.scalars(select(ContactPoint.influencer_id)).all() == [kept]
    assert session.scalars(select(Relationship.influencer_id)).all() == [kept]


def test_what_has_the_number_of_something_removed_by_hand_stays(bring, done, session, ana):
    bring(PEOPLE + "bob,Bob,10,\n")
    second = bring(PEOPLE + "eve,Eve,10,eve@example.org\n")
    bob = session.scalars(select(Influencer.id).where(Influencer.name == "Bob")).one()
    at = make.MONDAY
    presence.remove_contact(session, session.scalars(select(ContactPoint)).one(), user=ana, at=at)
    brought = session.scalars(select(Account).where(Account.handle == "eve")).one()
    presence.remove_account(session, brought, next(iter(presence.Why)), user=ana, at=at)
    session.flush()
    presence.add_contact(session, bob, contacts.emails("bob@example.org")[0], user=ana, at=at)
    tiktok = presence.Handle(Platform.TIKTOK, "bobtok")
    presence.add_account(session, bob, tiktok, user=ana, at=at)
    session.commit()

    done(second["batch"], "undo")

    session.expire_all()
    assert session.scalars(select(ContactPoint.value)).all() == ["bob@example.org"]
    assert sorted(session.scalars(select(Account.handle))) == ["bob", "bobtok"]
    assert session.scalars(select(Influencer.name)).all() == ["Bob"]
