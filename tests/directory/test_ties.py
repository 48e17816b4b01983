"""Ties of one person: noted, read by who may, moved by merges; strangers who become known."""

import make
import pytest
import tied
from sqlalchemy import select

from irm.directory import (
    dossier,
    merge,
    newcomer,
    presence,
    strangers,
    ties,
    unmerge,
)
from irm.directory.presence import Handle
from irm.errors import Refused, Stale
from irm.models import Account, Influencer, Platform, SearchEntry, Tie, TieKind, TieOrigin

AT = make.MONDAY


@pytest.fixture
def brand(saved):
    return saved(make.brand())


@pytest.fixture
def ana(saved):
    return saved(make.user())


@pytest.fixture
def person(saved, brand):
    def person(name, handle=None, of=brand):
        made = saved(make.influencer(name=name))
        saved(make.relationship(influencer=made, brand=of))
        if handle:
            saved(make.account(influencer=made, platform=Platform.X, handle=handle))
        return made

    return person


@pytest.fixture
def stranger(saved):
    def stranger(handle):
        made = saved(make.influencer(name=handle, known=False))
        saved(make.account(influencer=made, platform=Platform.X, handle=handle))
        return made

    return stranger


def seen(session, of, brand):
    return [
        (one.name, one.handle, one.kind.value, one.is_out)
        for one in ties.of(session, of.id, brand.id)
    ]


def test_a_brand_reads_its_own_ties_and_those_of_posts(session, saved, brand, person, stranger):
    chloe, ravi, li = person("Chloé", "chloe"), person("Ravi", "ravi"), stranger("li")
    other = saved(make.brand())
    hidden = person("Hidden Name", "hidden", of=other)
    saved(tied.tie(chloe, ravi, brand_id=brand.id, weight=5))
    saved(tied.tie(li, chloe))
    saved(tied.tie(chloe, hidden))
    saved(tied.tie(chloe, li, brand_id=other.id))

    assert seen(session, chloe, brand) == [
        ("Ravi", "ravi", "follows", True),
        ("", "hidden", "follows", True),
        ("", "li", "follows", False),
    ]
    assert ties.count(session, chloe.id, brand.id) == 3


def test_a_tie_is_noted_once_and_taken_back(session, brand, ana, person):
    chloe, ravi = person("Chloé"), person("Ravi")
    made = ties.note(session, chloe.id, ravi.id, TieKind.KNOWS, brand.id, user=ana, at=AT)
    again = ties.note(
        session, ravi.id, chloe.id, TieKind.KNOWS, brand.id, user=ana, at=AT, text="School"
    )

    assert again.id == made.id
    assert (made.is_mutual, made.note, made.origin) == (True, "School", TieOrigin.HAND)
    ties.drop(session, made.id, brand.id, ravi.id, user=ana, at=AT)
    assert session.scalars(select(Tie)).all() == []


def test_nobody_is_tied_to_themselves_and_lists_are_not_dropped_by_hand(
    session, saved, brand, ana, person
):
    chloe, ravi = person("Chloé"), person("Ravi")
    with pytest.raises(Refused):
        ties.note(session, chloe.id, chloe.id, TieKind.KNOWS, brand.id, user=ana, at=AT)
    with pytest.raises(Refused):
        ties.note(session, chloe.id, ravi.id, TieKind.FOLLOWS, brand.id, user=ana, at=AT)
    listed = saved(tied.tie(chloe, ravi, brand_id=brand.id))
    with pytest.raises(Stale):
        ties.drop(session, listed.id, brand.id, chloe.id, user=ana, at=AT)


def columns(session):
    session.expire_all()
    return sorted(
        (one.from_id, one.to_id, one.kind.value, one.weight, one.is_mutual)
        for one in session.scalars(select(Tie))
    )


def test_a_merge_moves_ties_adds_up_doubles_and_can_be_undone(session, saved, brand, ana, person):
    kept, gone, li, zoe = (person(name) for name in ("Kept", "Gone", "Li", "Zoe"))
    for a, b, weight in (
        (kept, li, 2),
        (gone, li, 3),
        (gone, zoe, 1),
        (zoe, gone, 4),
        (kept, gone, 9),
    ):
        saved(tied.tie(a, b, brand_id=brand.id, weight=weight))
    before = columns(session)

    made = merge.merge(session, kept.id, gone.id, {}, user=ana, at=AT)
    session.commit()

    assert columns(session) == sorted(
        [
            (kept.id, li.id, "follows", 5.0, False),
            (kept.id, zoe.id, "follows", 1.0, False),
            (zoe.id, kept.id, "follows", 4.0, False),
        ]
    )
    unmerge.unmerge(session, made, user=ana, at=AT)
    session.commit()
    assert columns(session) == before


def test_a_merge_with_a_stranger_makes_them_known(session, saved, brand, ana, person, stranger):
    chloe, li = person("Chloé"), stranger("li")
    saved(tied.tie(li, person("Ravi"), brand_id=brand.id))

    merge.merge(session, chloe.id, li.id, {}, user=ana, at=AT)
    session.commit()

    session.expire_all()
    assert session.get_one(Influencer, chloe.id).known
    assert [one.from_id for one in session.scalars(select(Tie))] == [chloe.id]


def test_typing_in_a_strangers_account_makes_them_known(session, saved, brand, ana, stranger):
    li = stranger("li")
    saved(tied.tie(li, stranger("zoe")))
    facts = {"name": "Li Wei", "source": "met", "lawful_basis": "consent"}
    accounts = [Handle(Platform.X, "Li"), Handle(Platform.INSTAGRAM, "li")]

    assert newcomer.known(session, accounts, []) == []
    made = newcomer.add(
        session, facts, accounts, [], tier="micro", brand_id=brand.id, user=ana, at=AT
    )
    session.commit()

    assert (made.id, made.known, made.name) == (li.id, True, "Li Wei")
    handles = select(Account.platform, Account.handle).where(Account.influencer_id == li.id)
    assert sorted(session.execute(handles).all()) == [
        (Platform.INSTAGRAM, "li"),
        (Platform.X, "li"),
    ]
    assert [one.from_id for one in session.scalars(select(Tie))] == [li.id]
    found = session.execute(select(SearchEntry.source, SearchEntry.influencer_id)).all()
    assert sorted(found) == [("handle", li.id), ("handle", li.id), ("name", li.id)]


def test_an_account_added_to_somebody_takes_what_the_stranger_had(
    session, saved, brand, ana, person, stranger
):
    chloe, li = person("Chloé"), stranger("li")
    saved(tied.tie(stranger("zoe"), li))

    presence.add_account(session, chloe.id, Handle(Platform.X, "li"), user=ana, at=AT)
    session.commit()

    session.expire_all()
    assert session.get_one(Influencer, li.id).merged_into_id == chloe.id
    assert [one.to_id for one in session.scalars(select(Tie))] == [chloe.id]


def test_erasure_removes_ties_and_the_dossier_shows_them(session, saved, brand, person, stranger):
    chloe = person("Chloé", "chloe")
    saved(tied.tie(chloe, stranger("li"), brand_id=brand.id))
    saved(tied.tie(stranger("zoe"), chloe))

    assert len(dossier.collect(session, chloe.id)["ties"]) == 2
    assert len(dossier.collect(session, chloe.id, [saved(make.brand()).id])["ties"]) == 1
    session.delete(chloe)
    session.commit()
    assert session.scalars(select(Tie)).all() == []


def test_absorbing_keeps_no_loop_and_adds_up(session, saved, brand, person, stranger):
    chloe, li, zoe = person("Chloé"), stranger("li"), stranger("zoe")
    saved(tied.tie(chloe, li, brand_id=brand.id))
    saved(tied.tie(chloe, zoe, brand_id=brand.id, weight=2))
    saved(tied.tie(li, zoe, brand_id=brand.id, weight=3))

    strangers.absorb(session, li.id, chloe.id)
    session.commit()

    found = ties.of(session, chloe.id, brand.id)
    assert [(one.handle, one.weight) for one in found] == [("zoe", 5.0)]
