"""The real lists: as many people as they name, and none the second time."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import func, select

from irm import clock
from irm.imports import batches
from irm.imports.orders import Order
from irm.jobs import tasks
from irm.models import Account, AccountHandle, Brand, Influencer, Platform, Snapshot
from tests.imports.brought import stored

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
DAY = dt.date(2026, 1, 1)
COUNTS = ("rows", "created", "updated", "same", "conflicts", "refused")

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public lists are not beside this project (../shared/data)"
)

#: Name, platform, rows, people, rows that repeat, that contradict a later one, that name nobody.
LISTS = [
    ("influencers_instagram_2022-09.csv", Platform.INSTAGRAM, 1050, 983, 61, 6, 0),
    ("influencers_youtube_2022-06.csv", Platform.YOUTUBE, 1021, 999, 21, 1, 0),
    ("influencers_tiktok_2022-11.csv", Platform.TIKTOK, 1000, 983, 14, 3, 0),
    ("fr_deputes_twitter_2015-05-18_3cols.csv", Platform.X, 357, 357, 0, 0, 0),
    ("fr_deputes_twitter_2018-01-02.csv", Platform.X, 523, 523, 0, 0, 0),
    ("fr_deputes_twitter_2023-04-06.csv", Platform.X, 584, 584, 0, 0, 0),
    ("net_fr_mps_follows_nodes.tsv", Platform.X, 577, 365, 0, 0, 212),
    ("net_fb_politician_pages_ids.csv", Platform.FACEBOOK, 5908, 5908, 0, 0, 0),
    ("fr_creators_crowdfunding.xlsx", Platform.OTHER, 74, 71, 1, 2, 0),
]

#: Cards that name somebody, and cards that nothing tells from another one.
CARDS = {
    "John_Doe_ANDROID": (5, 1),
    "John_Doe_BLACK_BERRY": (1, 0),
    "John_Doe_EVOLUTION": (1, 0),
    "John_Doe_GMAIL": (1, 0),
    "John_Doe_LOTUS_NOTES": (1, 0),
    "John_Doe_MS_OUTLOOK": (1, 0),
    "fullcontact": (1, 0),
    "gmail-list": (3, 0),
    "gmail-single2": (1, 0),
    "outlook-2003": (1, 0),
}


@pytest.fixture
def bring_file(app, brand, done):
    def bring_file(name, day=DAY):
        with app.app_context():
            session = tasks.db.session
            order = Order.of(DATA / name, Path(name).name, day)
            batch = batches.draft(
                session, order, session.get_one(Brand, brand.id), None, clock.now()
            )
            session.commit()
            batch_id = batch.id
        result = done(batch_id)
        return tuple(result[count] for count in COUNTS)

    return bring_file


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


@pytest.mark.parametrize(
    ("name", "platform", "rows", "people", "same", "conflicts", "refused"), LISTS
)
def test_a_list_brings_each_person_once(
    bring_file, session, name, platform, rows, people, same, conflicts, refused
):
    assert bring_file(name) == (rows, people, 0, same, conflicts, refused)
    before = stored(session)
    assert bring_file(name) == (rows, 0, 0, people + same, conflicts, refused)
    assert stored(session) == before
    assert count(session, Influencer) == people
    assert set(session.scalars(select(Account.platform))) == {platform}


@pytest.mark.parametrize("name", CARDS)
def test_cards_bring_each_person_once(bring_file, session, name):
    people, conflicts = CARDS[name]
    rows = people + conflicts

    assert bring_file(f"crm/vcards/{name}.vcf") == (rows, people, 0, 0, conflicts, 0)
    before = stored(session)
    assert bring_file(f"crm/vcards/{name}.vcf") == (rows, 0, 0, people, conflicts, 0)
    assert stored(session) == before


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # a minute on two, and no more said
def test_followers_over_eight_years_leave_each_account_once(bring_file, session):
    name = "fr_deputes_followers_monthly.csv"
    assert bring_file(name) == (48319, 48313, 0, 0, 6, 0)
    assert (count(session, Account), count(session, Snapshot)) == (1218, 48319)
    renamed = select(func.count(func.distinct(AccountHandle.account_id)))
    assert session.scalar(renamed) == 109
    before = stored(session)

    assert bring_file(name) == (48319, 0, 0, 48319, 0, 0)
    assert stored(session) == before


def test_members_of_parliament_are_the_same_people_over_the_years(bring_file, session):
    bring_file("fr_deputes_twitter_2018-01-02.csv", dt.date(2018, 1, 2))
    created = bring_file("fr_deputes_twitter_2023-04-06.csv", dt.date(2023, 4, 6))[1]

    # More than the 216 whose handle stands in both: ids tell those who renamed theirs.
    assert created <= 584 - 216
    ids = select(func.count(func.distinct(Account.platform_id)))
    assert session.scalar(ids) == count(session, Account)
    assert bring_file("fr_deputes_twitter_2018-01-02.csv", dt.date(2018, 1, 2))[1:3] == (0, 0)
    assert bring_file("fr_deputes_twitter_2023-04-06.csv", dt.date(2023, 4, 6))[1:3] == (0, 0)
