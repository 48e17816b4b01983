"""Which backups of the night are kept: those of 14 days, and one of each of 8 weeks.

Each is whole, so each takes the room of the database. A mistake is noticed within days, and then a
day counts; what is noticed later is weeks old, and then a week is near enough. Backups by the hour
would cost twenty-four times the room for one day's typing; who wants them runs `irm backup` by
cron.
"""

import datetime as dt
import re
from collections.abc import Collection
from pathlib import Path

DAYS = 14
WEEKS = 8

_NAME = re.compile(r"nightly-(\d{4}-\d{2}-\d{2})\.zip")


def folder(data_dir: Path) -> Path:
    """Where backups lie by themselves; ours alone."""
    found = data_dir / "backups"
    found.mkdir(mode=0o700, exist_ok=True)
    return found


def name_of(day: dt.date) -> str:
    """What the backup of a night is called."""
    return f"nightly-{day.isoformat()}.zip"


def nights(among: Path) -> dict[dt.date, Path]:
    """The backups of the nights in a folder, by their days; whatever else lies there is left."""
    found = {}
    for path in among.glob("nightly-*.zip"):
        matched = _NAME.fullmatch(path.name)
        try:
            if matched and path.is_file():
                found[dt.date.fromisoformat(matched[1])] = path
        except ValueError:
            continue  # such as the 31st of February
    return found


def kept(days: Collection[dt.date]) -> set[dt.date]:
    """Which of some days' backups are kept: the newest, and the first of each week before."""
    newest = sorted(days, reverse=True)
    first: dict[tuple[int, int], dt.date] = {}
    for day in newest:
        first[day.isocalendar()[:2]] = day  # the last one written is the first of its week
    weekly = sorted(first.values(), reverse=True)[:WEEKS]
    return {*newest[:DAYS], *weekly}


def rotate(among: Path) -> int:
    """Delete what is kept no longer; returns how many."""
    found = nights(among)
    gone = found.keys() - kept(found)
    for day in gone:
        found[day].unlink(missing_ok=True)
    return len(gone)
