"""How scores spread on the real lists, as docs/scoring.md says; and they are no copies of reach."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from irm.jobs import scoring
from irm.models import Influencer, Setting
from irm.scoring.rules import EXPECTATION

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
PAGE = (ROOT / "docs" / "scoring.md").read_text(encoding="utf-8")
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public lists are not beside this project (../shared/data)"
)

LISTS = {
    "top Instagram accounts, 2022": ("influencers_instagram_2022-09.csv", "instagram"),
    "top YouTube channels, 2022": ("influencers_youtube_2022-06.csv", "youtube"),
    "top TikTok accounts, 2022": ("influencers_tiktok_2022-11.csv", "tiktok"),
}
MEMBERS = {
    "French members of parliament, 2023": ("fr_deputes_twitter_2023-04-06.csv", "x"),
}


def documented(head):
    """The row of the page's table that begins so."""
    rows = (line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| "))
    return next([cell.strip() for cell in row[1:]] for row in rows if row[0] == head)


def order_of(values):
    """The ranks of some values; equal ones share the middle of theirs."""
    _, place, many = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(many) - (many - 1) / 2)[place]


def order_correlation(one, other):
    """Spearman's."""
    return np.corrcoef(order_of(one), order_of(other))[0, 1]


@pytest.fixture
def people(bring, session):
    """Bring a list in, score it, and give its people."""

    def people(name, platform):
        bring((DATA / name).read_bytes(), name=name, platform=platform)
        scoring.score(session, NOW)
        session.expire_all()
        return session.scalars(select(Influencer)).all()

    return people


@pytest.mark.parametrize("head", LISTS)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_resonance_says_something_of_its_own(people, session, head):
    name, platform = LISTS[head]
    everybody = people(name, platform)
    known = [one for one in everybody if one.resonance is not None]
    score = np.array([one.resonance for one in known])
    line = session.get_one(Setting, EXPECTATION + platform).value
    related = order_correlation(score, np.array([one.reach for one in known]))

    accounts, slope, order, spread, *ends = documented(head)

    assert related <= 0.3
    assert order == f"{related:.2f}".replace("-0.00", "0.00")
    assert slope.split()[0] == f"{line['slope']:.2f}".replace("-0.00", "0.00")
    some = "" if len(known) == len(everybody) else f" ({len(known)} known)"
    assert accounts == f"{len(everybody)}{some}"
    assert spread == ", ".join(f"{x:.0f}" for x in np.percentile(score, (10, 50, 90)))
    around = (score == 0, abs(score - 50) < 0.5, score == 100)
    assert ends == [str(int(them.sum())) for them in around]


@pytest.mark.parametrize("head", [*LISTS, *MEMBERS])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_reach_spreads_as_the_page_says(people, head):
    everybody = people(*(LISTS | MEMBERS)[head])
    reach = [one.reach for one in everybody if one.reach is not None]

    tenths = ", ".join(f"{x:.0f}" for x in np.percentile(reach, (10, 50, 90)))
    assert documented(f"reach of {head}") == [str(len(everybody)), tenths]
