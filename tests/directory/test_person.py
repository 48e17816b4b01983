"""Changing one person: facts, pay, tier, archive; lists, board and search follow."""

import make
import pytest
from sqlalchemy import select

from irm.directory import person, search
from irm.errors import Refused, Stale
from irm.ledger import counters
from irm.ledger import relationships as ledger
from irm.models import (
    Archetype,
    AuditEntry,
    Influencer,
    SearchEntry,
    StageCounter,
    Task,
    Tier,
)


@pytest.fixture
def card(saved, session):
    made = saved(make.relationship(name="Léa Petit", brand=saved(make.brand())))
    id = made.influencer_id
    entry = {"influencer_id": id, "source": "name", "source_id": id, "text": "Léa Petit"}
    search.index_entries(session, [entry])
    counters.recount(session)
    session.commit()
    return made


@pytest.fixture
def ana(saved):
    return saved(make.user())


def change(session, card, user, **values):
    version = session.get(Influencer, card.influencer_id).row_version
    changed = person.change(
        session, card.influencer_id, values, user=user, at=make.MONDAY, seen_version=version
    )
    session.commit()
    session.expire_all()
    return changed


def counted(session):
    found = session.execute(select(StageCounter.tier, StageCounter.people))
    return {tier: people for tier, people in found if people}


def test_a_new_name_is_found_and_sorted_by(session, card, ana):
    assert change(session, card, ana, name="Éva Roux", city=None) == ["name"]

    assert session.get(Influencer, card.influencer_id).name == "Éva Roux"
    assert card.name_order == "eva roux"
    assert session.scalars(select(SearchEntry.text)).one() == "eva roux"
    assert ledger.rebuild(session) == 0


def test_the_audit_names_fields_and_no_values(session, card, ana):
    change(session, card, ana, name="Éva Roux", city="Lyon")

    entry = session.scalars(select(AuditEntry)).one()
    assert entry.ids == {"influencer_id": card.influencer_id, "fields": "city,name"}
    assert (entry.action, entry.actor_id) == ("person.changed", ana.id)


def test_what_was_so_already_changes_nothing(session, card, ana):
    version = card.influencer.row_version

    assert change(session, card, ana, name="Léa Petit") == []
    assert session.get(Influencer, card.influencer_id).row_version == version
    assert session.scalars(select(AuditEntry)).all() == []


def test_who_comes_too_late_is_told(session, card, ana):
    with pytest.raises(Stale):
        person.change(
            session, card.influencer_id, {"city": "x"}, user=ana, at=make.MONDAY, seen_version=7
        )


def test_a_person_has_a_name(session, card, ana):
    with pytest.raises(Refused, match="Write a name"):
        change(session, card, ana, name="")


@pytest.mark.parametrize("archetype", sorted(person.UNPAID))
def test_whose_independence_is_their_worth_is_not_paid(session, card, ana, archetype):
    changed = change(session, card, ana, archetype=archetype)

    someone = session.get(Influencer, card.influencer_id)
    assert changed == ["archetype", "may_be_paid", "may_be_paid_why"]
    assert someone.may_be_paid is False
    assert "not paid" in str(person.why_unpaid(someone.may_be_paid_why))
    with pytest.raises(Refused, match="not paid"):
        change(session, card, ana, may_be_paid=True, may_be_paid_why=None)
    session.rollback()
    change(session, card, ana, archetype=Archetype.CREATOR)
    someone = session.get(Influencer, card.influencer_id)
    assert (someone.may_be_paid, someone.may_be_paid_why) == (None, None)


def test_a_no_of_our_own_outlives_the_archetype(session, card, ana):
    change(session, card, ana, may_be_paid=False, may_be_paid_why="Civil servant.")
    change(session, card, ana, archetype=Archetype.JOURNALIST)
    change(session, card, ana, archetype=Archetype.FAN)

    someone = session.get(Influencer, card.influencer_id)
    assert (someone.may_be_paid, someone.may_be_paid_why) == (False, "Civil servant.")
    assert person.why_unpaid(someone.may_be_paid_why) == "Civil servant."


def test_what_scores_rest_on_is_scored_anew(session, card, ana):
    change(session, card, ana, city="Lyon")
    assert session.scalars(select(Task)).all() == []

    change(session, card, ana, archetype=Archetype.LOCAL)
    task = session.scalars(select(Task)).one()
    assert (task.kind, task.arguments) == ("score", {"people": [card.influencer_id]})


def test_a_tier_is_set_by_hand_with_its_reason_and_goes_back(session, card, ana):
    def put(tier, reason):
        version = session.get(Influencer, card.influencer_id).row_version
        done = person.set_tier(
            session,
            card.influencer_id,
            tier,
            reason,
            computed=Tier.MICRO,
            user=ana,
            at=make.MONDAY,
            seen_version=version,
        )
        session.commit()
        session.expire_all()
        return done

    with pytest.raises(Refused, match="Say why"):
        put(Tier.MACRO, "")
    session.rollback()
    assert put(Tier.MACRO, "Known from television.")
    assert not put(Tier.MACRO, "Known from television.")
    someone = session.get(Influencer, card.influencer_id)
    assert (someone.tier_set_by_id, someone.tier_reason) == (ana.id, "Known from television.")
    assert counted(session) == {Tier.MACRO: 1}

    assert put(None, "")
    someone = session.get(Influencer, card.influencer_id)
    assert (someone.tier, someone.tier_set_by_id, someone.tier_reason) == (Tier.MICRO, None, None)
    assert counted(session) == {Tier.MICRO: 1}


def test_who_is_in_the_archive_is_not_counted(session, card, ana):
    person.archive(session, card.influencer_id, user=ana, at=make.MONDAY)
    session.commit()
    assert counted(session) == {}
    counters.recount(session)
    assert counted(session) == {}
    with pytest.raises(Refused, match="already"):
        person.archive(session, card.influencer_id, user=ana, at=make.MONDAY)
    session.rollback()

    person.restore(session, card.influencer_id, user=ana, at=make.MONDAY)
    session.commit()

    assert counted(session) == {Tier.MICRO: 1}
    with pytest.raises(Refused, match="not in the archive"):
        person.restore(session, card.influencer_id, user=ana, at=make.MONDAY)
