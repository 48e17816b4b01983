"""The only reader of time. Rooms are handed what they need from here by their door."""

import contextlib
import datetime as dt
import zoneinfo
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo

UTC = dt.UTC


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return dt.datetime.now(UTC)


def today(zone: ZoneInfo) -> dt.date:
    """The calendar day it is in that zone."""
    return now().astimezone(zone).date()


@lru_cache(1)
def tzdata_version() -> str:
    """Which rules of time zones this machine goes by, as "2026a"; empty if it does not say."""
    for folder in zoneinfo.TZPATH:
        for name, mark in (("+VERSION", ""), ("tzdata.zi", "# version ")):
            with contextlib.suppress(OSError, UnicodeDecodeError):
                with (Path(folder) / name).open() as file:
                    first = file.readline().strip()
                if first.startswith(mark):
                    return first.removeprefix(mark)[:20]
    with contextlib.suppress(PackageNotFoundError):
        return version("tzdata")
    return ""
