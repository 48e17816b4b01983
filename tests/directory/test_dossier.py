"""Everything about a person, found in every table and written as files."""

import csv
import io
import json
import zipfile

import make
import pytest
from sqlalchemy import select

from irm.directory import dossier, residue, traces
from irm.models import ImportBatch, ImportRow, Influencer, Outbox, Role, SavedView, Verdict
from irm.models.base import Base
from tests.directory import planted

MARK = "Zyxwvut"

#: Tables without a key that leads to a person, and why nothing of theirs can stand in them.
NOTHING_OF_THEIRS = {
    "users": "colleagues",
    "brands": "our own names",
    "brand_members": "colleagues",
    "teams": "words of a brand",
    "team_members": "colleagues",
    "sessions": "colleagues",
    "login_attempts": "colleagues",
    "topics": "words of a brand",
    "tags": "words of a brand",
    "cadence_policies": "numbers",
    "quiet_seasons": "days of a brand",
    "plans": "numbers",
    "campaigns": "our own names; who takes part stands in its members",
    "campaign_days": "days of a campaign",
    "handovers": "colleagues, and why they hand over",
    "stage_counters": "numbers",
    "network_runs": "numbers, and the numbers of people who were proposed",
    "communities": "what colleagues call them; who is in one stands in the places",
    "readings": "numbers",
    "reviews": "moments and colleagues",
    "leases": "machines",
    "ticks": "machines",
    "instance": "machines",
    "channel_health": "the mail server",
    "suppressions": "hashes",
    "bounces": "what became of mails to colleagues",
    "invitations": "colleagues",
    "invitation_brands": "colleagues",
    "password_resets": "colleagues",
    "second_factors": "colleagues",
    "recovery_codes": "colleagues",
    "user_identities": "colleagues",
    "backup_runs": "files and moments",
    "notice_marks": "how far colleagues were written to",
    "told": "ids and codes; what letters were about",
    "erasures": "ids and counts",
    "erased_keys": "hashes",
    "import_steps": "what lists changed; found by the ids of the rows",
    "audit_entries": "ids and codes; found by their keys",
}

#: Tables that name them without being theirs.
BESIDE = ("import_rows", "import_steps", "outbox")


@pytest.fixture
def person_id(session, saved):
    lead = saved(make.member(Role.LEAD))
    return planted.everywhere(session, lead.brand, lead.user, MARK)


def test_every_table_is_known_to_hold_people_or_not_to():
    keyed = {*traces.theirs([1]), *traces.mentions([1])}
    searched = {table.name for table in residue.TEXTS}
    missing = {
        table.name
        for table in Base.metadata.sorted_tables
        if table not in keyed and table.name not in searched
    }

    assert missing - NOTHING_OF_THEIRS.keys() == set()


def test_what_stands_in_any_table_is_found(session, person_id):
    found = dossier.collect(session, person_id)
    keyed = [table.name for table in traces.theirs([1])]

    assert [name for name in keyed if name not in found] == []
    marked = [name for name in keyed if name != "search_entries" and _has_free_text(name)]
    for name in (*marked, *BESIDE):
        assert MARK in json.dumps(found[name], default=str), name
    assert found["audit_entries"][0]["ids"] == {"influencer_id": person_id}
    assert len(found["influencers"]) == 2


def _has_free_text(name):
    return any(
        type(column.type).__name__ in ("String", "Text") for column in Base.metadata.tables[name].c
    )


def test_of_a_mail_about_several_only_their_part_is_given(session, person_id):
    said = json.dumps(dossier.collect(session, person_id)["outbox"], default=str)

    assert "Hugo Blanc" not in said
    assert said.count(f"{MARK} Name") == 2


def test_of_a_task_about_several_the_others_are_left_out(session, person_id):
    assert "999999" not in json.dumps(dossier.collect(session, person_id)["tasks"], default=str)


def test_the_file_holds_all_of_it_twice(session, person_id):
    file = io.BytesIO()
    about = dossier.collect(session, person_id)

    dossier.write(file, about, "What this is.")

    with zipfile.ZipFile(file) as archive:
        whole = json.loads(archive.read("person.json"))
        assert whole.keys() == about.keys()
        for name, rows in about.items():
            table = archive.read(f"csv/{name}.csv").decode("utf-8-sig")
            assert len(list(csv.DictReader(io.StringIO(table)))) == len(rows), name
        assert archive.read("README.txt") == b"What this is."


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(session, saved):
    person = saved(make.influencer(name="=HYPERLINK(1)"))
    file = io.BytesIO()

    dossier.write(file, dossier.collect(session, person.id), "")

    with zipfile.ZipFile(file) as archive:
        assert "'=HYPERLINK(1)" in archive.read("csv/influencers.csv").decode()
        # What is given as JSON is given as it is.
        assert json.loads(archive.read("person.json"))["influencers"][0]["name"] == "=HYPERLINK(1)"


def test_nobody_else_is_in_it(session, saved, person_id):
    other = saved(make.account(influencer=make.influencer(name="Hugo Blanc"), handle="hugo.b"))
    assert other.influencer_id != person_id

    said = json.dumps(dossier.collect(session, person_id), default=str)

    assert "Hugo Blanc" not in said
    assert "hugo.b" not in said
    assert session.get(Influencer, other.influencer_id) is not None


@pytest.fixture
def may_id(session, saved):
    """Somebody whose name is a word, and a list and a view of others that hold it."""
    member = saved(make.member(Role.LEAD))
    who = saved(make.account(influencer=make.influencer(name="May"), handle="may.l")).influencer_id
    batch = saved(planted.batch(member.brand))
    lines = [
        ImportRow(batch_id=batch.id, number=2, verdict=Verdict.REFUSED, cells=["", "May Fox"]),
        ImportRow(batch_id=batch.id, number=3, verdict=Verdict.UPDATED, influencer_id=who),
        ImportRow(batch_id=batch.id, number=4, verdict=Verdict.CREATED, twin_id=who, cells=["x"]),
    ]
    view = SavedView(
        brand_id=member.brand_id,
        user_id=member.user_id,
        name="My May launch",
        query="q=secret+may",
        created_at=make.MONDAY,
    )
    session.add_all([*lines, view])
    planted.mails(session, member.user, "May", who, "You may leave.")
    session.commit()
    return who


def test_what_only_shares_a_word_with_their_name_is_not_in_it(session, may_id):
    found = dossier.collect(session, may_id)

    said = json.dumps(found, default=str)
    assert "Fox" not in said
    assert "secret" not in said
    assert "leave" not in said
    assert [row["number"] for row in found["import_rows"]] == [3]
    assert [len(mail["body_text"]) for mail in found["outbox"]] == [1, 1]
    assert "* May" in said


def test_lists_and_mails_of_other_brands_are_not_in_it(session, saved, may_id):
    theirs = session.scalars(select(ImportBatch.brand_id)).one()
    for mail in session.scalars(select(Outbox)):
        mail.tells_of = [theirs]
    session.commit()

    found = dossier.collect(session, may_id, {saved(make.brand()).id})

    assert not {"import_rows", "outbox"} & found.keys()
    assert {"import_rows", "outbox"} <= dossier.collect(session, may_id, {theirs}).keys()
