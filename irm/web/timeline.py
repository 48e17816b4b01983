"""The timeline of a person's page: what happened, in words."""

import datetime as dt
import json
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import request

from irm.access import Permission, can, me
from irm.db import db
from irm.directory import timeline
from irm.funnel import activities
from irm.funnel.links import is_link
from irm.funnel.owed import Standing
from irm.i18n import _, _n
from irm.models import (
    BatchState,
    Direction,
    FactKind,
    Kind,
    Outcome,
    Platform,
    Promiser,
    QuestionState,
    Relationship,
    Source,
    Stage,
    State,
    Verdict,
)
from irm.web import filters
from irm.web.words import Words, words


class Entry(NamedTuple):
    """One line of the timeline."""

    id: str
    icon: str
    title: str
    mark: str
    warns: bool
    text: str
    iso: str
    when: str
    by: str
    href: str
    #: Of an ask of ours: its id and version, how it ended, and whether it came too early.
    ask: int | None = None
    version: int | None = None
    outcome: str = ""
    tone: str = ""
    breach: str = ""
    #: What may be done with it: addresses with words.
    links: tuple[tuple[str, str], ...] = ()
    #: Of an exchange: who else was there, what belongs to it, and that it once said something else.
    also: str = ""
    files: tuple[tuple[str, str], ...] = ()
    history: tuple[str, str] | None = None


def entries(relationship: Relationship, before: str | None) -> tuple[list[Entry], str | None]:
    """A page of the timeline, and the address of the next one, if there is more.

    Raises Refused where `before` was typed by hand.
    """
    kind = request.args.get("only") or None
    found = timeline.page(
        db.session,
        relationship,
        user_id=me().id,
        reads_private=can(Permission.PRIVATE, relationship.brand_id),
        kind=kind,
        before=before,
    )
    more = None
    if len(found) > timeline.PAGE:
        token = timeline.page_token(found[timeline.PAGE - 1])
        path = f"/influencers/{relationship.influencer_id}/timeline"
        more = filters.address(path, {"before": token, "only": kind or ""})
    said = words()
    made: dict[Any, Heading] = {}
    doing = _links(relationship) if can(Permission.LOG, relationship.brand_id) else {}
    amends = can(Permission.AMEND, relationship.brand_id)
    reader = Reader(me().id if doing else 0, amends)
    return [_entry(row, said, made, doing, reader) for row in found[: timeline.PAGE]], more


class Reader(NamedTuple):
    """Whose exchanges may be put otherwise: one's own, or anybody's."""

    id: int
    amends_all: bool


def is_web(address: object) -> bool:
    """Whether an address may be linked to: what a list gave as one may be anything."""
    return str(address).startswith(("https://", "http://"))


#: What an entry is headed by: icon, title, mark, whether the mark warns.
Heading = tuple[str, str, str, bool]


#: What is headed by a day.
_DATED = ("touchpoint", "pause", "resume", "promise")


def _heading(row: Any, said: Words, made: dict[Any, Heading]) -> Heading:
    """The heading of an entry, made once for all that are alike."""
    logged = row.what == "interaction" and row.activity
    alike = (
        *(row.what, row.code, row.detail, row.private),
        row.what in _DATED and row.extra,
        logged,
    )
    if alike not in made:
        make = _MAKERS[row.what]
        made[alike] = make(row, said)
    return made[alike]


#: What may be done with each kind of entry: addresses that take its id, with words.
Links = dict[str, tuple[tuple[str, str], ...]]


def _links(relationship: Relationship) -> Links:
    path = f"/relationships/{relationship.id}"
    return {
        "interaction": (
            (f"{path}/promise?interaction=%d", _("Promise…")),
            (f"{path}/question?interaction=%d", _("Question…")),
        ),
        "promise": (("/promises/%d", _("Edit")),),
        "question": (("/questions/%d", _("Edit")),),
    }


def _entry(row: Any, said: Words, made: dict[Any, Heading], doing: Links, reader: Reader) -> Entry:
    links = tuple((href % row.id, words) for href, words in doing.get(row.what, ()))
    icon, title, mark, warns = _heading(row, said, made)
    entry = Entry(
        f"{row.what}-{row.id}",
        icon,
        title,
        mark,
        warns,
        row.text or "",
        row.at.isoformat(),
        said.moment(row.at),
        row.by or "",
        row.extra if row.what == "post" and is_web(row.extra) else "",
        *(
            _ask(row)
            if row.what == "interaction" and row.code == Kind.ASK and row.detail != Direction.IN
            else ()
        ),
    )
    if row.what == "interaction":
        return _logged(row, entry, links, reader)
    if row.what == "removal":
        links = ((f"/interactions/{row.extra}/versions", _("What it said")),)
    return entry._replace(links=links) if links else entry


def _logged(row: Any, entry: Entry, links: tuple[tuple[str, str], ...], reader: Reader) -> Entry:
    """An exchange with what few of them have."""
    if reader.id and (reader.amends_all or row.by_id == reader.id):
        links = ((f"/interactions/{row.id}/edit", _("Edit")), *links)
    kept = json.loads(row.links) if row.links != "[]" else ()
    files = tuple((one, urlsplit(one).hostname or one) for one in kept if is_link(one))
    there = ", ".join(part for part in (row.present, row.colleagues) if part)
    also = _("with %(names)s", names=there) if there else ""
    history = None
    if row.versions:
        said = _n("edited, %(n)s earlier version", "edited, %(n)s earlier versions", row.versions)
        history = (f"/interactions/{row.id}/versions", said)
    if not (links or files or also or history):
        return entry
    return entry._replace(links=links, files=files, also=also, history=history)


#: How the outcomes of an ask look.
_TONES = {Outcome.ACCEPTED.value: "good", Outcome.DECLINED.value: "danger"}


def _ask(row: Any) -> tuple[int, int, str, str, str]:
    """Of an ask: its id and version, how it ended, and whether it came too early."""
    return (
        row.id,
        row.version,
        label(Outcome, row.outcome),
        _TONES.get(row.outcome, "accent"),
        _("Before its time") if row.is_breach else "",
    )


def _interaction(row: Any, _said: Words) -> tuple[str, str, str, bool]:
    title = _(
        "%(kind)s, %(direction)s",
        kind=label(Kind, row.code),
        direction=label(Direction, row.detail).lower(),
    )
    if row.activity:
        title = _("%(what)s: %(activity)s", what=title, activity=activities.label(row.activity))
    return row.code, title, _("Private") if row.private else "", True


def _removal(row: Any, _said: Words) -> tuple[str, str, str, bool]:
    return "trash", _("An interaction was removed"), _("Private") if row.private else "", True


def _move(row: Any, _said: Words) -> tuple[str, str, str, bool]:
    to = label(Stage, row.code)
    if row.detail is None:
        return "seed", _("The relationship began at %(stage)s", stage=to), "", False
    title = _("Moved from %(before)s to %(after)s", before=label(Stage, row.detail), after=to)
    return "move", title, "", False


def _touchpoint(row: Any, said: Words) -> tuple[str, str, str, bool]:
    due = said.date[dt.date.fromisoformat(str(row.extra)[:10])]
    if row.code == State.DONE:
        return "check", _("Touchpoint of %(day)s done", day=due), "", False
    return "skip", _("Touchpoint of %(day)s skipped", day=due), "", False


def _pause(row: Any, said: Words) -> tuple[str, str, str, bool]:
    day = said.date[dt.date.fromisoformat(str(row.extra)[:10])]
    return "snooze", _("Paused until %(day)s", day=day), "", False


def _resume(row: Any, said: Words) -> tuple[str, str, str, bool]:
    day = said.date[dt.date.fromisoformat(str(row.extra)[:10])]
    return "clock", _("The pause until %(day)s ended early", day=day), "", False


def _fact(row: Any, _said: Words) -> tuple[str, str, str, bool]:
    title = _(
        "Noted: %(kind)s, %(source)s",
        kind=label(FactKind, row.code),
        source=label(Source, row.detail).lower(),
    )
    return "fact", title, _("Private") if row.private else "", True


def _promise(row: Any, said: Words) -> tuple[str, str, str, bool]:
    day = dt.date.fromisoformat(str(row.extra)[:10])
    is_ours = row.detail == Promiser.US
    title = (
        _("We promised, for %(day)s", day=said.date[day])
        if is_ours
        else _("They promised, for %(day)s", day=said.date[day])
    )
    is_overdue = row.code == Standing.OPEN and day < said.today
    stands = label(Standing, Standing.OVERDUE if is_overdue else row.code)
    warns = is_overdue or row.code in (Standing.LATE, Standing.BROKEN)
    return "promise", title, _privately(stands, row), warns or row.private


def _question(row: Any, _said: Words) -> tuple[str, str, str, bool]:
    is_open = row.code == QuestionState.OPEN
    stands = label(QuestionState, row.code)
    return "question", _("They asked"), _privately(stands, row), is_open or row.private


def _privately(mark: str, row: Any) -> str:
    return _("%(mark)s, private", mark=mark) if row.private else mark


def _post(row: Any, said: Words) -> tuple[str, str, str, bool]:
    title = _("Published on %(platform)s", platform=label(Platform, row.code))
    if row.detail is None:
        return row.code, title, "", False
    count = int(row.detail)
    likes = _n("%(n)s like", "%(number)s likes", count, number=said.compact(count))
    return row.code, title, likes, False


def _import(row: Any, _said: Words) -> tuple[str, str, str, bool]:
    mark = _("Undone") if row.detail == BatchState.UNDONE else ""
    if row.code == Verdict.CREATED:
        return "imports", _("Came in by an import"), mark, False
    return "imports", _("Updated by an import"), mark, False


_MAKERS = {
    "interaction": _interaction,
    "removal": _removal,
    "move": _move,
    "touchpoint": _touchpoint,
    "pause": _pause,
    "resume": _resume,
    "fact": _fact,
    "promise": _promise,
    "question": _question,
    "post": _post,
    "import": _import,
}


def label(words: Any, value: str | None) -> str:
    """The label of a stored word; a word this version does not know stands for itself."""
    try:
        return str(words(value).label)
    except ValueError:
        return value or ""
