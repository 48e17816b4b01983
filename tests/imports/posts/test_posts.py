"""Lists of posts as people keep them: what names a post, whose it is, how its counts go on."""

import datetime as dt

import make
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from irm.db import db
from irm.imports.kinds import Chosen
from irm.imports.posts.kind import Posts
from irm.models import (
    Account,
    Influencer,
    Platform,
    Post,
    PostSnapshot,
    Relationship,
    SearchEntry,
)
from tests.conftest import wipe
from tests.imports.brought import stored
from tests.imports.posts.conftest import Lines, listed


def posts(session):
    session.rollback()
    session.expire_all()
    return session.scalars(select(Post).order_by(Post.id)).all()


def days(session):
    session.rollback()
    found = session.scalars(select(PostSnapshot).order_by(PostSnapshot.post_id, PostSnapshot.day))
    return [(one.post_id, one.day.day, one.likes) for one in found]


def test_a_post_on_several_days_is_one_post_with_its_newest_counts(bring, session):
    came = bring(
        listed(
            "111,ana,Crêpes,2026-01-01,30,300,2026-01-03",
            "111,ana,Crêpes,2026-01-01,10,100,2026-01-01",
            "111,ana,Crêpes,2026-01-01,20,200,2026-01-02",
            "111,ana,Crêpes,2026-01-01,20,200,2026-01-02",
            "222,ben,Waffles,2026-01-01,5,,2026-01-01",
        ),
        platform="instagram",
    )

    assert came.counts == (2, 2, 1, 0, 0)
    one, two = posts(session)
    assert (one.likes, one.views, one.counts_on) == (30, 300, dt.date(2026, 1, 3))
    assert (two.likes, two.views) == (5, None)
    assert days(session) == [
        (one.id, 1, 10),
        (one.id, 2, 20),
        (one.id, 3, 30),
        (two.id, 1, 5),
    ]


@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_whatever_is_written_together_the_same_list_leaves_the_same_posts(bring, session, chunk):
    text = listed(
        *(
            f"{n % 7},ana,Text {n % 7},2026-01-0{n % 7 + 1},{n},,2026-01-{n:02}"
            for n in range(1, 20)
        )
    )
    first = bring(text, platform="tiktok", chunk=chunk)
    before = stored(session, Post, PostSnapshot)
    again = bring(text, platform="tiktok", chunk=100)

    assert first.counts == (7, 12, 0, 0, 0)
    assert again.counts == (0, 0, 19, 0, 0)
    assert not any(any(step.made.values()) or step.changed or step.touched for step in again.steps)
    assert stored(session, Post, PostSnapshot) == before


def test_a_later_list_moves_the_counts_and_an_earlier_one_only_the_history(bring, session):
    text = "Post ID,Account,Caption,Likes\n111,ana,{},{}\n"
    bring(text.format("Crêpes", 10), platform="instagram", day=dt.date(2026, 1, 5))
    later = bring(text.format("Crêpes!", 20), platform="instagram", day=dt.date(2026, 1, 9))
    bring(text.format("Crepes", 5), platform="instagram", day=dt.date(2026, 1, 1))

    (one,) = posts(session)
    assert (one.likes, one.text, one.counts_on.day) == (20, "Crêpes!", 9)
    assert [row[1:] for row in days(session)] == [(1, 5), (5, 10), (9, 20)]
    (decision,) = later.decisions
    assert decision.changes["likes"] == [10, 20]
    assert decision.changes["text"] == ["Crêpes", "Crêpes!"]
    (noted,) = later.steps[0].changed
    assert noted[0] == "posts"
    assert noted[2]["counts_on"] == ["2026-01-05", "2026-01-09"]


def test_counts_that_did_not_move_write_nothing_on_a_later_day(bring, session):
    text = "Post ID,Account,Caption,Likes\n111,ana,Crêpes,10\n"
    bring(text, platform="instagram")
    before = stored(session, Post, PostSnapshot)

    assert bring(text, platform="instagram", day=dt.date(2026, 2, 20)).counts == (0, 0, 1, 0, 0)
    assert stored(session, Post, PostSnapshot) == before


def test_figures_of_a_day_that_is_not_over_are_refused(bring):
    came = bring(listed("111,ana,Crêpes,,1,,2026-04-01"), platform="instagram")

    assert came.counts == (0, 0, 0, 0, 1)
    assert came.codes == {"day": 1}


def test_an_id_that_a_spreadsheet_rounded_names_nothing(bring, session):
    came = bring(
        listed("1.83551511161788E+16,ana,Crêpes,2026-01-01,1,,", "18355151116178767,ana,W,,2,,"),
        platform="instagram",
    )

    assert came.counts == (2, 0, 0, 0, 0)
    assert came.codes == {"bad_figure": 1}
    assert [post.platform_post_id for post in posts(session)] == [None, "18355151116178767"]
    rounded = listed(*(f"1835515111617{n}000,ana,Text {n},,1,," for n in range(11, 15)))
    assert bring(rounded, platform="tiktok").codes == {"bad_figure": 4}


def test_where_no_id_is_given_the_link_names_the_post(bring, session):
    text = (
        "Lien;Légende;J’aime\nhttps://www.instagram.com/ana_n/p/DHW-r_1/?utm_source=x;Crêpes;10\n"
    )
    assert bring(text).counts == (1, 0, 0, 0, 0)
    (one,) = posts(session)
    assert (one.platform_post_id, one.likes) == ("DHW-r_1", 10)
    assert session.scalars(select(Account.handle)).one() == "ana_n"

    # The platform's own number comes later, with the same link.
    text = (
        "Post ID,Permalink,Account username,Likes\n"
        "17001,https://www.instagram.com/ana_n/p/DHW-r_1/,ana_n,10\n"
    )
    assert bring(text).counts == (0, 1, 0, 0, 0)
    assert [post.platform_post_id for post in posts(session)] == ["17001"]
    assert bring(text).counts == (0, 0, 1, 0, 0)
    text = "Permalink,Account username,Likes\n{},ana_n,12\n"
    text = text.format("https://www.instagram.com/ana_n/p/DHW-r_1/?hl=fr")
    assert bring(text, day=dt.date(2026, 2, 9)).counts[:2] == (0, 1)


def test_posts_of_a_blog_are_named_by_their_address(bring, session):
    text = "URL,Title,Published\nhttps://ana.example/crepes,Crêpes,2026-01-01\n"
    came = bring(text, platform="blog", account="ana.example")
    assert came.counts == (1, 0, 0, 0, 0)
    again = bring(text.replace("Crêpes", "Crêpes again"), platform="blog", account="ana.example")
    assert again.counts == (0, 1, 0, 0, 0)
    assert [post.text for post in posts(session)] == ["Crêpes again"]


def test_the_same_words_on_two_days_are_two_posts_and_with_two_counts_as_well(bring, session):
    dated = listed(",ana,Good morning,2026-01-01,1,,", ",ana,Good morning,2026-01-02,1,,")
    assert bring(dated, platform="instagram").counts == (2, 0, 0, 0, 0)

    undated = listed(",ben,Hi,,100,,", ",ben,Hi,,7,,", ",ben,Hi,,100,,")
    assert bring(undated, platform="instagram").counts == (2, 0, 1, 0, 0)
    before = stored(session, Post, PostSnapshot)
    assert bring(undated, platform="instagram").counts == (0, 0, 3, 0, 0)
    assert stored(session, Post, PostSnapshot) == before

    moved = listed(",ben,Hi,,9,,", ",ben,Hi,,120,,")
    assert bring(moved, platform="instagram", day=dt.date(2026, 2, 20)).counts == (0, 2, 0, 0, 0)
    assert [post.likes for post in posts(session)] == [1, 1, 9, 120]


def test_two_accounts_may_number_their_posts_alike(bring, session):
    text = listed("1,ana,Crêpes,,1,,", "1,ben,Waffles,,2,,")

    assert bring(text, platform="blog").counts == (2, 0, 0, 0, 0)
    assert bring(text, platform="blog").counts == (0, 0, 2, 0, 0)
    assert [post.text for post in posts(session)] == ["Crêpes", "Waffles"]


def test_a_row_that_names_no_post_or_nobody_is_refused(bring):
    came = bring(
        listed("111,,Crêpes,,1,,", ",ana,,2026-01-01,1,,", "222,ana,Crêpes,,lots,,"),
        platform="instagram",
    )

    assert came.counts == (1, 0, 0, 0, 2)
    assert came.codes == {"no_account": 1, "no_post": 1, "bad_figure": 1}


def test_whose_posts_are_unknown_becomes_a_person_of_the_brand(bring, session, brand):
    text = "video_id,channel_title,title,views\nabc123def45,Ana cooks,Crêpes,10\n"
    came = bring(text)

    account = session.scalars(select(Account)).one()
    assert (account.platform, account.handle) == (Platform.YOUTUBE, "Ana cooks")
    relationship = session.scalars(select(Relationship)).one()
    assert (relationship.brand_id, relationship.influencer_id) == (brand.id, account.influencer_id)
    (step,) = came.steps
    assert step.touched == {account.influencer_id}
    assert step.made["posts"] == [session.scalars(select(Post.id)).one()]
    assert step.made["influencers"] == [account.influencer_id]
    made = {table for table, ids in step.made.items() if ids}
    assert made == {
        "influencers",
        "accounts",
        "relationships",
        "stage_moves",
        "posts",
        "post_snapshots",
    }


def test_posts_go_to_the_person_who_is_here_already(bring, session, saved):
    account = saved(make.account(handle="Ana_N", platform_id="17841446494080465"))
    text = "Post ID,Account ID,Account username,Caption\n111,17841446494080465,ana_n,Crêpes\n"

    assert bring(text, platform="instagram").counts == (1, 0, 0, 0, 0)
    assert session.scalars(select(Post.account_id)).one() == account.id
    assert session.scalar(select(func.count()).select_from(Influencer)) == 1
    assert session.scalar(select(func.count()).select_from(Relationship)) == 1


def test_a_second_brand_gets_the_people_and_no_second_post(bring, session, saved):
    text = listed("111,ana,Crêpes,,1,,", "222,ana,Waffles,,1,,")
    bring(text, platform="instagram")

    assert bring(text, platform="instagram", of=saved(make.brand())).counts == (0, 1, 1, 0, 0)
    assert session.scalar(select(func.count()).select_from(Relationship)) == 2
    assert len(posts(session)) == 2


def test_the_newest_text_can_be_searched(bring, session):
    bring(listed("111,ana,“Crêpes” with AVOCADO,,1,,"), platform="instagram")
    bring(listed("111,ana,Pancakes,,2,,"), platform="instagram", day=dt.date(2026, 2, 9))
    entry = session.scalars(select(SearchEntry).where(SearchEntry.source == "post")).one()

    assert entry.text == "pancakes"


def test_a_rule_keeps_what_is_there(bring, session):
    text = listed("111,ana,{},{},{},,")
    bring(text.format("Crêpes", "", 1), platform="instagram")
    rules = {"text": "never", "published_at": "never", "likes": "empty", "views": "never"}
    again = text.format("Waffles", "2026-01-01", 7)
    came = bring(again, platform="instagram", day=dt.date(2026, 2, 9), rules=rules)

    assert came.counts == (0, 0, 1, 0, 0)
    (one,) = posts(session)
    assert (one.text, one.published_at, one.likes) == ("Crêpes", None, 1)


def test_hashtags_are_told_once_whatever_stands_between_them(bring, session):
    text = (
        "Caption,Hashtags,Likes\n"
        "Crêpes #food,#food\u00a0#Paris\u00a0#été,1\n"
        'Waffles,"[""sweet"", ""brunch""]",2\nTea,[none],3\n'
    )
    bring(text, platform="instagram", account="ana")

    assert [post.text for post in posts(session)] == [
        "Crêpes #food\n#Paris #été",
        "Waffles\nsweet, brunch",
        "Tea",
    ]


def test_line_ends_that_were_spelt_out_and_parted_accents_are_put_right(bring, session):
    bring(listed("111,ana,Cre\u0302pes\\n\\nRecette &amp; cafe\u0301,,1,,"), platform="youtube")

    (one,) = posts(session)
    assert one.text == "Crêpes\n\nRecette & café"


def test_our_own_export_comes_back_as_it_went(bring, session):
    text = (
        "account,platform_id,name,platform,handle,platform_post_id,published_at,text,language,url,"
        "likes,comments,shares,views,counts_on,history,content_key\n"
        'instagram:ana,,Ana,instagram,ana,111,2026-01-01T09:00:00+00:00," Crêpes\\n ",fr,,20,,,,'
        '2026-01-03,"[{""day"": ""2026-01-01"", ""likes"": 10, ""comments"": null, '
        '""shares"": null, ""views"": null}, {""day"": ""2026-01-03"", ""likes"": 20}]",\n'
        "instagram:ana,,Ana,instagram,ana,222,2026-01-01T09:00:00+00:00,Tea,,,7,,,,,[],\n"
    )
    assert bring(text).counts == (2, 0, 0, 0, 0)
    one, two = posts(session)
    assert (one.text, one.language, one.likes) == (" Crêpes\\n ", "fr", 20)
    assert one.counts_on == dt.date(2026, 1, 3)
    assert (two.likes, two.counts_on) == (7, None)
    assert days(session) == [(one.id, 1, 10), (one.id, 3, 20)]
    before = stored(session, Post, PostSnapshot)
    shown = Posts.of(Lines(text.splitlines()[0] + "\n"), Chosen()).columns
    for said in ({}, {"columns": shown}):  # As the wizard gives the columns back.
        assert bring(text, **said).counts == (0, 0, 2, 0, 0)
        assert stored(session, Post, PostSnapshot) == before


rows = st.lists(
    st.tuples(
        st.sampled_from(["111", "222"]),
        st.integers(1, 6),
        st.none() | st.integers(0, 2),
        st.none() | st.integers(0, 2),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: row[:2],
)


@given(rows, st.integers(1, 5))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_the_order_of_the_days_history_and_newest_counts_are_right(
    bring, session, app, rows, chunk
):
    with app.app_context():
        wipe(db.engine)
    session.expunge_all()
    brand = make.brand()
    session.add(brand)
    session.commit()
    text = listed(
        *(
            f"{id},ana,Text {id},,{'' if likes is None else likes},"
            f"{'' if views is None else views},2026-01-0{day}"
            for id, day, likes, views in rows
        )
    )
    bring(Lines(text), platform="instagram", chunk=chunk, of=brand)
    expected = {}
    for id, day, likes, views in sorted(rows, key=lambda row: row[1]):
        if (likes, views) != (None, None):
            before = expected.get(id, (None, None, None))
            expected[id] = (
                before[0] if likes is None else likes,
                before[1] if views is None else views,
                day,
            )
    for post in posts(session):
        newest = (post.likes, post.views, post.counts_on and post.counts_on.day)
        assert newest == expected.get(post.platform_post_id, (None, None, None))
    assert len(days(session)) == sum(row[2:] != (None, None) for row in rows)
    before = stored(session, Post, PostSnapshot)
    bring(Lines(text), platform="instagram", chunk=100, of=brand)
    assert stored(session, Post, PostSnapshot) == before
