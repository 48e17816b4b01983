"""What quick log understands of a line: shown as chips while it is typed, and done when saved."""

from collections.abc import Collection
from contextlib import suppress
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request

from irm.access import Permission, load, me, require
from irm.db import db
from irm.directory import named as people
from irm.directory.named import Named
from irm.errors import Refused
from irm.forms.interaction import LogForm
from irm.forms.text import clean
from irm.funnel import promises, questions
from irm.funnel.interactions import SUMMARY_LENGTH
from irm.funnel.line.chips import Chip, ChipKind, Line
from irm.funnel.line.parsing import parse
from irm.i18n import _, _l
from irm.models import Direction, Interaction, Kind, Promiser, Relationship
from irm.web import filters
from irm.web.words import Words, words

bp = Blueprint("lines", __name__)

#: Of a line with more refused chips than this nothing is understood that is worth keeping.
_MOST_REFUSED = 20

#: How much of a promise or a question is kept as such; the summary has all of it.
_CLAUSE_LENGTH = 500


class Said(NamedTuple):
    """A chip in words."""

    icon: str
    words: str
    token: str


@bp.get("/log/line")
def show() -> str:
    """What is understood of a line so far."""
    require(Permission.LOG)
    text = clean(request.args.get("text"))[:SUMMARY_LENGTH]
    refused = request.args.getlist("refused")
    about = request.args.get("about", "")
    found = None
    if about.isascii() and about.isdecimal() and len(about) < 10:
        relationship = load(Relationship, int(about), Permission.LOG)
        line = of_relationship(text, refused, relationship)
    else:
        found = named(text, refused)
        line = parse(text, words().today, refused=_bounded(refused), name=_spoken(text, found))
    who = line.of(ChipKind.WHO)
    unknown = who.raw if who is not None and not about and found is None else ""
    return render_template(
        "interactions/_line.html",
        line=line,
        chips=[_said(chip, line, found) for chip in line.chips if chip is not who or not unknown],
        found=found,
        unknown=unknown,
        channel=line.activity.channel if line.activity else None,
    )


def named(text: str, refused: Collection[str]) -> Named | None:
    """Whom of the brand a line names, by @handle or by the name it begins with."""
    line = parse(text, words().today, refused=_bounded(refused))
    if who := line.of(ChipKind.WHO):
        return people.by_handle(db.session, filters.reader(), str(who.value))
    return people.by_beginning(db.session, filters.reader(), line.begins)


def of_relationship(text: str, refused: Collection[str], relationship: Relationship) -> Line:
    """A line about somebody who is known: another one's @handle in it is a word like any other."""
    known, today = _bounded(refused), words().today
    line = parse(text, today, refused=known)
    who, person = line.of(ChipKind.WHO), relationship.influencer
    if who is None:
        return parse(text, today, refused=known, name=person.name) if line.begins else line
    if people.has_handle(db.session, person.id, str(who.value)):
        return line
    return parse(text, today, refused={*known, who.token})


def applied(form: LogForm, relationship: Relationship) -> Line:
    """Read the line of a form, and let the form say what it says.

    Raises Refused where it says nothing that could be a summary.
    """
    line = of_relationship(form.summary.data, form.refused.data, relationship)
    if not line.summary:
        raise Refused(_l("Write in one line what happened."))
    if no_day := line.of(ChipKind.NO_DAY):
        raise Refused(
            _l(
                "There is no %(day)s. Correct the day, or take its mark away to keep the words.",
                day=no_day.value,
            )
        )
    form.summary.data = line.summary
    said = {
        "kind": line.kind,
        "direction": line.direction,
        "channel": line.activity.channel if line.activity else None,
        "activity": line.activity.code if line.activity else None,
        "happened_on": line.day,
    }
    by_hand = form.chosen.data.split(",")
    for name, value in said.items():
        if value is not None and name not in by_hand:
            form[name].data = value
    return line


def keep_words(line: Line, relationship: Relationship, logged: Interaction) -> None:
    """Note the promise and the question of a line, as made in what was logged."""
    common: dict[str, Any] = {
        "at": logged.created_at,
        "author": me(),
        "visibility": logged.visibility,
        "interaction": logged,
    }
    promise, question = line.of(ChipKind.PROMISE), line.of(ChipKind.QUESTION)
    # What cannot be noted, or is noted already, stands in the summary all the same.
    if promise is not None and promise.by is not None:
        with suppress(Refused):
            promises.make(
                db.session,
                relationship,
                promiser=Promiser.THEM if promise.is_theirs else Promiser.US,
                what=str(promise.value)[:_CLAUSE_LENGTH],
                due_on=promise.by,
                today=words().today,
                **common,
            )
    if question is not None:
        with suppress(Refused):
            questions.ask(
                db.session,
                relationship,
                text=str(question.value)[:_CLAUSE_LENGTH],
                asked_at=logged.happened_at,
                **common,
            )


def _bounded(refused: Collection[str]) -> list[str]:
    return list(refused)[:_MOST_REFUSED]


def _spoken(text: str, found: Named | None) -> str:
    """The name that a line is known to begin with; none where a handle says who."""
    return found.name if found is not None and not text.startswith("@") else ""


def _said(chip: Chip, line: Line, found: Named | None) -> Said:
    if chip.kind is ChipKind.WHO:
        return Said("person", found.name if found else chip.raw, chip.token)
    icon, said = _MAKERS[chip.kind](chip, line, words())
    return Said(icon, said, chip.token)


def _activity(_chip: Chip, line: Line, _words: Words) -> tuple[str, str]:
    assert line.activity is not None
    kind, direction = line.kind or Kind.TALK, line.direction or Direction.OUT
    return kind.value, _(
        "%(activity)s: %(kind)s, %(direction)s",
        activity=line.activity.label,
        kind=str(kind.label).lower(),
        direction=str(direction.label).lower(),
    )


def _kind(chip: Chip, _line: Line, _words: Words) -> tuple[str, str]:
    return str(chip.value), str(Kind(str(chip.value)).label)


def _direction(chip: Chip, _line: Line, _words: Words) -> tuple[str, str]:
    return "talk", str(Direction(str(chip.value)).label)


def _day(_chip: Chip, line: Line, said: Words) -> tuple[str, str]:
    assert line.day is not None
    return "clock", said.both[line.day]


def _next(_chip: Chip, line: Line, said: Words) -> tuple[str, str]:
    assert line.next_on is not None
    return "calendar", _("Next touchpoint %(when)s", when=said.both[line.next_on])


def _promise(chip: Chip, _line: Line, said: Words) -> tuple[str, str]:
    assert chip.by is not None
    when = said.date[chip.by]
    if chip.is_theirs:
        return "promise", _("They promised: %(what)s, by %(when)s", what=chip.value, when=when)
    return "promise", _("We promised: %(what)s, by %(when)s", what=chip.value, when=when)


def _question(chip: Chip, _line: Line, _words: Words) -> tuple[str, str]:
    return "question", _("They ask: %(what)s", what=chip.value)


def _no_day(chip: Chip, _line: Line, _words: Words) -> tuple[str, str]:
    return "alert", _("There is no %(day)s", day=chip.value)


_MAKERS = {
    ChipKind.NO_DAY: _no_day,
    ChipKind.ACTIVITY: _activity,
    ChipKind.KIND: _kind,
    ChipKind.DIRECTION: _direction,
    ChipKind.DAY: _day,
    ChipKind.NEXT: _next,
    ChipKind.PROMISE: _promise,
    ChipKind.QUESTION: _question,
}
