"""Where people stand with the brand, and how they came there."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.funnel import stages
from irm.imports import lists
from irm.imports.kinds import NEVER, Chosen
from irm.ledger import relationships as ledger
from irm.models import (
    AuditEntry,
    Promise,
    RelationshipTag,
    Stage,
    StageCounter,
    StageMove,
    Tag,
    Touchpoint,
)
from tests.imports.history.conftest import Lines

MARCH = dt.datetime(2025, 3, 1, 8, 30, 0, 250, tzinfo=dt.UTC)
MOVES = "account,at,from_stage,to_stage,by,reason,undoes_at\n"
HISTORY = (
    MOVES + "instagram:chloe,2025-03-01T08:30:00.000250+00:00,,unaware,,,\n"
    "instagram:chloe,2025-04-01T08:00:00+00:00,unaware,aware,ana@example.com,She wrote.,\n"
    "instagram:chloe,2025-05-01T08:00:00+00:00,aware,engaged,ana@example.com,,\n"
    "instagram:chloe,2025-05-02T08:00:00+00:00,engaged,aware,,,2025-05-01T08:00:00+00:00\n"
)


@pytest.fixture
def counted(session, brand):
    """Say how many stand at each stage, as the board counts; nobody is counted wrongly."""

    def counted():
        kept = _cells(session, brand)
        ledger.rebuild(session)
        assert _cells(session, brand) == kept
        return {stage: people for (stage, _), people in kept.items()}

    ledger.rebuild(session)
    session.commit()
    return counted


def _cells(session, brand):
    found = session.scalars(
        select(StageCounter)
        .where(StageCounter.brand_id == brand.id)
        .execution_options(populate_existing=True)
    )
    return {(one.stage.value, one.owner_id): one.people for one in found if one.people}


def moves(session):
    found = session.scalars(select(StageMove).order_by(StageMove.at, StageMove.id))
    return [(one.from_stage and one.from_stage.value, one.to_stage.value) for one in found]


@pytest.fixture
def begun(session, saved, chloe):
    """Chloé's relationship as an import begins it: with its birth, now."""
    saved(
        StageMove(
            relationship_id=chloe.id,
            brand_id=chloe.brand_id,
            to_stage=Stage.UNAWARE,
            at=chloe.created_at,
        )
    )
    return chloe


def test_a_stage_in_a_sheet_is_a_move_on_record(take, session, begun, related, counted, ana):
    text = "Contact,Étape,Responsable\n@chloe,Engagée,ana@example.com\n"

    assert take(text).counts == {"updated": 1}

    of = related(begun)
    assert (of.stage, of.owner_id, of.stage_since) == (Stage.ENGAGED, ana.id, make.MONDAY)
    assert moves(session) == [(None, "unaware"), ("unaware", "engaged")]
    assert counted() == {"engaged": 1}
    assert take(text).counts == {"same": 1}


def test_a_history_of_moves_is_as_it_was(take, session, begun, related, counted, ana):
    assert take(HISTORY).counts == {"updated": 1, "created": 3}

    assert moves(session) == [
        (None, "unaware"),
        ("unaware", "aware"),
        ("aware", "engaged"),
        ("engaged", "aware"),
    ]
    birth, first, taken_back, undo = session.scalars(select(StageMove).order_by(StageMove.at))
    assert birth.at == MARCH
    assert (first.user_id, first.reason) == (ana.id, "She wrote.")
    assert undo.undoes_id == taken_back.id
    # Undone as if nothing had been: the clock of "aware" went on.
    assert (related(begun).stage, related(begun).stage_since) == (Stage.AWARE, first.at)
    assert counted() == {"aware": 1}
    assert take(HISTORY).counts == {"same": 4}


STANDING = (
    "account,stage,stage_since,cadence_ideal,created_at\n"
    "instagram:chloe,aware,2025-04-01T08:00:00+00:00,,2025-03-01T08:30:00.000250+00:00\n"
)


@pytest.mark.parametrize("files", [(HISTORY, STANDING), (STANDING, HISTORY)])
def test_moves_and_standing_come_in_either_order(take, session, begun, related, ana, files):
    for text in files:
        take(text)

    of = related(begun)
    assert (of.stage, of.created_at) == (Stage.AWARE, MARCH)
    assert of.stage_since == dt.datetime(2025, 4, 1, 8, tzinfo=dt.UTC)
    assert [one[1] for one in moves(session)] == ["unaware", "aware", "engaged", "aware"]
    assert [take(text).counts for text in files] == [
        {"same": 4 if text is HISTORY else 1} for text in files
    ]


def test_an_old_list_takes_nobody_back(take, session, begun, related, ana):
    take(STANDING)
    stages.move(
        session, related(begun), Stage.ENGAGED, user=ana, at=make.MONDAY, reason="So they said."
    )
    session.commit()

    assert take(STANDING).counts == {"same": 1}
    assert related(begun).stage is Stage.ENGAGED


def test_a_rule_keeps_the_stage_and_its_clock(take, begun, related):
    assert take(STANDING, rules={"stage": NEVER}).decisions[0].changes.keys() == {"created_at"}
    assert related(begun).stage is Stage.UNAWARE


def test_tags_are_put_on_and_never_off(take, session, begun):
    take("contact,stage,tags\n@chloe,aware,vélo; Paris\n")
    found = take('contact,stage,tags\n@chloe,aware,"[""VELO"", ""slow""]"\n')

    assert found.decisions[0].changes == {"tags": [None, "slow"]}
    (slow,) = session.scalars(select(Tag.id).where(Tag.name == "slow"))
    assert ["relationship_tags", begun.id, {"tag_id": [None, slow]}] in found.step.changed
    assert sorted(session.scalars(select(Tag.name))) == ["Paris", "slow", "vélo"]
    assert len(session.scalars(select(RelationshipTag.tag_id)).all()) == 3


def test_everything_of_a_relationship_is_read(take, begun, related, ana):
    take(
        "account,stage,stage_since,cadence_ideal,cadence_worst,level,paused_until,paused_why,"
        "owner\n"
        "instagram:chloe,unaware,2025-04-01T08:00:00+00:00,9,21,advanced,2026-05-01,Holidays,"
        "ana@example.com\n"
    )
    of = related(begun)
    assert (of.cadence_ideal, of.cadence_worst, of.level) == (9, 21, "advanced")
    assert (of.paused_until, of.paused_why) == (dt.date(2026, 5, 1), "Holidays")
    assert of.owner_id == ana.id


def test_whoever_is_entrusted_by_a_list_stands_in_the_audit(take, session, begun, ana):
    text = "account,stage,owner\ninstagram:chloe,unaware,ana@example.com\n"
    take(text)
    take(text)  # what is so already is no news
    given = select(AuditEntry).where(AuditEntry.action == "relationship.assigned")
    [entry] = session.scalars(given)
    assert entry.ids == {"relationship_id": begun.id, "from_id": None, "to_id": ana.id}


def test_what_is_planned_goes_along_with_who_looks_after_somebody(take, session, begun, saved, ana):
    lea = saved(make.member(brand=begun.brand, user=make.user(name="Léa Roux"))).user
    take("account,stage,owner\ninstagram:chloe,unaware,ana@example.com\n")
    hers = saved(make.touchpoint(relationship_id=begun.id, owner_id=ana.id))
    nobodys = saved(make.touchpoint(relationship_id=begun.id))
    promised = saved(make.promise(relationship_id=begun.id, owner_id=ana.id))

    taken = take("account,stage,owner\ninstagram:chloe,unaware,Léa Roux\n")

    assert [one.changes for one in taken.decisions] == [{"owner": [ana.name, "Léa Roux"]}]
    found = [session.get(Touchpoint, one.id).owner_id for one in (hers, nobodys)]
    assert found == [lea.id, lea.id]
    assert session.get(Promise, promised.id).owner_id == ana.id, "who promised keeps the promise"


def test_an_owner_may_be_named_as_only_one_of_the_brand_is(take, begun, related, saved, brand):
    lea = saved(make.member(brand=brand, user=make.user(name="Léa Roux"))).user
    zoe = saved(make.member(user=make.user(name="Zoe"))).user  # at another brand

    assert take("account,stage,Suivi par\ninstagram:chloe,unaware,Lea Roux\n").complaints == []
    assert related(begun).owner_id == lea.id
    for said in ("Zoe", zoe.email):
        found = take(f"account,stage,owner\ninstagram:chloe,unaware,{said}\n")
        assert found.complaints == ["no_colleague"]
        assert related(begun).owner_id == lea.id


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Instagram", "@chloe"),
        ("Insta", "https://instagram.com/chloe/"),
        ("Instagram username", "Chloe"),
        ("Lien Instagram", "instagram.com/chloe"),
    ],
)
def test_the_name_of_a_platform_heads_accounts_there(take, saved, begun, related, heading, cell):
    saved(make.account(handle="chloe", platform="tiktok"))  # somebody else

    assert take(f"Nom,{heading},Étape\nChloé M.,{cell},Engagée\n").counts == {"updated": 1}
    assert related(begun).stage is Stage.ENGAGED


def test_any_of_the_accounts_in_a_row_finds_the_person(take, saved, begun, related):
    saved(make.account(handle="chloe.films", platform="youtube", influencer=begun.influencer))
    head = "Name,Instagram,TikTok,YouTube,Stage\n"

    found = take(head + "Chloé,chloe.new,chloe.tt,chloe.films,aware\n")

    assert (found.counts, related(begun).stage) == ({"updated": 1}, Stage.AWARE)
    assert take(head + "Chloé,chloe,,chloe.films,aware\n").counts == {"same": 1}
    assert take(head + "Chloé,,,,aware\n").complaints == ["name_alone"]
    assert take(head + "Chloé,no.one,,,aware\n").complaints == ["not_here"]


def test_accounts_of_two_people_in_a_row_are_a_conflict_that_names_both(take, saved, begun, brand):
    ravi = saved(make.relationship(brand=brand, name="Ravi"))
    saved(make.account(handle="ravi", platform="tiktok", influencer=ravi.influencer))

    found = take("Instagram,TikTok,Stage\nchloe,ravi,aware\n")

    assert found.counts == {"conflict": 1}
    assert set(found.decisions[0].complaint.params.values()) == {"Chloé Martin", "Ravi"}


def test_figures_and_ticks_under_the_name_of_a_platform_are_no_accounts():
    text = "Contact,Instagram,TikTok,X,Stage\n@chloe,12k,yes,chloe,aware\n@ravi,900,no,,aware\n"

    columns = lists.understand(Lines.of(text), Chosen()).columns

    assert columns == {"contact": (0,), "x.handle": (3,), "stage": (4,)}


def test_one_person_twice_in_a_file_is_a_conflict(take, begun):
    found = take("account,email,stage\ninstagram:chloe,,aware\n,chloe@example.com,engaged\n")
    assert found.counts == {"updated": 1, "conflict": 1}
    assert found.complaints == ["overruled"]
