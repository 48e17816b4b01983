"""Who did what to whom: read, looked for, turned over, taken out; and by whom not."""

import csv
import datetime as dt
import io

import make
import pytest
from invited import invitation
from sqlalchemy import select

from irm.audit import Action, record
from irm.directory import audits
from irm.directory.audits import Asked
from irm.mail import outbox
from irm.mail.letters import Letter
from irm.models import AuditEntry, ImportRow, Outbox, Role, Verdict


@pytest.fixture
def lea(saved):
    """Lea, who leads Nova."""
    return saved(make.member(Role.LEAD, user=make.user(name="Lea"), brand=make.brand(name="Nova")))


@pytest.fixture
def ben(saved, lea):
    return saved(make.member(brand=lea.brand, user=make.user(name="Ben"))).user


@pytest.fixture
def fritz(saved):
    """Fritz, who works for another brand."""
    brand = make.brand(name="Orbit")
    return saved(make.member(brand=brand, user=make.user(name="Foreign Fritz")))


@pytest.fixture
def boss(saved):
    return saved(make.user(name="Boss", is_admin=True))


@pytest.fixture
def note(session):
    """Write an entry down, each a minute after the one before."""
    count = 0

    def write(actor, action, **ids):
        nonlocal count
        count += 1
        record(session, actor, action, make.MONDAY + dt.timedelta(minutes=count), **ids)
        session.commit()

    return write


def seen(session, brand_id, **asked):
    found = audits.entries(session, brand_id, Asked(**asked), before=None, limit=99)
    return [one.action for one in found]


def test_a_lead_reads_who_did_what_to_whom(saved, client_of, lea, ben, note):
    card = saved(make.relationship(brand=lea.brand, name="Mira"))
    ids = {"relationship_id": card.id, "from_stage": "unaware", "to_stage": "aware"}
    note(ben, Action.MOVED, **ids)
    note(lea.user, Action.ASSIGNED, relationship_id=card.id, from_id=None, to_id=ben.id)

    page = client_of(lea.user).get("/settings/audit").text

    assert "Moved to another stage" in page
    assert "Unaware → Aware" in page
    assert "nobody → Ben" in page
    assert f'href="/influencers/{card.influencer_id}">Mira' in page


def test_a_lead_sees_nothing_of_another_brand(
    session, saved, client_of, lea, ben, fritz, boss, note
):
    theirs = saved(make.relationship(brand=fritz.brand, name="Foreign Face"))
    both = saved(make.relationship(brand=lea.brand, name="Shared"))
    saved(make.relationship(brand=fritz.brand, influencer=both.influencer))
    note(fritz.user, Action.RESUMED, relationship_id=theirs.id)
    note(fritz.user, Action.PERSON_ARCHIVED, influencer_id=theirs.influencer_id)
    # With somebody both know, but by a colleague of the other brand.
    note(fritz.user, Action.PERSON_CHANGED, influencer_id=both.influencer_id, fields="bio")
    note(fritz.user, Action.BRAND_CHANGED, brand_id=fritz.brand_id)
    note(fritz.user, Action.SIGNED_IN, user_id=fritz.user_id, way="password")
    note(boss, Action.PERSON_EXPORTED, influencer_id=theirs.influencer_id)
    note(boss, Action.SCORES_CHANGED, macro=1, middle=1, overlap="0.5")
    note(None, Action.SIGN_IN_FAILED, user_id=ben.id, address="192.0.2.1")
    note(ben, Action.RESET_ASKED, user_id=ben.id, address="192.0.2.1")

    assert seen(session, lea.brand_id) == []
    page = client_of(lea.user).get("/settings/audit").text
    assert "Foreign" not in page
    for query in (
        f"who={fritz.user_id}",
        f"person={theirs.influencer_id}",
        "of=all",
        "what=people",
    ):
        assert "Foreign" not in client_of(lea.user).get(f"/settings/audit?{query}").text
    assert client_of(lea.user).get(f"/settings/audit?brand={fritz.brand_id}").status_code == 404


def test_a_lead_sees_what_is_her_brands(session, saved, lea, ben, boss, note):
    card = saved(make.relationship(brand=lea.brand))
    note(ben, Action.PERSON_CHANGED, influencer_id=card.influencer_id, fields="bio")
    note(boss, Action.PERSON_EXPORTED, influencer_id=card.influencer_id)
    note(ben, Action.SIGNED_IN, user_id=ben.id, way="password")
    note(boss, Action.LIST_EXPORTED, brand_id=lea.brand_id, rows=3, form="csv")

    assert seen(session, lea.brand_id) == [
        "list.exported",
        "user.signed_in",
        "person.exported",
        "person.changed",
    ]


def test_administrators_see_all_or_one_brand(session, client_of, lea, fritz, boss, note):
    note(fritz.user, Action.BRAND_CHANGED, brand_id=fritz.brand_id)
    note(lea.user, Action.BRAND_CHANGED, brand_id=lea.brand_id)
    client = client_of(boss)

    page = client.get("/settings/audit").text
    assert all(f'<td data-says="Who">{name}' in page for name in ("Foreign Fritz", "Lea"))
    page = client.get(f"/settings/audit?brand={lea.brand_id}&of=brand").text
    assert '<td data-says="Who">Foreign Fritz' not in page


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_nobody_else_reads_it(saved, client_of, lea, role):
    client = client_of(saved(make.member(role, brand=lea.brand)).user)

    assert client.get("/settings/audit").status_code == 403
    assert client.post("/settings/audit/file").status_code == 403


def test_it_is_looked_for_by_colleague_action_person_and_day(session, saved, lea, ben, note):
    card, other = (saved(make.relationship(brand=lea.brand)) for _one in range(2))
    note(ben, Action.RESUMED, relationship_id=card.id)
    note(lea.user, Action.PAUSED, relationship_id=other.id, until="")
    note(None, Action.TAGGED, relationship_id=other.id, tag_id=1, change="added")

    of = lea.brand_id
    assert seen(session, of, actor_id=ben.id) == ["relationship.resumed"]
    assert seen(session, of, actor_id=0) == ["relationship.tagged"]
    assert seen(session, of, actions=(Action.PAUSED,)) == ["relationship.paused"]
    assert seen(session, of, influencer_id=card.influencer_id) == ["relationship.resumed"]
    assert seen(session, of, since=make.MONDAY + dt.timedelta(minutes=3)) == ["relationship.tagged"]
    assert seen(session, of, until=make.MONDAY + dt.timedelta(minutes=2)) == [
        "relationship.resumed"
    ]


def test_who_was_merged_into_somebody_is_found_with_them(session, saved, lea, ben, note):
    card, gone = (
        saved(make.relationship(brand=lea.brand)),
        saved(make.relationship(brand=lea.brand)),
    )
    note(ben, Action.RESUMED, relationship_id=gone.id)
    gone.influencer.merged_into_id = card.influencer_id
    session.commit()

    assert seen(session, lea.brand_id, influencer_id=card.influencer_id) == ["relationship.resumed"]


def test_older_entries_follow_without_a_gap_or_a_repeat(session, saved, lea, ben):
    card, at = saved(make.relationship(brand=lea.brand)), make.MONDAY
    for n in range(7):
        # Several in one moment, of each kind that a lead sees.
        record(session, ben, Action.RESUMED, at, relationship_id=card.id)
        record(session, ben, Action.PERSON_ARCHIVED, at, influencer_id=card.influencer_id)
        record(session, ben, Action.SIGNED_IN, at, user_id=ben.id, way="password")
        at += dt.timedelta(minutes=n % 2)
    session.commit()

    found, before = [], None
    while page := audits.entries(session, lea.brand_id, Asked(), before=before, limit=4):
        found += [one.id for one in page]
        before = found[-1]

    newest = select(AuditEntry.id).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    assert found == session.scalars(newest).all()


def test_the_page_turns_to_older_ones(session, saved, client_of, lea, ben, note):
    card = saved(make.relationship(brand=lea.brand))
    for _one in range(51):
        note(ben, Action.RESUMED, relationship_id=card.id)
    page = client_of(lea.user).get("/settings/audit?what=relationship.resumed").text
    oldest = session.scalar(select(AuditEntry.id).order_by(AuditEntry.id).offset(1).limit(1))

    assert f"what=relationship.resumed&amp;before={oldest}" in page
    older = client_of(lea.user).get(f"/settings/audit?what=relationship.resumed&before={oldest}")
    assert older.text.count("<time") == 1


def test_the_file_is_safe_for_a_spreadsheet_and_recorded(session, saved, client_of, lea, ben, note):
    card = saved(make.relationship(brand=lea.brand, name="=1+1"))
    note(ben, Action.RESUMED, relationship_id=card.id)

    answer = client_of(lea.user).post("/settings/audit/file", data={"who": f"{ben.id}"})

    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [row[3] for row in rows[1:]] == ["'=1+1"]
    # As in the other files: a moment names its zone, whoever reads it.
    assert [row[0] for row in rows[1:]] == ["2026-03-02T09:01:00+00:00"]
    newest = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (newest.action, newest.ids["rows"], newest.brand_id) == (
        "audit.exported",
        1,
        lea.brand_id,
    )


def test_who_is_gone_is_said_to_be_gone(session, saved, client_of, lea, boss, note):
    note(lea.user, Action.PERSON_ERASED, influencer_id=4711, erasure_id=1)
    note(lea.user, Action.USER_ADDED, user_id=4712)

    page = client_of(boss).get("/settings/audit").text

    assert "Somebody who is gone" in page
    assert "A colleague who is gone" in page


def test_a_name_is_text_and_nothing_else(session, saved, client_of, lea, note):
    card = saved(make.relationship(brand=lea.brand, name="<b>Mira</b>"))
    note(lea.user, Action.RESUMED, relationship_id=card.id)

    assert "<b>Mira" not in client_of(lea.user).get("/settings/audit").text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("what=nothing", 422),
        ("from=yesterday", 422),
        ("from=9999-12-31", 422),
        ("who=x", 404),
        ("before=999999", 200),
    ],
)
def test_an_address_that_means_nothing_says_so(client_of, lea, query, status):
    assert client_of(lea.user).get(f"/settings/audit?{query}").status_code == status


def test_days_the_wrong_way_round_are_said_at_the_field(client_of, lea, ben, note):
    note(ben, Action.SIGNED_IN, user_id=ben.id, way="password")
    client, turned = client_of(lea.user), {"from": "2026-03-03", "to": "2026-03-02"}

    answer = client.get("/settings/audit", query_string=turned)

    assert answer.status_code == 422
    assert answer.text.count("The last day is before the first: turn the two round.") == 1
    assert "Nothing of that was done" not in answer.text
    assert all(f'value="{day}"' in answer.text for day in turned.values())
    assert client.post("/settings/audit/file", data=turned).status_code == 422
    one_day = client.get("/settings/audit?from=2026-03-02&to=2026-03-02")
    assert (one_day.status_code, one_day.text.count("<time")) == (200, 1)


def test_each_part_a_lead_reads_is_led_to_by_an_index(session, saved, lea, backend):
    """Where the database says how it looks, it scans no entry after another."""
    if backend == "postgres":
        pytest.skip("PostgreSQL rightly scans a table this small")
    for part in audits._parts(lea.brand_id):
        asked = select(AuditEntry.id).where(*part).order_by(AuditEntry.at.desc()).limit(50)
        text = str(asked.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all()
        ways = [row[-1] for row in plan if "audit_entries" in row[-1]]
        assert ways
        assert all("USING" in way and "INDEX" in way for way in ways), ways


def test_who_took_the_rows_that_an_import_did_not_take_is_kept(session, saved, client_of, lea, ben):
    reading = {"headings": ["Handle", "Name"]}
    batch = saved(make.import_batch(brand_id=lea.brand_id, reading=reading))
    for number, verdict in enumerate((Verdict.REFUSED, Verdict.CONFLICT, Verdict.CREATED), 2):
        row = {"batch_id": batch.id, "number": number, "verdict": verdict}
        saved(ImportRow(**row, cells=[f"one{number}", "Mira"]))

    with client_of(ben).post(f"/imports/{batch.id}/refused.csv") as file:
        assert file.text.count("Mira") == 2

    [entry] = session.scalars(select(AuditEntry).where(AuditEntry.actor_id == ben.id))
    assert (entry.action, entry.brand_id) == ("people.refused_exported", lea.brand_id)
    assert entry.ids == {"brand_id": lea.brand_id, "batch_id": batch.id, "rows": 2}
    page = client_of(lea.user).get("/settings/audit?what=taken").text
    assert "Rows not taken by an import exported" in page
    assert "2 rows" in page


@pytest.fixture
def hers(session, saved, lea):
    """What each key of an entry may name at Nova."""
    card = saved(make.relationship(brand=lea.brand))
    other = saved(make.relationship(brand=lea.brand))
    pair = saved(make.duplicate(left=card.influencer, right=other.influencer))
    letter, at = Letter("digest", "Your day", "text", "<p>"), make.MONDAY
    outbox.put(session, "one", letter, to="a@example.com", sender="i@example.com", at=at)
    mail = session.scalars(select(Outbox)).one()
    mail.brand_id = lea.brand_id
    session.commit()
    return {
        "brand_id": lea.brand_id,
        "relationship_id": card.id,
        "influencer_id": card.influencer_id,
        "duplicate_id": pair.id,
        "invitation_id": saved(invitation(brands=[lea.brand])).id,
        "outbox_id": mail.id,
    }


def offered(client):
    page = client.get("/settings/audit").text
    return {one.code for one in Action if f'<option value="{one.code}"' in page}


def test_a_lead_is_offered_the_kinds_that_she_can_see_and_no_other(
    session, client_of, lea, ben, note, hers
):
    for action in Action:
        note(ben, action, **{key: hers.get(key, 1) for key in action.keys})

    assert offered(client_of(lea.user)) == set(seen(session, lea.brand_id))


def test_administrators_are_offered_every_kind(client_of, lea, boss):
    assert offered(client_of(boss)) == {action.code for action in Action}


def test_whoever_asks_a_brand_for_what_none_has_is_told_where_it_is(client_of, lea, boss, note):
    note(boss, Action.USER_DEACTIVATED, user_id=lea.user_id)
    asked = "/settings/audit?what=user.deactivated"

    for client, address in (
        (client_of(lea.user), asked),
        (client_of(boss), f"{asked}&brand={lea.brand_id}&of=brand"),
    ):
        page = client.get(address).text
        assert "Administrators find it under “All brands”." in page
        assert '<option value="user.deactivated" selected>User deactivated' in page
        assert "Nothing of that was done" not in page

    assert '<td data-says="Who">Boss' in client_of(boss).get(asked).text
