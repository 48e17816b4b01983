"""What a colleague says of her planned contact, from Today or from a mail: one way for both."""

import datetime as dt
from typing import NamedTuple

from sqlalchemy.orm import Session

from irm.errors import Refused
from irm.funnel import activities, interactions, touchpoint_undo, touchpoints
from irm.funnel.interactions import Exchange
from irm.i18n import _, _l
from irm.models import (
    Channel,
    Direction,
    Influencer,
    Interaction,
    Kind,
    Outcome,
    State,
    Touchpoint,
    User,
)


def keep(
    session: Session,
    touchpoint: Touchpoint,
    *,
    summary: str,
    outcome: Outcome | None,
    author: User,
    at: dt.datetime,
) -> Interaction:
    """Log the contact that was planned, and so close it; its purpose stands for a summary.

    Raises Refused where it is closed already.
    """
    return interactions.log(
        session,
        touchpoint.relationship,
        Exchange(
            summary=summary or touchpoint.purpose,
            kind=Kind(touchpoint.kind),
            direction=Direction.OUT,
            channel=_channel(touchpoint),
            activity=touchpoint.tactic,
            outcome=outcome,
        ),
        author=author,
        happened_at=at,
        at=at,
        fulfils=touchpoint,
    )


def undo(session: Session, touchpoint: Touchpoint, *, user: User, at: dt.datetime) -> None:
    """Take back the last thing that was said of it: done, skipped or put off.

    What is open and was not put off stays as it is. Raises Refused where a colleague said it, or
    it cannot be open any more.
    """
    if touchpoint.state is State.DONE:
        touchpoint_undo.take_back(session, touchpoint, user=user, at=at)
    elif touchpoint.state is State.SKIPPED:
        if touchpoint.closed_by_id != user.id:
            raise Refused(_l("A colleague did this: only she can take it back."))
        touchpoints.reopen(session, touchpoint, at=at)
    elif touchpoint.why.get("put_off"):
        touchpoint_undo.bring_forward(session, touchpoint)


class Standing(NamedTuple):
    """How a touchpoint stands for the colleague who was told of it."""

    #: One sentence where it is not simply open as it was told.
    sentence: str = ""
    #: Whether she can still do, put off or skip it.
    is_hers_to_do: bool = True
    #: Whether there is something of it that she can take back.
    can_undo: bool = False


class Told(NamedTuple):
    """What a mail said of a touchpoint, and to whom."""

    user: User
    influencer_id: int
    due_on: dt.date


class Said(NamedTuple):
    """The words for days and moments: of the day it is due, of the moment it was closed."""

    due: str
    closed: str


def standing(touchpoint: Touchpoint, told: Told, said: Said, closer: User | None) -> Standing:
    """Say what came of a touchpoint since a mail told of it; `closer` is who closed it."""
    person = touchpoint.relationship.influencer
    if touchpoint.state is not State.OPEN:
        return _closed(touchpoint, told.user, said, closer)
    if person.archived_at is not None:
        return Standing(_("%(name)s was archived since this mail.", name=person.name), False)
    if touchpoint.owner_id != told.user.id:
        owner = touchpoint.owner
        sentence = (
            _("%(name)s makes this contact now.", name=owner.name)
            if owner
            else _("This contact was taken off your list.")
        )
        return Standing(sentence, False)
    if touchpoint.due_on != told.due_on:
        if touchpoint.why.get("put_off"):
            return Standing(_("It was put off: %(when)s.", when=said.due), can_undo=True)
        return Standing(_("It was moved since this mail: %(when)s.", when=said.due))
    return Standing(_renamed(person, told))


def _renamed(person: Influencer, told: Told) -> str:
    if person.id == told.influencer_id:
        return ""
    return _("Two records were made one since this mail: this is %(name)s.", name=person.name)


def _closed(touchpoint: Touchpoint, user: User, said: Said, closer: User | None) -> Standing:
    is_done = touchpoint.state is State.DONE
    if closer is not None and closer.id == user.id:
        sentence = (
            _("Done and logged: %(when)s.", when=said.closed)
            if is_done
            else _("You skipped it: %(when)s.", when=said.closed)
        )
        return Standing(sentence, False, can_undo=True)
    if closer is not None:
        sentence = (
            _("%(name)s logged it as done: %(when)s.", name=closer.name, when=said.closed)
            if is_done
            else _("%(name)s skipped it: %(when)s.", name=closer.name, when=said.closed)
        )
        return Standing(sentence, False)
    return Standing(_("It is not planned any more: %(when)s.", when=said.closed), False)


def _channel(touchpoint: Touchpoint) -> Channel:
    """Through what it goes: as planned, else as such an activity usually does."""
    known = {channel.value: channel for channel in Channel}
    usual = activities.find(touchpoint.tactic)
    return known.get(touchpoint.channel or "") or (usual.channel if usual else Channel.MESSAGE)
