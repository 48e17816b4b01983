"""What a colleague knows about a person that no list says, and when it was made use of."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, orm
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import GIVEN_ONCE, Base, LabelledEnum, closed, growing
from irm.models.interaction import Interaction, Visibility
from irm.models.relationship import Relationship
from irm.models.user import User


class FactKind(LabelledEnum):
    """What a fact is about."""

    BIRTHDAY = "birthday", _l("Birthday")
    FAMILY = "family", _l("Family and children")
    TEAM = "team", _l("Team they support")
    PASSION = "passion", _l("Passion")
    PROJECT = "project", _l("Project under way")
    MILESTONE = "milestone", _l("Day to remember")
    TASTE = "taste", _l("Likes and dislikes")
    NO_GO = "no_go", _l("Never speak of it")
    OTHER = "other", _l("Other")


class Source(LabelledEnum):
    """How we know; a guess is never written to anybody."""

    TOLD = "told", _l("They told us")
    PUBLIC = "public", _l("They said it in public")
    GUESS = "guess", _l("Our guess")


class Fact(Base):
    """Something personal, with its source, its age and its shelf life.

    The day it speaks of, where there is one: day and month each year, or of one year alone.
    """

    __tablename__ = "facts"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    relationship_id: Mapped[int] = mapped_column(ForeignKey(Relationship.id, ondelete="CASCADE"))
    kind: Mapped[FactKind] = mapped_column(growing(FactKind))
    text: Mapped[str] = mapped_column(String(500))
    source: Mapped[Source] = mapped_column(closed(Source), default=Source.TOLD)
    #: The day on which it was last known to be so.
    known_on: Mapped[dt.date]
    #: For so many days it is taken to hold; null: for good.
    shelf_days: Mapped[int | None]
    on_month: Mapped[int | None]
    on_day: Mapped[int | None]
    #: The year it speaks of; null: not known, or each year.
    on_year: Mapped[int | None]
    is_yearly: Mapped[bool] = mapped_column(default=False)
    #: Health, faith, politics and the like: shown to those alone who may read private notes.
    is_sensitive: Mapped[bool] = mapped_column(default=False)
    visibility: Mapped[Visibility] = mapped_column(closed(Visibility), default=Visibility.TEAM)
    author_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    #: The exchange in which it was learnt.
    interaction_id: Mapped[int | None] = mapped_column(
        ForeignKey(Interaction.id, ondelete="SET NULL")
    )
    #: Since when it holds no more; it stays in the history.
    ended_at: Mapped[dt.datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    created_at: Mapped[dt.datetime]
    row_version: Mapped[int] = mapped_column(default=1)

    relationship: Mapped[Relationship] = orm.relationship()
    author: Mapped[User | None] = orm.relationship(foreign_keys=author_id)

    __mapper_args__ = {"version_id_col": row_version}


Index(None, Fact.relationship_id, Fact.kind)
_yearly = Fact.on_month.is_not(None)
Index(None, Fact.on_month, Fact.on_day, sqlite_where=_yearly, postgresql_where=_yearly)


class FactUse(Base):
    """A fact was made use of with the person: nobody congratulates twice."""

    __tablename__ = "fact_uses"
    __table_args__ = (UniqueConstraint("fact_id", "occasion"), GIVEN_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    fact_id: Mapped[int] = mapped_column(ForeignKey(Fact.id, ondelete="CASCADE"))
    #: Which time it was: the year of a birthday, else the day of the use.
    occasion: Mapped[str] = mapped_column(String(10))
    at: Mapped[dt.datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    interaction_id: Mapped[int | None] = mapped_column(
        ForeignKey(Interaction.id, ondelete="SET NULL"), index=True
    )

    fact: Mapped[Fact] = orm.relationship()
    user: Mapped[User | None] = orm.relationship()


class Gift(Base):
    """What an exchange of the kind `gift` or `merch` was: tied to a passion, or with our logo."""

    __tablename__ = "gifts"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[int] = mapped_column(
        ForeignKey(Interaction.id, ondelete="CASCADE"), unique=True
    )
    item: Mapped[str] = mapped_column(String(200))
    #: The passion it answers; null for merch, or where that fact is gone.
    fact_id: Mapped[int | None] = mapped_column(ForeignKey(Fact.id, ondelete="SET NULL"))
    #: An item with our logo is marketing material, not a gift.
    is_merch: Mapped[bool] = mapped_column(default=False)

    interaction: Mapped[Interaction] = orm.relationship()
    fact: Mapped[Fact | None] = orm.relationship()
