"""The rows of Today as templates write them: what repeats in them is written once a page."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from flask import current_app, g
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from irm.access import Permission, can
from irm.i18n import _
from irm.models import Kind, Promiser, Stage
from irm.web.assets import asset
from irm.web.words import Memo
from irm.web.written import Frames, filled, framed

#: Stand in what is written once where a row has something of its own: its id, version and name.
_ID, _VERSION, _NAME = _GAPS = ("\x1d", "\x1e", "\x1f")
_GAP = re.compile(f"([{''.join(_GAPS)}])")

#: Under which address what may be done at once is done.
_NOUN = {"promises": "promises", "late": "promises", "questions": "questions", "facts": "facts"}


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
        labelled = labels()

        def frames(*, is_again: bool) -> Frames:
            given = is_again, may_log, token, sprite, labelled
            return Frames(Row, lambda row: write.row(row, *given))

        self._rows, self._again = frames(is_again=False), frames(is_again=True)
        self._owed = Frames(Owed, write.owed)
        self.promisers: Memo[str, str] = Memo(lambda code: str(Promiser(code).label))
        self.kinds: Memo[str, str] = Memo(
            lambda kind: next((str(one.label) for one in Kind if one == kind), kind)
        )

    def row(self, one: Row, *, is_again: bool = False) -> Markup:
        """A person to contact; `is_again` where the row comes back to a page that is there."""
        return (self._again if is_again else self._rows).fill(one)

    def owed(self, one: Owed) -> Markup:
        """A promise, a question, or a day to remember."""
        return self._owed.fill(one)

    def actions(self, id: int, name: str) -> Markup:
        """What can be done with a touchpoint."""
        return filled(self._actions, {_ID: id, _NAME: escape(name)})

    def ends(self, kind: str, id: int, version: int, name: str) -> Markup:
        """What can be done at once with a promise, a question or a day, if the reader may."""
        return filled(self._ends[kind], {_ID: id, _VERSION: version, _NAME: escape(name)})


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
