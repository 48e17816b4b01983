"""The timeline of a person's page: what happened, in words."""

import datetime as dt
import json
import re
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import current_app, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

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
from irm.web import disclosure, filters
from irm.web.words import Words, words
from irm.web.written import filled, framed, joined

#: Stand in an entry that is written once where those who look like it have something of their own:
#: its name, id and version, the relationship's id, the text, the moment in two ways, who, and the
#: token of the reader's session.
_GAPS = tuple(map(chr, range(0x17, 0x20)))
_NAME, _ID, _VERSION, _WHOSE, _TEXT, _ISO, _WHEN, _BY, _TOKEN = _GAPS
_GAP = re.compile(f"([{''.join(_GAPS)}])")


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
    #: Of an ask of ours: its id and version, the token of the form that says how it ended, how it
    #: did, and whether it came too early.
    ask: int | str = ""
    version: int | str = ""
    token: str = ""
    outcome: str = ""
    tone: str = ""
    breach: str = ""
    #: What may be done with it: addresses with words.
    links: tuple[tuple[str, str], ...] = ()
    #: Of an exchange: who else was there, what belongs to it, and that it once said something else.
    also: str = ""
    files: tuple[tuple[str, str], ...] = ()
    history: tuple[str, str] | None = None


def entries(relationship: Relationship, before: str | None) -> tuple[Markup, str | None]:
    """A page of the timeline, as written, and the address of the next one, if there is more.

    Raises Refused where `before` was typed by hand.
    """
    kind = request.args.get("only") or None
    found = timeline.page(
        db.session,
        relationship,
        user_id=me().id,
        reads_private=disclosure.reads(relationship),
        kind=kind,
        before=before,
    )
    more = None
    if len(found) > timeline.PAGE:
        token = timeline.page_token(found[timeline.PAGE - 1])
        path = f"/influencers/{relationship.influencer_id}/timeline"
        more = filters.address(path, {"before": token, "only": kind or ""})
    may_log = can(Permission.LOG, relationship.brand_id)
    amends = can(Permission.AMEND, relationship.brand_id)
    reader = Reader(me().id if may_log else 0, amends)
    writer = _Writer(relationship.id, reader, words())
    return joined([writer.entry(row) for row in found[: timeline.PAGE]]), more


class Reader(NamedTuple):
    """Whose exchanges may be put otherwise: one's own, or anybody's; the id 0 may do nothing."""

    id: int
    amends_all: bool

    def may_edit(self, row: Any) -> bool:
        return bool(self.id) and (self.amends_all or row.by_id == self.id)


def is_web(address: object) -> bool:
    """Whether an address may be linked to: what a list gave as one may be anything."""
    return str(address).startswith(("https://", "http://"))


#: What an entry is headed by: icon, title, mark, whether the mark warns.
Heading = tuple[str, str, str, bool]


#: What is headed by a day.
_DATED = ("touchpoint", "pause", "resume", "promise")


#: What may be done with each kind of entry: addresses with words.
_Links = tuple[tuple[str, str], ...]


class _Writer:
    """Writes a page of the timeline. What most entries have is written once for all alike."""

    def __init__(self, relationship_id: int, reader: Reader, said: Words) -> None:
        self._whose, self._reader, self._said = relationship_id, reader, said
        self._headings: dict[Any, Heading] = {}
        self._links = _links() if reader.id else {}
        self._token = escape(generate_csrf())
        self._edits = ((f"/interactions/{_ID}/edit", _("Edit")),)

    def entry(self, row: Any) -> Markup:
        """Write one entry."""
        if _is_rare(row):
            made: Markup = _template().entry(self._rare(row))
            return made
        text, by = row.text or "", row.by or ""
        ask = self._ask(row, _ID, _VERSION, _TOKEN)
        frame = _frame_of(
            self._said.locale, self._heading(row), bool(text), bool(by), self._doing(row), ask
        )
        of_row: dict[str, Markup | int] = {
            _NAME: escape(f"{row.what}-{row.id}"),
            _ID: row.id,
            _VERSION: row.version or 0,
            _TOKEN: self._token,
            _WHOSE: self._whose,
            _TEXT: escape(text),
            _ISO: escape(row.at.isoformat()),
            _WHEN: escape(self._said.moment(row.at)),
            _BY: escape(by),
        }
        return filled(frame, of_row)

    def _heading(self, row: Any) -> Heading:
        """The heading of an entry, made once for all that are alike."""
        logged = row.what == "interaction" and row.activity
        dated = row.what in _DATED and row.extra
        alike = row.what, row.code, row.detail, row.private, dated, logged
        found = self._headings.get(alike)
        if found is None:
            found = self._headings[alike] = _MAKERS[row.what](row, self._said)
        return found

    def _doing(self, row: Any) -> _Links:
        links = self._links.get(row.what, ())
        is_ones_own = row.what == "interaction" and self._reader.may_edit(row)
        return (*self._edits, *links) if is_ones_own else links

    def _ask(self, row: Any, id: Any, version: Any, token: str) -> tuple[Any, ...]:
        """Of an ask of ours, the last fields of an entry; whoever may not log has no form."""
        if row.what != "interaction" or row.code != Kind.ASK or row.detail == Direction.IN:
            return ()
        tone = _TONES.get(row.outcome, "accent")
        said = label(Outcome, row.outcome), tone, _("Before its time") if row.is_breach else ""
        return (id, version, token, *said) if self._reader.id else ("", "", "", *said)

    def _rare(self, row: Any) -> Entry:
        """An entry with what few of them have."""
        ids = {_ID: str(row.id), _WHOSE: str(self._whose)}
        links = [
            (_GAP.sub(lambda gap: ids[gap[0]], href), words) for href, words in self._doing(row)
        ]
        if row.what == "removal":
            links.append((f"/interactions/{row.extra}/versions", _("What it said")))
        entry = Entry(
            f"{row.what}-{row.id}",
            *self._heading(row),
            row.text or "",
            row.at.isoformat(),
            self._said.moment(row.at),
            row.by or "",
            row.extra if row.what == "post" and is_web(row.extra) else "",
            *self._ask(row, row.id, row.version, self._token),
        )._replace(links=tuple(links))
        return _logged(row, entry) if row.what == "interaction" else entry


def _is_rare(row: Any) -> bool:
    """Whether an entry has what is written for it alone: links out, who was there, a history."""
    if row.what == "interaction":
        return bool(row.links != "[]" or row.present or row.colleagues or row.versions)
    return row.what == "removal" or (row.what == "post" and is_web(row.extra))


@lru_cache(4096)
def _frame_of(
    _locale: str,
    heading: Heading,
    has_text: bool,
    has_by: bool,
    links: _Links,
    ask: tuple[Any, ...],
) -> list[Markup]:
    text, by = _TEXT if has_text else "", _BY if has_by else ""
    like = Entry(_NAME, *heading, text, _ISO, _WHEN, by, "", *ask)
    return framed(_template().entry(like._replace(links=links)), _GAP)


def _template() -> Any:
    # The module knows no context: nothing in it belongs to a request.
    return current_app.jinja_env.get_template("influencers/_entry.html").module


def _links() -> dict[str, _Links]:
    path = f"/relationships/{_WHOSE}"
    return {
        "interaction": (
            (f"{path}/promise?interaction={_ID}", _("Promise…")),
            (f"{path}/question?interaction={_ID}", _("Question…")),
        ),
        "promise": ((f"/promises/{_ID}", _("Edit")),),
        "question": ((f"/questions/{_ID}", _("Edit")),),
    }


def _logged(row: Any, entry: Entry) -> Entry:
    """An exchange with what few of them have."""
    kept = json.loads(row.links) if row.links != "[]" else ()
    files = tuple((one, urlsplit(one).hostname or one) for one in kept if is_link(one))
    there = ", ".join(part for part in (row.present, row.colleagues) if part)
    also = _("with %(names)s", names=there) if there else ""
    history = None
    if row.versions:
        said = _n("edited, %(n)s earlier version", "edited, %(n)s earlier versions", row.versions)
        history = (f"/interactions/{row.id}/versions", said)
    return entry._replace(files=files, also=also, history=history)


#: How the outcomes of an ask look.
_TONES = {Outcome.ACCEPTED.value: "good", Outcome.DECLINED.value: "danger"}


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
