"""The real lists of posts: as many as there are, and nothing new the second time."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import func, select

from irm.models import Account, Influencer, Platform, Post, PostSnapshot
from tests.imports.brought import stored

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
POSTS = (Post, PostSnapshot)

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public lists are not beside this project (../shared/data)"
)


def number(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_a_video_on_several_days_is_one_post_with_a_history(bring, session):
    came = bring(DATA / "youtube_trending_FR_2017-11.csv")

    assert came.counts == (2292, 707, 0, 0, 0)
    assert number(session, Post) == 2292
    assert number(session, Account) == number(session, Influencer) == 1259
    assert number(session, PostSnapshot) == 2999
    assert set(session.scalars(select(Account.platform))) == {Platform.YOUTUBE}
    days = select(func.min(Post.counts_on), func.max(Post.counts_on))
    assert session.execute(days).one() == (dt.date(2017, 11, 14), dt.date(2017, 11, 28))
    one = session.scalars(select(Post).where(Post.platform_post_id == "Ro6eob0LrCY")).one()
    assert one.published_at == dt.datetime(2017, 11, 13, 17, 32, 55, tzinfo=dt.UTC)
    assert one.text.startswith("Malika LePen : Femme de Gauche - Trailer\nDimanche.\n18h30.")
    assert one.text.endswith("\nExpliquez, moi, cette, merde")
    newest = session.scalars(
        select(PostSnapshot).where(PostSnapshot.post_id == one.id).order_by(PostSnapshot.day)
    ).all()[-1]
    assert (one.counts_on, one.views, one.likes) == (newest.day, newest.views, newest.likes)

    before = stored(session, *POSTS)
    again = bring(DATA / "youtube_trending_FR_2017-11.csv")
    assert again.counts == (0, 0, 2999, 0, 0)
    assert not any(any(step.made.values()) or step.changed for step in again.steps)
    assert stored(session, *POSTS) == before


def test_posts_without_ids_or_days_are_told_apart(bring, session):
    path = DATA / "instagram_own_posts_nbsp_cp1252.csv"
    came = bring(path, platform="instagram", account="@thecleverprogrammer")

    assert came.counts == (102, 0, 17, 0, 0)
    assert number(session, Post) == 102
    account = session.scalars(select(Account)).one()
    assert (account.handle, account.platform) == ("thecleverprogrammer", Platform.INSTAGRAM)
    assert session.scalar(select(func.count()).where(Post.text.contains("#python"))) > 50
    assert session.scalar(select(func.count()).where(Post.text.contains("\u00a0"))) == 0
    before = stored(session, *POSTS)
    again = bring(path, platform="instagram", account="thecleverprogrammer")
    assert again.counts == (0, 0, 119, 0, 0)
    later = bring(
        path, platform="instagram", account="thecleverprogrammer", day=dt.date(2026, 2, 20)
    )
    assert later.counts == (0, 0, 119, 0, 0)
    assert stored(session, *POSTS) == before


def test_what_meta_exports_keeps_its_ids(bring, session):
    path = DATA / "meta_export" / "instagram_posts.csv"
    came = bring(path)

    assert came.counts == (78, 0, 0, 0, 0)
    assert not came.codes
    posts = session.scalars(select(Post)).all()
    assert {len(post.platform_post_id) for post in posts} == {17}
    assert "18355151116178767" in {post.platform_post_id for post in posts}
    assert min(post.published_at for post in posts) >= dt.datetime(2025, 3, 18, tzinfo=dt.UTC)
    assert max(post.published_at for post in posts) < dt.datetime(2025, 4, 15, tzinfo=dt.UTC)
    account = session.scalars(select(Account)).one()
    assert (account.handle, account.platform_id) == ("oigetit_sa", "17841446494080465")
    assert account.influencer.name == "Oigetit - South Africa"
    before = stored(session, *POSTS)
    assert bring(path).counts == (0, 0, 78, 0, 0)
    assert stored(session, *POSTS) == before
