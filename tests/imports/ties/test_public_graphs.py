"""The real networks: as many ties and strangers as they hold, and none the second time."""

import json
from pathlib import Path

import make
import pytest
from sqlalchemy import func, select

from irm.cli import main
from irm.models import Account, Influencer, Platform, SearchEntry, Tie, TieKind

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
COUNTS = ("rows", "created", "updated", "same", "conflicts", "refused")

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public networks are not beside this project (../shared/data)"
)


@pytest.fixture
def brought(app, saved, monkeypatch, capsys):
    """Import a file as a shell does; returns its counts."""
    saved(make.brand(name="Acme"))
    monkeypatch.setattr(main.config, "told", lambda: app.config["IRM"])
    monkeypatch.setattr(main, "create_app", lambda _settings: app)

    def brought(name, *options):
        code = main.main(["import", str(DATA / name), "--json", *options])
        said = capsys.readouterr()
        assert code == 0, said.err
        result = json.loads(said.out)
        return tuple(result[one] for one in COUNTS)

    return brought


def strangers(session):
    session.rollback()
    return session.scalar(select(func.count()).where(Influencer.known.is_(False)))


def ties(session, *conditions):
    return session.scalar(select(func.count()).select_from(Tie).where(*conditions))


def test_whom_members_of_parliament_follow(brought, session):
    nodes = brought("net_fr_mps_follows_nodes.tsv", "--platform", "x")
    assert nodes == (577, 365, 0, 0, 0, 212)
    name = "net_fr_mps_follows_edges.tsv"

    assert brought(name, "--platform", "x") == (12869, 12869, 0, 0, 0, 0)
    assert strangers(session) == 0  # Each of the 339 stands among the nodes.
    ends = select(Tie.from_id).union(select(Tie.to_id)).subquery()
    assert session.scalar(select(func.count()).select_from(ends)) == 339
    assert ties(session, Tie.kind == TieKind.FOLLOWS) == 12869
    assert brought(name, "--platform", "x") == (12869, 0, 0, 12869, 0, 0)


def test_pages_that_like_each_other_are_known_by_a_second_file(brought, session):
    name = "net_fb_politician_pages_edges.csv"
    options = (
        "--kind", "ties", "--platform", "facebook", "--mutual",
        "--nodes", str(DATA / "net_fb_politician_pages_ids.csv"),
    )  # fmt: skip

    assert brought(name, *options) == (41729, 41706, 0, 0, 0, 23)
    assert strangers(session) == 5908
    assert ties(session, Tie.is_mutual) == 41706
    # They go by the platform's own ids, not by the numbers of the file.
    lin = select(Account.platform_id).join(Influencer, Influencer.id == Account.influencer_id)
    assert session.scalars(lin.where(Influencer.name == "林淑芬")).all() == ["169014523134260"]
    assert brought(name, *options) == (41729, 0, 0, 41706, 0, 23)


def test_pages_that_are_here_already_are_found_by_their_ids(brought, session):
    brought("net_fb_politician_pages_ids.csv", "--platform", "facebook")

    brought(
        "net_fb_politician_pages_edges.csv", "--kind", "ties", "--platform", "facebook",
        "--mutual", "--nodes", str(DATA / "net_fb_politician_pages_ids.csv"),
    )  # fmt: skip

    assert strangers(session) == 0
    assert ties(session) == 41706


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # half a minute, and no more said
def test_mentions_of_numbers_make_strangers(brought, session):
    name = "net_higgs_mentions_weighted.edgelist"

    assert brought(name, "--kind", "ties", "--platform", "x") == (
        150818, 145465, 0, 0, 0, 5353,
    )  # fmt: skip
    assert strangers(session) == 116408
    assert session.scalar(select(func.max(Tie.weight))) == 92
    assert set(session.scalars(select(Tie.kind).distinct())) == {TieKind.MENTIONS}
    hub = select(func.count(Tie.id)).group_by(Tie.to_id).order_by(func.count().desc()).limit(1)
    assert session.scalar(hub) >= 11953 - 1
    assert set(session.scalars(select(Account.platform).distinct())) == {Platform.X}
    assert session.scalars(select(SearchEntry.id).limit(1)).all() == []
    assert brought(name, "--kind", "ties", "--platform", "x") == (150818, 0, 0, 145465, 0, 5353)
