"""Every letter that irm writes, for the page that shows each beforehand.

A new letter is one line in LETTERS: its name, what it is, and the function that renders it for a
colleague from what is stored. Where there is nothing real, an example may stand in for it.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.funnel import digest, minutes, timing
from irm.i18n import LazyText, _l
from irm.mail import access_letters, digests, letters, notice_samples, weekly
from irm.mail.digests import Common
from irm.mail.letters import Letter
from irm.models import Brand, BrandMember, Decision, Notice, Review, Role, Stage, User
from irm.network import resting
from irm.network.resting import Rests


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter is shown to, as the letters read it; in a language of her choice."""

    id: int
    name: str
    email: str
    locale: str
    timezone: str
    is_admin: bool
    digest_hour: int | None
    digest_told_on: dt.date | None
    next_digest_at: dt.datetime | None
    unwanted: Any

    @classmethod
    def of(cls, user: User, locale: str) -> "Recipient":
        """A user, written to in a language."""
        kept = {name: getattr(user, name) for name in cls.__slots__ if name != "locale"}
        return cls(**kept, locale=locale)


#: Renders a letter for somebody as it would be at a moment; None where it would not be sent.
Preview = Callable[[Session, Recipient, dt.datetime], Letter | None]


_NOTHING = _l("There would be nothing to say today, so no mail.")


@dataclass(frozen=True, slots=True)
class Entry:
    """One letter: its name in addresses, when it comes, how it is shown."""

    name: str
    label: LazyText
    #: When it comes, in a sentence.
    when: LazyText
    #: From what is stored.
    preview: Preview
    #: What is said where there is nothing real and no example.
    nothing: LazyText = _NOTHING
    #: With people who do not exist, where there is nothing real.
    example: Preview | None = None
    #: Whether an administrator may have it wait for a person in doubt; who waits to get in may not.
    may_wait: bool = True


def _digest(session: Session, recipient: Recipient, at: dt.datetime) -> Letter | None:
    day = timing.day_of(at, digest.hour_of(recipient), ZoneInfo(recipient.timezone))
    # What today's digest told already is told again: it is today's that is shown.
    before = recipient.digest_told_on
    shown = replace(recipient, digest_told_on=None) if before and before >= day else recipient
    return digests.compose(session, shown, day, Common.read(session, at))


def _weekly(session: Session, recipient: Recipient, at: dt.datetime) -> Letter | None:
    return weekly.compose(session, recipient, Common.read(session, at))


def _minutes(session: Session, recipient: Recipient, at: dt.datetime) -> Letter | None:
    """The minutes of the newest closed review of her brands."""
    newest = (
        select(Review)
        .join(BrandMember, BrandMember.brand_id == Review.brand_id)
        .where(
            BrandMember.user_id == recipient.id,
            BrandMember.role != Role.PARTNER,
            Review.closed_at.is_not(None),
        )
        .order_by(Review.closed_at.desc(), Review.id.desc())
        .limit(1)
    )
    review = session.scalars(newest).first()
    if review is None:
        return None
    told = minutes.of(session, review, at)
    rested = resting.named(session, review.rests_on)
    return letters.minutes(recipient, review, told, review.brand.stage_labels, rested)


def _example_minutes(_session: Session, recipient: Recipient, at: dt.datetime) -> Letter:
    review = Review(id=0, brand_id=0, started_at=at, closed_at=at, brand=Brand(name="Fougère"))
    day = at.astimezone(ZoneInfo(recipient.timezone)).date()
    planned = minutes.Entry(
        item_id=0,
        influencer_id=0,
        name="Chloé Martin",
        stage=Stage.INTERESTED,
        decision=Decision.PLANNED,
        note="",
        by=recipient.name,
        due_on=day + 7 * timing.DAY,
        owner=recipient.name,
    )
    moved = minutes.Entry(
        item_id=0,
        influencer_id=0,
        name="Jonas Weber",
        stage=Stage.ENGAGED,
        decision=Decision.MOVED,
        note="",
        by=recipient.name,
        start=Stage.INTERESTED,
        end=Stage.ENGAGED,
    )
    groups = ((Decision.PLANNED, (planned,)), (Decision.MOVED, (moved,)))
    share = {"code": "risk.share", "of": "audience", "on": "people", "share": 0.62, "high": True}
    rests = Rests([{**share, "ids": [1, 2, 3]}], {1: "Chloé Martin", 2: "Jonas Weber", 3: "Li Na"})
    return letters.minutes(recipient, review, minutes.Minutes(groups, ()), {}, rests)


def _nothing(_session: Session, _recipient: Recipient, _at: dt.datetime) -> None:
    """What is there only once something happens: an example stands in for it."""


def _told(name: str) -> Preview:
    def example(_session: Session, recipient: Recipient, at: dt.datetime) -> Letter:
        return notice_samples.SAMPLES[name](recipient, at)

    return example


def _let_in(name: str) -> Preview:
    def example(_session: Session, recipient: Recipient, at: dt.datetime) -> Letter:
        return access_letters.example(
            name,
            name=recipient.name,
            locale=recipient.locale,
            timezone=recipient.timezone,
            at=at,
        )

    return example


def _tried(_session: Session, recipient: Recipient, at: dt.datetime) -> Letter:
    sent_at = at.astimezone(ZoneInfo(recipient.timezone))
    return letters.test(recipient.name, recipient.locale, "mail.example.com", sent_at)


LETTERS = (
    Entry(
        "digest",
        _l("Morning digest"),
        _l("Once a day at the hour you chose, on a day on which there is something to do."),
        _digest,
    ),
    Entry(
        "weekly",
        _l("The week in review"),
        _l("For whoever leads a brand, on the first working day of a week."),
        _weekly,
        nothing=_l("There would be nothing to say of a brand that you lead, so no mail."),
    ),
    Entry(
        "minutes",
        _l("The minutes of a review"),
        _l("When a review is closed, to those whom the lead chose."),
        _minutes,
        example=_example_minutes,
    ),
    Entry(
        "assignment",
        Notice.ASSIGNMENT.label,
        _l("A few minutes after a colleague, a handover or an import gives people to you."),
        _nothing,
        example=_told("assignment"),
    ),
    Entry(
        "mention",
        Notice.MENTION.label,
        _l("A few minutes after a note says @ and your name."),
        _nothing,
        example=_told("mention"),
    ),
    Entry(
        "question",
        Notice.QUESTION.label,
        _l("To the owner at the brand’s limit, to its leads at twice that."),
        _nothing,
        example=_told("question"),
    ),
    Entry(
        "proposal",
        Notice.PROPOSAL.label,
        _l("Once a day at most, when the evidence proposes something new."),
        _nothing,
        example=_told("proposal"),
    ),
    Entry(
        "invitation",
        _l("Invitation"),
        _l("When somebody is invited to irm."),
        _nothing,
        example=_let_in("invitation"),
        may_wait=False,
    ),
    Entry(
        "joined",
        _l("One more brand"),
        _l("When a colleague who has an account is added to a brand."),
        _nothing,
        example=_let_in("joined"),
        may_wait=False,
    ),
    Entry(
        "reset",
        _l("A new password"),
        _l("When somebody forgot hers."),
        _nothing,
        example=_let_in("reset"),
        may_wait=False,
    ),
    Entry(
        "password_changed",
        _l("Your password was changed"),
        _l("Whenever it was."),
        _nothing,
        example=_let_in("password_changed"),
        may_wait=False,
    ),
    Entry(
        "access_changed",
        _l("Your second step or your address was changed"),
        _l("Whenever it was, by you or by an administrator; to the old address as well."),
        _nothing,
        example=_let_in("access_changed"),
        may_wait=False,
    ),
    Entry(
        "test",
        _l("Test"),
        _l("When an administrator tries the mail server."),
        _nothing,
        example=_tried,
        may_wait=False,
    ),
)

BY_NAME = {entry.name: entry for entry in LETTERS}
