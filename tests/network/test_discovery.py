"""Discovery: whom to look at, to bring together, to ask for help; each with its reasons."""

import make
import pytest
from sqlalchemy import select
from tied import tie

from irm import clock
from irm.jobs import network, tasks
from irm.models import Influencer, NetworkRun, Prospect, Stage, TaskState
from irm.network import proposals, sentences
from irm.network.arrays import discovery, measures
from irm.network.arrays.discovery import Standing
from tests.network.graphs import graph


def proposed(sort, *ties, **standing):
    return discovery.proposals(measures.measure(graph(*ties), {}), Standing(**standing))[sort]


def test_whom_many_we_value_reach_comes_first():
    ties = [(1, 9), (2, 9), (3, 9), (1, 8), (2, 8, 5.0), (3, 7), (4, 9), (9, 1)]
    found = proposed("alike", *ties, valued={1, 2, 3}, related={1, 2, 3, 4})
    assert [one["id"] for one in found] == [9, 8]
    assert found[0]["reasons"][0]["by"] == 3
    assert sorted(found[0]["reasons"][0]["ids"]) == [1, 2, 3]


def test_who_is_related_already_is_no_discovery():
    assert proposed("alike", (1, 3), (2, 3), valued={1, 2}, related={1, 2, 3}) == []


def test_two_who_know_the_same_people_and_not_each_other_are_brought_together():
    ties = [(1, 5), (2, 5), (1, 6), (2, 6), (3, 5), (3, 6), (1, 3)]
    found = proposed("partners", *ties, valued={1, 2, 3}, related={1, 2, 3})
    assert sorted(one["ids"] for one in found) == [[1, 2], [2, 3]]
    assert sorted(found[0]["reasons"][0]["ids"]) == [5, 6]
    # Each of the two has three ties: a third and a third.
    assert found[0]["score"] == pytest.approx(2 / 3, abs=1e-4)


def test_whom_everybody_knows_is_nothing_in_common():
    crowd = [(id, 1) for id in range(2, 2000)]
    assert proposed("partners", *crowd, (2, 5000), (3, 5000), valued={2, 3}) == []


def test_a_newcomer_gets_a_mentor_of_the_same_community():
    left = [(1, 2), (2, 3), (3, 1), (3, 4), (4, 1)]
    right = [(11, 12), (12, 13), (13, 11)]
    found = proposed(
        "mentors", *left, *right, ambassadors={1, 2, 12}, newcomers={4, 13}, related={1, 2, 4}
    )
    assert {one["id"]: one["mentor"] for one in found} == {4: 1, 13: 12}
    assert [reason["code"] for reason in found[0]["reasons"]] == [
        "mentor.community",
        "mentor.tied",
        "mentor.common",
    ]


def test_without_ties_nothing_is_proposed():
    found = discovery.proposals(measures.measure(graph(), {}), Standing(valued={1}))
    assert found == {"alike": [], "partners": [], "mentors": []}


@pytest.fixture
def run(app, session, saved):
    """A measured network: three we value reach a stranger, a prospect and each other's friends."""
    brand = saved(make.brand())
    ours = [
        saved(make.relationship(brand=brand, stage=stage)).influencer
        for stage in (Stage.ENGAGED, Stage.INTERESTED, Stage.AMBASSADOR)
    ]
    stranger = saved(make.influencer(name="Zoé", known=False))
    prospect = saved(make.influencer(name="Pia"))
    saved(
        Prospect(influencer_id=prospect.id, brand_id=brand.id, is_own=True, created_at=make.MONDAY)
    )
    for one in ours:
        for other in (stranger, prospect):
            saved(tie(one, other))
    session.commit()
    task = tasks.run_new(app, network.KIND, {}, lambda done, total: None, brand_id=brand.id)
    assert task.state is TaskState.DONE, task.error
    session.expire_all()
    return session.scalars(select(NetworkRun)).one()


def test_what_was_proposed_is_shown_as_far_as_it_still_holds(session, saved, run):
    found = proposals.alike(session, run)
    names = proposals.named(session, found)
    assert {names[one["id"]] for one in found} == {"Zoé", "Pia"}
    said = [sentences.sentence(reason, names) for reason in found[0]["reasons"]]
    assert said[0].startswith("3 people you value follow or mention them, such as ")
    assert len(proposals.partners(session, run)) == 3

    prospect = session.scalars(select(Prospect)).one()
    prospect.dismissed_at = clock.now()
    first = proposals.partners(session, run)[0]["ids"]
    saved(tie(*(session.get_one(Influencer, id) for id in reversed(first))))
    session.flush()
    assert [names[one["id"]] for one in proposals.alike(session, run)] == ["Zoé"]
    assert first not in [one["ids"] for one in proposals.partners(session, run)]


def test_newcomers_are_those_of_the_last_months(session, run):
    assert proposals.newest_run(session, run.brand_id) is run
    assert proposals.mentors(session, run) == []
