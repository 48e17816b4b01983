"""A backup holds all of an installation, and a restore puts all of it back, or nothing."""

import datetime as dt
import json
import os
import shutil
import subprocess
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from irm.backups import archive, making
from irm.cli import db as database
from irm.cli import revision
from irm.db import dbapi
from irm.errors import Refused
from tests.backups.conftest import KEY, engine_of, read, restore, settings_in, write

NOW = dt.datetime(2026, 3, 2, 3, tzinfo=dt.UTC)
TOPIC = "INSERT INTO settings (name, value) VALUES ('{}', '1')"
NAMES = "SELECT name FROM settings ORDER BY name"


def names(settings):
    return [row[0] for row in read(settings, NAMES)]


def left_in(folder):
    """What lies in a folder beside its backups."""
    return {one.name for one in folder.iterdir() if not one.name.endswith((".zip", "-wal", "-shm"))}


def test_all_of_an_installation_comes_back_elsewhere(installation, tmp_path):
    live = installation()
    write(live, TOPIC.format("before"))
    uploads = live.data_dir / "imports"
    uploads.mkdir()
    (uploads / "list.csv").write_text("Zoé")
    made = making.make(live, tmp_path / "a.zip", NOW)
    write(live, TOPIC.format("later"))

    other = installation("other")
    write(other, TOPIC.format("other"))
    done = restore(other, made.path, NOW)

    assert names(other) == ["before"]
    assert (other.data_dir / "secret_key").read_text() == KEY
    assert (other.data_dir / "imports" / "list.csv").read_text() == "Zoé"
    assert read(other, "SELECT sending, paused_reason FROM instance") == [("paused", "restored")]
    assert made.path.stat().st_mode & 0o777 == 0o600

    # What was there is a backup itself, so a restore can be taken back.
    restore(other, done.kept, NOW + dt.timedelta(hours=1))
    assert names(other) == ["other"]


def test_while_others_write_each_of_ten_backups_is_whole(on_sqlite, tmp_path):
    live, over, written = on_sqlite(), threading.Event(), 0

    def type_on():
        nonlocal written
        engine = engine_of(live)
        while not over.is_set():
            with engine.begin() as connection:
                connection.exec_driver_sql(
                    "INSERT INTO settings (name, value) VALUES (?, ?)", (f"n{written}", '"x"')
                )
                connection.exec_driver_sql(
                    "INSERT INTO erasures (influencer_id, at, kept)"
                    " VALUES (?, '2026-01-01 00:00:00', '{}')",
                    (written,),
                )
            written += 1
        engine.dispose()

    writer = threading.Thread(target=type_on)
    writer.start()
    try:
        made = []
        for n in range(10):
            before = written
            made.append((before, making.make(live, tmp_path / f"{n}.zip", NOW)))
    finally:
        over.set()
        writer.join()

    other = settings_in(tmp_path / "other")
    for before, one in made:
        restore(other, one.path, NOW)
        [(rows,)] = read(other, "SELECT count(*) FROM settings")
        # Both rows of each transaction, or none.
        assert read(other, "SELECT count(*) FROM erasures") == [(rows,)]
        assert before <= rows <= written
    assert made[-1][0] > made[0][0]


def test_a_backup_is_not_overwritten_unless_it_is_asked_for(on_sqlite, tmp_path):
    live, target = on_sqlite(), tmp_path / "a.zip"
    making.make(live, target, NOW)
    first = target.read_bytes()
    with pytest.raises(Refused, match="not overwritten"):
        making.make(live, target, NOW)
    assert target.read_bytes() == first
    write(live, TOPIC.format("more"))
    making.make(live, target, NOW, replaces=True)
    assert target.read_bytes() != first


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")
def test_on_a_full_disk_the_backup_of_before_stays(on_sqlite, tmp_path, monkeypatch):
    live, disk = on_sqlite(), tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], check=False
    )
    if mounted.returncode:
        pytest.skip("this machine mounts no tmpfs")
    try:
        target = disk / "a.zip"
        target.write_text("the one of before")
        with pytest.raises(Refused, match="too little room"):
            making.make(live, target, NOW, replaces=True)
        # And where the room goes while it is written.
        monkeypatch.setattr(making, "_refuse_without_room", lambda *_args: None)
        write(
            live,
            "CREATE TABLE large AS WITH RECURSIVE n(i) AS"
            " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)"
            " SELECT i, hex(randomblob(1000)) AS what FROM n",
        )
        with pytest.raises(Refused, match="cannot be written"):
            making.make(live, target, NOW, replaces=True)
        assert target.read_text() == "the one of before"
        assert left_in(disk) == set()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_where_a_backup_cannot_be_written_one_sentence_says_so(on_sqlite, tmp_path):
    for target in (tmp_path / "none" / "a.zip", tmp_path):
        with pytest.raises(Refused):
            making.make(on_sqlite(), target, NOW)
    with pytest.raises(Refused, match="no database"):
        making.make(settings_in(tmp_path / "empty"), tmp_path / "a.zip", NOW)


def repacked(path, target, **changes):
    """A backup as somebody else might have packed it."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        for name in manifest["files"]:
            new.writestr(name, old.read(name))
        new.writestr("manifest.json", json.dumps(manifest | changes))
    return target


def spoiled(path, target):
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    target.write_bytes(data)
    return target


SPOILERS = {
    "text": lambda _good, to: to.write_text("hello") and to,
    "empty": lambda _good, to: to.touch() or to,
    "another zip": lambda _good, to: zipfile.ZipFile(to, "w").close() or to,
    "cut off": lambda good, to: to.write_bytes(good.read_bytes()[:-5000]) and to,
    "one bit": spoiled,
    "newer database": lambda good, to: repacked(good, to, revision="9999"),
    "newer format": lambda good, to: repacked(good, to, format=2),
    "other revision": lambda good, to: repacked(good, to, revision="0025"),
    "other database": lambda good, to: repacked(good, to, engine="postgresql"),
    "other counts": lambda good, to: repacked(good, to, counts={"users": 3}),
    "no counts": lambda good, to: repacked(good, to, counts=None),
    "nested": lambda good, to: repacked(good, to, files=[[[]]]),
    "outside": lambda good, to: repacked(
        good, to, files={"database": {"size": 1, "sha256": ""}, "../x": {"size": 1, "sha256": ""}}
    ),
    "missing": lambda good, to: good.with_name("nothing"),
    "folder": lambda good, to: good.parent,
}


@pytest.mark.parametrize("spoil", SPOILERS.values(), ids=SPOILERS)
def test_what_is_no_whole_backup_of_ours_changes_nothing(on_sqlite, tmp_path, spoil):
    live = on_sqlite()
    write(live, TOPIC.format("mine"))
    good = making.make(live, tmp_path / "good.zip", NOW).path
    before = left_in(live.data_dir)
    with pytest.raises(Refused) as refused:
        restore(live, spoil(good, tmp_path / "bad.zip"), NOW)
    assert len(str(refused.value).splitlines()) == 1
    assert names(live) == ["mine"]
    assert left_in(live.data_dir) == before
    assert not read(live, "SELECT 1 FROM instance WHERE sending = 'paused'")


def test_an_older_backup_comes_back_at_the_newest_revision(on_sqlite, tmp_path):
    live = on_sqlite()
    engine = engine_of(live)
    database.downgrade(engine, "-1")
    older = revision.current(engine)
    engine.dispose()
    made = making.make(live, tmp_path / "old.zip", NOW)
    assert archive.read(made.path).revision == older < revision.head()

    other = settings_in(tmp_path / "other")
    restore(other, made.path, NOW)
    engine = engine_of(other)
    assert revision.current(engine) == revision.head()
    assert database.differences(engine) == []
    engine.dispose()


def test_nothing_is_restored_under_a_running_irm_unless_forced(installation, tmp_path):
    live = installation()
    write(live, TOPIC.format("old"))
    made = making.make(live, tmp_path / "a.zip", NOW)
    write(live, TOPIC.format("new"))
    running = engine_of(live)
    with running.connect() as connection:
        connection.exec_driver_sql("SELECT 1 FROM users").all()
        connection.rollback()
        with pytest.raises(Refused, match="irm is running"):
            restore(live, made.path, NOW)
        assert names(live) == ["new", "old"]
        restore(live, made.path, NOW, force=True)
        # Whoever had it open goes on with what was restored.
        assert connection.exec_driver_sql(NAMES).all() == [("old",)]
    running.dispose()


def test_a_database_that_cannot_be_read_is_set_aside(on_sqlite, tmp_path):
    live = on_sqlite()
    write(live, TOPIC.format("mine"))
    made = making.make(live, tmp_path / "a.zip", NOW)
    file = live.data_dir / "irm.db"
    file.write_bytes(b"nonsense" * 1000)
    done = restore(live, made.path, NOW)
    assert names(live) == ["mine"]
    assert (done.kept / "irm.db").read_bytes().startswith(b"nonsense")


def test_with_no_room_for_what_was_there_nothing_is_restored(on_sqlite, tmp_path, monkeypatch):
    live = on_sqlite()
    made = making.make(live, tmp_path / "a.zip", NOW)
    write(live, TOPIC.format("mine"))
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1000))
    with pytest.raises(Refused, match="too little room"):
        restore(live, made.path, NOW)
    assert names(live) == ["mine"]


def test_a_key_from_outside_is_told_from_that_of_the_backup(on_sqlite, tmp_path):
    live = on_sqlite()
    made = making.make(live, tmp_path / "a.zip", NOW)
    other = settings_in(tmp_path / "other")
    assert not restore(other, made.path, NOW).has_other_key
    mine = other.model_copy(update={"secret_key": type(live.secret_key)("another" * 8)})
    assert restore(mine, made.path, NOW).has_other_key


def test_a_copy_opens_without_irm(on_sqlite, tmp_path):
    live = on_sqlite()
    write(live, TOPIC.format("mine"))
    made = making.make(live, tmp_path / "a.zip", NOW)
    with zipfile.ZipFile(made.path) as opened:
        opened.extract("database", tmp_path)
    with closing(dbapi.connect(str(tmp_path / "database"))) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute(NAMES).fetchall() == [("mine",)]
    assert Path(tmp_path / "database").stat().st_size
