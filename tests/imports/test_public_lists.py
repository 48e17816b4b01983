"""The real lists: as many people as they name, and none the second time."""

import datetime as dt
from pathlib import Path

import make
import pytest
from sqlalchemy import func, select

from irm.imports import lists
from irm.imports.complaints import Complaint
from irm.imports.orders import Order
from irm.jobs import importing, tasks
from irm.models import Account, Influencer, Platform, Task

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
DAY = dt.date(2026, 1, 1)

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public lists are not beside this project (../shared/data)"
)

#: Name, platform, rows, people, rows that repeat, rows that contradict a later one.
LISTS = [
    ("influencers_instagram_2022-09.csv", Platform.INSTAGRAM, 1050, 983, 61, 6),
    ("influencers_youtube_2022-06.csv", Platform.YOUTUBE, 1021, 999, 21, 1),
    ("influencers_tiktok_2022-11.csv", Platform.TIKTOK, 1000, 983, 14, 3),
    ("fr_deputes_twitter_2023-04-06.csv", Platform.X, 584, 584, 0, 0),
]


@pytest.fixture
def brand(saved):
    return saved(make.brand())


@pytest.fixture
def bring(app, session, brand):
    def bring(name, day=DAY):
        order = Order.of(DATA / name, name, day)
        task = Task(
            kind="import", arguments=order.to_json(), brand_id=brand.id, created_at=make.MONDAY
        )
        session.add(task)
        session.commit()
        result = tasks.run_inline(app, task.id, lambda done, total: None).result
        return tuple(result[count] for count in importing.COUNTS)

    return bring


@pytest.mark.parametrize(("name", "platform", "rows", "people", "same", "conflicts"), LISTS)
def test_a_list_brings_each_person_once(
    bring, session, name, platform, rows, people, same, conflicts
):
    assert bring(name) == (rows, people, 0, same, conflicts, 0)
    assert bring(name) == (rows, 0, 0, rows - conflicts, conflicts, 0)
    assert session.scalar(select(func.count()).select_from(Influencer)) == people
    assert set(session.scalars(select(Account.platform))) == {platform}


@pytest.mark.parametrize("name", [row[0] for row in LISTS[:2]])
def test_where_a_figure_stands_twice_both_columns_say_the_same(name):
    people = lists.understand(DATA / name, name)
    both = people.columns.fields["followers"]
    assert len(both) == 2
    for _, cells in people.table.rows():
        turned = people._replace(
            columns=people.columns._replace(
                fields={**people.columns.fields, "followers": both[::-1]}
            )
        )
        assert people.read(cells).followers == turned.read(cells).followers is not None


def test_members_of_parliament_are_the_same_people_over_the_years(bring, session):
    bring("fr_deputes_twitter_2018-01-02.csv", dt.date(2018, 1, 2))
    created = bring("fr_deputes_twitter_2023-04-06.csv", dt.date(2023, 4, 6))[1]

    # More than the 216 whose handle stands in both: ids tell those who renamed theirs.
    assert created <= 584 - 216
    ids = select(func.count(func.distinct(Account.platform_id)))
    assert session.scalar(ids) == session.scalar(select(func.count()).select_from(Account))
    again = bring("fr_deputes_twitter_2018-01-02.csv", dt.date(2018, 1, 2))
    assert again[1:3] == (0, 0)
    again = bring("fr_deputes_twitter_2023-04-06.csv", dt.date(2023, 4, 6))
    assert again[1:3] == (0, 0)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("crm/sales_pipeline.csv", "no_handle"),
        ("crm/accounts.csv", "no_handle"),
        ("crm/products.csv", "no_handle"),
        ("crm/sales_teams.csv", "no_handle"),
        ("crm/vcards/gmail-list.vcf", "no_handle"),
        ("meta_export/audience_utf16le.csv", "no_handle"),
        ("meta_export/reach_utf16le.csv", "no_handle"),
        ("meta_export/instagram_posts.csv", "looks_like_posts"),
        ("instagram_own_posts_nbsp_cp1252.csv", "looks_like_posts"),
        ("youtube_trending_FR_2017-11.csv", "looks_like_posts"),
        ("fr_deputes_followers_monthly.csv", "looks_like_snapshots"),
        ("net_fr_mps_follows_edges.tsv", "looks_like_ties"),
        ("net_fb_politician_pages_edges.csv", "looks_like_ties"),
        ("net_fb_politician_pages_ids.csv", "no_handle"),
        ("net_higgs_mentions_weighted.edgelist", "no_handle"),
        ("fr_creators_crowdfunding.xlsx", "workbook"),
    ],
)
def test_what_is_no_list_of_influencers_is_refused(name, code):
    with pytest.raises(Complaint) as refused:
        lists.understand(DATA / name, name)

    assert refused.value.code == code
