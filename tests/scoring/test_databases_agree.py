"""The same facts score the same on SQLite and on PostgreSQL."""

import datetime as dt
import random

import make
import pytest
from conftest import wipe
from sqlalchemy import insert, select

from irm.db import db
from irm.jobs import scoring
from irm.models import Account, Brand, Influencer, Platform, Post, Prospect, Relationship, Score

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
PEOPLE = 120
WORDS = """vélo vélos #veloboulot bike bikes cycling zéro déchet #zerodechet 🔥 cuisine recette
    recettes facile #CuisineFacile le la de running run runs jeux vidéo слон 料理 naïve cœur oeuvre
    İstanbul straße (.* a é 42 l'été C++ ﬁn""".split()  # noqa: SIM905 - a list of them is thrice as long
ODD = (None, 0, -3, 1, 17, 5_000, 4 * 10**9)


@pytest.fixture
def both(_apps, postgres_url):
    """A session on each of the two databases."""
    apps = [_apps("sqlite", ""), _apps("postgres", postgres_url)]
    sessions = []
    for app in apps:
        with app.app_context():
            sessions.append(db.sessionmaker())
    yield sessions
    for session, app in zip(sessions, apps, strict=True):
        session.close()
        with app.app_context():
            wipe(db.engine)


def crowd(session):
    """People whose figures and words are as odd as lists have them, the same every time."""
    dice = random.Random(4)
    brands = [make.brand(name="Own"), make.brand(name="Other")]
    session.add_all(brands)
    session.flush()
    words = [("vélo", "zéro déchet"), ("cuisine", "recette facile"), ("run", "(.*")]
    for number, keywords in enumerate(words):
        topic = make.topic(brand_id=brands[0].id, name=str(number), keywords=list(keywords))
        session.add(topic)
    for number in range(PEOPLE):
        bio = " ".join(dice.choices(WORDS, k=dice.randrange(6)))
        person = make.influencer(name=f"Person {number}", bio=bio or None)
        accounts = [
            make.account(
                influencer=person,
                platform=dice.choice((Platform.INSTAGRAM, Platform.YOUTUBE, Platform.BLOG)),
                followers=dice.choice((*ODD, dice.randrange(10**6))),
                likes_average=dice.choice((None, 0.0, dice.uniform(0, 900))),
                views_average=dice.choice((None, dice.uniform(1, 9000))),
            )
            for _ in range(dice.randrange(3))
        ]
        # So that they have the same numbers on both, as ties are broken by them.
        session.add(person)
        session.add_all(accounts)
        session.add(make.relationship(brand=brands[number % 2], influencer=person))
        session.flush()
        for post in range(dice.randrange(9) if accounts else 0):
            session.execute(
                insert(Post).values(
                    account_id=dice.choice(accounts).id,
                    platform_post_id=f"{number}-{post}",
                    published_at=dice.choice(
                        (None, NOW - dt.timedelta(days=dice.randrange(-3, 500), hours=9))
                    ),
                    text=" ".join(dice.choices(WORDS, k=dice.choice((0, 3, 9, 60)))),
                    language=dice.choice((None, "fr", "en", "de")),
                    likes=dice.choice((*ODD, dice.randrange(9000))),
                    comments=dice.choice(ODD[:5]),
                    views=dice.choice((*ODD, dice.randrange(90_000))),
                )
            )
    session.commit()


def scored(session):
    """All that a scoring wrote: by whom it is about, not by the ids of the database."""
    session.expire_all()
    name = Influencer.name
    known = Influencer.id == Account.influencer_id
    assert session.execute(select(Account.id).where(known)).first() is not None
    return [
        *session.execute(
            select(name, Influencer.audience, Influencer.reach, Influencer.resonance).order_by(name)
        ),
        *session.execute(
            select(name, Brand.name, Relationship.relevance, Relationship.fit)
            .join_from(Relationship, Influencer)
            .join(Brand, Brand.id == Relationship.brand_id)
            .order_by(name)
        ),
        *session.execute(
            select(name, Brand.name, Prospect.relevance, Prospect.fit)
            .join_from(Prospect, Influencer)
            .join(Brand, Brand.id == Prospect.brand_id)
            .order_by(name)
        ),
        *session.execute(
            select(name, Score.kind, Score.day, Score.value)
            .join_from(Score, Influencer, Score.influencer_id == Influencer.id)
            .order_by(name, Score.kind, Score.day)
        ),
    ]


def test_both_databases_give_the_same_scores_to_a_hundredth(both):
    for session in both:
        crowd(session)
        scoring.score(session, NOW)

    ours, theirs = map(scored, both)

    assert len(ours) == len(theirs) > 4 * PEOPLE
    for one, other in zip(ours, theirs, strict=True):
        assert tuple(one) == pytest.approx(tuple(other), abs=0.01)
    relevant = [row[2] for row in ours[PEOPLE : 2 * PEOPLE] if row[1] == "Own" and row[2]]
    assert len(relevant) > PEOPLE / 5, "too few are relevant for this to say anything"
