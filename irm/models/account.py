"""Where a person publishes, and how the figures of each place went over time."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, orm, text
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import GIVEN_ONCE, Base, Big, LabelledEnum, growing
from irm.models.influencer import Influencer


class Platform(LabelledEnum):
    """Where an account lives. Proper names are not translated."""

    INSTAGRAM = "instagram", _l("Instagram")
    YOUTUBE = "youtube", _l("YouTube")
    TIKTOK = "tiktok", _l("TikTok")
    X = "x", _l("X")
    FACEBOOK = "facebook", _l("Facebook")
    TWITCH = "twitch", _l("Twitch")
    LINKEDIN = "linkedin", _l("LinkedIn")
    PINTEREST = "pinterest", _l("Pinterest")
    THREADS = "threads", _l("Threads")
    BLUESKY = "bluesky", _l("Bluesky")
    MASTODON = "mastodon", _l("Mastodon")
    SNAPCHAT = "snapchat", _l("Snapchat")
    BLOG = "blog", _l("Blog")
    PODCAST = "podcast", _l("Podcast")
    NEWSLETTER = "newsletter", _l("Newsletter")
    OTHER = "other", _l("Other")


class Account(Base):
    """One presence on one platform, with its newest figures."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("platform", "platform_id"), GIVEN_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    influencer_id: Mapped[int] = mapped_column(
        ForeignKey(Influencer.id, ondelete="CASCADE"), index=True
    )
    platform: Mapped[Platform] = mapped_column(growing(Platform))
    handle: Mapped[str] = mapped_column(String(200))
    #: The handle folded: case, accents and a leading @ do not make another account.
    handle_key: Mapped[str] = mapped_column(String(200))
    #: The platform's own id, as text: 19 digits do not survive a float.
    platform_id: Mapped[str | None] = mapped_column(String(64))
    url: Mapped[str | None] = mapped_column(String(500))
    #: False once the account was closed or left; its handle is then free.
    is_current: Mapped[bool] = mapped_column(default=True)
    followers: Mapped[Big | None]
    #: A list's own averages per post, used until posts are known.
    likes_average: Mapped[float | None]
    comments_average: Mapped[float | None]
    shares_average: Mapped[float | None]
    views_average: Mapped[float | None]
    #: Reactions of all kinds per post, where a list gives no split.
    engagement_average: Mapped[float | None]
    #: The day of the newest figures above.
    figures_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime]
    row_version: Mapped[int] = mapped_column(default=1)

    influencer: Mapped[Influencer] = orm.relationship()

    __mapper_args__ = {"version_id_col": row_version}


Index(
    "uq_accounts_current_handle",
    Account.platform,
    Account.handle_key,
    unique=True,
    sqlite_where=text("is_current"),
    postgresql_where=text("is_current"),
)


class AccountHandle(Base):
    """A handle an account once had: a renamed account stays one account."""

    __tablename__ = "account_handles"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    platform: Mapped[Platform] = mapped_column(growing(Platform))
    handle: Mapped[str] = mapped_column(String(200))
    handle_key: Mapped[str] = mapped_column(String(200))
    until: Mapped[dt.date | None]


Index(None, AccountHandle.platform, AccountHandle.handle_key)


class Snapshot(Base):
    """An account's figures on one day; history is kept for ever."""

    __tablename__ = "snapshots"
    __table_args__ = (UniqueConstraint("account_id", "day"), GIVEN_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    day: Mapped[dt.date]
    followers: Mapped[Big | None]
    likes_average: Mapped[float | None]
    comments_average: Mapped[float | None]
    shares_average: Mapped[float | None]
    views_average: Mapped[float | None]
    engagement_average: Mapped[float | None]
