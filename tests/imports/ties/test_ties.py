"""Lists of ties: who reaches whom, whoever they are, and all of it taken back."""

import datetime as dt

import make
import pytest
from sqlalchemy import func, select

from irm.imports.complaints import Complaint
from irm.imports.kinds import Chosen
from irm.imports.ties import columns as ties
from irm.models import (
    Account,
    ImportBatch,
    ImportRow,
    Influencer,
    Platform,
    Prospect,
    Relationship,
    SearchEntry,
    Tie,
    TieKind,
    TieOrigin,
)
from tests.imports.brought import counts, stored


@pytest.fixture
def joined(bring):
    """Import a list of ties on X."""

    def joined(text, **given):
        return counts(bring(text, kind="ties", platform="x", **given))

    return joined


def tied(session):
    """Who reaches whom, by their handles: kind, weight, whether both ways."""
    session.rollback()
    names = dict(session.execute(select(Account.influencer_id, Account.handle)).all())
    return sorted(
        (names[one.from_id], names[one.to_id], one.kind.value, one.weight, one.is_mutual)
        for one in session.scalars(select(Tie))
    )


def test_ends_that_nobody_knows_are_strangers(joined, session, brand):
    assert joined("Source,Target\nana,@ravi\nRavi,li\n") == {"rows": 2, "created": 2}

    assert tied(session) == [
        ("Ravi", "li", "follows", 1.0, False),
        ("ana", "Ravi", "follows", 1.0, False),
    ]
    people = session.scalars(select(Influencer)).all()
    assert [one.known for one in people] == [False] * 3
    assert {one.source for one in people} == {"list.csv"}
    assert session.scalar(select(func.count()).select_from(Relationship)) == 0
    assert session.scalar(select(func.count()).select_from(SearchEntry)) == 0
    tie = session.scalars(select(Tie)).first()
    assert (tie.origin, tie.brand_id, tie.source) == (TieOrigin.LIST, brand.id, "list.csv")


def test_the_same_list_again_changes_nothing(joined, session):
    text = "from,to,weight,date\nana,ravi,3,2026-01-02\nravi,li,1,2026-01-03\n"
    assert joined(text) == {"rows": 2, "created": 2}
    before = stored(session, Tie)

    assert joined(text) == {"rows": 2, "same": 2}
    assert stored(session, Tie) == before


def test_another_list_of_the_brand_sets_a_tie_and_adds_none(joined, session):
    joined("from,to,weight,date\nana,ravi,3,2026-01-02\n")

    assert joined("from,to,weight,date\nana,ravi,5,2026-01-09\n") == {"rows": 1, "updated": 1}
    tie = session.scalars(select(Tie)).one()
    assert (tie.weight, tie.first_seen, tie.last_seen) == (
        5.0,
        dt.date(2026, 1, 2),
        dt.date(2026, 1, 9),
    )


def test_doubled_ties_add_up_and_loops_and_missing_ends_are_refused(joined, session):
    text = "source,target,weight\na1,b1,2\nA1,@b1,3\nc1,C1,1\nNA,b1,1\n-,b1,1\nb1,a1,0\nb1,a1,x\n"

    assert joined(text) == {"rows": 7, "created": 1, "same": 1, "refused": 5}
    assert [one[3] for one in tied(session)] == [5.0]
    said = session.execute(select(ImportRow.number, ImportRow.reason).order_by(ImportRow.number))
    codes = {number: reason["code"] for number, reason in said if reason}
    assert codes == {
        4: "self_loop",
        5: "no_end",
        6: "no_end",
        7: "bad_weight",
        8: "bad_weight",
    }
    # Who is tied to nobody but themselves is one of the network all the same.
    handles = session.scalars(select(Account.handle).order_by(Account.id)).all()
    assert [one.casefold() for one in handles] == ["a1", "b1", "c1"]


def test_mutual_ties_stand_once_whichever_way_round_they_are_listed(joined, session):
    text = "node_1,node_2,weight\nana,ravi,2\nravi,ana,2\nli,ana,1\n"

    assert joined(text, is_mutual=True) == {"rows": 3, "created": 2, "same": 1}
    assert tied(session) == [
        ("li", "ana", "follows", 1.0, True),
        ("ravi", "ana", "follows", 2.0, True),
    ]
    before = stored(session, Tie)
    joined(text, is_mutual=True)
    joined("node_1,node_2,weight\nana,li,1\n", is_mutual=True)
    assert stored(session, Tie) == before


@pytest.mark.parametrize("cut", [",", ";", "\t"])
def test_kinds_and_ways_are_read_from_the_rows(joined, session, cut):
    rows = [
        ("from", "to", "type"),
        ("a1", "b1", "mentions"),
        ("a1", "b1", "Follows"),
        ("a1", "c1", "Undirected"),
    ]
    joined("\n".join(cut.join(row) for row in rows) + "\n")

    assert tied(session) == [
        ("a1", "b1", "follows", 1.0, False),
        ("a1", "b1", "mentions", 1.0, False),
        ("a1", "c1", "follows", 1.0, True),
    ]


def test_addresses_and_ids_name_accounts_too(joined, session, brand, saved):
    ana = saved(make.influencer(name="Ana"))
    saved(make.account(influencer=ana, platform=Platform.X, handle="ana", platform_id="77"))
    saved(make.relationship(influencer=ana, brand=brand))

    joined("source_id,target\n77,https://www.instagram.com/ravi/\n88,ana\n")

    found = {(one.from_id == ana.id, one.to_id == ana.id) for one in session.scalars(select(Tie))}
    assert found == {(True, False), (False, True)}
    new = session.execute(
        select(Account.platform, Account.handle, Account.platform_id).where(
            Account.influencer_id != ana.id
        )
    ).all()
    assert sorted(new) == [(Platform.INSTAGRAM, "ravi", None), (Platform.X, "88", "88")]


def test_a_number_is_a_handle_in_a_column_of_handles_and_an_id_in_a_column_of_ids(joined, session):
    joined("source,target\n77,ana\nli,77\n")
    joined("source,target\n77,88\n88,99\n")

    keys = session.execute(select(Account.handle_key, Account.platform_id)).all()
    assert ("77", None) in keys
    assert ("77", "77") in keys  # By its id another account, although it is called the same.
    assert len(keys) == 6


def test_names_are_no_accounts(joined, session):
    assert joined("source,target\nAna Lima,ravi\n") == {"rows": 1, "refused": 1}
    reason = session.scalars(select(ImportRow.reason)).one()
    assert (reason["code"], reason["params"]["name"]) == ("name_alone_end", "Ana Lima")


def test_people_of_another_brand_become_prospects_and_are_not_named(joined, session, brand, saved):
    theirs = saved(make.influencer(name="Chloé Secret"))
    saved(make.account(influencer=theirs, platform=Platform.X, handle="chloe"))
    saved(make.relationship(influencer=theirs, brand=make.brand()))

    result = joined("source,target\nana,chloe\n")

    assert result == {"rows": 1, "created": 1}
    prospect = session.scalars(select(Prospect)).one()
    assert (prospect.brand_id, prospect.influencer_id, prospect.is_own) == (
        brand.id,
        theirs.id,
        True,
    )


def test_an_undone_list_leaves_nothing_of_strangers_ties_and_prospects(
    bring, done, session, brand, saved
):
    theirs = saved(make.influencer())
    saved(make.account(influencer=theirs, platform=Platform.X, handle="chloe"))
    saved(make.relationship(influencer=theirs, brand=make.brand()))
    first = bring("source,target,weight\nana,ravi,1\n", kind="ties", platform="x")
    before = stored(session, Tie, Prospect)
    second = bring(
        "source,target,weight\nana,ravi,4\nravi,li,1\nli,chloe,2\n", kind="ties", platform="x"
    )
    assert counts(second) == {"rows": 3, "created": 2, "updated": 1}

    done(second["batch"], "undo")
    assert stored(session, Tie, Prospect) == before

    done(first["batch"], "undo")
    assert session.scalars(select(Tie)).all() == []
    assert session.scalars(select(Influencer.id)).all() == [theirs.id]


def test_a_stranger_that_a_later_list_speaks_of_stays_when_the_first_is_undone(
    bring, done, session
):
    first = bring("source,target\nana,ravi\n", kind="ties", platform="x")
    bring("source,target\nravi,li\n", kind="ties", platform="x")

    done(first["batch"], "undo")

    assert tied(session) == [("ravi", "li", "follows", 1.0, False)]
    assert set(session.scalars(select(Account.handle))) == {"ravi", "li"}


def test_a_list_of_people_makes_strangers_known_and_its_undoing_strangers_again(
    bring, done, session, brand
):
    bring("source,target\nana,ravi\nli,ravi\n", kind="ties", platform="x")
    ids = dict(session.execute(select(Account.handle, Account.influencer_id)).all())
    before = stored(session, Tie)

    known = bring("Handle,Name,Followers\nravi,Ravi Rao,900\n", platform="x")

    assert counts(known) == {"rows": 1, "created": 1}
    ravi = session.get_one(Influencer, ids["ravi"])
    assert (ravi.known, ravi.name) == (True, "Ravi Rao")
    assert session.scalars(select(Relationship.influencer_id)).all() == [ravi.id]
    found = session.execute(select(SearchEntry.source, SearchEntry.text)).all()
    assert sorted(found) == [("handle", "ravi"), ("name", "ravi rao")]
    assert {one.to_id for one in session.scalars(select(Tie))} == {ravi.id}

    done(known["batch"], "undo")

    session.expire_all()
    after = stored(session, Tie)
    assert not session.get_one(Influencer, ravi.id).known
    assert [table for table in before if before[table] != after[table]] in (
        [],
        # What counts changes is another number.
        ["influencers", "accounts"],
        ["influencers", "accounts", "stage_counters"],
    )
    assert after["search_entries"] == []


def test_somebody_with_another_account_takes_over_what_a_stranger_was(
    bring, done, session, brand, saved
):
    ana = saved(make.influencer(name="Ana"))
    saved(make.account(influencer=ana, platform=Platform.INSTAGRAM, handle="ana"))
    saved(make.relationship(influencer=ana, brand=brand))
    bring("source,target\nana_x,ravi\nli,ana_x\n", kind="ties", platform="x")
    stranger = session.scalar(select(Account.influencer_id).where(Account.handle == "ana_x"))
    before = stored(session, Tie)

    result = bring("Instagram,X\nana,ana_x\n", platform=None)

    assert counts(result) == {"rows": 1, "updated": 1}
    session.expire_all()
    assert session.get_one(Influencer, stranger).merged_into_id == ana.id
    assert {ana.id in (one.from_id, one.to_id) for one in session.scalars(select(Tie))} == {True}

    done(result["batch"], "undo")

    session.expire_all()
    assert session.get_one(Influencer, stranger).merged_into_id is None
    assert stored(session, Tie)["ties"] == before["ties"]


def test_a_try_writes_nothing_but_what_it_would_do(drafted, done, session):
    batch = drafted("source,target\nana,ravi\nli,li\n", kind="ties", platform="x")

    result = done(batch, "try")

    assert counts(result) == {"rows": 2, "created": 1, "refused": 1}
    assert session.scalars(select(Influencer)).all() == []
    changes = session.scalars(select(ImportRow.changes).order_by(ImportRow.number)).first()
    assert changes == {"from": [None, "ana"], "to": [None, "ravi"]}


def test_more_ties_than_can_be_measured_are_refused_before_they_are_read():
    class Long:
        headings = ("source", "target")
        sample = (("ana", "ravi"),)
        count = ties.MOST + 1

    with pytest.raises(Complaint) as refused:
        ties.guess(Long(), Chosen(platform=Platform.X))

    assert refused.value.code == "many_ties"


def test_a_batch_of_ties_scores_nobody(bring, session):
    result = bring("source,target\nana,ravi\n", kind="ties", platform="x")

    assert result["scoring"] is None
    assert session.get_one(ImportBatch, result["batch"]).kind == "ties"


def test_the_kind_is_chosen_for_rows_that_do_not_say_it(joined, session):
    joined("source,target\nana,ravi\n", tie="knows")
    joined("mentioner,mentioned\nana,ravi\n")

    assert set(session.scalars(select(Tie.kind))) == {TieKind.KNOWS, TieKind.MENTIONS}
