"""Warm paths as a brand finds them: by what it may see, through people it serves well."""

import datetime as dt
import json

import make
import pytest
from tied import introduction, tie

from irm import clock
from irm.cli import network as command
from irm.errors import Refused
from irm.models import Prospect, Stage, TieKind, TieOrigin
from irm.network import nearby, paths, sentences

DAY = dt.timedelta(days=1)


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def brand(saved):
    return saved(make.brand(name="Acme"))


@pytest.fixture
def friend(saved, brand, now):
    """Somebody the brand serves well, unless it is said otherwise."""

    def friend(name="Ana", **given):
        usual = {
            "stage": Stage.ENGAGED,
            "earned_stage": Stage.ENGAGED,
            "gives_since_ask": 1,
            "last_two_way_at": now - 5 * DAY,
            "last_contact_at": now - 5 * DAY,
        }
        return saved(make.relationship(brand=brand, name=name, **{**usual, **given}))

    return friend


@pytest.fixture
def stranger(saved):
    def stranger(name="Zoé"):
        return saved(make.influencer(name=name, known=False))

    return stranger


@pytest.fixture
def tied(saved):
    def tied(one, other, **given):
        one, other = (getattr(end, "influencer", end) for end in (one, other))
        return saved(tie(one, other, **{"last_seen": clock.now().date(), **given}))

    return tied


def found(session, brand, person, now, most=5):
    session.commit()
    result = paths.find(session, brand.id, person.id, now, most)
    return [tuple(result.names[id] for id in path.people) for path in result.paths]


def test_the_warmest_route_comes_first_with_its_reasons(
    session, brand, friend, stranger, tied, now
):
    ana, ben, zoe = friend("Ana"), friend("Ben", stage=Stage.INTERESTED), stranger()
    mia = stranger("Mia")
    tied(ana, mia, kind=TieKind.COLLABORATES)
    tied(mia, zoe, kind=TieKind.KNOWS, is_mutual=True)
    tied(zoe, ben, kind=TieKind.FOLLOWS, last_seen=now.date() - 700 * DAY)
    session.commit()

    result = paths.find(session, brand.id, zoe.id, now)

    assert [path.people for path in result.paths] == [
        (ana.influencer_id, mia.id, zoe.id),
        (ben.influencer_id, zoe.id),
    ]
    first = result.paths[0]
    assert first.connector.relationship_id == ana.id
    assert [reason["code"] for reason in first.reasons] == [
        "path.stage",
        "path.spoken",
        "path.given",
        "path.step",
        "path.step",
    ]
    assert [step.strength for step in first.steps] == [5.0, 6.0]
    readiness = 0.75 * 0.5 ** (5 / 180)
    assert first.warmth == pytest.approx(100 * readiness * 5 / 6 * 6 / 7, abs=0.01)
    said = [sentences.sentence(reason, result.names) for reason in first.reasons]
    assert said[0] == "At Engaged, and the evidence supports it."
    assert said[3].startswith("Ana and Mia, one way: works with (strength 5.0). Last seen on ")
    assert said[4].startswith("Mia and Zoé, both ways: knows (strength 6.0).")


def test_several_ties_of_two_people_are_one_step(session, brand, friend, stranger, tied, now):
    ana, zoe = friend(), stranger()
    tied(ana, zoe)
    tied(ana, zoe, kind=TieKind.MENTIONS, weight=3.0)
    tied(zoe, ana)
    session.commit()
    (path,) = paths.find(session, brand.id, zoe.id, now).paths
    (step,) = path.steps
    assert (step.strength, step.kinds, step.is_mutual) == (8.0, ("follows", "mentions"), True)


def test_three_steps_are_walked_and_four_are_not(session, brand, friend, stranger, tied, now):
    ana, zoe = friend(), stranger()
    one, two, three = (stranger(name) for name in ("One", "Two", "Three"))
    tied(ana, one)
    tied(one, two)
    tied(two, three)
    tied(three, zoe)
    assert found(session, brand, zoe, now) == []
    assert found(session, brand, three, now) == [("Ana", "One", "Two", "Three")]


@pytest.mark.parametrize(
    "given",
    [
        {"stage": Stage.AWARE},
        {"last_two_way_at": None},
        {"last_two_way_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
        {"paused_until": dt.date(2999, 1, 1)},
        {"unanswered": 3},
    ],
)
def test_who_is_not_served_well_is_not_asked(session, brand, friend, stranger, tied, now, given):
    ana, zoe = friend(**given), stranger()
    tied(ana, zoe)
    assert found(session, brand, zoe, now) == []


@pytest.mark.parametrize(
    "given", [{"do_not_contact": True}, {"archived_at": make.MONDAY}, {"known": False}]
)
def test_who_wants_no_contact_or_is_gone_is_not_asked(
    session, brand, friend, stranger, tied, now, given
):
    ana, zoe = friend(), stranger()
    for name, value in given.items():
        setattr(ana.influencer, name, value)
    tied(ana, zoe)
    assert found(session, brand, zoe, now) == []


def test_who_was_asked_lately_comes_after_one_who_is_rested(
    session, saved, brand, friend, stranger, tied, now
):
    ana, ben, zoe = friend("Ana"), friend("Ben", last_two_way_at=now - 20 * DAY), stranger()
    tied(ana, zoe)
    tied(ben, zoe)
    assert found(session, brand, zoe, now) == [("Ana", "Zoé"), ("Ben", "Zoé")]
    asked = saved(introduction(ana, stranger("Mia"), made_at=now))
    assert found(session, brand, zoe, now) == [("Ben", "Zoé"), ("Ana", "Zoé")]
    asked.made_at = now - 600 * DAY
    assert found(session, brand, zoe, now) == [("Ana", "Zoé"), ("Ben", "Zoé")]


def test_what_another_brand_was_told_or_knows_is_no_way(
    session, saved, brand, friend, stranger, tied, now
):
    other = saved(make.brand())
    theirs = saved(make.relationship(brand=other, name="Theirs"))
    ana, zoe = friend(), stranger()
    tied(ana, zoe, brand_id=other.id, origin=TieOrigin.LIST)
    tied(ana, theirs)
    tied(theirs, zoe)
    assert found(session, brand, zoe, now) == []
    tied(ana, zoe, brand_id=brand.id, origin=TieOrigin.LIST)
    assert found(session, brand, zoe, now) == [("Ana", "Zoé")]


def test_a_hub_is_looked_at_by_its_strongest_ties(
    session, saved, brand, friend, stranger, tied, now, monkeypatch
):
    monkeypatch.setattr(nearby.read, "__kwdefaults__", {"others": None, "per_person": 5})
    ana, zoe, hub = friend(), stranger(), stranger("Hub")
    tied(hub, zoe, weight=9.0)
    tied(ana, hub, weight=8.0)
    for n in range(8):
        tied(stranger(f"Leaf {n}"), hub)
    session.commit()
    result = paths.find(session, brand.id, zoe.id, now)
    assert result.is_limited
    assert [len(path.people) for path in result.paths] == [3]


def test_routes_have_different_connectors_and_are_so_many_at_most(
    session, brand, friend, stranger, tied, now
):
    zoe, mia = stranger(), stranger("Mia")
    tied(mia, zoe)
    for name in ("Ana", "Ben", "Cleo", "Dan"):
        one = friend(name)
        tied(one, zoe)
        tied(one, mia)
    ways = found(session, brand, zoe, now, most=3)
    assert len(ways) == 3
    assert len({way[0] for way in ways}) == 3


def test_only_whom_we_never_reached_needs_a_way(session, saved, brand, friend, stranger, now):
    unaware = saved(make.relationship(brand=brand))
    greeted = saved(make.relationship(brand=brand, last_contact_at=now))
    prospect = saved(make.influencer())
    saved(Prospect(influencer_id=prospect.id, brand_id=brand.id, is_own=True, created_at=now))
    for id in (unaware.influencer_id, prospect.id, stranger().id):
        paths.refuse_reached(session, brand.id, id)
    for id in (greeted.influencer_id, friend().influencer_id, 999_999):
        with pytest.raises(Refused):
            paths.refuse_reached(session, brand.id, id)
    theirs = saved(make.relationship())
    with pytest.raises(Refused, match="no such person"):
        paths.refuse_reached(session, brand.id, theirs.influencer_id)


def test_the_command_finds_by_handle_and_by_id(app, session, saved, brand, friend, stranger, tied):
    ana, zoe = friend(), stranger()
    saved(make.account(influencer=zoe, handle="zoe.paris"))
    tied(ana, zoe)
    session.commit()

    def run(*words):
        with app.app_context():
            return app.test_cli_runner().invoke(command.group, ["paths", *words])

    told = json.loads(run("--to", "@Zoe.Paris", "--json").stdout)
    assert told["to"] == {"id": zoe.id, "name": "Zoé"}
    (path,) = told["paths"]
    assert [one["name"] for one in path["people"]] == ["Ana", "Zoé"]
    assert path["connector"]["stage"] == "engaged"
    plain = run("--to", str(zoe.id)).stdout
    assert plain.startswith("1. Ana → Zoé (")
    assert "At Engaged, and the evidence supports it." in plain
    assert isinstance(run("--to", "nobody").exception, Refused)
    assert isinstance(run("--to", str(ana.influencer_id)).exception, Refused)


# The neighbourhood, for a picture.


def test_a_neighbourhood_is_bounded_and_keeps_the_strongest(
    session, saved, brand, friend, stranger, tied, now
):
    ana = friend()
    near = [stranger(f"Near {n}") for n in range(6)]
    for n, one in enumerate(near):
        tied(ana, one, weight=1.0 + n)
    far = stranger("Far")
    tied(near[5], far)
    tied(near[4], near[5])
    session.commit()
    day = now.date()
    seen, ids = nearby.neighbourhood(session, brand.id, ana.influencer_id, day)
    assert ids[:2] == [ana.influencer_id, near[5].id]
    assert set(ids) == {ana.influencer_id, far.id, *(one.id for one in near)}
    assert not seen.is_limited
    seen, ids = nearby.neighbourhood(session, brand.id, ana.influencer_id, day, most=3)
    assert ids == [ana.influencer_id, near[5].id, near[4].id]
    assert seen.is_limited
    assert (min(near[4].id, near[5].id), max(near[4].id, near[5].id)) in seen.links


def test_bridges_are_the_links_nothing_goes_round():
    def link(one, other):
        return nearby.Link(one, other, 1.0)

    ring = [link(1, 2), link(2, 3), link(1, 3)]
    assert nearby.bridges(ring) == []
    other = [link(10, 11), link(11, 12), link(10, 12)]
    assert nearby.bridges([*ring, link(3, 5), link(5, 10), *other]) == [(3, 5), (5, 10)]
    assert nearby.bridges([]) == []
