"""What the worker leaves behind, so that everybody sees whether it runs."""

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import Base, Big


class Tick(Base):
    """The last run of one job: read by the status page and /healthz."""

    __tablename__ = "ticks"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    last_started: Mapped[dt.datetime]
    last_finished: Mapped[dt.datetime | None]
    last_ok: Mapped[dt.datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(500))
    worker: Mapped[str] = mapped_column(String(80), default="")


class Lease(Base):
    """Whose turn a job is that should run once at a time; saves work, does not keep order."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(80))
    #: Only ever grows: an older one is known by its number.
    token: Mapped[Big]
    expires_at: Mapped[dt.datetime]


class Instance(Base):
    """The one row about this installation."""

    __tablename__ = "instance"

    id: Mapped[int] = mapped_column(primary_key=True)
    install_id: Mapped[str] = mapped_column(String(40))
    host_fingerprint: Mapped[str | None] = mapped_column(String(64))
    data_path: Mapped[str | None] = mapped_column(String(500))
    last_seen: Mapped[dt.datetime | None]
    #: How often it was seen: a database that counts fewer than its witness went back in time.
    beats: Mapped[Big] = mapped_column(default=0, server_default="0")
    #: `on` or `paused`.
    sending: Mapped[str] = mapped_column(String(10), default="on")
    #: A code: `person`, or why irm itself holds mail back (irm/mail/whereabouts.py).
    paused_reason: Mapped[str | None] = mapped_column(String(200))
