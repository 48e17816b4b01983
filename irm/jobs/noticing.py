"""Writing to colleagues about what happened: entrusted, mentioned, unanswered, proposed.

Nobody who logs, moves or hands over waits for it: the job reads what is recorded anyway. See
docs/decisions/0015-letters-of-what-happened.md.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from irm.db import db
from irm.funnel import claims, happened
from irm.funnel.happened import ASSIGNED, PROPOSED, REWRITTEN, WRITTEN
from irm.jobs import marks
from irm.jobs.marks import Made, Turn
from irm.mail import notices
from irm.models import Notice, User

#: What goes on is one letter: it is written once nothing was added for so long, …
QUIET = dt.timedelta(minutes=5)

#: … and no later than this after it began.
PATIENCE = dt.timedelta(minutes=20)

#: The local hour from which proposals are told, where a colleague has no digest.
MORNING = 8


def notice(at: dt.datetime) -> Counter[str]:
    """Write to the outbox what colleagues are to be told by a moment; return how many of what.

    Counted: `written`, `failed`. Each letter is committed by itself.
    """
    turn = Turn(db.session, at, happened.team(db.session))
    for tell in (_assignments, _mentions, _questions, _proposals):
        tell(turn)
    if turn.counts["written"]:
        marks.forget_old(turn)
    return turn.counts


def is_going_on(first_at: dt.datetime, last_at: dt.datetime, at: dt.datetime) -> bool:
    """Whether more of it may come, so that the letter waits."""
    return at - last_at < QUIET and at - first_at < PATIENCE


def _assignments(turn: Turn) -> None:
    upto_of = marks.of_all(turn, ASSIGNED)
    after = min(upto_of.values(), default=0)
    upto = happened.end(turn.session, ASSIGNED, after, turn.at)
    if upto <= after:
        return
    found = happened.assigned(turn.session, upto_of, after, upto)
    willing = {id for id in found if turn.team.wants(id, Notice.ASSIGNMENT)}
    for user_id in sorted(willing):
        told = found[user_id]
        if not is_going_on(told.first_at, told.last_at, turn.at):
            moves = [(ASSIGNED, upto_of[user_id], upto)]
            turn.write(user_id, lambda: _assignment(turn, user_id, told), moves=moves)  # noqa: B023
    marks.pass_over(turn, ASSIGNED, upto_of, upto, held=willing, unwilling=found.keys() - willing)


def _assignment(turn: Turn, user_id: int, told: happened.Assigned) -> Made:
    actors = {one.relationship_id: one.actor_id for one in told.people}
    people = [
        row
        for row in happened.still_theirs(turn.session, user_id, actors)
        if turn.team.may_see(user_id, row.brand_id, user_id)
    ]
    if not people:
        return None
    ranked = Counter(actors[row.id] for row in people).most_common()
    names = happened.names(turn.session, User, actors.values())
    givers = [names[id] for id, _people in ranked if id in names]
    if len(givers) < len(ranked):  # Where irm itself had a part in it, nobody did it all.
        givers = []
    letter = notices.assignment(turn.team.users[user_id], people, givers, turn.brands)
    return f"assignment:{told.first_id}:{user_id}", letter


def _mentions(turn: Turn) -> None:
    session = turn.session
    new, edits = marks.of_all(turn, WRITTEN), marks.of_all(turn, REWRITTEN)
    after, behind = min(new.values(), default=0), min(edits.values(), default=0)
    upto = happened.end(session, WRITTEN, after, turn.at)
    until = happened.end(session, REWRITTEN, behind, turn.at)
    called: dict[int, dict[int, Any]] = {}
    if upto > after:
        _call(turn, happened.written(session, after, upto), new, called)
    if until > behind:
        _call(turn, happened.rewritten(session, behind, until), edits, called)
    held, unwilling = set(), set()
    for user_id, notes in called.items():
        if not turn.team.wants(user_id, Notice.MENTION):
            unwilling.add(user_id)
            continue
        rows = marks.not_told(session, user_id, Notice.MENTION, notes)
        if not rows:
            continue
        held.add(user_id)
        moments = [row.at for row in rows]
        if not is_going_on(min(moments), max(moments), turn.at):
            moves = [(WRITTEN, new[user_id], upto), (REWRITTEN, edits[user_id], until)]
            _mention(turn, user_id, rows, moves)
    marks.pass_over(turn, WRITTEN, new, upto, held=held, unwilling=unwilling)
    marks.pass_over(turn, REWRITTEN, edits, until, held=held, unwilling=unwilling)


def _call(
    turn: Turn, rows: Sequence[Any], upto_of: Mapping[int, int], called: dict[int, dict[int, Any]]
) -> None:
    """Note whom notes behind her mark call that somebody else wrote."""
    of_whom = {(row.brand_id, row.owner_id) for row in rows}
    rosters = {one: turn.team.roster(*one) for one in of_whom}
    for row in rows:
        before = getattr(row, "before", None) or {}
        roster = rosters[row.brand_id, row.owner_id]
        for user_id in roster.called(row.summary) - roster.called(before.get("summary") or ""):
            if row.row_id > upto_of[user_id] and user_id != row.author_id:
                called.setdefault(user_id, {}).setdefault(row.id, row)


def _mention(
    turn: Turn, user_id: int, rows: Sequence[Any], moves: Sequence[tuple[str, int, int]]
) -> None:
    user, ids = turn.team.users[user_id], [row.id for row in rows]
    turn.write(
        user_id,
        lambda: (
            f"mention:{min(ids)}:{user_id}",
            notices.mention(user, rows, turn.at, turn.brands),
        ),
        moves=moves,
        tell=lambda: marks.tell(turn, user_id, Notice.MENTION, dict.fromkeys(ids, "")),
    )


def _questions(turn: Turn) -> None:
    waiting = happened.unanswered(turn.session, turn.at)
    own: dict[int, dict[int, Any]] = {}
    led: dict[int, dict[int, Any]] = {}
    for row in waiting:
        owner = next(
            (
                id
                for id in (row.owner_id, row.relationship_owner_id)
                if id is not None and turn.team.may_see(id, row.brand_id, row.relationship_owner_id)
            ),
            None,
        )
        if owner is not None:
            own.setdefault(owner, {})[row.id] = row
        # Where nobody sees to it, the lead is told at once.
        if owner is None or happened.is_for_lead(row, turn.at):
            for lead in turn.team.leads(row.brand_id):
                if lead != owner:
                    led.setdefault(lead, {})[row.id] = row
    if not waiting:
        return
    names = happened.names(turn.session, User, (row.owner_id for row in waiting))
    for user_id in sorted(own.keys() | led.keys()):
        if turn.team.wants(user_id, Notice.QUESTION):
            told = marks.told(turn.session, user_id, Notice.QUESTION)
            hers, teams = (
                [row for id, row in of.get(user_id, {}).items() if id not in told]
                for of in (own, led)
            )
            if hers or teams:
                _question(turn, user_id, hers, teams, names)


def _question(
    turn: Turn, user_id: int, own: Sequence[Any], led: Sequence[Any], names: Mapping[int, str]
) -> None:
    user, ids = turn.team.users[user_id], [row.id for row in (*own, *led)]
    turn.write(
        user_id,
        lambda: (
            f"question:{min(ids)}:{user_id}",
            notices.question(user, own, led, turn.at, turn.brands, names),
        ),
        tell=lambda: marks.tell(turn, user_id, Notice.QUESTION, dict.fromkeys(ids, "")),
    )


def _proposals(turn: Turn) -> None:
    """Tell each of what is new with her people: once a day at most, at the hour of her digest."""
    days = marks.read(turn.session, PROPOSED)
    for user in turn.team.users.values():
        try:
            local = turn.at.astimezone(ZoneInfo(user.timezone))
        except (LookupError, ValueError, OSError):
            continue  # The digest complains of it.
        today = local.date().toordinal()
        hour = MORNING if user.digest_hour is None else user.digest_hour
        is_time = local.hour >= hour and str(local.isoweekday()) in user.work_days
        if is_time and today > days.get(user.id, 0) and turn.team.wants(user.id, Notice.PROPOSAL):
            if user.id not in days:
                marks.begin(turn.session, PROPOSED, [user.id], 0)
            _proposal(turn, user, local.date(), days.get(user.id, 0))


def _proposal(turn: Turn, user: Any, day: dt.date, looked_at: int) -> None:
    brands = turn.team.roles.get(user.id, {})
    rows = {row.id: row for row in happened.proposals(turn.session, user.id, brands)}
    codes = {id: f"{row.stage.value}>{claims.proposed(row).value}" for id, row in rows.items()}
    told = marks.told(turn.session, user.id, Notice.PROPOSAL)
    new = [row for id, row in rows.items() if told.get(id) != codes[id]]
    gone = [id for id in told if told[id] != codes.get(id)]

    def render() -> Made:
        if not new:
            return None
        letter = notices.proposal(user, new, len(rows) - len(new), turn.at, turn.brands)
        return f"proposal:{day.isoformat()}:{user.id}", letter

    def tell() -> None:
        marks.forget(turn, user.id, Notice.PROPOSAL, gone)
        marks.tell(turn, user.id, Notice.PROPOSAL, {row.id: codes[row.id] for row in new})

    turn.write(user.id, render, moves=[(PROPOSED, looked_at, day.toordinal())], tell=tell)
