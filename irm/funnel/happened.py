"""What happened that colleagues are written to about, read from what is recorded anyway.

Whoever logs, moves or hands over writes nothing for it. Rows are read in the order of their ids,
and only once every transaction that might still add a lower one is over.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from irm.audit import Action
from irm.directory.people import is_listed
from irm.funnel import claims, questions
from irm.funnel.called import Colleague, Roster
from irm.models import (
    AuditEntry,
    BrandMember,
    Change,
    Influencer,
    Interaction,
    InteractionVersion,
    Notice,
    Question,
    Relationship,
    Role,
    User,
    Visibility,
)
from irm.models.base import Rows

#: The streams of what is told; each colleague has a mark in each.
ASSIGNED, WRITTEN, REWRITTEN, PROPOSED = "assigned", "written", "rewritten", "proposed"

#: A transaction that writes is over by then, and its ids are to be seen.
SETTLED = dt.timedelta(minutes=1)

#: A question whose clock ran out before that is old news: digest and brief have it.
OLD = dt.timedelta(days=14)

#: Proposals of one colleague that are told apart; who has more of them is told of these.
MOST_PROPOSALS = 1000

#: Who is given and given back within this was not given.
AT_ONCE = dt.timedelta(minutes=20)

#: Names are looked up so many at a time.
_LOT = 1000

#: Of what was imported, the list says when it was written: that may be any day.
_is_ours = Interaction.request_key.is_not(None)

_TABLES: dict[str, tuple[Any, Any]] = {
    ASSIGNED: (AuditEntry.id, lambda since: AuditEntry.at > since),
    WRITTEN: (Interaction.id, lambda since: and_(_is_ours, Interaction.created_at > since)),
    REWRITTEN: (InteractionVersion.id, lambda since: InteractionVersion.at > since),
}


class Team(NamedTuple):
    """Who may be written to, and about what."""

    #: Active colleagues by id, as plain rows.
    users: Mapping[int, Any]
    #: The brands of each, with her role.
    roles: Mapping[int, Mapping[int, Role]]

    def may_see(self, user_id: int, brand_id: int, owner_id: int | None) -> bool:
        """Whether somebody may know what goes on with a person of a brand, whose owner this is."""
        user = self.users.get(user_id)
        if user is None:
            return False
        role = self.roles.get(user_id, {}).get(brand_id)
        sees_all = user.is_admin or role not in (None, Role.PARTNER)
        return bool(sees_all) or (role is Role.PARTNER and user_id == owner_id)

    def wants(self, user_id: int, notice: Notice) -> bool:
        """Whether somebody is here and is to be written to about this."""
        user = self.users.get(user_id)
        return user is not None and notice not in user.unwanted

    def leads(self, brand_id: int) -> list[int]:
        """Who leads a brand."""
        return [id for id, of in self.roles.items() if of.get(brand_id) is Role.LEAD]

    def roster(self, brand_id: int, owner_id: int | None) -> Roster:
        """Who can be called in what is written of a person of a brand, whose owner this is."""
        return Roster(
            Colleague(user.id, user.name, brand_id in self.roles.get(user.id, {}))
            for user in self.users.values()
            if self.may_see(user.id, brand_id, owner_id)
        )


def team(session: Session) -> Team:
    """Read who is there. Two statements."""
    asked = select(
        User.id,
        User.name,
        User.email,
        User.locale,
        User.timezone,
        User.digest_hour,
        User.work_days,
        User.is_admin,
        User.unwanted,
    )
    users = {row.id: row for row in session.execute(asked.where(User.is_active))}
    roles: dict[int, dict[int, Role]] = defaultdict(dict)
    rows = select(BrandMember.user_id, BrandMember.brand_id, BrandMember.role)
    for user_id, brand_id, role in session.execute(rows):
        if user_id in users:
            roles[user_id][brand_id] = role
    return Team(users, roles)


def end(session: Session, stream: str, after: int, at: dt.datetime) -> int:
    """The last row of a stream that may be told of: no row is younger than SETTLED up to it."""
    id, is_young = _TABLES[stream]
    young = session.scalar(select(func.min(id)).where(id > after, is_young(at - SETTLED)))
    if young is not None:
        return max(after, int(young) - 1)
    return max(after, last(session, stream))


def last(session: Session, stream: str) -> int:
    """The newest row of a stream: with what came before nobody is bothered."""
    return session.scalar(select(func.max(_TABLES[stream][0]))) or 0


class Entrusted(NamedTuple):
    """Somebody who came into the hands of a colleague."""

    relationship_id: int
    #: Null: irm itself, such as when people go back.
    actor_id: int | None


class Assigned(NamedTuple):
    """What a colleague is to be told of one stretch of the audit."""

    people: Sequence[Entrusted]
    first_at: dt.datetime
    last_at: dt.datetime
    first_id: int


def assigned(
    session: Session, marks: Mapping[int, int], after: int, upto: int
) -> dict[int, Assigned]:
    """Who was entrusted to whom, by colleague, from the row behind her mark to another.

    Her own doing is left out, and who was taken from her and given back at once. Whose they are
    now is for `still_theirs` to say.
    """
    #: Of each colleague and relationship: whether it was hers at first, and when it passed last.
    passed: dict[tuple[int, int], tuple[bool, dt.datetime]] = {}
    given: dict[int, dict[int, int | None]] = defaultdict(dict)
    spans: dict[int, tuple[dt.datetime, dt.datetime, int]] = {}

    def was_hers(user_id: int, row: Any, is_loss: bool) -> bool:
        key = user_id, row.ids["relationship_id"]
        hers, at = passed.get(key, (is_loss, row.at))
        is_hers: bool = is_loss if row.at - at > AT_ONCE else hers
        passed[key] = is_hers, row.at
        return is_hers

    rows = session.execute(
        select(AuditEntry.id, AuditEntry.at, AuditEntry.actor_id, AuditEntry.ids)
        .where(
            AuditEntry.id > after, AuditEntry.id <= upto, AuditEntry.action == Action.ASSIGNED.code
        )
        .order_by(AuditEntry.id)
    )
    for row in rows:
        of, old, new = (row.ids[key] for key in ("relationship_id", "from_id", "to_id"))
        if old in marks and row.id > marks[old]:
            was_hers(old, row, is_loss=True)
            given[old].pop(of, None)
        if new in marks and row.id > marks[new]:
            if was_hers(new, row, is_loss=False) or row.actor_id == new:
                continue
            given[new][of] = row.actor_id
            began, _last, id = spans.get(new, (row.at, row.at, row.id))
            spans[new] = began, row.at, id
    return {
        user_id: Assigned([Entrusted(*one) for one in people.items()], *spans[user_id])
        for user_id, people in given.items()
        if people
    }


def still_theirs(session: Session, user_id: int, ids: Collection[int]) -> list[Any]:
    """Those of some relationships that are a colleague's now, the best fit first.

    Rows `id influencer_id brand_id stage name brand_name fit_order`; who was put away is none.
    """
    found: list[Any] = []
    asked = (
        select(
            Relationship.id,
            Relationship.influencer_id,
            Relationship.brand_id,
            Relationship.stage,
            Relationship.fit_order,
            Influencer.name,
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Relationship.owner_id == user_id, is_listed())
    )
    wanted = sorted(ids)
    for start in range(0, len(wanted), _LOT):
        some = wanted[start : start + _LOT]
        found += session.execute(asked.where(Relationship.id.in_(some)))
    return sorted(found, key=lambda row: (row.fit_order, row.id))


_author = aliased(User, name="author")


def written(session: Session, after: int, upto: int) -> Sequence[Any]:
    """The notes with an @ that colleagues wrote in a stretch of ids; what was imported is none.

    Rows `id relationship_id influencer_id brand_id owner_id name stage summary happened_at
    author_id author_name at before row_id`.
    """
    asked = _notes(Interaction.id, Interaction.created_at).where(
        Interaction.id > after, Interaction.id <= upto, _is_ours
    )
    return session.execute(asked.order_by(Interaction.id)).all()


def rewritten(session: Session, after: int, upto: int) -> Sequence[Any]:
    """The notes with an @ that were put otherwise: rows as `written`, `before` as they stood.

    Their author is who changed them.
    """
    asked = _notes(InteractionVersion.id, InteractionVersion.at, InteractionVersion.before)
    asked = asked.where(
        InteractionVersion.id > after,
        InteractionVersion.id <= upto,
        InteractionVersion.change == Change.EDITED,
    )
    return session.execute(asked.order_by(InteractionVersion.id)).all()


def _notes(row_id: Any, at: Any, before: Any = None) -> Rows:
    asked: Rows = select(
        Interaction.id,
        Interaction.relationship_id,
        Interaction.summary,
        Interaction.happened_at,
        Relationship.influencer_id,
        Relationship.brand_id,
        Relationship.owner_id,
        Relationship.stage,
        Influencer.name,
        _author.id.label("author_id"),
        _author.name.label("author_name"),
        row_id.label("row_id"),
        at.label("at"),
    )
    who = Interaction.author_id
    if before is not None:
        asked = asked.add_columns(before.label("before"))
        asked = asked.join(InteractionVersion, InteractionVersion.interaction_id == Interaction.id)
        who = InteractionVersion.user_id
    return (
        asked.join(Relationship, Relationship.id == Interaction.relationship_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .join(_author, _author.id == who, isouter=True)
        .where(
            Interaction.visibility == Visibility.TEAM,
            Interaction.summary.contains("@"),
            is_listed(),
        )
    )


def unanswered(session: Session, at: dt.datetime) -> list[Any]:
    """The questions beyond their time that nobody said a word to, the longest waiting first.

    Private ones are left out. Rows as `questions.open_rows`, with `relationship_owner_id`.
    """
    asked = (
        questions.open_rows()
        .add_columns(Relationship.owner_id.label("relationship_owner_id"))
        .where(
            questions.is_unheld(),
            Question.visibility == Visibility.TEAM,
            Question.answer_by <= at,
            Question.answer_by > at - OLD,
        )
        .order_by(Question.answer_by, Question.id)
    )
    return list(session.execute(asked))


def is_for_lead(row: Any, at: dt.datetime) -> bool:
    """Whether a question waits so long that the lead is told: twice the time it was given."""
    return bool(at >= row.answer_by + (row.answer_by - row.asked_at))


def proposals(session: Session, user_id: int, brand_ids: Collection[int]) -> list[Any]:
    """The moves that the evidence proposes for a colleague's people, the best fit of a brand first.

    Rows as `claims.waiting`, with `brand_id`.
    """
    found: list[Any] = []
    for brand_id in brand_ids:
        asked = claims.waiting(brand_id, user_id).add_columns(Relationship.brand_id)
        found += session.execute(asked.limit(MOST_PROPOSALS - len(found)))
    return found


def names(session: Session, model: Any, ids: Iterable[int | None]) -> dict[int, str]:
    """The names of some rows of a model that has them, such as colleagues who have left."""
    wanted = sorted({id for id in ids if id is not None})
    rows = session.execute(select(model.id, model.name).where(model.id.in_(wanted)))
    return {row.id: row.name for row in rows}
