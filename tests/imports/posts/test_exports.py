"""What platforms export is recognised by its headings, and read to the last digit."""

import datetime as dt

import pytest
from sqlalchemy import select

from irm.imports.complaints import Complaint
from irm.models import Account, Platform, Post, PostSnapshot
from tests.imports.posts.conftest import DAY

YOUTUBE = """\
Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,Impressions,\
Impressions click-through rate (%),Likes,Comments added,Shares,Likes (vs. dislikes) (%)
Total,,,,"12,345",99.5,10,"200,000",4.5,1234,56,7,98.1
dQw4w9WgXcQ,"Crêpes, the film","Mar 3, 2025",212,"12,000",90,9,"150,000",4.2,"1,200",50,6,99
-a_B3456789,Live!,"Dec 31, 2024",3600,345,9.5,1,50000,5.1,34,6,1,97
"""
STUDIO = """\
Contenu;Titre de la vidéo;Heure de publication de la vidéo;Durée;Vues;Abonnés;Impressions;\
J'aime;Commentaires ajoutés;Partages
Total;;;;12\u202f345;10;200\u202f000;1\u202f234;56;7
dQw4w9WgXcQ;Crêpes, le film;3 mars 2025;212;12\u202f000;9;150\u202f000;1\u202f200;50;6
-a_B3456789;Direct !;31 déc. 2024;3600;345;1;50\u202f000;34;6;1
"""
TWEETS = """\
Tweet id,Tweet permalink,Tweet text,time,impressions,engagements,engagement rate,retweets,\
replies,likes
"1902345678901234567",https://twitter.com/ana_n/status/1902345678901234567,"Crêpes
and coffee #food",2025-03-18 09:48 +0000,4012.0,120.0,0.0299,3.0,4.0,50.0
"1902345678901234999",https://twitter.com/ana_n/status/1902345678901234999,@ben thanks,\
2025-03-19 22:01 +0000,12.0,0.0,0.0,0.0,0.0,-
"""
X = """\
Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,\
Replies,Reposts,Profile visits
1902345678901234567,"Tue, Mar 18, 2025",Crêpes,\
https://x.com/Ana_N/status/1902345678901234567,4012,50,120,1,9,0,4,3,2
"""
TIKTOK = """\
Time,Video title,Video link,Post time,Total likes,Total comments,Total shares,Total views
2025-04-01,Crêpes #food,https://www.tiktok.com/@ana.n/video/7483201234567890123?is_from_webapp=1,\
2025-03-18,1.2K,30,4,55.6K
"""
META = """\
\ufeffPost ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,\
Permalink,Post type,Data comment,Date,Views,Reach,Likes,Shares,Comments,Saves,Follows
18355151116178767,17841446494080465,ana_n,Ana N.,"Crêpes, “hot”
and
#food",30,03/18/2025 09:48,https://www.instagram.com/reel/DHWRIh_CLiR/?igsh=MTc4Mm==,IG reel\
,,Lifetime,52,37,3,0,0,0,
18068710030723886,17841446494080465,ana_n,Ana N.,,16,03/04/2025 09:50,\
https://www.instagram.com/p/DHWRZRni6kJ/,IG image,,Lifetime,,152,,0,0,,
"""


def posts(session):
    session.rollback()
    session.expire_all()
    return session.scalars(select(Post).order_by(Post.id)).all()


@pytest.mark.parametrize("text", [YOUTUBE, STUDIO])
def test_the_table_of_youtube_is_read_without_its_sum(bring, session, text):
    came = bring(text, account="Ana cooks", name="Table data.csv")

    assert came.counts == (2, 0, 1, 0, 0)
    assert came.codes == {"sum_row": 1}
    one, two = posts(session)
    assert (one.platform_post_id, two.platform_post_id) == ("dQw4w9WgXcQ", "-a_B3456789")
    assert (one.views, one.likes, one.comments, one.shares) == (12000, 1200, 50, 6)
    assert (two.views, two.likes) == (345, 34)
    assert one.published_at == dt.datetime(2025, 3, 3, tzinfo=dt.UTC)
    assert two.published_at == dt.datetime(2024, 12, 31, tzinfo=dt.UTC)
    assert one.text.startswith("Crêpes, ")
    assert one.counts_on == DAY
    account = session.scalars(select(Account)).one()
    assert (account.platform, account.handle) == (Platform.YOUTUBE, "Ana cooks")
    assert bring(text, account="Ana cooks").counts == (0, 0, 3, 0, 0)


def test_whose_a_table_of_youtube_is_must_be_said(bring):
    with pytest.raises(Complaint) as asked:
        bring(YOUTUBE, platform="youtube")

    assert asked.value.code == "no_owner"


def test_posts_of_x_keep_nineteen_digits_and_their_author(bring, session):
    assert bring(TWEETS).counts == (2, 0, 0, 0, 0)
    one, two = posts(session)
    assert one.platform_post_id == "1902345678901234567"
    assert (one.views, one.shares, one.comments, one.likes) == (4012, 3, 4, 50)
    assert (two.shares, two.likes) == (0, None)
    assert one.text == "Crêpes\nand coffee #food"
    assert one.published_at == dt.datetime(2025, 3, 18, 9, 48, tzinfo=dt.UTC)
    assert session.scalars(select(Account)).one().handle == "ana_n"

    later = bring(X, day=dt.date(2026, 2, 9))  # Renamed platform, same post, shorter text.
    assert later.counts == (0, 1, 0, 0, 0)
    assert [post.text for post in posts(session)] == ["Crêpes", "@ben thanks"]


def test_reposts_are_the_shares_of_x(bring, session):
    assert bring(X).counts == (1, 0, 0, 0, 0)
    (one,) = posts(session)
    assert (one.shares, one.comments, one.likes, one.views) == (3, 4, 50, 4012)


def test_the_list_of_tiktok_is_read_through_its_links(bring, session):
    assert bring(TIKTOK).counts == (1, 0, 0, 0, 0)
    (one,) = posts(session)
    assert one.platform_post_id == "7483201234567890123"
    assert one.url == "https://www.tiktok.com/@ana.n/video/7483201234567890123"
    assert (one.likes, one.views) == (1200, 55600)
    assert one.published_at == dt.datetime(2025, 3, 18, tzinfo=dt.UTC)
    account = session.scalars(select(Account)).one()
    assert (account.platform, account.handle) == (Platform.TIKTOK, "ana.n")


def test_what_meta_leaves_blank_is_not_known_and_the_month_comes_first(bring, session):
    came = bring(META)

    assert came.counts == (2, 0, 0, 0, 0)
    assert not came.codes
    one, two = posts(session)
    assert one.platform_post_id == "18355151116178767"
    assert one.text == "Crêpes, “hot”\nand\n#food"
    assert one.url == "https://www.instagram.com/reel/DHWRIh_CLiR/"
    assert two.published_at == dt.datetime(2025, 3, 4, 9, 50, tzinfo=dt.UTC)
    assert (two.likes, two.views, two.comments, two.text) == (None, None, 0, "")
    account = session.scalars(select(Account)).one()
    assert (account.platform_id, account.influencer.name) == ("17841446494080465", "Ana N.")
    assert len(session.scalars(select(PostSnapshot)).all()) == 2
