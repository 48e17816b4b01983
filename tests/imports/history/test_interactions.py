"""Exchanges from the sheet a team kept before irm, or from irm itself."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.imports.complaints import Complaint
from irm.imports.kinds import NEVER, Chosen
from irm.ledger import relationships as ledger
from irm.models import (
    Channel,
    Direction,
    Interaction,
    Kind,
    Relationship,
    SearchEntry,
    StageMove,
    Visibility,
)

ENGLISH = "Date,Contact,Type,Note\n"
NOON = dt.datetime(2026, 2, 3, 11, 0, tzinfo=dt.UTC)  # In Paris.


def stored(session):
    return session.scalars(select(Interaction).order_by(Interaction.id)).all()


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH + "2026-02-03,@chloe,Call,Talked about spring.\n",
        "Jour,Influenceuse,Canal,Résumé\n3 février 2026,instagram:chloe,Appel,Talked about spring.",
        "Fecha,Contacto,Tipo,Resumen\n2026-02-03,chloe@example.com,Llamada,Talked about spring.\n",
    ],
)
def test_a_sheet_in_three_languages_becomes_exchanges(take, session, chloe, text):
    take(text)

    (one,) = stored(session)
    assert one.relationship_id == chloe.id
    assert one.happened_at == NOON
    assert (one.kind, one.direction, one.channel) == (Kind.TALK, Direction.OUT, Channel.CALL)
    assert one.summary == "Talked about spring."
    assert one.author_id is None


def test_the_same_file_again_changes_nothing(take, session, chloe):
    text = ENGLISH + "2026-02-03,@chloe,Gift,Samples.\n2026-02-10,@chloe,Ask,A story?\n"
    assert take(text).counts == {"created": 2}
    assert take(text).counts == {"same": 2}
    assert len(stored(session)) == 2


def test_two_exchanges_of_one_day_are_two(take, session, chloe):
    take(ENGLISH + "2026-02-03,@chloe,Call,One.\n2026-02-03,@chloe,Call,Two.\n")
    assert [one.summary for one in stored(session)] == ["One.", "Two."]


def test_last_contacts_and_gives_are_kept(take, session, chloe, related):
    take(
        "date,account,kind,direction,summary\n"
        "2026-02-03,instagram:chloe,give,out,a\n2026-02-05,instagram:chloe,talk,in,b\n"
    )
    assert related(chloe).last_contact_at == NOON + dt.timedelta(days=2)
    assert related(chloe).last_two_way_at == NOON + dt.timedelta(days=2)
    assert related(chloe).gives_since_ask == 1
    assert ledger.rebuild(session) == 0


def test_notes_are_found_by_those_who_may_read_them(take, session, chloe, ana):
    take(
        "date,account,summary,visibility,author\n"
        "2026-02-03,instagram:chloe,Likes tea,team,\n"
        "2026-02-04,instagram:chloe,Is moving,private,ana@example.com\n"
        "2026-02-05,instagram:chloe,Unsigned,private,\n"
    )
    notes = session.scalars(select(SearchEntry).where(SearchEntry.source == "note"))
    assert {(one.text, one.author_id) for one in notes} == {
        ("likes tea", None),
        ("is moving", ana.id),
    }


def test_a_colleague_nobody_knows_is_left_out_with_a_note(take, session, chloe):
    found = take("date,account,summary,author\n2026-02-03,instagram:chloe,x,who@example.com\n")
    assert found.counts == {"created": 1}
    assert found.complaints == ["no_colleague"]
    assert stored(session)[0].author_id is None


def test_what_a_later_file_says_otherwise_is_taken(take, session, chloe):
    take(ENGLISH + "2026-02-03,@chloe,Talk,Samples.\n")
    found = take(ENGLISH + "2026-02-03,@chloe,Gift,Samples.\n")

    assert found.counts == {"updated": 1}
    assert found.decisions[0].changes == {"kind": ["talk", "give"]}
    assert found.step.changed == [
        ["interactions", stored(session)[0].id, {"kind": ["talk", "give"]}]
    ]
    assert stored(session)[0].kind is Kind.GIVE
    kept = take(ENGLISH + "2026-02-03,@chloe,Ask,Samples.\n", rules={"kind": NEVER})
    assert kept.counts == {"same": 1}


def test_an_import_never_opens_a_private_note(take, session, chloe):
    text = "date,account,summary,visibility\n2026-02-03,instagram:chloe,x,{}\n"
    take(text.format("private"))
    assert take(text.format("team")).counts == {"same": 1}
    assert stored(session)[0].visibility is Visibility.PRIVATE


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2026-02-03,@nobody,Call,x", "not_here"),
        ("2026-02-03,Chloé Martin,Call,x", "name_alone"),
        ("2026-02-03,,Call,x", "no_person"),
        (",@chloe,Call,x", "no_day"),
        ("2027-02-03,@chloe,Call,x", "not_yet"),
        ("2026-02-03,@chloe,,", "no_text"),
        ("2026-02-03,@chloe,Call," + "x" * 5000, "too_long"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_with_a_reason(take, session, chloe, row, code):
    found = take(ENGLISH + row + "\n", "interactions")
    assert found.complaints == [code]
    assert found.counts == {"refused": 1}
    assert str(found.decisions[0].complaint)
    assert not stored(session)


def test_a_handle_of_two_people_is_a_conflict_until_the_platform_is_said(take, saved, chloe):
    saved(make.account(handle="chloe", platform="tiktok"))
    text = ENGLISH + "2026-02-03,@chloe,Call,x\n"
    assert take(text).complaints == ["several_people"]
    assert take(text, chosen=Chosen(platform="instagram")).counts == {"created": 1}


def test_people_are_found_by_our_number_only_where_the_name_agrees(take, session, chloe):
    head = "influencer_id,name,happened_at,direction,summary\n"
    number = chloe.influencer_id
    other = head + f"{number},Somebody Else,2026-02-03,out,x\n"
    assert take(other).complaints == ["not_here"]
    assert take(head + f"{number},chloe martin,2026-02-03,out,x\n").counts == {"created": 1}


def test_whoever_was_renamed_is_still_found(take, session, chloe):
    take(ENGLISH + "2026-02-03,@chloe,Call,x\n")
    account = session.scalars(select(make.Account)).one()
    account.handle = account.handle_key = "chloe.new"
    session.commit()
    head = "account,platform_id,happened_at,direction,summary\n"
    assert take(head + "instagram:chloe,17,2026-02-03 11:00,out,x\n").counts == {"same": 1}


def test_somebody_of_another_brand_gets_a_relationship(take, session, saved, chloe):
    other = saved(make.brand())
    found = take(ENGLISH + "2026-02-03,@chloe,Call,x\n", to=other)

    new = session.scalars(select(Relationship).where(Relationship.brand_id == other.id)).one()
    assert found.step.made["relationships"] == [new.id]
    birth = session.scalars(select(StageMove).where(StageMove.relationship_id == new.id)).one()
    assert found.step.made["stage_moves"] == [birth.id]
    assert stored(session)[0].relationship_id == new.id
    assert new.last_contact_at == dt.datetime(2026, 2, 3, 12, tzinfo=dt.UTC)


def test_days_that_can_be_read_both_ways_are_asked_about(take, chloe):
    text = ENGLISH + "03/02/2026,@chloe,Call,x\n"
    with pytest.raises(Complaint) as raised:
        take(text)
    assert raised.value.code == "day_order"
    assert take(text, chosen=Chosen(day_order="dmy")).counts == {"created": 1}


def test_an_exchange_kept_its_touchpoint(take, session, saved, chloe):
    planned = saved(make.touchpoint(relationship=chloe, due_on=NOON.date(), state="done"))
    head = "account,happened_at,direction,summary,touchpoint_on,touchpoint_created_at\n"
    row = f"instagram:chloe,2026-02-03 11:00,out,x,2026-02-03,{planned.created_at.isoformat()}\n"
    take(head + row)
    assert stored(session)[0].touchpoint_id == planned.id
    assert take(head + row).counts == {"same": 1}
