"""Every kind of list, taken back on a brand with history: the tables are as they were."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.directory import reindexing
from irm.imports import lists
from irm.jobs import tasks
from irm.ledger import relationships
from irm.models import Account, Influencer, SearchEntry
from tests.imports.brought import HEADINGS
from tests.imports.history.population import Population
from tests.imports.test_undo import everything

DAY = dt.date(2026, 3, 1)


@pytest.fixture
def peopled(session):
    """A brand with people who have everything, and a few whose accounts are known by name."""
    brand = Population(session, seed=3).brand
    for handle, name in (("ana", "Ana"), ("ravi", "Ravi"), ("li", "li")):
        account = make.account(handle=handle, followers=100, influencer=make.influencer(name=name))
        account.figures_on = dt.date(2026, 1, 1)
        session.add_all(
            [account, make.relationship(influencer=account.influencer, brand_id=brand.id)]
        )
    session.flush()
    relationships.rebuild(session)
    reindexing.rebuild(session)
    tasks.enqueue(session, "score", {}, at=make.MONDAY)
    tasks.enqueue(session, "duplicates", {}, at=make.MONDAY)
    session.commit()
    return brand


#: By kind, lists that add, change and name anew, one after the other.
LISTS = {
    "influencers": (
        HEADINGS
        + "ana,Ana,1.2M,France,Cooks in Lyon,ana@example.org,52K\n"
        + "li,Li Wei,300,China,,,\n"
        + "ben,Ben,10,,,ben@example.org,\n",
        "Instagram,Name,Tags,City,TikTok\nana,Ana,food; Vélo,Lyon,ana.tik\nben,Ben B,new,,\n",
    ),
    "snapshots": (
        (
            "Date,Handle,Platform,Followers\n2026-01-01,ana,instagram,100\n2026-02-01,ana,instagram,"
            "200\n2026-03-01,ana,instagram,300\n2026-02-01,ravi,instagram,50\n2026-02-01,cyd,instagram,"
            "5\n"
        ),
    ),
    "contacts": ("Name,E-mail,Phone\nDan,dan@example.org,+33612345678\n",),
    "posts": (
        (
            "Post ID,Account username,Permalink,Description,Publish time,Likes,Comments\n"
            "17900000000000001,ana,https://www.instagram.com/p/A1/,Hello #bread,2026-02-01,10,1\n"
            "17900000000000002,zoe,https://www.instagram.com/p/A2/,Hello again,2026-02-02,20,2\n"
        ),
        (
            "Post ID,Account username,Permalink,Description,Publish time,Likes,Comments\n"
            "17900000000000001,ana,https://www.instagram.com/p/A1/,Hello #bread,2026-02-01,99,9\n"
        ),
    ),
    "ties": (
        "Platform,Source,Target,Weight\ninstagram,ana,ravi,2\ninstagram,ravi,newcomer,1\n",
        "Platform,Source,Target,Weight\ninstagram,ana,ravi,5\ninstagram,newcomer,ana,1\n",
    ),
    "interactions": (
        (
            "Platform,Handle,Date,Kind,Direction,Channel,Summary\n"
            "instagram,ana,2026-02-01,give,out,email,Sent samples\n"
            "instagram,ana,2026-02-03,talk,in,email,She liked them\n"
            "instagram,ravi,2026-02-03,talk,both,call,A long talk\n"
        ),
    ),
    "touchpoints": (
        (
            "Platform,Handle,Due on,Kind,Purpose,Channel\n"
            "instagram,ana,2026-04-01,talk,Ask how it goes,call\n"
            "instagram,ravi,2026-04-02,give,Send the book,parcel\n"
        ),
    ),
    "relationships": (
        (
            "Platform,Handle,Stage,Stage since,Level,Tags\n"
            "instagram,ana,aware,2026-01-05,beginner,Vélo\n"
            "instagram,ravi,interested,2026-01-06,,brandnew\n"
        ),
    ),
    "moves": (
        (
            "Platform,Handle,Date,From,To,Reason\n"
            "instagram,ana,2026-02-01,unaware,aware,She replied\n"
            "instagram,ravi,2026-02-02,unaware,aware,He did too\n"
        ),
    ),
}


def test_every_kind_of_list_is_tried():
    assert set(LISTS) == set(lists.KINDS)


@pytest.mark.parametrize("kind", LISTS)
def test_undo_of_every_kind_restores_what_it_found(app, session, peopled, drafted, done, kind):
    rest(app)
    before = everything(session)
    batch_ids = []
    for number, text in enumerate(LISTS[kind]):
        day = DAY + dt.timedelta(number)
        batch_ids.append(drafted(text, day=day, of=peopled, kind=kind, platform=_platform(text)))
        result = done(batch_ids[-1])
        assert result["created"] + result["updated"] > 0, result
        rest(app)
    assert everything(session) != before

    for batch_id in reversed(batch_ids):
        report = done(batch_id, "undo")["report"]
        assert not report.keys() & {"changed", "built_on", "later_import", "taken"}, report
    rest(app)

    after = everything(session)
    for table in before:
        assert after[table] == before[table], table
    assert relationships.rebuild(session) == 0
    assert reindexing.rebuild(session) == 0


def test_a_person_with_a_later_note_stays_whole(app, session, peopled, drafted, done, saved):
    batch_id = drafted(LISTS["influencers"][0], day=DAY, of=peopled, platform="instagram")
    done(batch_id)
    ben = session.scalars(select(Influencer).join(Account).where(Account.handle == "ben")).one()
    ben.bio = "A colleague wrote this"
    session.commit()

    report = done(batch_id, "undo")["report"]

    assert report["changed"] == 1
    session.expire_all()
    assert session.scalars(select(Account.handle).where(Account.influencer_id == ben.id)).all() == [
        "ben"
    ]
    found = session.scalars(select(SearchEntry.text).where(SearchEntry.influencer_id == ben.id))
    assert sorted(found) == ["ben", "ben", "ben@example.org"]
    assert reindexing.rebuild(session) == 0


def rest(app):
    """Let the worker do what waits."""
    while tasks.run_next(app) is not None:
        pass


def _platform(text):
    return None if "Platform" in text.splitlines()[0] else "instagram"
