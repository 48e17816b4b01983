"""What happened between us and a person."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text, orm, text
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import GIVEN_ONCE, Base, Json, LabelledEnum, closed, growing
from irm.models.relationship import Relationship
from irm.models.touchpoint import Touchpoint
from irm.models.user import User


class Kind(LabelledEnum):
    """Whether a contact gives something, asks for something, or just talks."""

    GIVE = "give", _l("Give")
    ASK = "ask", _l("Ask")
    TALK = "talk", _l("Talk")


class Direction(LabelledEnum):
    """Who turned to whom."""

    OUT = "out", _l("From us")
    IN = "in", _l("From them")
    BOTH = "both", _l("Both ways")


class Channel(LabelledEnum):
    """Through what it went."""

    COMMENT = "comment", _l("Comment")
    MESSAGE = "message", _l("Direct message")
    EMAIL = "email", _l("E-mail")
    CALL = "call", _l("Call")
    MEETING = "meeting", _l("Meeting")
    EVENT = "event", _l("Event")
    POST = "post", _l("Public post")
    PARCEL = "parcel", _l("Parcel")
    OTHER = "other", _l("Other")


class Visibility(LabelledEnum):
    """Who may read it: the team of the brand, or its author and the brand's leads."""

    TEAM = "team", _l("Team")
    PRIVATE = "private", _l("Private")


class Outcome(LabelledEnum):
    """How an ask ended; none of them: it is still open, or nobody said."""

    ACCEPTED = "accepted", _l("Accepted")
    DECLINED = "declined", _l("Declined")
    NO_ANSWER = "no_answer", _l("No answer")


class Interaction(Base):
    """One exchange, or one try at it."""

    __tablename__ = "interactions"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    relationship_id: Mapped[int] = mapped_column(ForeignKey(Relationship.id, ondelete="CASCADE"))
    happened_at: Mapped[dt.datetime]
    kind: Mapped[Kind] = mapped_column(closed(Kind))
    direction: Mapped[Direction] = mapped_column(closed(Direction))
    channel: Mapped[Channel] = mapped_column(growing(Channel), default=Channel.MESSAGE)
    #: What was done, more finely than the kind: co-creation, interview, coaching, …
    activity: Mapped[str | None] = mapped_column(String(32))
    #: Of an ask alone.
    outcome: Mapped[Outcome | None] = mapped_column(growing(Outcome))
    summary: Mapped[str] = mapped_column(Text)
    #: Who else was there, in words; colleagues of ours: `interaction_colleagues`.
    present: Mapped[str] = mapped_column(String(200), default="")
    #: Addresses of what belongs to it: a document, a post, a recording.
    links: Mapped[Json] = mapped_column(default=list)
    visibility: Mapped[Visibility] = mapped_column(closed(Visibility), default=Visibility.TEAM)
    #: An ask that went out although the gate was shut.
    is_breach: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    #: The touchpoint it fulfilled; unique, so that two clicks complete it once.
    touchpoint_id: Mapped[int | None] = mapped_column(
        ForeignKey(Touchpoint.id, ondelete="SET NULL"), unique=True
    )
    #: The form's own key; unique, so that a repeated post is one exchange.
    request_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    created_at: Mapped[dt.datetime]
    #: When it was last put otherwise; what it said before: `interaction_versions`.
    edited_at: Mapped[dt.datetime | None]
    row_version: Mapped[int] = mapped_column(default=1)

    relationship: Mapped[Relationship] = orm.relationship()
    author: Mapped[User | None] = orm.relationship()

    __mapper_args__ = {"version_id_col": row_version}


Index(None, Interaction.relationship_id, Interaction.happened_at)
#: What was given and asked in a time, and by whom. Written out, with no value to bind: a query
#: that says the same is served by it.
_not_talk = text("kind <> 'talk'")
Index(
    "ix_interactions_given_asked",
    Interaction.happened_at,
    Interaction.relationship_id,
    Interaction.author_id,
    Interaction.kind,
    Interaction.direction,
    Interaction.outcome,
    Interaction.is_breach,
    sqlite_where=_not_talk,
    postgresql_where=_not_talk,
)


class InteractionColleague(Base):
    """A colleague who took part beside the one who logged it: she knows the person, too."""

    __tablename__ = "interaction_colleagues"

    interaction_id: Mapped[int] = mapped_column(
        ForeignKey(Interaction.id, ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey(User.id, ondelete="CASCADE"), primary_key=True, index=True
    )


class Change(LabelledEnum):
    """What became of an interaction."""

    EDITED = "edited", _l("Edited")
    REMOVED = "removed", _l("Removed")
    RESTORED = "restored", _l("Brought back")


class InteractionVersion(Base):
    """An interaction as it stood before a change; one that was removed can be brought back."""

    __tablename__ = "interaction_versions"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    relationship_id: Mapped[int] = mapped_column(ForeignKey(Relationship.id, ondelete="CASCADE"))
    #: No foreign key: the interaction may be gone.
    interaction_id: Mapped[int] = mapped_column(index=True)
    change: Mapped[Change] = mapped_column(closed(Change))
    #: Its columns before.
    before: Mapped[Json] = mapped_column(default=dict)
    #: Who may read it: as the interaction was.
    visibility: Mapped[Visibility] = mapped_column(closed(Visibility))
    at: Mapped[dt.datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))

    relationship: Mapped[Relationship] = orm.relationship()
    user: Mapped[User | None] = orm.relationship()


Index(None, InteractionVersion.relationship_id, InteractionVersion.at)


class ProofKind(LabelledEnum):
    """What a dated fact is that supports a stage."""

    REPLY = "reply", _l("Reply")
    FOLLOW = "follow", _l("Follow")
    MENTION = "mention", _l("Mention")
    APPLICATION = "application", _l("Application")
    ACTIVITY = "activity", _l("Accepted activity")
    AGREEMENT = "agreement", _l("Agreement")


class Proof(Base):
    """A dated fact that supports a stage, typed in by hand.

    What was logged and what was published are proofs by themselves and have no row here: replies
    and exchanges are read from interactions, mentions from `post_mentions`.
    """

    __tablename__ = "proofs"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    relationship_id: Mapped[int] = mapped_column(ForeignKey(Relationship.id, ondelete="CASCADE"))
    kind: Mapped[ProofKind] = mapped_column(growing(ProofKind))
    day: Mapped[dt.date]
    #: The last day of an agreement; null: until further notice.
    until: Mapped[dt.date | None]
    #: What it was, or where it is to be seen.
    note: Mapped[str] = mapped_column(String(500), default="")
    #: The row it rests on, table name and id; `hand` where somebody typed it in.
    source: Mapped[str] = mapped_column(String(32), default="hand")
    source_id: Mapped[int | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    created_at: Mapped[dt.datetime]

    relationship: Mapped[Relationship] = orm.relationship()
    author: Mapped[User | None] = orm.relationship()


Index(
    "uq_proofs_source",
    Proof.relationship_id,
    Proof.kind,
    Proof.source,
    Proof.source_id,
    unique=True,
)
Index(None, Proof.relationship_id, Proof.kind, Proof.day)
