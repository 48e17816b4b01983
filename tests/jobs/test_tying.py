"""Ties from posts: whoever is named often enough, once however often it is read."""

import datetime as dt

import make
import pytest
import tied
from sqlalchemy import select

from irm.directory import mentioned
from irm.jobs import tasks, tying
from irm.models import Account, Influencer, Platform, Task, TaskState, Tie, TieKind, TieOrigin

DAY = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "platform", "found"),
    [
        ("Thanks @Ana.", "instagram", [("ana", "mentions")]),
        ("Write to me@ana.fr or ana@b.com", "instagram", []),
        ("@ana @li so, @zo!", "x", [("ana", "replies"), ("li", "replies"), ("zo", "mentions")]),
        ("@ana well said", "instagram", [("ana", "mentions")]),
        ("With @ana_b (@r.x)", "youtube", [("ana_b", "collaborates"), ("r.x", "mentions")]),
        ("Une recette avec @zoé", "instagram", [("zoé", "collaborates")]),
        ("RT @ana: hello @ana", "x", [("ana", "mentions")]),
        ("see you @ 12 or @2026", "x", []),
    ],
)  # fmt: skip
def test_whom_a_text_names(text, platform, found):
    read = mentioned.read(text, Platform(platform))
    assert [(one.key, one.kind.value) for one in read] == found


@pytest.fixture
def wrote(saved):
    """Somebody of a brand with posts of these texts, a day apart."""
    brand = make.brand()

    def wrote(handle, *texts, platform=Platform.X):
        person = saved(make.influencer(name=handle.title()))
        saved(make.relationship(influencer=person, brand=brand))
        account = saved(make.account(influencer=person, platform=platform, handle=handle))
        for number, text in enumerate(texts):
            day = DAY + dt.timedelta(number)
            saved(make.post(account_id=account.id, text=text, published_at=day))
        return person

    return wrote


@pytest.fixture
def read(app, session):
    """Let the worker read all posts; returns what it did and the ties that are there."""

    def read(**arguments):
        with app.app_context():
            task = Task(kind="ties", arguments=arguments, created_at=DAY)
            tasks.db.session.add(task)
            tasks.db.session.commit()
            ended = tasks.run_inline(app, task.id, lambda done, total: None)
            assert ended.state is TaskState.DONE, ended.error
            result = ended.result
        session.rollback()
        session.expire_all()
        names = dict(session.execute(select(Account.influencer_id, Account.handle)).all())
        ties = session.scalars(select(Tie).where(Tie.origin == TieOrigin.POSTS)).all()
        return result, sorted(
            (names[one.from_id], names[one.to_id], one.kind.value, one.weight) for one in ties
        )

    return read


def test_posts_tie_people_and_whoever_is_named_twice(wrote, read, session):
    wrote("ana", "hello @ravi", "again @ravi", "once @nobody", "me: @ana")
    wrote("ravi", "with @li", "@ana yes")
    wrote("li", "look at @newcomer")
    wrote("zoe", "I like @Newcomer", "nothing")

    result, ties = read()

    assert ties == [
        ("ana", "ravi", "mentions", 2.0),
        ("li", "newcomer", "mentions", 1.0),
        ("ravi", "ana", "replies", 1.0),
        ("ravi", "li", "collaborates", 1.0),
        ("zoe", "newcomer", "mentions", 1.0),
    ]
    assert result == {"added": 5, "changed": 0, "removed": 0, "strangers": 1}
    tie = session.scalars(select(Tie).where(Tie.weight == 2)).one()
    assert (tie.brand_id, tie.first_seen, tie.last_seen) == (
        None,
        DAY.date(),
        DAY.date() + dt.timedelta(1),
    )
    assert session.scalars(select(Influencer.name).where(Influencer.known.is_(False))).all() == [
        "newcomer"
    ]
    assert read() == ({"added": 0, "changed": 0, "removed": 0, "strangers": 0}, ties)


def test_what_posts_say_no_more_goes_and_other_ties_stay(wrote, read, session, saved):
    ana = wrote("ana", "hello @ravi", "again @ravi")
    ravi = wrote("ravi", "nothing")
    read()
    saved(tied.tie(ana, ravi, brand_id=saved(make.brand()).id, kind=TieKind.MENTIONS))
    for account in session.scalars(select(Account).where(Account.influencer_id == ana.id)):
        session.delete(account)
    session.commit()

    result, ties = read()

    assert (result["removed"], ties) == (1, [])
    assert len(session.scalars(select(Tie)).all()) == 1


def test_a_few_are_read_by_themselves(wrote, read):
    ana = wrote("ana", "hello @ravi")
    wrote("ravi", "hello @ana")

    assert read(people=[ana.id])[1] == [("ana", "ravi", "mentions", 1.0)]


def test_the_night_reads_once(app, wrote, session):
    night = dt.datetime(2026, 1, 6, 2, tzinfo=dt.UTC)
    assert not tying.queue_nightly(session, night)  # There is nothing to read.
    wrote("ana", "hello @ravi")

    assert tying.queue_nightly(session, night)
    assert not tying.queue_nightly(session, night)
