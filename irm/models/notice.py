"""What colleagues were written to about, so that nobody hears of it twice, or never."""

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import Base, Big
from irm.models.user import User


class NoticeMark(Base):
    """How far somebody was told of what is recorded in a row of its own."""

    __tablename__ = "notice_marks"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    #: What is told of, as irm/funnel/happened.py names it.
    stream: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: The last row that was looked at; of what is looked at once a day, the number of the day.
    upto: Mapped[Big]


class Told(Base):
    """One thing that somebody was written to about; no other letter to her says it again."""

    __tablename__ = "told"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    #: The notice, by its word.
    notice: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: The row it was about. No foreign key: it may be gone, and its id is given once.
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    #: What was said of it, as a code, where it may come to be another.
    said: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[dt.datetime] = mapped_column(index=True)
