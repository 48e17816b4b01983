"""A person's scores over time, and what moved them between two days."""

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request

from irm.access import Permission, load, relationship_with
from irm.db import db
from irm.i18n import _, _n
from irm.models import Influencer, ScoreKind
from irm.scoring import change_sentences, history, sentences
from irm.scoring.changes import Cause, causes
from irm.web import filters, growth
from irm.web.history import EDGE, HEIGHT, WIDTH
from irm.web.timeline import is_web
from irm.web.words import Words, words

bp = Blueprint("scores", __name__)

#: How far back a page looks: 24 months.
SHOWN = dt.timedelta(days=731)

#: How far apart the two days stand that are compared unless somebody chooses others.
APART = dt.timedelta(days=30)

#: Days in sight below a drawing, the newest; those before are a click away.
LISTED = 8

#: Posts named below a cause, the newest.
NAMED = 5

#: The least height of a drawing, in points: a tenth of a point shall not look like a fall.
LEAST = 10.0

#: No score is older, and days far outside of it cannot be reckoned with.
_FIRST = dt.date(2000, 1, 1)


class Day(NamedTuple):
    """One line of the table."""

    day: dt.date
    said: str
    value: str
    change: str
    reason: str


class Course(NamedTuple):
    """One score over time; `lines` are the points of its drawing, `words` say where it ran."""

    kind: ScoreKind
    value: str
    empty: str
    lines: list[str]
    words: str
    days: list[Day]
    earlier: str = ""


class Why(NamedTuple):
    """A cause in words, with the posts it is about."""

    words: str
    posts: list[tuple[str, str]]
    more: str


class Move(NamedTuple):
    """What became of one score between two days, and why."""

    kind: ScoreKind
    before: str
    after: str
    change: str
    words: str
    whys: list[Why]


@bp.get("/influencers/<int:id>/scores")
def show(id: int) -> str:
    """Each score over time, and what moved it."""
    influencer, said = load(Influencer, id, Permission.SEE), words()
    relationship = relationship_with(influencer)
    kinds = tuple(ScoreKind) if relationship else (ScoreKind.REACH, ScoreKind.RESONANCE)
    whose = influencer.id, relationship.id if relationship else None

    last = _asked("before", said.today, said.today)
    rows = _by_kind(*whose, last - SHOWN, _known(last, said))
    to = _asked("to", said.today, said.today)
    since = _asked("from", to - APART, said.today)
    since, to = min(since, to), max(since, to)
    older = any(some[0].day_before for some in rows.values())
    kept = {"from": request.args.get("from", ""), "to": request.args.get("to", "")}
    path = f"/influencers/{id}/scores"
    return render_template(
        "influencers/scores.html",
        influencer=influencer,
        courses=[_course(kind, rows.get(kind, []), last, said) for kind in kinds],
        moves=_moves(whose, kinds, since, to, said),
        growth=growth.shown(influencer, said),
        since=since,
        to=to,
        listed=LISTED,
        older=filters.address(path, kept, {"before": str(last - SHOWN)}) if older else "",
        newest=filters.address(path, kept) if last < said.today else "",
    )


def _asked(name: str, otherwise: dt.date, today: dt.date) -> dt.date:
    """The day that the address asks for; what was typed by hand may be anything."""
    try:
        day = dt.date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return otherwise
    return min(max(day, _FIRST), today)


def _known(day: dt.date, said: Words) -> dt.date:
    """The last day of what is known on the reader's day.

    Scores bear the day of UTC: what was scored just now is of tomorrow for some readers.
    """
    return dt.date.max if day == said.today else day


def _by_kind(
    influencer: int, relationship: int | None, first: dt.date, last: dt.date
) -> dict[ScoreKind, list[Any]]:
    found: dict[ScoreKind, list[Any]] = {}
    for row in db.session.execute(history.between(influencer, relationship, first, last)):
        found.setdefault(row.kind, []).append(row)
    return found


def _course(kind: ScoreKind, rows: list[Any], last: dt.date, said: Words) -> Course:
    days = [
        Day(
            row.day,
            said.date[row.day],
            _value(row.value, said),
            _change(row.value_before, row.value, said) if row.day_before else "",
            _reason(row.reasons, said),
        )
        for row in reversed(rows)
    ]
    value = days[0].value if days else "–"
    if not rows:
        return Course(kind, value, _("Not scored yet."), [], "", [])
    if len(rows) == 1:
        day = said.date[rows[0].day]
        if rows[0].day_before or rows[0].until:
            return Course(kind, value, _("Unchanged since %(day)s.", day=day), [], "", days)
        once = _("Scored once, on %(day)s: nothing to compare yet.", day=day)
        return Course(kind, value, once, [], "", days)
    known = [row.value for row in rows if row.value is not None]
    ran = ""
    if known:
        ran = _(
            "%(first)s to %(last)s, between %(lowest)s and %(highest)s",
            first=said.date[max(rows[0].day, last - SHOWN)],
            last=said.date[max(rows[-1].day, last)],
            lowest=_value(min(known), said),
            highest=_value(max(known), said),
        )
    more = len(days) - LISTED
    earlier = _n("%(n)s day before", "%(n)s days before", more) if more > 0 else ""
    return Course(kind, value, "", steps(rows, last - SHOWN, last), ran, days, earlier)


def steps(rows: list[Any], first: dt.date, last: dt.date) -> list[str]:
    """Draw rows of `day` and `value` as the points of polylines.

    A score stands until the next one; where it was not known, the line is broken.
    """
    known = [row.value for row in rows if row.value is not None]
    if not known:
        return []
    middle = (min(known) + max(known)) / 2
    height = max(LEAST, max(known) - min(known))
    start = max(first, rows[0].day)
    ends = [*(max(row.day, start) for row in rows), max(last, rows[-1].day)]
    span = max(1, (ends[-1] - start).days)
    lines: list[list[str]] = [[]]
    for row, (begins, ends_on) in zip(rows, pairwise(ends), strict=True):
        if row.value is None:
            lines.append([])
            continue
        y = HEIGHT / 2 - (HEIGHT - 2 * EDGE) * (row.value - middle) / height
        for day in (begins, ends_on):
            x = EDGE + (WIDTH - 2 * EDGE) * (day - start).days / span
            lines[-1].append(f"{x:.1f},{y:.1f}")
    return [" ".join(line) for line in lines if line]


def _moves(
    whose: tuple[int, int | None],
    kinds: Iterable[ScoreKind],
    since: dt.date,
    to: dt.date,
    said: Words,
) -> list[Move]:
    """Compare the scores that stood on two days."""
    days = [_by_kind(*whose, day, day) for day in (_known(since, said), _known(to, said))]
    pairs = [(kind, *(day.get(kind, [None])[-1] for day in days)) for kind in kinds]
    found = {kind: _causes(was, now) for kind, was, now in pairs}
    named = [cause for some in found.values() for cause in some]
    posts: list[Any] = []
    if any("posts" in cause for cause in named):
        posts = list(db.session.execute(history.posts(whose[0], named)))
    return [
        Move(
            kind,
            _value(was.value if was else None, said),
            _value(now.value if now else None, said),
            _change(was.value, now.value, said) if was and now else "",
            _instead(was, now, said),
            [_why(cause, posts, said) for cause in found[kind]],
        )
        for kind, was, now in pairs
    ]


def _causes(was: Any, now: Any) -> list[Cause]:
    if was is None or now is None or was.day == now.day:
        return []
    found = causes(was.reasons, now.reasons)
    return found or ([] if was.value == now.value else [{"code": "other"}])


def _instead(was: Any, now: Any, said: Words) -> str:
    """What is said where there is no cause to name."""
    if now is None:
        return _("Not scored yet on that day.")
    if was is None:
        return _("First scored on %(day)s.", day=said.date[now.day])
    if was.day == now.day:
        return _("Unchanged since %(day)s.", day=said.date[now.day])
    return ""


def _why(cause: Cause, posts: list[Any], said: Words) -> Why:
    of_cause = _posts(cause, posts)
    more = len(of_cause) - NAMED
    return Why(
        change_sentences.sentence(cause, said.number),
        [(_post(post, said), post.url if is_web(post.url) else "") for post in of_cause[:NAMED]],
        _n("and %(n)s more", "and %(n)s more", more) if more > 0 else "",
    )


def _posts(cause: Cause, posts: list[Any]) -> list[Any]:
    """The posts that a cause is about: those it names, or all from one to another."""
    named = cause.get("posts", ())
    moments = {one.id: one.published_at for one in posts}
    since, newest = (moments.get(one) for one in (cause.get("since"), next(iter(named), None)))
    if "since" not in cause or since is None or newest is None:
        return [one for one in posts if one.id in named]
    return [
        one
        for one in posts
        if one.account_id == cause["account"]
        and one.published_at is not None
        and since < one.published_at <= newest
    ]


def _post(post: Any, said: Words) -> str:
    platform = str(post.platform.label)
    if post.published_at is None:
        return platform
    return f"{platform} · {said.date[said.day(post.published_at)]}"


def _reason(stored: Iterable[Any], said: Words) -> str:
    """The main reason, which stands first."""
    return next((text for one in stored if (text := sentences.sentence(one, said.number))), "")


def _value(value: float | None, said: Words) -> str:
    return "–" if value is None else said.number(round(value, 1))


def _change(before: float | None, after: float | None, said: Words) -> str:
    """By how much a score moved, with its sign; a small move with both of its decimals."""
    if before is None or after is None:
        return "–"
    moved = after - before
    size = said.number(round(abs(moved), 1 if abs(moved) >= 0.05 else 2))
    return f"+{size}" if moved > 0 else f"−{size}" if moved < 0 else size
