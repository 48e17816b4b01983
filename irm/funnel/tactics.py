"""The craft, stage by stage: what each stage is for, and what brings people to the next one.

A tactic's code is what `touchpoints.tactic` and `interactions.activity` keep. This module knows
no database: it says what there is, irm/funnel/guide.py what was used with whom.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from irm.i18n import LazyText, _l
from irm.models import Archetype, Channel, Kind, Stage
from irm.models.keys import fold

_CELEBRITY, _JOURNALIST, _ANALYST = Archetype.CELEBRITY, Archetype.JOURNALIST, Archetype.ANALYST
_POLITICIAN, _EXPERT, _LEADER = Archetype.POLITICIAN, Archetype.EXPERT, Archetype.COMMUNITY_LEADER
_CREATOR, _LOCAL, _FAN = Archetype.CREATOR, Archetype.LOCAL, Archetype.FAN

#: Whose independence is what they live on: nothing of value may change hands.
INDEPENDENT = (_JOURNALIST, _ANALYST, _POLITICIAN)


@dataclass(frozen=True, slots=True)
class Tactic:
    """One thing to do with a person at a stage."""

    code: str
    stage: Stage
    #: Whether it gives them something, asks them for something, or is talk.
    kind: Kind
    #: Through what it usually goes.
    channel: Channel
    label: LazyText
    #: How it is done well, in one line.
    how: LazyText
    #: Faces of influence whom it suits best; none named: everybody alike.
    suits: tuple[Archetype, ...] = ()
    #: Faces of influence with whom it must not be done.
    never: tuple[Archetype, ...] = ()


#: What a stage is for.
GOALS = {
    Stage.UNAWARE: _l("Get on their radar."),
    Stage.AWARE: _l("Be recognised, so that a dialogue can start."),
    Stage.INTERESTED: _l("Exchange more often and more deeply, with tangible value for them."),
    Stage.ENGAGED: _l(
        "Ask them to react to our content, and to join activities that bring them value."
    ),
    Stage.AMBASSADOR: _l("Formalise the relationship, as the agendas of both sides allow."),
}

#: What all stages together are for.
ULTIMATE_GOAL = _l("Organic, authentic relationships that make lasting ambassadors.")

#: All tactics, in the order in which a stage would try them.
TACTICS = (
    Tactic(
        "follow",
        Stage.UNAWARE,
        Kind.TALK,
        Channel.OTHER,
        _l("Follow their content and subscribe"),
        _l("Read before you speak: follow each account, subscribe to the newsletter."),
    ),
    Tactic(
        "share",
        Stage.UNAWARE,
        Kind.GIVE,
        Channel.POST,
        _l("Share their content with our community"),
        _l("Say why it is worth reading, and name them."),
        suits=(_CREATOR, _EXPERT, _LOCAL, _LEADER),
    ),
    Tactic(
        "via_others",
        Stage.UNAWARE,
        Kind.TALK,
        Channel.MESSAGE,
        _l("Get in touch with those who influence them"),
        _l("Whom do they quote and answer? Start there, and let your name arrive before you."),
        suits=(_CELEBRITY, _POLITICIAN, _ANALYST, _JOURNALIST),
    ),
    Tactic(
        "curate",
        Stage.AWARE,
        Kind.GIVE,
        Channel.POST,
        _l("Curate their best content"),
        _l("Gather what they did best for our readers, with credit and a link."),
        suits=(_EXPERT, _CREATOR, _ANALYST),
    ),
    Tactic(
        "link",
        Stage.AWARE,
        Kind.GIVE,
        Channel.POST,
        _l("Link to their content from ours"),
        _l("Where a text of ours touches their subject, send our readers on to them."),
        suits=(_JOURNALIST, _ANALYST, _EXPERT, _LOCAL),
    ),
    Tactic(
        "comment",
        Stage.AWARE,
        Kind.TALK,
        Channel.COMMENT,
        _l("Comment on their posts"),
        _l("Add a thought to what they said; join talk that has nothing to do with work, too."),
    ),
    Tactic(
        "access",
        Stage.INTERESTED,
        Kind.GIVE,
        Channel.EMAIL,
        _l("Give access to interesting people or content"),
        _l("An introduction, figures before they are public, an hour with an expert of ours."),
        suits=(_JOURNALIST, _ANALYST, _EXPERT, _POLITICIAN),
    ),
    Tactic(
        "mention",
        Stage.INTERESTED,
        Kind.GIVE,
        Channel.POST,
        _l("Mention them in our content"),
        _l("Quote them by name where they know better than we do."),
        suits=(_EXPERT, _CREATOR, _LEADER, _FAN),
    ),
    Tactic(
        "personal",
        Stage.INTERESTED,
        Kind.TALK,
        Channel.MEETING,
        _l("Build a personal relationship"),
        _l("Meet in the real world, speak of shared interests, write down what you learn."),
    ),
    Tactic(
        "event",
        Stage.ENGAGED,
        Kind.ASK,
        Channel.EVENT,
        _l("Invite them to an event that makes them visible"),
        _l("A stage, a panel, a seat beside those they want to meet; not a place in the audience."),
        suits=(_EXPERT, _CELEBRITY, _LEADER, _ANALYST),
    ),
    Tactic(
        "co_creation",
        Stage.ENGAGED,
        Kind.ASK,
        Channel.CALL,
        _l("Create content together"),
        _l("A thing that both communities can use; agree first on who decides what."),
        suits=(_CREATOR, _EXPERT, _LOCAL, _FAN),
    ),
    Tactic(
        "sponsor",
        Stage.ENGAGED,
        Kind.GIVE,
        Channel.EMAIL,
        _l("Sponsor what they have started"),
        _l("Support the project, never the opinion; and say so in public."),
        suits=(_LEADER, _LOCAL, _CREATOR),
        never=INDEPENDENT,
    ),
    Tactic(
        "reaction",
        Stage.ENGAGED,
        Kind.ASK,
        Channel.EMAIL,
        _l("Ask for their opinion on something of ours"),
        _l("Ask while it can still be changed, and tell them what came of it."),
        suits=(_EXPERT, _ANALYST, _JOURNALIST, _FAN),
    ),
    Tactic(
        "interview",
        Stage.ENGAGED,
        Kind.ASK,
        Channel.CALL,
        _l("Interview them about their book or talk"),
        _l("Their subject, their words, published where it helps them."),
        suits=(_EXPERT, _POLITICIAN, _CELEBRITY, _CREATOR),
    ),
    Tactic(
        "visit",
        Stage.ENGAGED,
        Kind.ASK,
        Channel.MEETING,
        _l("Invite them to head office"),
        _l("Let them meet those who decide, and put the questions they came with."),
        suits=(_ANALYST, _JOURNALIST, _EXPERT, _LEADER),
    ),
    Tactic(
        "promote",
        Stage.AMBASSADOR,
        Kind.GIVE,
        Channel.POST,
        _l("Promote them on our channels"),
        _l("Their work in front of our whole audience, when they need it and not when we do."),
    ),
    Tactic(
        "business",
        Stage.AMBASSADOR,
        Kind.GIVE,
        Channel.EMAIL,
        _l("Bring them business"),
        _l("Name them to customers and partners who look for what they do."),
        suits=(_CREATOR, _EXPERT, _LOCAL),
        never=INDEPENDENT,
    ),
    Tactic(
        "insider",
        Stage.AMBASSADOR,
        Kind.TALK,
        Channel.MEETING,
        _l("Let them shape the company"),
        _l("Bring them in before decisions fall, like an extension of the team."),
        suits=(_FAN, _LEADER, _EXPERT),
    ),
)


def of(stage: Stage) -> tuple[Tactic, ...]:
    """The tactics of a stage, in their order."""
    return _OF[stage]


def find(code: str | None) -> Tactic | None:
    """The tactic a stored code names, as our forms or a list write it; None where it is none."""
    return _BY_KEY.get(_key(code)) if code else None


def label(code: str | None) -> str:
    """A stored code in words; what a list brought in other words stays as it was written."""
    found = find(code)
    return str(found.label) if found else code or ""


def in_order(first: Stage | None = None) -> list[tuple[Stage, tuple[Tactic, ...]]]:
    """All stages with their tactics, `first` before the others: for a choice."""
    stages: Iterable[Stage] = sorted(Stage, key=lambda stage: stage is not first)
    return [(stage, _OF[stage]) for stage in stages]


def suited(archetype: Archetype | None) -> tuple[Tactic, ...]:
    """The tactics that suit a face of influence, stage by stage; all where none is known."""
    if archetype is None:
        return TACTICS
    return tuple(
        one
        for one in TACTICS
        if archetype not in one.never and (not one.suits or archetype in one.suits)
    )


def _key(code: str) -> str:
    """A code as lists spell it as well: `Co-creation` and `co_creation` are one."""
    return "".join(filter(str.isalnum, fold(code)))


_OF = {stage: tuple(one for one in TACTICS if one.stage is stage) for stage in Stage}
_BY_KEY = {_key(one.code): one for one in TACTICS}
