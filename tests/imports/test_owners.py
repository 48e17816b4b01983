"""Who looks after whom, as a list of people says it: in a column of colleagues, not of contacts."""

import make
import pytest
from sqlalchemy import select

from irm.access import RIGHTS, Permission
from irm.models import (
    AuditEntry,
    ContactPoint,
    ImportRow,
    Promise,
    Relationship,
    Role,
    StageCounter,
    Touchpoint,
)
from tests.imports.brought import counts, stored

LIST = "Handle,Name,Followers,Owner\n"


@pytest.fixture
def colleague(saved, brand):
    """Let somebody work for the brand."""

    def colleague(name, email, role=Role.MANAGER):
        user = make.user(name=name, email=email)
        return saved(make.member(role, brand=brand, user=user)).user

    return colleague


@pytest.fixture
def ana(colleague):
    return colleague("Ana Núñez", "ana@acme.example")


@pytest.fixture
def ravi(colleague):
    return colleague("Ravi Rao", "ravi@acme.example")


def owners(session):
    session.expire_all()
    return {one.influencer.name: one.owner_id for one in session.scalars(select(Relationship))}


def notes(session):
    session.expire_all()
    found = session.scalars(select(ImportRow).order_by(ImportRow.id))
    return [(row.reason["code"], row.reason["params"]) for row in found if row.reason]


def entrusted(session):
    """What the audit says of owners, as (from, to)."""
    found = select(AuditEntry.ids).where(AuditEntry.action == "relationship.assigned")
    rows = session.scalars(found.order_by(AuditEntry.id))
    return [(ids["from_id"], ids["to_id"]) for ids in rows]


@pytest.fixture
def mia(bring, session):
    """Mia, whom an earlier list brought and nobody looks after."""
    bring("Handle,Name\nmia,Mia\n")
    return session.scalars(select(Relationship)).one()


@pytest.mark.parametrize(
    "said", ["ana@acme.example", "Ana Nunez", "ANA NÚÑEZ", "Ana Núñez <Ana@Acme.example>"]
)
def test_a_colleague_is_named_by_her_address_or_by_her_name(bring, session, ana, said):
    bring(f"{LIST}mia,Mia,1000,{said}\n")

    assert owners(session) == {"Mia": ana.id}
    assert session.scalars(select(ContactPoint)).all() == []
    assert entrusted(session) == [(None, ana.id)]
    counted = select(StageCounter.owner_id).where(StageCounter.people > 0)
    assert session.scalars(counted).all() == [ana.id]


def test_their_own_address_stays_theirs_beside_that_of_the_colleague(bring, session, ana):
    bring("Pseudo,Nom,E-mail,Chargé(e) de compte\nmia,Mia,mia@example.org,ana@acme.example\n")

    assert owners(session) == {"Mia": ana.id}
    assert session.scalars(select(ContactPoint.value)).all() == ["mia@example.org"]


def test_who_is_no_colleague_is_said_and_the_person_is_taken(bring, session, ana, saved):
    saved(make.user(name="Zoe", email="zoe@other.example"))  # of another brand

    result = bring(
        f"{LIST}mia,Mia,1000,zoe@other.example\nlea,Lea,10,Zoe\nana,An,9,ana@acme.example\n"
    )

    assert counts(result) == {"rows": 3, "created": 3}
    assert owners(session) == {"Mia": None, "Lea": None, "An": ana.id}
    assert notes(session) == [
        ("unknown_owner", {"owner": "zoe@other.example"}),
        ("unknown_owner", {"owner": "Zoe"}),
    ]


def test_who_only_looks_is_given_nobody(bring, session, colleague):
    colleague("Vic", "vic@acme.example", Role.VIEWER)

    bring(f"{LIST}mia,Mia,1000,vic@acme.example\n")

    assert owners(session) == {"Mia": None}
    assert notes(session) == [("unknown_owner", {"owner": "vic@acme.example"})]


def test_a_name_that_two_colleagues_have_means_neither(bring, session, colleague):
    colleague("Ana", "ana@acme.example")
    colleague("Ana", "ana.b@acme.example")

    bring(f"{LIST}mia,Mia,1000,Ana\n")

    assert owners(session) == {"Mia": None}
    assert notes(session) == [("unknown_owner", {"owner": "Ana"})]


def test_the_same_list_again_changes_nothing(bring, session, ana):
    text = f"{LIST}mia,Mia,1000,Ana Núñez\n"
    bring(text)
    before = stored(session), entrusted(session)

    assert counts(bring(text)) == {"rows": 1, "same": 1}
    assert (stored(session), entrusted(session)) == before


def test_who_is_here_without_an_owner_gets_one_with_what_is_planned(
    bring, session, saved, mia, ana
):
    planned = saved(make.touchpoint(relationship_id=mia.id))

    result = bring(f"{LIST}mia,Mia,,ana@acme.example\n")

    assert counts(result) == {"rows": 1, "updated": 1}
    assert owners(session) == {"Mia": ana.id}
    assert session.get(Touchpoint, planned.id, populate_existing=True).owner_id == ana.id
    [row] = session.scalars(select(ImportRow).where(ImportRow.batch_id == result["batch"]))
    assert row.changes == {"owner": [None, "Ana Núñez"]}


def test_whom_a_colleague_looks_after_she_keeps_unless_the_rule_says_otherwise(
    bring, session, saved, ana, ravi
):
    bring(f"{LIST}mia,Mia,1000,Ana Núñez\n")
    of = session.scalars(select(Relationship)).one()
    hers = saved(make.touchpoint(relationship_id=of.id, owner_id=ana.id))
    promised = saved(make.promise(relationship_id=of.id, owner_id=ana.id))
    other = f"{LIST}mia,Mia,1000,Ravi Rao\n"

    assert counts(bring(other)) == {"rows": 1, "same": 1}
    assert owners(session) == {"Mia": ana.id}

    result = bring(other, rules={"owner": "overwrite"})

    assert owners(session) == {"Mia": ravi.id}
    assert session.get(Touchpoint, hers.id, populate_existing=True).owner_id == ravi.id
    # A promise is kept by who made it, as long as she sees them.
    assert session.get(Promise, promised.id, populate_existing=True).owner_id == ana.id
    assert entrusted(session) == [(None, ana.id), (ana.id, ravi.id)]
    [row] = session.scalars(select(ImportRow).where(ImportRow.batch_id == result["batch"]))
    assert row.changes == {"owner": ["Ana Núñez", "Ravi Rao"]}


def test_what_a_partner_promised_goes_along_as_she_sees_them_no_more(
    bring, session, saved, colleague, ravi
):
    pia = colleague("Pia", "pia@agency.example", Role.PARTNER)
    bring(f"{LIST}mia,Mia,1000,Pia\n")
    of = session.scalars(select(Relationship)).one()
    promised = saved(make.promise(relationship_id=of.id, owner_id=pia.id))

    bring(f"{LIST}mia,Mia,1000,Ravi Rao\n", rules={"owner": "overwrite"})

    assert session.get(Promise, promised.id, populate_existing=True).owner_id == ravi.id


def test_undo_takes_it_back_with_all_that_went_along(
    drafted, done, bring, session, saved, mia, ana
):
    saved(make.touchpoint(relationship_id=mia.id))
    text = f"{LIST}mia,Mia,,ana@acme.example\nlea,Lea,10,Ana Núñez\n"
    batch = drafted(text, platform="instagram")
    done(batch)
    assert owners(session) == {"Mia": ana.id, "Lea": ana.id}

    done(batch, "undo")

    assert owners(session) == {"Mia": None}
    assert session.scalars(select(Touchpoint.owner_id)).all() == [None]
    counted = session.execute(
        select(StageCounter.owner_id, StageCounter.people).where(StageCounter.people > 0)
    )
    assert counted.all() == [(0, 1)]  # nobody's


def test_nobody_looks_after_whom_the_brand_only_looks_at(bring, session, ana):
    result = bring(f"{LIST}mia,Mia,1000,Nobody\nlea,Lea,9,Ana Núñez\n", keeps_out=True)

    assert counts(result) == {"rows": 2, "created": 2}
    assert owners(session) == {}
    assert notes(session) == []


def test_whoever_may_import_may_say_who_looks_after_whom():
    for role, allowed in RIGHTS.items():
        assert Permission.IMPORT not in allowed or Permission.ASSIGN in allowed, role
