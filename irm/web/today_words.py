"""The rows of Today in words: who, why now, what to remember, and when."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from irm import clock
from irm.db import db
from irm.funnel import activities, cadence, elsewhere
from irm.funnel.facts import reminding
from irm.funnel.facts.reminding import Ahead, How, Remembered
from irm.funnel.facts.saying import saying
from irm.funnel.today_rows import WAITING, Waiting
from irm.funnel.whys import why
from irm.i18n import _
from irm.web import filters
from irm.web.today_pieces import Owed, Row, pieces
from irm.web.words import Words

#: How much of the last exchange helps to remember it.
REMEMBERED = 160

#: Without a plan, one is offered for so many days ahead.
OFFERED = dt.timedelta(days=3)


class Section(NamedTuple):
    """A part of the page, with what stands there when it is empty."""

    key: str
    title: str
    tally: str
    #: As written.
    rows: Sequence[Markup]
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


def section(key: str, title: str, rows: Sequence[Markup], *, is_cut: bool, empty: str) -> Section:
    """A section with its count: "50+" where more are there than are shown."""
    count = f"{len(rows)}+" if is_cut else str(len(rows))
    more = _("More follow as soon as these are done.") if is_cut else ""
    return Section(key, title, count, rows, empty, more)


def facts_of(rows: Iterable[Any], said: Words) -> Mapping[int, Sequence[Remembered]]:
    """What to remember of the people of these rows, by relationship, in one statement."""
    ids = {row.relationship_id for row in rows}
    return reminding.to_use(db.session, ids, said.today, filters.reader())


def row(
    found: Any,
    said: Words,
    facts: Sequence[Remembered],
    owner: str = "",
    *,
    is_again: bool = False,
) -> Markup:
    """A row of irm/funnel/today_rows.py, as written; `owner` where it may be anybody's."""
    return pieces().row(_row(found, said, facts, owner), is_again=is_again)


def _row(found: Any, said: Words, facts: Sequence[Remembered], owner: str) -> Row:
    until = elsewhere.until(found, said.today, said.zone)
    busy = [elsewhere.said(said.date[until])] if until else []
    minds = [*busy, *(str(saying(one, said.near)) for one in facts if one.how is How.MIND)]
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
    write = pieces().owed
    promised = [write(_promise(one, said)) for one in found.promises[:WAITING]]
    asked = [write(_question(one, said, now)) for one in found.questions[:WAITING]]
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


def day(one: Ahead, said: Words) -> Markup:
    """A birthday or a day to remember, as written."""
    shown = Owed(
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
    return pieces().owed(shown)


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
