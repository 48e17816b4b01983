"""The rows of Today in words: who, why now, what to remember, and when."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from flask import current_app, g
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from irm import clock
from irm.access import Permission, can
from irm.db import db
from irm.funnel import activities, cadence
from irm.funnel.facts import reminding
from irm.funnel.facts.reminding import Ahead, How, Remembered
from irm.funnel.facts.saying import saying
from irm.funnel.today_rows import WAITING, Waiting
from irm.funnel.whys import why
from irm.i18n import _
from irm.models import Kind, Promiser, Stage
from irm.web import filters
from irm.web.assets import asset
from irm.web.words import Memo, Words
from irm.web.written import framed, joined

#: How much of the last exchange helps to remember it.
REMEMBERED = 160

#: Stand in what is written once where a row has something of its own: its id, version and name.
_ID, _VERSION, _NAME = _GAPS = ("\x1d", "\x1e", "\x1f")
_GAP = re.compile(f"([{''.join(_GAPS)}])")

#: Under which address what may be done at once is done.
_NOUN = {"promises": "promises", "late": "promises", "questions": "questions", "facts": "facts"}

#: Without a plan, one is offered for so many days ahead.
OFFERED = dt.timedelta(days=3)


class Row(NamedTuple):
    """One person to contact, in words."""

    key: str
    touchpoint_id: int | None
    relationship_id: int
    influencer_id: int
    version: int | None
    name: str
    #: Its mark and its name.
    stage: Markup
    why: str
    #: Whoever gave it on, or whose it is on the page of the team.
    whose: str
    #: What never to speak of.
    minds: list[str]
    #: One fact to use, or the last exchange.
    remember: str
    said: str
    on: str
    due_on: dt.date | None
    late: bool
    offer: dt.date | None
    #: The buttons, as a template has written them.
    actions: Markup | str = ""


class Owed(NamedTuple):
    """A promise, or a question that waits, in words."""

    key: str
    href: str
    influencer_id: int
    name: str
    stage: Markup | str
    #: Whose word it is; empty for a question.
    who: str
    text: str
    said: str
    on: str
    iso: str
    late: bool
    #: What may be done at once, as a template has written it; empty where it may not.
    actions: Markup | str


class Section(NamedTuple):
    """A part of the page, with what stands there when it is empty."""

    key: str
    title: str
    tally: str
    rows: Sequence[Any]
    empty: str
    more: str


class Tally(NamedTuple):
    """How one colleague stands; what is more than can be done is said to be more."""

    id: int
    name: str
    overdue: str
    now: str
    next: str
    promised: str
    asked: str

    @classmethod
    def of(cls, row: Any, most: int) -> "Tally":
        """A row of irm/funnel/today_team.py, counted to `most`."""
        numbers = (row.overdue, row.now, row.next, row.promised, row.asked)
        said = (str(number) if number <= most else f"{most}+" for number in numbers)
        return cls(row.id, row.name, *said)


class Pieces:
    """What repeats in rows, written once a page: in a row it costs next to nothing."""

    def __init__(self) -> None:
        # The module knows no context: nothing in it belongs to a request.
        write: Any = current_app.jinja_env.get_template("today/_pieces.html").module
        may_log, sprite, token = can(Permission.LOG), asset("icons.svg"), generate_csrf()
        self._actions = framed(write.actions(_ID, _NAME, may_log, sprite, labels()), _GAP)
        self._ends: Memo[str, list[Markup]] = Memo(
            lambda kind: (
                framed(
                    write.ends(_NOUN[kind], _ID, _VERSION, _NAME, _ends(kind), token, sprite), _GAP
                )
                if may_log
                else []
            )
        )
        self.stages: Memo[Stage, Markup] = Memo(
            lambda stage: write.stage(stage.value, str(stage.label), sprite)
        )
        self.promisers: Memo[str, str] = Memo(lambda code: str(Promiser(code).label))
        self.kinds: Memo[str, str] = Memo(
            lambda kind: next((str(one.label) for one in Kind if one == kind), kind)
        )

    def actions(self, id: int, name: str) -> Markup:
        """What can be done with a touchpoint."""
        return _filled(self._actions, {_ID: id, _NAME: escape(name)})

    def ends(self, kind: str, id: int, version: int, name: str) -> Markup:
        """What can be done at once with a promise, a question or a day, if the reader may."""
        return _filled(self._ends[kind], {_ID: id, _VERSION: version, _NAME: escape(name)})


def _filled(frame: list[Markup], of_row: Mapping[str, Markup | int]) -> Markup:
    return joined([of_row.get(piece, piece) for piece in frame])


def _ends(kind: str) -> Sequence[tuple[str, str, str]]:
    """The key, the act and the words of each button; the first one stands out."""
    if kind == "questions":
        return (
            ("done", "answer", _("Answered")),
            ("hold", "hold", _("Holding reply")),
            ("skip", "drop", _("Needs no answer")),
        )
    if kind == "facts":
        return (("done", "use", _("Congratulated")),)
    kept = _("Kept late") if kind == "late" else _("Kept")
    return ("done", "keep", kept), ("skip", "break", _("Broken"))


def pieces() -> Pieces:
    """Those of this request."""
    if "today_pieces" not in g:
        g.today_pieces = Pieces()
    return cast(Pieces, g.today_pieces)


def labels() -> dict[str, str]:
    """The words of the buttons: looked up once for a page of many rows."""
    return {
        "done": _("Done"),
        "brief": _("Brief"),
        "snooze": _("Snooze"),
        "skip": _("Skip"),
        "give": _("Give to a colleague"),
        "plan": _("Plan in 3 days"),
    }


def section(key: str, title: str, rows: Sequence[Any], *, is_cut: bool, empty: str) -> Section:
    """A section with its count: "50+" where more are there than are shown."""
    count = f"{len(rows)}+" if is_cut else str(len(rows))
    more = _("More follow as soon as these are done.") if is_cut else ""
    return Section(key, title, count, rows, empty, more)


def facts_of(rows: Iterable[Any], said: Words) -> Mapping[int, Sequence[Remembered]]:
    """What to remember of the people of these rows, by relationship, in one statement."""
    ids = {row.relationship_id for row in rows}
    return reminding.to_use(db.session, ids, said.today, filters.reader())


def row(found: Any, said: Words, facts: Sequence[Remembered], owner: str = "") -> Row:
    """A row of irm/funnel/today_rows.py; `owner` where it may be anybody's."""
    minds = [str(saying(one, said.near)) for one in facts if one.how is How.MIND]
    remember = next((str(saying(one, said.near)) for one in facts if _is_of_use(one)), "")
    if found.id is None:
        return _unplanned(found, said, minds, remember)
    late, written = found.due_on < said.today, pieces()
    return Row(
        f"t{found.id}",
        found.id,
        found.relationship_id,
        found.influencer_id,
        found.row_version,
        found.name,
        written.stages[found.stage],
        _("%(kind)s: %(why)s", kind=written.kinds[found.kind], why=why_now(found)),
        owner or (_("From %(name)s", name=found.given_by) if found.given_by else ""),
        minds,
        remember or _last(found, said),
        _late(found.due_on, said) if late else said.near[found.due_on].capitalize(),
        said.date[found.due_on],
        found.due_on,
        late,
        None,
        written.actions(found.id, found.name),
    )


def waiting(found: Waiting, said: Words) -> list[Section]:
    """What we owe and are owed, and the questions whose clock runs."""
    now = clock.now()
    promised = [_promise(one, said) for one in found.promises[:WAITING]]
    asked = [_question(one, said, now) for one in found.questions[:WAITING]]
    return [
        section(
            "promises",
            _("Promises"),
            promised,
            is_cut=len(found.promises) > WAITING,
            empty=_("Nothing promised is due. Note a promise with its day, and it stands here."),
        ),
        section(
            "questions",
            _("Questions waiting"),
            asked,
            is_cut=len(found.questions) > WAITING,
            empty=_("Nobody waits for an answer."),
        ),
    ]


def day(one: Ahead, said: Words) -> Owed:
    """A birthday or a day to remember."""
    return Owed(
        f"f{one.id}",
        f"/influencers/{one.influencer_id}#noted",
        one.influencer_id,
        one.name,
        "",
        "",
        str(saying(one, said.near)),
        said.near[one.on].capitalize(),
        said.date[one.on],
        one.on.isoformat(),
        False,
        pieces().ends("facts", one.id, 0, one.name),
    )


def last_words(found: Any, said: Words) -> str:
    """The last exchange in a line: when, and what was said."""
    when = said.near[said.day(found.last_at)]
    text = " ".join((found.last_summary or "").split())
    if not text:
        return _("Last: %(kind)s, %(when)s", kind=found.last_kind.label, when=when)
    if len(text) > REMEMBERED:
        text = text[:REMEMBERED].rsplit(" ", 1)[0] + " …"
    return _("Last, %(when)s: %(text)s", when=when, text=text)


def why_now(found: Any) -> str:
    """What for, in words: the planner's own, else the tactic, else why it stands there."""
    return found.purpose or activities.label(getattr(found, "tactic", None)) or why(found.why or {})


def _is_of_use(one: Remembered) -> bool:
    """Whether it helps in one line: a guess or what is to be asked needs the brief."""
    return one.how in (How.DAY, How.SPEAK) and not one.is_guess


def _last(found: Any, said: Words) -> str:
    if found.last_at is not None:
        return last_words(found, said)
    if found.last_contact_at is not None:
        # A colleague's private note: that there was contact is everybody's, what was said is not.
        return _("Last contact %(when)s", when=said.near[said.day(found.last_contact_at)])
    return _("Never contacted; this is the first time.")


def _late(day: dt.date, said: Words) -> str:
    return _("Overdue by %(days)s", days=said.days[(said.today - day).days])


def _unplanned(found: Any, said: Words, minds: list[str], remember: str) -> Row:
    if found.last_contact_at:
        text = _("Last contact %(when)s", when=said.near[said.day(found.last_contact_at)])
    else:
        text = _("Never contacted")
    return Row(
        f"r{found.relationship_id}",
        None,
        found.relationship_id,
        found.influencer_id,
        None,
        found.name,
        pieces().stages[found.stage],
        text,
        "",
        minds,
        remember
        or (last_words(found, said) if found.last_at is not None else "")
        or _ideal(found, said),
        _("Fit %(score)s", score=said.score(found.fit)),
        "",
        None,
        False,
        said.today + OFFERED,
    )


def _ideal(found: Any, said: Words) -> str:
    days = found.ideal or cadence.BY_STAGE[found.stage].ideal
    return _("At this stage, a contact every %(days)s is ideal.", days=said.days[days])


def _promise(found: Any, said: Words) -> Owed:
    late, written = found.due_on < said.today, pieces()
    return Owed(
        f"p{found.id}",
        f"/influencers/{found.influencer_id}#promises",
        found.influencer_id,
        found.name,
        written.stages[found.stage],
        written.promisers[found.code],
        found.text,
        _late(found.due_on, said) if late else said.near[found.due_on].capitalize(),
        said.date[found.due_on],
        found.due_on.isoformat(),
        late,
        written.ends("late" if late else "promises", found.id, found.row_version, found.name),
    )


def _question(found: Any, said: Words, now: dt.datetime) -> Owed:
    late, written = found.at < now, pieces()
    hours = round(abs((found.at - now).total_seconds()) / 3600)
    left = said.days[round(hours / 24)] if hours >= 48 else said.hours[max(1, hours)]
    return Owed(
        f"q{found.id}",
        f"/influencers/{found.influencer_id}#promises",
        found.influencer_id,
        found.name,
        written.stages[found.stage],
        "",
        found.text,
        _("Overdue by %(days)s", days=left) if late else _("%(time)s left", time=left),
        said.moment(found.at),
        found.at.isoformat(),
        late,
        written.ends("questions", found.id, found.row_version, found.name),
    )
