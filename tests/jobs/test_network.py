"""Networks measured as a task: what each brand sees, what is stored, and when it is done anew."""

import datetime as dt
import json

import make
import pytest
from sqlalchemy import delete, func, select, update
from tied import tie

from irm import clock
from irm.cli import network as command
from irm.jobs import network, tasks
from irm.models import (
    Community,
    NetworkRun,
    Place,
    Prospect,
    Task,
    TaskState,
    Tie,
    TieKind,
    TieOrigin,
)
from irm.network.arrays import reading

NIGHT = dt.datetime(2026, 3, 3, 2, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def brand(saved):
    return saved(make.brand(name="Acme"))


@pytest.fixture
def people(saved, brand):
    """Six of the brand's people, in two triangles."""
    return [saved(make.relationship(brand=brand)).influencer for _n in range(6)]


@pytest.fixture
def tied(session, saved):
    """Make ties between people; FOLLOWS, public and of today unless said otherwise."""

    def tied(*pairs, **given):
        for one, other in pairs:
            saved(tie(one, other, **{"last_seen": clock.now().date(), **given}))

    return tied


@pytest.fixture
def triangles(people, tied):
    for n in (0, 3):
        one, two, three = people[n : n + 3]
        tied((one, two), (two, three), (three, one))
    return people


@pytest.fixture
def measured(app, session):
    """Measure a brand's network, or all; returns the task's result."""

    def measured(brand=None):
        session.commit()
        id = None if brand is None else brand.id
        task = tasks.run_new(app, network.KIND, {}, lambda done, total: None, brand_id=id)
        assert task.state is TaskState.DONE, task.error
        session.expire_all()
        return task.result

    return measured


def places(session, brand):
    rows = session.scalars(select(Place).where(Place.brand_id == brand.id).order_by(Place.rank))
    return {place.influencer_id: place for place in rows}


def test_places_communities_and_the_run_are_stored(session, brand, triangles, measured):
    result = measured(brand)

    found = places(session, brand)
    assert set(found) == {person.id for person in triangles}
    assert sum(place.influence for place in found.values()) == pytest.approx(1)
    assert sorted(place.rank for place in found.values()) == [1, 2, 3, 4, 5, 6]
    assert {place.ties_in for place in found.values()} == {1}
    first, second = session.scalars(select(Community).order_by(Community.id)).all()
    numbers = [found[person.id].community_id for person in triangles]
    assert [numbers[:3], numbers[3:]] in (
        [[one.id] * 3, [other.id] * 3] for one, other in ((first, second), (second, first))
    )
    assert first.size == second.size == 3
    assert {first.colour, second.colour} == {0, 1}
    run = session.scalars(select(NetworkRun)).one()
    assert (run.people, run.strangers, run.ties, run.communities) == (6, 0, 6, 2)
    assert run.modularity == pytest.approx(0.5)
    assert result["brands"][str(brand.id)]["ties"] == 6


def test_a_brand_sees_its_people_its_prospects_and_strangers_alone(
    session, saved, brand, people, tied, measured
):
    other = saved(make.brand(name="Other"))
    theirs = saved(make.relationship(brand=other)).influencer
    stranger = saved(make.influencer(known=False))
    prospect = saved(make.influencer())
    saved(
        Prospect(influencer_id=prospect.id, brand_id=brand.id, is_own=True, created_at=make.MONDAY)
    )
    merged = saved(make.influencer(merged_into_id=people[0].id))
    archived = saved(make.relationship(brand=brand)).influencer
    archived.archived_at = make.MONDAY
    hidden = saved(make.influencer(known=False))
    tied(*((people[0], one) for one in (theirs, stranger, prospect, merged, archived)))
    tied((people[0], hidden), brand_id=other.id, origin=TieOrigin.LIST)
    tied((people[1], people[2]), brand_id=brand.id, origin=TieOrigin.LIST)

    measured()

    seen = {people[n].id for n in range(3)} | {stranger.id, prospect.id}
    assert set(places(session, brand)) == seen
    assert set(places(session, other)) == set()
    run = session.scalars(select(NetworkRun).where(NetworkRun.brand_id == brand.id)).one()
    assert (run.people, run.strangers, run.ties) == (4, 1, 3)


def test_a_mutual_tie_counts_both_ways_and_strong_ties_count_more(
    session, brand, people, tied, measured
):
    one, two, three, four = people[:4]
    tied((one, two), is_mutual=True)
    tied((three, four), kind=TieKind.COLLABORATES)
    tied((three, one), last_seen=dt.date(2016, 1, 1))
    measured(brand)
    found = places(session, brand)
    assert (found[one.id].ties_in, found[one.id].ties_out) == (2, 1)
    assert (found[two.id].ties_in, found[two.id].ties_out) == (1, 1)
    # From `three` nearly everything goes to whom she works with.
    assert found[four.id].influence > 1.4 * found[three.id].influence


def test_communities_keep_number_name_and_colour(session, saved, brand, triangles, tied, measured):
    measured(brand)
    before = {id: place.community_id for id, place in places(session, brand).items()}
    session.execute(update(Community).values(name="Named"))
    session.commit()
    newcomer = saved(make.relationship(brand=brand)).influencer
    tied((newcomer, triangles[0]), (triangles[0], newcomer))

    measured(brand)

    after = {id: place.community_id for id, place in places(session, brand).items()}
    assert {id: after[id] for id in before} == before
    assert after[newcomer.id] == before[triangles[0].id]
    assert session.scalar(select(func.count()).select_from(Community)) == 2
    assert {one.name for one in session.scalars(select(Community))} == {"Named"}


def test_whoever_has_no_ties_any_more_loses_the_place(session, brand, triangles, measured):
    measured(brand)
    session.execute(delete(Tie).where(Tie.to_id > triangles[2].id))
    measured(brand)
    assert set(places(session, brand)) == {person.id for person in triangles[:3]}
    session.execute(delete(Tie))
    measured(brand)
    assert places(session, brand) == {}
    runs = session.scalars(select(NetworkRun).order_by(NetworkRun.id)).all()
    assert [run.ties for run in runs] == [6, 3, 0]
    assert runs[-1].modularity is None


def test_measuring_again_comes_to_the_same(session, brand, triangles, measured):
    measured(brand)
    before = [
        (one.influence, one.rank, one.community_id) for one in places(session, brand).values()
    ]
    measured(brand)
    after = [(one.influence, one.rank, one.community_id) for one in places(session, brand).values()]
    assert after == before


def test_topics_begin_with_those_who_speak_of_them(session, saved, brand, people, tied, measured):
    speaker = saved(make.relationship(brand=brand, relevance=90.0)).influencer
    tied((speaker, people[0]), (people[1], people[2]))
    measured(brand)
    found = places(session, brand)
    assert found[people[0].id].topical > found[people[2].id].topical == 0
    assert found[speaker.id].topical_rank == 1


def test_too_many_ties_are_refused_before_they_are_read(
    app, session, brand, triangles, monkeypatch
):
    monkeypatch.setattr(reading, "MOST_TIES", 5)
    session.commit()
    task = tasks.run_new(app, network.KIND, {}, lambda done, total: None)
    assert task.state is TaskState.FAILED
    assert task.error["params"] == {"ties": "6", "most": "5"}
    assert session.scalar(select(NetworkRun.id)) is None


def test_progress_goes_up_to_the_end(app, session, brand, triangles):
    session.commit()
    told = []
    tasks.run_new(app, network.KIND, {}, lambda done, total: told.append((done, total)))
    shares = [done / total for done, total in told if total]
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_old_runs_are_forgotten_and_long_gone_communities_nobody_named(
    session, saved, brand, triangles, measured
):
    today = clock.now().date()
    long_ago = today - dt.timedelta(days=400)
    for name, last_on in (("", long_ago), ("Kept", long_ago), ("", today - dt.timedelta(days=9))):
        saved(
            Community(
                brand_id=brand.id, name=name, size=3, colour=5, first_on=long_ago, last_on=last_on
            )
        )
    for _night in range(95):
        session.add(
            NetworkRun(
                brand_id=brand.id,
                day=long_ago,
                finished_at=make.MONDAY,
                people=1,
                strangers=0,
                ties=1,
                communities=0,
                seconds=0.1,
            )
        )
    measured(brand)
    assert session.scalar(select(func.count()).select_from(NetworkRun)) == 90
    gone = select(Community.name).where(Community.last_on < today).order_by(Community.name)
    assert session.scalars(gone).all() == ["", "Kept"]


# At night.


def queue(session, now):
    done = network.queue_nightly(session, now)
    asked = session.scalar(select(Task.arguments).order_by(Task.id.desc()).limit(1))
    session.execute(update(Task).values(state=TaskState.DONE))
    session.commit()
    return asked["brands"] if done else []


def test_without_ties_nothing_is_queued(session, brand):
    assert queue(session, NIGHT) == []


def test_a_network_is_measured_at_night_if_it_changed(
    session, saved, brand, triangles, tied, measured
):
    assert queue(session, NIGHT) == [brand.id]
    measured(brand)
    session.execute(update(NetworkRun).values(finished_at=NIGHT))
    session.commit()
    assert queue(session, NIGHT + 24 * HOUR) == []
    tied((triangles[0], triangles[4]))
    assert queue(session, NIGHT + 12 * HOUR) == []
    assert queue(session, NIGHT + 24 * HOUR) == [brand.id]


def test_ties_that_only_grew_old_are_measured_once_a_week(session, brand, triangles, measured):
    measured(brand)
    session.execute(update(NetworkRun).values(finished_at=NIGHT))
    session.commit()
    assert queue(session, NIGHT + 6 * 24 * HOUR) == []
    assert queue(session, NIGHT + 7 * 24 * HOUR + 9 * HOUR) == [brand.id]


def test_one_that_waits_keeps_others_away(session, brand, triangles):
    session.add(Task(kind=network.KIND, arguments={}, created_at=NIGHT))
    session.commit()
    assert not network.queue_nightly(session, NIGHT)


# The command.


def test_the_command_says_what_it_found(app, session, brand, triangles):
    session.commit()
    with app.app_context():
        done = app.test_cli_runner().invoke(command.group, ["refresh", "--json"])
    (one,) = json.loads(done.stdout)["brands"]
    assert (one["brand"], one["people"], one["communities"]) == ("Acme", 6, 2)
    with app.app_context():
        plain = app.test_cli_runner().invoke(command.group, ["refresh", "--brand", "acme"])
    assert plain.stdout.startswith("Acme: 6 people, 0 strangers, 6 ties, 2 communities; ")
