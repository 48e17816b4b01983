"""How far each colleague was told of what happened, and writing one letter about it.

Whoever moves a mark, or notes that something was told, has the right and the duty to write the
letter, in one transaction: it is neither lost nor doubled, wherever a process dies.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import structlog
from flask import current_app
from sqlalchemy import CursorResult, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from irm import clock
from irm.funnel import happened
from irm.funnel.happened import Team
from irm.mail import outbox
from irm.mail.letters import Letter
from irm.models import Brand, Notice, NoticeMark, Told

log = structlog.get_logger(__name__)

#: Marks of those who had nothing to be told are moved when so many rows lie behind them: to move
#: them at once would be a write a minute for nothing.
BEHIND = 500

#: What was told is remembered longer than anything could be told again.
KEPT = dt.timedelta(days=90)

#: So many ids go into one statement.
_LOT = 500

#: A letter with the key under which the outbox takes it once; None: there is nothing to say.
Made = tuple[str, Letter] | None


@dataclass(slots=True)
class Turn:
    """One round of the job."""

    session: Session
    at: dt.datetime
    team: Team
    counts: Counter[str] = field(default_factory=lambda: Counter(written=0, failed=0))
    _brands: dict[int, Any] = field(default_factory=dict)

    @property
    def brands(self) -> Mapping[int, Any]:
        """All brands by id, read when the first letter is rendered."""
        if not self._brands:
            rows = self.session.execute(select(Brand.id, Brand.name, Brand.stage_labels))
            self._brands.update({row.id: row for row in rows})
        return self._brands

    def write(
        self,
        user_id: int,
        render: Callable[[], Made],
        *,
        moves: Iterable[tuple[str, int, int]] = (),
        tell: Callable[[], None] = lambda: None,
    ) -> None:
        """Write one letter, move the marks of its reader, and note what it tells; commits.

        `moves` are streams, each with the mark as it was read and as it is to be; `tell` notes what
        is told. Nothing is done where another process moved a mark meanwhile, or told some of the
        same; a letter that cannot be made is counted, and made anew next time.
        """
        try:
            # Rendered before the first write: nobody waits for a template.
            made = render()
            if not all(_move(self.session, user_id, *one) for one in moves):
                self.session.rollback()
                return
            tell()
            if made is not None:
                self._put(user_id, *made)
            self.session.commit()
        except IntegrityError:  # told elsewhere at the same time
            self.session.rollback()
        except Exception:  # one letter that cannot be made must not stop the others
            self.session.rollback()
            log.exception("letter failed", user=user_id)
            self.counts["failed"] += 1
        else:
            self.counts["written"] += made is not None

    def _put(self, user_id: int, key: str, letter: Letter) -> None:
        outbox.put(
            self.session,
            key,
            letter,
            to=self.team.users[user_id].email,
            sender=current_app.config["IRM"].mail_from,
            at=clock.now(),
            user_id=user_id,
        )


def read(session: Session, stream: str) -> dict[int, int]:
    """The marks of a stream as they stand, by colleague."""
    rows = select(NoticeMark.user_id, NoticeMark.upto).where(NoticeMark.stream == stream)
    return {row.user_id: row.upto for row in session.execute(rows)}


def of_all(turn: Turn, stream: str) -> dict[int, int]:
    """How far each colleague was told; who is new begins where the others are.

    Those who left keep their marks, which move on without a letter.
    """
    found = read(turn.session, stream)
    new = turn.team.users.keys() - found.keys()
    if new:
        lowest = min(found.values(), default=None)
        upto = happened.last(turn.session, stream) if lowest is None else lowest
        begin(turn.session, stream, new, upto)
        found |= dict.fromkeys(new, upto)
    return found


def begin(session: Session, stream: str, user_ids: Collection[int], upto: int) -> None:
    """Give a mark to those who have none; commits."""
    rows = [{"user_id": id, "stream": stream, "upto": upto} for id in sorted(user_ids)]
    insert_or_leave = (
        postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    )
    session.execute(insert_or_leave(NoticeMark).on_conflict_do_nothing(), rows)
    session.commit()


def _move(session: Session, user_id: int, stream: str, old: int, new: int) -> bool:
    """Move a mark that still is where it was read; whether it was."""
    moved = (
        update(NoticeMark)
        .where(NoticeMark.user_id == user_id, NoticeMark.stream == stream, NoticeMark.upto == old)
        .values(upto=new)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", session.execute(moved)).rowcount == 1


def pass_over(
    turn: Turn,
    stream: str,
    marks: Mapping[int, int],
    upto: int,
    *,
    held: Collection[int],
    unwilling: Collection[int],
) -> None:
    """Move the marks of those who had nothing to be told, once enough lies behind them; commits.

    Those of the unwilling, who want no such letter, move at once: they are not told of it later,
    either. `held` are left alone.
    """
    idle = [
        id
        for id, mark in marks.items()
        if id not in held and mark < upto and (id in unwilling or upto - mark >= BEHIND)
    ]
    if not idle:
        return
    turn.session.execute(
        update(NoticeMark)
        .where(NoticeMark.stream == stream, NoticeMark.user_id.in_(idle), NoticeMark.upto < upto)
        .values(upto=upto)
        .execution_options(synchronize_session=False)
    )
    turn.session.commit()


def told(session: Session, user_id: int, notice: Notice) -> dict[int, str]:
    """What somebody was told of by a kind of letter, with what was said of it."""
    rows = select(Told.subject_id, Told.said).where(Told.user_id == user_id, Told.notice == notice)
    return {row.subject_id: row.said for row in session.execute(rows)}


def not_told(session: Session, user_id: int, notice: Notice, rows: Mapping[int, Any]) -> list[Any]:
    """Those of some rows, by id, that somebody was not told of."""
    known = told(session, user_id, notice)
    return [row for id, row in rows.items() if id not in known]


def tell(turn: Turn, user_id: int, notice: Notice, said: Mapping[int, str]) -> None:
    """Note what a letter tells. Raises IntegrityError where another told some of it already."""
    common = {"user_id": user_id, "notice": notice.value, "at": turn.at}
    rows = [{**common, "subject_id": id, "said": code} for id, code in said.items()]
    if rows:
        turn.session.execute(insert(Told), rows)


def forget(turn: Turn, user_id: int, notice: Notice, ids: Sequence[int]) -> None:
    """Forget that something was told: it is another by now, or may come again."""
    for start in range(0, len(ids), _LOT):
        turn.session.execute(
            delete(Told).where(
                Told.user_id == user_id,
                Told.notice == notice,
                Told.subject_id.in_(ids[start : start + _LOT]),
            )
        )


def forget_old(turn: Turn) -> None:
    """Forget what was told so long ago that it is never told again; commits."""
    passing = Told.notice.in_((Notice.MENTION, Notice.QUESTION))
    turn.session.execute(delete(Told).where(passing, Told.at < min(turn.at, clock.now()) - KEPT))
    turn.session.commit()
