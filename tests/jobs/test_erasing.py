"""Erasing a person: nothing of theirs is left in the database or beside it, and all else stays."""

import datetime as dt
import io
import subprocess
import zipfile
from types import SimpleNamespace

import make
import pytest
from sqlalchemy import func, select, text

from irm.db import db
from irm.directory import erasing, presence, traces
from irm.directory.presence import Contact, Handle
from irm.errors import NotFound, Refused
from irm.funnel import bulk_edit
from irm.jobs import erasing as files
from irm.ledger import counters
from irm.models import (
    AuditEntry,
    BulkEdit,
    ErasedKey,
    Erasure,
    ImportRow,
    ImportStep,
    Influencer,
    Outbox,
    Platform,
    Relationship,
    Role,
    SavedView,
    StageCounter,
    Task,
    TaskState,
)
from irm.models.base import Base
from irm.scoring import stem_index
from tests.directory import planted
from tests.jobs.erased import erase

MARK = "Zyxwvut"

DAY = dt.timedelta(days=1)


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def person_id(session, lead):
    return planted.everywhere(session, lead.brand, lead.user, MARK)


def everything(app):
    """All bytes of a SQLite database and what lies beside it; all texts of a PostgreSQL one."""
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            with db.engine.connect() as connection:
                tables = [f'"{table.name}"' for table in Base.metadata.sorted_tables]
                rows = [connection.execute(text(f"SELECT t::text FROM {t} t")) for t in tables]
                return "\n".join(str(row[0]) for some in rows for row in some).encode()
    folder = app.config["IRM"].data_dir
    paths = [str(path) for path in folder.rglob("*") if path.is_file()]
    # By another process: a process that closes a file of SQLite's drops the locks it has on it.
    return subprocess.run(["cat", *paths], check=True, stdout=subprocess.PIPE).stdout


def test_no_byte_of_them_is_left(app, session, lead, person_id):
    folder = app.config["IRM"].data_dir / "imports"
    folder.mkdir(exist_ok=True)
    (folder / "upload.csv").write_text(f"name,instagram\n{MARK} Name,x\n")
    (folder / "others.csv").write_text("name,instagram\nHugo Blanc,hugo\n")
    with zipfile.ZipFile(folder / "book.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", f"<t>{MARK} Name</t>" * 50)
    stem_index.read_new(session, stem_index.Reader(), 100)
    session.commit()
    of_a_word = [stem_index.Term(("w" + MARK.lower(),), is_open=True)]
    assert stem_index.find(session, of_a_word) != []
    assert MARK.encode() in everything(app)
    session.rollback()

    ended = erase(app, session, person_id, lead.user)
    session.rollback()

    assert ended.state is TaskState.DONE, ended.error
    assert ended.result["files"] == 2
    assert stem_index.find(session, of_a_word) == []
    session.rollback()
    left = everything(app).lower()
    assert MARK.lower().encode() not in left
    assert [path.name for path in folder.iterdir()] == ["others.csv"]


def test_their_rows_are_gone_and_those_of_others_stay(app, session, lead, saved, person_id):
    other = saved(make.relationship(brand=lead.brand, name="Hugo Blanc"))
    note = saved(make.interaction(relationship=other, summary="Sent the seeds."))
    ids = traces.family(session, person_id)

    erase(app, session, person_id, lead.user)

    for table, ways in traces.theirs(ids).items():
        assert traces.rows(session, table, ways) == [], table.name
    assert session.get(Influencer, other.influencer_id).name == "Hugo Blanc"
    session.refresh(note)
    assert note.summary == "Sent the seeds."


def test_what_named_them_is_blank_and_stands_where_it_stood(app, session, lead, person_id):
    erase(app, session, person_id, lead.user)

    assert [row.number for row in session.scalars(select(ImportRow).order_by(ImportRow.number))]
    empty = {"influencer_id", "reason", "changes", "cells"}
    for row in session.scalars(select(ImportRow)):
        assert all(getattr(row, name) is None for name in empty)
    assert session.scalar(select(func.count()).where(ImportRow.changes.is_not(None))) == 0
    mails = session.scalars(select(Outbox).order_by(Outbox.id)).all()
    assert [mail.state.value for mail in mails] == ["sent", "pending"]
    assert {mail.dedupe_key for mail in mails} == {"k0", "k1"}
    assert all("was erased" in mail.body_text and mail.subject == "–" for mail in mails)
    step = session.scalars(select(ImportStep)).one()
    assert step.changed == [["influencers", 999999, {"city": ["", "Lyon"]}]]
    before, after = person_id - 1, person_id + 2
    assert step.created["influencers"] == [[before, before], [after, after]]
    assert session.scalars(select(SavedView.query).where(SavedView.name == "Mine")).one() == (
        "stage=aware"
    )
    assert session.scalars(select(Task).where(Task.kind == "score")).one().arguments == {
        "people": [999999]
    }
    reasons = {edit.changes.get("reason") for edit in session.scalars(select(BulkEdit))}
    assert reasons == {None, "–"}


def test_the_fact_is_kept_and_who_did_it(app, session, lead, person_id):
    ended = erase(app, session, person_id, lead.user)

    erased = session.scalars(select(Erasure)).one()
    assert (erased.influencer_id, erased.user_id) == (person_id, lead.user.id)
    assert ended.result["erasure"] == erased.id
    assert session.scalar(select(func.count()).select_from(ErasedKey)) == erased.kept["keys"] > 0
    newest = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert newest.action == "person.erased"
    assert newest.ids == {"influencer_id": person_id, "erasure_id": erased.id}


def test_they_do_not_come_back_by_any_key(app, session, lead, saved):
    account = saved(make.account(handle="Lea.Mends", platform_id="1234567890123456789"))
    presence.put_contact(
        session, account.influencer_id, Contact("email", "Lea@example.com", "lea@example.com")
    )
    presence.rename_account(session, account, "lea.now", user=lead.user, at=make.MONDAY)
    session.commit()

    erase(app, session, account.influencer_id, lead.user)

    for one in (
        Handle(Platform.INSTAGRAM, "lea.now"),
        Handle(Platform.INSTAGRAM, "@LEA.mends"),
        Handle(Platform.INSTAGRAM, "new", "1234567890123456789"),
    ):
        with pytest.raises(Refused, match="erased on request"):
            presence.refuse_erased(session, [one], [])
    with pytest.raises(Refused, match="erased on request"):
        presence.refuse_erased(session, [], [Contact("email", "x", "lea@example.com")])
    presence.refuse_erased(session, [Handle(Platform.TIKTOK, "lea.now")], [])


def test_the_board_no_longer_counts_them(app, session, lead, saved):
    here = saved(make.relationship(brand=lead.brand))
    saved(make.relationship(brand=lead.brand))
    counters.recount(session)
    session.commit()

    erase(app, session, here.influencer_id, lead.user)

    counted = session.scalars(select(StageCounter.people)).all()
    counters.recount(session)
    assert sum(counted) == 1 == sum(session.scalars(select(StageCounter.people)))


def test_a_second_run_finds_nothing_to_do(app, session, lead, person_id):
    erase(app, session, person_id, lead.user)

    again = erase(app, session, person_id, lead.user)

    assert again.state is TaskState.DONE
    assert session.scalar(select(func.count()).select_from(Erasure)) == 1


def test_whoever_has_the_number_since_is_not_erased(app, session, saved, lead):
    first = saved(make.influencer(created_at=make.MONDAY))
    id, made = first.id, first.created_at.isoformat()
    erase(app, session, id, lead.user)
    saved(make.influencer(id=id, name="Innocent Person", created_at=make.MONDAY + DAY))

    erase(app, session, id, lead.user)
    erase(app, session, id, lead.user, created_at=made)
    assert session.scalars(select(Influencer.name)).all() == ["Innocent Person"]

    erase(app, session, id, lead.user, created_at=(make.MONDAY + DAY).isoformat())
    assert session.scalars(select(Influencer.name)).all() == []


def test_an_edit_that_is_being_made_passes_nobody_over(app, session, saved, lead):
    ids = [saved(make.relationship(brand=lead.brand)).id for _n in range(4)]
    changes = {"owner": lead.user_id}
    edit = bulk_edit.draft(session, lead.brand_id, ids, changes, user=lead.user, at=make.MONDAY)
    bulk_edit.go_on(session, edit, user=lead.user, at=make.MONDAY, limit=2)
    session.commit()

    erase(app, session, session.get_one(Relationship, ids[0]).influencer_id, lead.user)

    edit = session.get_one(BulkEdit, edit.id)
    assert ids[0] not in edit.selection["ids"]
    assert bulk_edit.go_on(session, edit, user=lead.user, at=make.MONDAY)
    session.commit()
    owners = session.scalars(select(Relationship.owner_id).order_by(Relationship.id)).all()
    assert owners == [lead.user_id] * 3


def test_who_was_merged_away_is_erased_with_the_one_they_are(session, saved, lead):
    kept = saved(make.influencer())
    gone = saved(make.influencer(merged_into_id=kept.id))

    with pytest.raises(NotFound):
        erasing.erase(session, gone.id, user=lead.user, at=make.MONDAY)
    session.rollback()
    erasing.erase(session, kept.id, user=lead.user, at=make.MONDAY)
    session.commit()

    assert session.scalar(select(func.count()).select_from(Influencer)) == 0


def test_a_name_of_one_word_is_any_word(session, saved, lead):
    person = saved(make.influencer(name="Al"))
    names = erasing.names_of(session, [person.id])

    assert not names.stand_in("Also, Al Gore came by.")
    assert not names.stand_in("Al")
    assert names.stand_in(f"see /influencers/{person.id} for more")
    assert not names.stand_in(f"see /influencers/{person.id}0 for more")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_file_names_them_in_whatever_encoding(tmp_path, encoding):
    names = erasing.Names(["Éloïse Brûlé"], [])
    path = tmp_path / "list.csv"
    path.write_bytes(("name\r\n" + "Hugo\r\n" * 300_000 + "Éloïse Brûlé\r\n").encode(encoding))

    assert files.names_them(path, names)
    path.write_bytes(io.BytesIO("name\r\nÉloïse Brûlée\r\n".encode(encoding)).getvalue())
    assert not files.names_them(path, names)


def test_backups_and_the_database_are_left_alone(app):
    names = erasing.Names(["Ann Lee"], [1])
    folder = app.config["IRM"].data_dir
    kept = [folder / "backups" / "irm.db", folder / "db" / "irm.db", folder / "imports" / "x.txt"]
    gone = [folder / "imports" / "upload", folder / "exports" / "file.csv"]
    for path in (*kept, *gone):
        path.parent.mkdir(exist_ok=True)
        path.write_text("Ann Leeson" if path is kept[2] else "SQLite name\nAnn Lee\n")

    with app.app_context():
        assert files.remove_files(folder, names) == 2

    assert all(path.exists() for path in kept)
    assert not any(path.exists() for path in gone)


def test_the_database_is_left_alone_wherever_it_lies(app, monkeypatch):
    folder = app.config["IRM"].data_dir / "imports"
    folder.mkdir(exist_ok=True)
    path = folder / "irm.db"
    path.write_text("Ann Lee")

    with app.app_context():
        monkeypatch.setattr(files, "db", SimpleNamespace(engine=Engine(str(path))))
        assert files.remove_files(folder.parent, erasing.Names(["Ann Lee"], [1])) == 0

    assert path.exists()


class Engine:
    """As much of an engine as says where its file lies."""

    def __init__(self, path):
        self.url = SimpleNamespace(database=path)
