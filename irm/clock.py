"""The only reader of time. Rooms are handed what they need from here by their door."""

import datetime as dt
from zoneinfo import ZoneInfo

UTC = dt.UTC


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return dt.datetime.now(UTC)


def today(zone: ZoneInfo) -> dt.date:
    """The calendar day it is in that zone."""
    return now().astimezone(zone).date()
