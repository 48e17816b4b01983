"""Everything an exchange can be: the tactics of the stages, and what a working day is made of.

A code is what `interactions.activity` and `touchpoints.tactic` keep. What one usually is (kind,
channel) and costs (minutes) is a start: whoever plans or logs may say otherwise. This module knows
no database.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from irm.funnel import tactics
from irm.i18n import LazyText, _l
from irm.models import Channel, Kind, Stage
from irm.models.keys import fold


@dataclass(frozen=True, slots=True)
class Activity:
    """One kind of exchange."""

    code: str
    label: LazyText
    #: Whether it gives them something, asks them for something, or is talk, by default.
    kind: Kind
    #: Through what it usually goes.
    channel: Channel
    #: What it usually costs of a colleague's week.
    minutes: int
    #: Whether it may be logged for several people at once; never so of an ask.
    group: bool = False
    #: The stage whose tactic it is; None: it fits any.
    stage: Stage | None = None


#: What fits at any stage, the most usual first.
PLAIN = (
    Activity("message", _l("Direct message"), Kind.TALK, Channel.MESSAGE, 10),
    Activity("email", _l("E-mail"), Kind.TALK, Channel.EMAIL, 15),
    Activity("call", _l("Call"), Kind.TALK, Channel.CALL, 30),
    Activity("meeting", _l("Meeting"), Kind.TALK, Channel.MEETING, 60, group=True),
    Activity("at_event", _l("Met at an event"), Kind.TALK, Channel.EVENT, 60, group=True),
    Activity("our_event", _l("They came to our event"), Kind.GIVE, Channel.EVENT, 120, group=True),
    Activity("workshop", _l("Workshop or training"), Kind.GIVE, Channel.EVENT, 120, group=True),
    Activity("gift", _l("Gift"), Kind.GIVE, Channel.PARCEL, 30),
    Activity("merch", _l("Item with our logo"), Kind.TALK, Channel.PARCEL, 20),
    Activity("samples", _l("Samples to try"), Kind.GIVE, Channel.PARCEL, 20),
    Activity("introduction", _l("Introduction to somebody"), Kind.GIVE, Channel.EMAIL, 20),
    Activity("coaching", _l("Coaching and advice"), Kind.GIVE, Channel.CALL, 45),
    Activity("invitation", _l("Invitation as our guest"), Kind.GIVE, Channel.EMAIL, 15),
    Activity("small_talk", _l("Talk that is not about work"), Kind.TALK, Channel.COMMENT, 5),
    Activity("congratulation", _l("Congratulations"), Kind.TALK, Channel.MESSAGE, 5),
    Activity("thanks", _l("Thanks"), Kind.TALK, Channel.EMAIL, 15),
    Activity("results", _l("Results of a campaign"), Kind.GIVE, Channel.EMAIL, 20),
    Activity("answer", _l("Answer to a question"), Kind.GIVE, Channel.EMAIL, 15),
    Activity("pitch", _l("Pitch"), Kind.ASK, Channel.EMAIL, 30),
)

#: What the tactics usually cost, in minutes.
_MINUTES: Mapping[str, int] = {
    "follow": 5,
    "share": 5,
    "via_others": 20,
    "curate": 30,
    "link": 15,
    "comment": 5,
    "access": 30,
    "mention": 20,
    "personal": 60,
    "event": 30,
    "co_creation": 120,
    "sponsor": 60,
    "reaction": 15,
    "interview": 60,
    "visit": 120,
    "promote": 30,
    "business": 30,
    "insider": 60,
}

#: All of them: what fits at any stage, then the tactics, stage by stage.
ALL = PLAIN + tuple(
    Activity(one.code, one.label, one.kind, one.channel, _MINUTES[one.code], stage=one.stage)
    for one in tactics.TACTICS
)


def find(code: str | None) -> Activity | None:
    """What a stored code names, as our forms or a list write it; None where it names nothing."""
    return _BY_KEY.get(_key(code)) if code else None


def label(code: str | None) -> str:
    """A stored code in words; what a list brought in other words stays as it was written."""
    found = find(code)
    return str(found.label) if found else code or ""


def _key(code: str) -> str:
    """A code as lists spell it as well: `Co-creation` and `co_creation` are one."""
    return "".join(filter(str.isalnum, fold(code)))


_BY_KEY = {_key(one.code): one for one in ALL}
