"""What lists say is evidence: of posts and of exchanges, and no longer once they are taken back."""

import make
import pytest
from sqlalchemy import func, select

from irm import clock
from irm.ledger import proving
from irm.models import PostMention, Relationship, Stage

POSTS = "Platform,Username,Publish time,Caption,Likes\n"
EXCHANGES = "Date,Handle,Direction,Summary\n"


@pytest.fixture
def known(session, brand, saved):
    """Somebody in the funnel of a brand that is called Nova, with an account."""
    brand.aliases = ["Nova"]
    account = saved(make.account(handle="ana", followers=100))
    return saved(make.relationship(brand=brand, influencer=account.influencer))


def earned(session):
    session.rollback()
    return session.scalars(select(Relationship.earned_stage)).one()


def mentions(session):
    return session.scalar(select(func.count()).select_from(PostMention))


def test_a_list_of_posts_brings_mentions_and_takes_them_along(session, bring, done, known):
    report = bring(
        POSTS
        + "instagram,ana,2026-02-01 10:00,All with Nova,3\n"
        + "instagram,ana,2026-02-02 10:00,All with novas,3\n"
        + "instagram,ana,2026-02-03 10:00,Nova! #ad,3\n"
    )
    assert (earned(session), mentions(session)) == (Stage.AWARE, 1)
    assert proving.rebuild(session, clock.now()) == 0
    # It has locked them.
    session.rollback()

    done(report["batch"], "undo")
    assert (earned(session), mentions(session)) == (None, 0)


def test_a_list_of_exchanges_brings_replies_and_takes_them_along(session, bring, done, known):
    report = bring(EXCHANGES + "2026-02-01,ana,in,They asked for more\n", kind="interactions")
    assert earned(session) is Stage.AWARE

    done(report["batch"], "undo")
    assert earned(session) is None


def test_whom_a_list_brings_to_a_second_brand_it_knows_what_they_said_of_it(
    session, bring, saved, known
):
    other = saved(make.brand(aliases=["Nova"]))
    bring(POSTS + "instagram,ana,2026-02-01 10:00,All with Nova,3\n")

    bring("Handle,Name,Followers\nana,Ana,100\n", of=other)

    session.rollback()
    found = session.scalars(
        select(Relationship.earned_stage).where(Relationship.brand_id == other.id)
    )
    assert found.one() is Stage.AWARE
