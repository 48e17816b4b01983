"""What a person published."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.account import Account
from irm.models.base import GIVEN_ONCE, Base, Big
from irm.models.brand import Brand


class Post(Base):
    """One piece of published content with its newest counts."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("account_id", "platform_post_id"),
        UniqueConstraint("account_id", "content_key"),
        GIVEN_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    platform_post_id: Mapped[str | None] = mapped_column(String(64))
    #: A hash of account and content, where the platform gave no id.
    content_key: Mapped[str | None] = mapped_column(String(64))
    published_at: Mapped[dt.datetime | None]
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str | None] = mapped_column(String(8))
    url: Mapped[str | None] = mapped_column(String(500))
    likes: Mapped[Big | None]
    comments: Mapped[Big | None]
    shares: Mapped[Big | None]
    views: Mapped[Big | None]
    #: The day of the newest counts above; null: not known.
    counts_on: Mapped[dt.date | None]


Index(None, Post.account_id, Post.published_at)


class PostSnapshot(Base):
    """A post's counts on one day: a post on several days of a file is one post with a history."""

    __tablename__ = "post_snapshots"
    __table_args__ = (UniqueConstraint("post_id", "day"), GIVEN_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"))
    day: Mapped[dt.date]
    likes: Mapped[Big | None]
    comments: Mapped[Big | None]
    shares: Mapped[Big | None]
    views: Mapped[Big | None]


class PostMention(Base):
    """A post that speaks of a brand, by its handles and aliases, of its author's own accord."""

    __tablename__ = "post_mentions"

    post_id: Mapped[int] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True)
    brand_id: Mapped[int] = mapped_column(
        ForeignKey(Brand.id, ondelete="CASCADE"), primary_key=True, index=True
    )


class UnreadPost(Base):
    """A post whose words are not in the index of stems yet, or not as they are now.

    The database itself keeps this list, by triggers on `posts`: no door can forget to.
    """

    __tablename__ = "unread_posts"

    post_id: Mapped[int] = mapped_column(
        ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
