"""What was logged, put otherwise or taken away: what it said before is kept, and can be put back.

Whoever changes an interaction holds its relationship first, so that two never wait for each other.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, true, update
from sqlalchemy.orm import Session

from irm.directory import search
from irm.errors import Done, Refused
from irm.funnel import balance, snapshots, touchpoints
from irm.funnel.interactions import Exchange, add_colleagues, refuse_moment
from irm.i18n import _l
from irm.ledger import proving
from irm.ledger import relationships as ledger
from irm.models import (
    Change,
    Direction,
    Interaction,
    InteractionColleague,
    InteractionVersion,
    Kind,
    Planner,
    Relationship,
    Touchpoint,
    User,
    Visibility,
)
from irm.models.base import Rows

#: So many earlier versions are shown, the newest first.
MOST_SHOWN = 50

#: What the form may change; the rest is settled here.
_SAID = ("summary", "kind", "direction", "channel", "visibility", "activity", "present")

#: What of it decides on contacts, stage and gate.
_WEIGHS = ("happened_at", "kind", "direction", "channel")


def edit(
    session: Session,
    interaction: Interaction,
    exchange: Exchange,
    *,
    happened_at: dt.datetime,
    user: User,
    at: dt.datetime,
) -> InteractionVersion | None:
    """Put an interaction otherwise; what it said before is kept. None where nothing differs.

    Contacts, earned stage and search are read anew, and an ask is judged by the gate anew where
    its day, kind or direction is another. Raises Refused as logging does.
    """
    refuse_moment(happened_at, at)
    relationship = interaction.relationship
    ledger.hold(session, relationship)
    before = snapshots.take(session, interaction)
    exchange = replace(
        exchange,
        outcome=exchange.outcome if exchange.kind is Kind.ASK else None,
        colleagues=tuple(sorted(set(exchange.colleagues) - {interaction.author_id})),
    )
    if _says(interaction, before) == (exchange, happened_at):
        return None
    version = _keep(session, interaction, Change.EDITED, before, user, at)
    weighed = _weight(interaction)
    for name in _SAID:
        setattr(interaction, name, getattr(exchange, name))
    interaction.outcome, interaction.links = exchange.outcome, list(exchange.links)
    interaction.happened_at, interaction.edited_at = happened_at, at
    if _weight(interaction) != weighed:
        interaction.is_breach = _is_breach(session, interaction)
    _settle_colleagues(session, interaction, before["colleagues"], exchange.colleagues)
    if exchange.visibility is Visibility.PRIVATE:
        _hide(session, interaction)
    _settle(session, relationship, at, user, is_heavy=_weight(interaction) != weighed)
    search.forget(session, "note", interaction.id)
    search.index_note(session, interaction, relationship)
    return version


def remove(
    session: Session, interaction: Interaction, *, user: User, at: dt.datetime
) -> InteractionVersion:
    """Take an interaction away; the whole of it is kept and can be brought back."""
    relationship = interaction.relationship
    ledger.hold(session, relationship)
    before = snapshots.take(session, interaction)
    before["linked"] = snapshots.take_links(session, interaction)
    version = _keep(session, interaction, Change.REMOVED, before, user, at)
    search.forget(session, "note", interaction.id)
    session.delete(interaction)
    _settle(session, relationship, at, user, is_heavy=True)
    return version


def put_back(
    session: Session, version: InteractionVersion, *, user: User, at: dt.datetime
) -> Interaction:
    """Let an interaction say again what it said before a change, or bring it back, as it was.

    Raises Done where it stands there so already.
    """
    interaction = session.get(Interaction, version.interaction_id)
    values = snapshots.read(version.before)
    if interaction is None:
        if version.change is not Change.REMOVED:
            raise Refused(_l("This interaction was removed meanwhile. Bring it back first."))
        return _bring_back(session, version, values, user, at)
    if version.change is not Change.EDITED:
        raise Done(_l("This interaction stands in the timeline already."))
    exchange, happened_at = _of_record(values, version.before)
    if edit(session, interaction, exchange, happened_at=happened_at, user=user, at=at) is None:
        raise Done(_l("This interaction says so already."))
    return interaction


def earlier(interaction_id: int, reader_id: int, *, reads_private: bool) -> Rows:
    """Select what an interaction said before, the newest first: `version name` of who changed it.

    What the reader may not read is left out. One more than MOST_SHOWN, where there are more.
    """
    return (
        select(InteractionVersion, User.name)
        .join(User, User.id == InteractionVersion.user_id, isouter=True)
        .where(
            InteractionVersion.interaction_id == interaction_id,
            is_readable(reader_id, reads_private=reads_private),
        )
        .order_by(InteractionVersion.id.desc())
        .limit(MOST_SHOWN + 1)
    )


def is_readable(reader_id: Any, *, reads_private: bool) -> ColumnElement[bool]:
    """Whether a version may be read, as the interaction may: a private one by its author alone."""
    if reads_private:
        return true()
    author = InteractionVersion.before["author_id"].as_integer()
    return or_(InteractionVersion.visibility == Visibility.TEAM, author == reader_id)


def _bring_back(
    session: Session,
    version: InteractionVersion,
    values: Mapping[str, Any],
    user: User,
    at: dt.datetime,
) -> Interaction:
    relationship = version.relationship
    ledger.hold(session, relationship)
    right = snapshots.without_the_gone(session, values)
    # A merge may have led the record to another relationship since.
    interaction = Interaction(**{**right, "relationship_id": relationship.id})
    session.add(interaction)
    session.flush()
    snapshots.tie(session, interaction, version.before)
    whose = {"author_id": interaction.author_id}
    _keep(session, interaction, Change.RESTORED, whose, user, at)
    _settle(session, relationship, at, user, is_heavy=True)
    search.index_note(session, interaction, relationship)
    return interaction


def _keep(
    session: Session,
    interaction: Interaction,
    change: Change,
    before: dict[str, Any],
    user: User,
    at: dt.datetime,
) -> InteractionVersion:
    version = InteractionVersion(
        relationship_id=interaction.relationship_id,
        interaction_id=interaction.id,
        change=change,
        before=before,
        visibility=interaction.visibility,
        at=at,
        user_id=user.id,
    )
    session.add(version)
    return version


def _hide(session: Session, interaction: Interaction) -> None:
    """What is private now was so before, too, for whoever may not read it."""
    session.flush()
    session.execute(
        update(InteractionVersion)
        .where(InteractionVersion.interaction_id == interaction.id)
        .values(visibility=Visibility.PRIVATE)
    )


def _says(interaction: Interaction, before: Mapping[str, Any]) -> tuple[Exchange, dt.datetime]:
    """What an interaction says now, as a form would."""
    return _of_record(
        {name: getattr(interaction, name) for name in (*_SAID, "outcome", "links", "happened_at")},
        before,
    )


def _of_record(
    values: Mapping[str, Any], before: Mapping[str, Any]
) -> tuple[Exchange, dt.datetime]:
    exchange = Exchange(
        **{name: values[name] for name in _SAID},
        outcome=values["outcome"],
        links=tuple(values["links"] or ()),
        colleagues=tuple(before.get("colleagues", ())),
    )
    return exchange, values["happened_at"]


def _weight(interaction: Interaction) -> tuple[Any, ...]:
    return tuple(getattr(interaction, name) for name in _WEIGHS)


def _is_breach(session: Session, interaction: Interaction) -> bool:
    if interaction.kind is not Kind.ASK or interaction.direction is Direction.IN:
        return False
    planned = interaction.touchpoint_id
    fulfils = session.get(Touchpoint, planned) if planned is not None else None
    then = interaction.happened_at
    return not balance.was_open(
        session, interaction.relationship, then, fulfils, itself=interaction
    )


def _settle_colleagues(
    session: Session, interaction: Interaction, before: list[int], now: tuple[int, ...]
) -> None:
    if list(now) == before:
        return
    session.execute(
        delete(InteractionColleague).where(InteractionColleague.interaction_id == interaction.id)
    )
    add_colleagues(session, interaction, interaction.relationship.brand_id, now)


def _settle(
    session: Session, relationship: Relationship, at: dt.datetime, user: User, *, is_heavy: bool
) -> None:
    """Read anew what rests on the exchanges; what the cadence planned follows the last contact."""
    if is_heavy:
        ledger.settle_contact(session, relationship)
    session.flush()
    proving.settle_one(session, relationship, at)
    planned = touchpoints.open_ones(session, relationship) if is_heavy else ()
    if any(touchpoint.planned_by is Planner.CADENCE for touchpoint in planned):
        touchpoints.plan_by_cadence(session, relationship, at=at, author=user)
