"""The worker backs up every night, keeps what is worth it, and restores one on trial every week."""

import datetime as dt

import pytest

from irm import clock
from irm.backups import archive, keeping, runs
from irm.cli import db as command
from irm.db import db
from irm.errors import Refused
from irm.jobs import backing_up
from irm.models import BackupRun
from tests.backups.conftest import write

#: Three in the morning.
NIGHT = dt.datetime(2026, 3, 2, 3, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def at(monkeypatch):
    """Set the clock."""

    def put(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    return put


def test_a_backup_is_made_once_a_night_and_by_day_where_the_night_was_missed(on_sqlite, app_on, at):
    settings = on_sqlite()
    with app_on(settings).app_context():

        def due(moment):
            return backing_up.back_up_due(db.session, settings, at(moment))

        assert due(NIGHT)
        assert not due(NIGHT + HOUR)
        assert not due(NIGHT + 12 * HOUR)
        assert due(NIGHT + DAY)
        assert not due(NIGHT + DAY + 29 * HOUR)
        assert due(NIGHT + DAY + 31 * HOUR)
    names = sorted(one.name for one in (settings.data_dir / "backups").iterdir())
    assert names == [f"nightly-2026-03-0{n}.zip" for n in (2, 3, 4)]


def test_of_a_year_there_are_fourteen_days_and_eight_weeks():
    there, first = set(), dt.date(2026, 1, 1)
    for n in range(365):
        there.add(first + n * DAY)
        there = keeping.kept(there)
    newest = sorted(there, reverse=True)
    assert newest[:14] == [dt.date(2026, 12, 31) - n * DAY for n in range(14)]
    # Mondays, of the weeks that are not among the days.
    assert {day.weekday() for day in newest[14:]} == {0}
    assert len({day.isocalendar()[:2] for day in there}) == 8


def test_what_lies_beside_the_backups_of_the_nights_is_left(tmp_path):
    mine = [tmp_path / name for name in ("nightly-2020-02-31.zip", "nightly-x.zip", "mine.zip")]
    for n in range(40):
        (tmp_path / keeping.name_of(dt.date(2026, 1, 1) + n * DAY)).touch()
    for one in mine:
        one.touch()
    keeping.rotate(tmp_path)
    assert all(one.exists() for one in mine)
    assert len(list(tmp_path.iterdir())) < 40


def test_a_failure_is_kept_with_its_reason_and_tried_again_an_hour_later(
    on_sqlite, app_on, at, monkeypatch
):
    settings = on_sqlite()
    (settings.data_dir / "backups").write_text("not a folder")
    with app_on(settings).app_context():
        with pytest.raises(Refused):
            backing_up.back_up_due(db.session, settings, at(NIGHT))
        failed = runs.newest(db.session, runs.MADE)
        assert (failed.is_well, failed.error["params"]["reason"]) == (False, "File exists")
        assert not backing_up.back_up_due(db.session, settings, at(NIGHT + HOUR / 2))
        (settings.data_dir / "backups").unlink()
        assert backing_up.back_up_due(db.session, settings, at(NIGHT + HOUR))
        assert runs.newest(db.session, runs.MADE).is_well


def test_once_a_week_a_backup_is_restored_aside_and_checked(installation, app_on, at):
    settings = installation()
    with app_on(settings).app_context():
        assert not backing_up.try_due(db.session, settings, at(NIGHT))  # there is none yet
        backing_up.back_up_due(db.session, settings, NIGHT)
        assert backing_up.try_due(db.session, settings, NIGHT + HOUR)
        tried = runs.newest(db.session, runs.TRIED, only_well=True)
        assert tried.file == "nightly-2026-03-02.zip"
        assert not backing_up.try_due(db.session, settings, at(NIGHT + DAY))
    assert [one.name for one in (settings.data_dir / "backups").iterdir()] == [tried.file]


def test_a_backup_whose_board_is_not_what_its_moves_say_fails_its_trial(on_sqlite, app_on, at):
    settings = on_sqlite()
    with app_on(settings).app_context():
        backing_up.back_up_due(db.session, settings, at(NIGHT))
        file = settings.data_dir / "backups" / "nightly-2026-03-02.zip"
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
        with pytest.raises(Refused, match="is damaged"):
            backing_up.try_due(db.session, settings, NIGHT)
        assert not db.session.query(BackupRun).filter_by(kind="tried").one().is_well


def test_before_an_upgrade_the_same_kind_of_backup_is_made(on_sqlite, app_on):
    settings = on_sqlite()
    write(settings, "UPDATE alembic_version SET version_num = '0025'")
    with app_on(settings).app_context():
        kept = command._keep_a_copy(db.engine, settings)
    assert archive.read(kept).revision == "0025"
