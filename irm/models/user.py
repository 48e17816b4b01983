"""A colleague who signs in, her sessions and the attempts to become her."""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, String, orm
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import Base, Json, LabelledEnum, growing


class Notice(LabelledEnum):
    """What a colleague may be written to about beside her digest; each can be switched off."""

    WEEKLY = "weekly", _l("The week in review, for leads")
    MINUTES = "minutes", _l("The minutes of a review")
    ASSIGNMENT = "assignment", _l("Somebody is entrusted to me")
    MENTION = "mention", _l("A colleague mentions me")
    QUESTION = "question", _l("A question to us stays unanswered")
    PROPOSAL = "proposal", _l("Stages are proposed for my people")


class User(Base):
    """A colleague. An administrator is a user with `is_admin`."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    #: The address folded, so that nobody exists twice.
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str] = mapped_column(String(8), default="en")
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    #: The local hour, 0 to 23, at which the digest is due; null: no digest.
    digest_hour: Mapped[int | None] = mapped_column(default=8)
    #: The moment from which the next digest is due: the schedule itself.
    next_digest_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    #: The newest of her days whose digest was made, empty or not; null: none was yet.
    digest_told_on: Mapped[dt.date | None]
    #: Its hour before she stopped it; null: it was never stopped, or by other means.
    digest_hour_before: Mapped[int | None]
    #: Whether a digest comes on her days off too: what is no work day of hers, a public holiday,
    #: an absence.
    digest_on_days_off: Mapped[bool] = mapped_column(default=False)
    #: The moment from which a lead's next week in review is due; null: none is planned.
    next_weekly_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    #: The notices she wants no mail about, by their words.
    unwanted: Mapped[Json] = mapped_column(default=list)
    #: Hours a week for touchpoints; the planner fills them.
    weekly_hours: Mapped[float] = mapped_column(default=6.0)
    #: The days of the week she works on, Monday being 1: "12345".
    work_days: Mapped[str] = mapped_column(String(7), default="12345")
    #: Whose public holidays she has, as the ISO code of a country; null: none are known.
    country: Mapped[str | None] = mapped_column(String(2))
    #: SHA-256 of the secret in her calendar's address; null: there is none.
    calendar_hash: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    #: Whether single letters are shortcuts (WCAG 2.1.4 wants a switch).
    letter_keys: Mapped[bool] = mapped_column(default=True)
    #: How she likes the board: the fields of a card, and what the columns are.
    board: Mapped[Json] = mapped_column(default=dict)
    created_at: Mapped[dt.datetime]
    row_version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": row_version}

    #: What the sign-in library asks of whoever it is handed: a row of this table is a real user.
    is_authenticated = True

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def wants(self, notice: Notice) -> bool:
        """Whether she is to be written to about this."""
        return notice not in self.unwanted


class Way(LabelledEnum):
    """How a session was opened."""

    PASSWORD = "password", _l("by password")
    PROVIDER = "provider", _l("by single sign-on")


class Session(Base):
    """One signed-in browser; deleting the row signs it out."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    #: SHA-256 of the token: who reads the table cannot sign in with it.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[dt.datetime]
    last_seen_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    way: Mapped[Way] = mapped_column(growing(Way), default=Way.PASSWORD)
    #: When she last showed who she is, by her password or anew at the sign-in service: what matters
    #: asks for it again after a while. Null: nobody said when.
    entered_at: Mapped[dt.datetime | None]
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(64), default="")

    user: Mapped[User] = orm.relationship()


class Tried(LabelledEnum):
    """What somebody tried who has to show that she is who she says."""

    SIGN_IN = "sign_in", _l("Signing in")
    RESET = "reset", _l("A new password")
    PASSWORD = "password", _l("Entering the password again")
    CODE = "code", _l("The second step")
    PROVIDER = "provider", _l("Single sign-on")


class LoginAttempt(Base):
    """One try to sign in, counted so that guessing is slow on any number of processes.

    Asking for a new password is counted here too, under a kind of its own.
    """

    __tablename__ = "login_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 of the folded address tried: known or not, it is counted alike.
    account_key: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime]
    kind: Mapped[Tried] = mapped_column(growing(Tried), default=Tried.SIGN_IN)
    succeeded: Mapped[bool] = mapped_column(default=False)


Index(None, LoginAttempt.account_key, LoginAttempt.at)
Index(None, LoginAttempt.address, LoginAttempt.at)
