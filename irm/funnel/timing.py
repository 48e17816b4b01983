"""Local hours as moments: on every day of a colleague once, whatever the clocks of her zone do."""

import datetime as dt
import zoneinfo
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo

SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)

#: A day's hour comes again within two days, a day that a zone leaves out included. What is planned
#: for later than this was planned by a clock that went wrong.
FURTHEST = dt.timedelta(days=3)


def utc_of(local: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the moment at which the clocks of a zone show this, as UTC.

    Where they show it twice (autumn), the first time; where they never do (spring), the first
    moment after the hour that is left out. `local` carries no zone.
    """
    first = local.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)
    if first.astimezone(zone).replace(tzinfo=None) == local:
        return first
    # In a gap the rules of before and after give two moments on either side of the jump.
    before, after = local.replace(tzinfo=zone, fold=1).astimezone(dt.UTC), first
    offset = after.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def occurrence(day: dt.date, hour: int, zone: ZoneInfo) -> dt.datetime | None:
    """Return the moment of an hour on a local day, as UTC; None where the zone has no such day.

    An hour that a spring leaves out at the end of a day comes at the midnight after it.
    """
    midnight = utc_of(_wall(day, 0), zone)
    return utc_of(_wall(day, hour), zone) if midnight.astimezone(zone).date() == day else None


def next_at(hour: int, zone: ZoneInfo, after: dt.datetime) -> dt.datetime:
    """Return the first moment after another at which it is this hour in the zone, as UTC.

    Each local day has one, also where clocks are put forward or back; a day that a zone leaves
    out has none. The moment itself does not count.
    """
    day = after.astimezone(zone).date()
    while True:
        moment = occurrence(day, hour, zone)
        if moment is not None and moment > after:
            return moment
        day += DAY


def day_of(at: dt.datetime, hour: int, zone: ZoneInfo) -> dt.date:
    """Return the local day that a moment belongs to, as a digest of this hour counts it.

    It is the day the clocks show, but for an hour that a spring pushed over midnight: up to the
    next time the clocks show that hour, it belongs to the day it would have been on.
    """
    shown = at.astimezone(zone).date()
    pushed, own = occurrence(shown - DAY, hour, zone), occurrence(shown, hour, zone)
    is_pushed = pushed is not None and pushed.astimezone(zone).date() == shown
    return shown - DAY if is_pushed and own is not None and at < own else shown


def nearest(moment: dt.datetime, hour: int, zone: ZoneInfo) -> dt.datetime:
    """Return the moment of the hour that is nearest to another: what that one stood for.

    It may lie behind us, where new rules of a zone came too late for it; then it is due.
    """
    day = moment.astimezone(zone).date()
    around = (occurrence(day + shift * DAY, hour, zone) for shift in (-1, 0, 1))
    return min((one for one in around if one), key=lambda one: abs(one - moment), default=moment)


def week_of(day: dt.date) -> dt.date:
    """Return the Monday of a day's week."""
    return day - (day.isoweekday() - 1) * DAY


def week_name(day: dt.date) -> str:
    """Return the ISO week of a day, such as `2026-W10`."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def next_week_at(hour: int, zone: ZoneInfo, after: dt.datetime) -> dt.datetime:
    """Return the first moment after another at which it is this hour on a Monday in the zone.

    Where a zone leaves that Monday out, it is the first day after it.
    """
    moment = next_at(hour, zone, after)
    while day_of(moment, hour, zone).isoweekday() != 1:
        previous, moment = day_of(moment, hour, zone), next_at(hour, zone, moment)
        if week_of(day_of(moment, hour, zone)) != week_of(previous):
            break
    return moment


def _wall(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour))  # a wall clock, no zone


def rules_version() -> str:
    """Return the edition of the time zone rules in use, such as `2026a`; empty where unknown."""
    for folder in zoneinfo.TZPATH:
        try:
            with Path(folder, "tzdata.zi").open(encoding="utf-8") as file:
                words = file.readline(100).split()
        except (OSError, UnicodeDecodeError):
            continue
        if words[:2] == ["#", "version"]:
            return words[-1]
    try:
        return version("tzdata")  # what is read where the system has none
    except PackageNotFoundError:
        return ""
