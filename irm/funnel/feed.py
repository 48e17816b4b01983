"""What stands in a colleague's calendar: rows in, the text of an .ics file out (RFC 5545).

Everything is a whole day, which needs no zone; only an alarm is a moment, reckoned in hers.
docs/decisions/0010-a-calendar-of-whole-days.md says why.
"""

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from irm.funnel import stage_names, tactics
from irm.funnel.timing import utc_of
from irm.funnel.whys import why
from irm.i18n import _, calling
from irm.models import Channel, Kind

#: When an alarm rings for who wants no digest.
USUAL_HOUR = 8

#: How often programs are asked to look; few of them listen.
REFRESH = dt.timedelta(hours=1)

#: A change of what this module makes of the same rows; who has the old text then gets the new.
EDITION = 1

DAY = dt.timedelta(days=1)


class Place(NamedTuple):
    """Where a calendar stands: the address of irm, its host, and whose day and hour it goes by."""

    url: str
    host: str
    locale: str
    zone: ZoneInfo
    #: The hour at which alarms ring.
    hour: int


class Entry(NamedTuple):
    """One day's entry, in words."""

    uid: str
    version: int
    made_at: dt.datetime
    day: dt.date
    summary: str
    description: str
    href: str
    #: None: no alarm.
    rings_at: dt.datetime | None


def touchpoints(rows: Iterable[Any], place: Place) -> list[Entry]:
    """Put open touchpoints into words; rows of irm/funnel/calendars.py."""
    found = []
    for row in rows:
        # As the brand of the row calls things, whatever the brand of whoever asks.
        with calling(stage_names.of(row.stage_labels, place.locale)):
            found.append(_touchpoint(row, place))
    return found


def promises(rows: Iterable[Any], place: Place) -> list[Entry]:
    """Put promises of ours into words; what is private is not told."""
    found = []
    for row in rows:
        who, what = isolated(line(row.name)), "" if row.is_private else line(row.what)
        told = _("Promised to %(name)s", name=who)
        href = _person(place, row)
        found.append(
            Entry(
                uid=f"promise-{row.id}@{place.host}",
                version=row.row_version,
                made_at=row.created_at,
                day=row.due_on,
                summary=_("%(what)s: %(why)s", what=told, why=what) if what else told,
                description=_lines(what, line(row.brand_name), href),
                href=href,
                rings_at=_alarm(row.due_on, place),
            )
        )
    return found


def days(rows: Iterable[Any], place: Place) -> list[Entry]:
    """Put the days of campaigns into words; they ring for nobody."""
    return [
        Entry(
            uid=f"campaign-day-{row.id}@{place.host}",
            version=row.row_version,
            made_at=row.created_at,
            day=row.day,
            summary=_(
                "%(what)s: %(why)s",
                what=isolated(line(row.campaign_name)),
                why=isolated(line(row.name)),
            ),
            description=_lines(line(row.brand_name), href := _campaign(place, row)),
            href=href,
            rings_at=None,
        )
        for row in rows
    ]


def mark(entries: Iterable[Entry], place: Place) -> str:
    """What a calendar is known by: the same as long as its text is the same.

    It takes a fraction of the time of the text itself, and most who ask have it already.
    """
    known = hashlib.sha256(repr((EDITION, place.locale, place.url)).encode())
    for entry in entries:
        known.update(repr(entry).encode(errors="surrogatepass"))
    return known.hexdigest()[:32]


def text(entries: Iterable[Entry]) -> bytes:
    """Write the calendar."""
    library = _library()
    calendar = library.Calendar()
    calendar.add("prodid", "-//irm//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    name = _("irm: whom to contact")
    # The first is of RFC 7986, the second is what programs read.
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", library.vDuration(REFRESH))
    for entry in entries:
        calendar.add_component(_event(library, entry))
    written: bytes = calendar.to_ical()
    return written


def _touchpoint(row: Any, place: Place) -> Entry:
    what = line(row.purpose) or line(tactics.label(row.tactic))
    told = _to_do(row.channel, row.kind, isolated(line(row.name)))
    href = _person(place, row)
    return Entry(
        uid=f"touchpoint-{row.id}@{place.host}",
        version=row.row_version,
        made_at=row.created_at,
        day=row.due_on,
        summary=_("%(what)s: %(why)s", what=told, why=what) if what else told,
        description=_lines(what, why(row.why or {}), line(row.brand_name), href),
        href=href,
        rings_at=_alarm(row.due_on, place),
    )


def _event(library: Any, entry: Entry) -> Any:
    event = library.Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.version)
    event.add("dtstamp", entry.made_at.astimezone(dt.UTC))
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + DAY)
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("url", entry.href)
    event.add("status", "CONFIRMED")
    # Nobody is busy all day because of a call, in Outlook neither.
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    if entry.rings_at is not None:
        alarm = library.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.summary)
        alarm.add("trigger", entry.rings_at, parameters={"VALUE": "DATE-TIME"})
        event.add_component(alarm)
    return event


@cache
def _library() -> Any:
    # Read with the first calendar: a web worker that nobody asks for one does without it.
    return import_module("icalendar")


def _alarm(day: dt.date, place: Place) -> dt.datetime:
    """The moment at which her clock shows the hour on that day, also where clocks are changed."""
    return utc_of(dt.datetime.combine(day, dt.time(place.hour)), place.zone)


def _to_do(channel: str | None, kind: str, name: str) -> str:
    """What is to be done, in two or three words: by the channel, else by the kind."""
    said: Mapping[str, str] = {
        Channel.COMMENT: _("Comment on %(name)s", name=name),
        Channel.MESSAGE: _("Message %(name)s", name=name),
        Channel.EMAIL: _("E-mail %(name)s", name=name),
        Channel.CALL: _("Call %(name)s", name=name),
        Channel.MEETING: _("Meet %(name)s", name=name),
        Channel.EVENT: _("Event with %(name)s", name=name),
        Channel.PARCEL: _("Parcel for %(name)s", name=name),
        Kind.GIVE: _("Give something to %(name)s", name=name),
        Kind.ASK: _("Ask %(name)s", name=name),
    }
    return said.get(channel or "") or said.get(kind) or _("Contact %(name)s", name=name)


def _person(place: Place, row: Any) -> str:
    return f"{place.url}/influencers/{row.influencer_id}?brand={row.brand_id}"


def _campaign(place: Place, row: Any) -> str:
    return f"{place.url}/campaigns/{row.campaign_id}?brand={row.brand_id}"


def _lines(*said: str) -> str:
    return "\n".join(one for one in said if one)


#: Signs that turn the direction of what follows: what is not closed again turns the line around.
_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def line(text: str) -> str:
    """One line of plain text: no control characters, nothing that turns the direction."""
    plain = " ".join(text.translate(_TURNING).split())
    return "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cc", "Cs"))


def isolated(name: str) -> str:
    """A name that runs from right to left, kept from turning the words around it."""
    if any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in name):
        return f"\u2068{name}\u2069"
    return name
