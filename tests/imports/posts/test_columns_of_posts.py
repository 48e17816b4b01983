"""Which columns a list of posts has, how they are written, and what has to be asked."""

import pytest
from sqlalchemy import select

from irm.imports.complaints import Complaint
from irm.imports.kinds import Chosen
from irm.imports.posts.kind import Posts
from irm.models import Post
from tests.imports.posts.conftest import DAY, Lines, listed


def posts(session):
    session.rollback()
    session.expire_all()
    return session.scalars(select(Post).order_by(Post.id)).all()


def test_days_that_can_be_read_both_ways_are_asked_about(bring, session):
    text = listed("111,ana,Crêpes,03/04/2025,1,,", "222,ana,Waffles,05/04/2025,1,,")
    with pytest.raises(Complaint) as asked:
        bring(text, platform="instagram")
    assert asked.value.code == "day_order"
    assert asked.value.params == {"column": "Published", "example": "03/04/2025"}

    bring(text, platform="instagram", day_order="mdy")
    assert [post.published_at.month for post in posts(session)] == [3, 5]
    bring(text, platform="x", day_order="dmy")
    assert [post.published_at.month for post in posts(session)] == [3, 5, 4, 4]


def test_years_that_come_first_with_two_digits_are_found_out(bring, session):
    text = listed(*(f"{n},ana,Crêpes {n},,1,,17.{n}.11" for n in range(12, 29)))
    assert bring(text, platform="youtube").counts == (17, 0, 0, 0, 0)
    assert {post.counts_on.month for post in posts(session)} == {11}


def test_the_decimal_sign_of_a_column_is_heard(bring, session):
    headings = "Post ID,Account,Caption,Views,Likes\n"
    text = headings + '1,ana,A,"1,2 M",1.234\n2,ana,B,12 345,1.234.567\n'
    bring(text, platform="tiktok")

    assert [(post.views, post.likes) for post in posts(session)] == [
        (1_200_000, 1234),
        (12345, 1_234_567),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Handle,Name,Followers\nana,Ana,1", "no_posts"),
        ("Caption,Likes\nHi,1", "no_platform"),
        ("Instagram caption,Likes\nHi,1", "no_owner"),
        ("Post ID,Account,Published\n1,ana,01/02/2025", "no_platform"),
    ],
)
def test_what_must_be_known_of_a_list_is_asked(text, code):
    with pytest.raises(Complaint) as asked:
        Posts.of(Lines(text), Chosen(file_name="list.csv"))

    assert asked.value.code == code


@pytest.mark.parametrize(
    ("headings", "likely"),
    [
        ("Post ID,Permalink,Likes", True),
        ("Caption,Hashtags,Impressions,Likes", True),
        ("video_id,title,publish_time,views", True),
        ("Titre,Date,J’aime,Commentaires", True),
        ("Handle,Name,Followers,Likes avg,Description,URL", False),
        ("Date,Influencer,Note", False),
        ("account,sector,revenue", False),
        ("twitter_id,twitter,nom,followers,date", False),
    ],
)
def test_posts_are_told_from_other_lists(headings, likely):
    assert (Posts.likeness(Lines(headings), Chosen()) > 0) is likely


def test_a_column_that_fills_late_is_read_all_the_same(bring, session):
    text = "Post ID,Account,Caption,Permalink,Views\n"
    text += "".join(f"{n},ana,Text {n},,\n" for n in range(300))
    bring(text + "300,ana,Text,https://ana.example/300,7\n", platform="blog")

    newest = posts(session)[-1]
    assert (newest.url, newest.views) == ("https://ana.example/300", 7)


def test_columns_that_were_chosen_are_taken_as_they_are(bring, session):
    text = "a,b,c,d\nCrêpes,ana,12,2026-01-01\n"
    columns = {"text": (0,), "handle": (1,), "likes": (2,), "published_at": (3,)}
    bring(text, platform="instagram", columns=columns)

    (one,) = posts(session)
    assert (one.text, one.likes, one.counts_on) == ("Crêpes", 12, DAY)
