"""Who reaches whom: one person's way to another, and what shows it."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import GIVEN_ONCE, Base, LabelledEnum, closed, growing
from irm.models.brand import Brand
from irm.models.influencer import Influencer
from irm.models.user import User


class TieKind(LabelledEnum):
    """What one does to reach the other, or what joins the two."""

    FOLLOWS = "follows", _l("Follows")
    MENTIONS = "mentions", _l("Mentions")
    REPLIES = "replies", _l("Replies to")
    TAGS = "tags", _l("Tags in posts")
    COLLABORATES = "collaborates", _l("Works with")
    REFERS = "refers", _l("Refers people to")
    KNOWS = "knows", _l("Knows")
    INTRODUCED = "introduced", _l("Introduced")
    TOGETHER = "together", _l("In the same group, list or event")


class TieOrigin(LabelledEnum):
    """What told us of a tie; each tells for itself, and takes nothing from another."""

    POSTS = "posts", _l("Posts")
    LIST = "list", _l("An imported list")
    HAND = "hand", _l("A colleague")
    PROGRAMME = "programme", _l("A referral")


class Tie(Base):
    """One person reaches another. An end nobody added yet is a stranger (`Influencer.known`)."""

    __tablename__ = "ties"
    __table_args__ = (CheckConstraint("from_id <> to_id", name="two_people"), GIVEN_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    # An index of its own: the unique ones below hold a part of the rows each.
    from_id: Mapped[int] = mapped_column(ForeignKey(Influencer.id, ondelete="CASCADE"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey(Influencer.id, ondelete="CASCADE"), index=True)
    kind: Mapped[TieKind] = mapped_column(growing(TieKind))
    origin: Mapped[TieOrigin] = mapped_column(closed(TieOrigin, "origin"))
    #: The brand that was told of it, by its list or its colleague; null: public posts show it.
    brand_id: Mapped[int | None] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    #: How often it was seen, or the weight that a list gave; above 0.
    weight: Mapped[float] = mapped_column(default=1.0)
    #: Whether it holds both ways; it is stored once all the same.
    is_mutual: Mapped[bool] = mapped_column(default=False)
    #: Null: nobody said when.
    first_seen: Mapped[dt.date | None]
    last_seen: Mapped[dt.date | None]
    #: The list it stood in; empty for the other origins.
    source: Mapped[str] = mapped_column(String(200), default="")
    #: What a colleague wrote beside it.
    note: Mapped[str] = mapped_column(String(500), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    created_at: Mapped[dt.datetime]


_told = Tie.brand_id.is_not(None)
_public = Tie.brand_id.is_(None)
Index(
    "uq_ties_told",
    Tie.from_id,
    Tie.to_id,
    Tie.kind,
    Tie.origin,
    Tie.brand_id,
    unique=True,
    sqlite_where=_told,
    postgresql_where=_told,
)
Index(
    "uq_ties_public",
    Tie.from_id,
    Tie.to_id,
    Tie.kind,
    Tie.origin,
    unique=True,
    sqlite_where=_public,
    postgresql_where=_public,
)
Index(None, Tie.brand_id, sqlite_where=_told, postgresql_where=_told)
