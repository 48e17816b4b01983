"""Long work as a row that a worker claims: it shows its progress and survives a restart."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import Base, Json, LabelledEnum, closed
from irm.models.brand import Brand
from irm.models.user import User


class TaskState(LabelledEnum):
    """Where a task stands."""

    QUEUED = "queued", _l("Waiting")
    RUNNING = "running", _l("Running")
    DONE = "done", _l("Done")
    FAILED = "failed", _l("Failed")


class Task(Base):
    """One piece of long work: an import, a rescoring."""

    __tablename__ = "tasks"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Which function runs it; the list is in irm/jobs/tasks.py.
    kind: Mapped[str] = mapped_column(String(32))
    arguments: Mapped[Json] = mapped_column(default=dict)
    brand_id: Mapped[int | None] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    state: Mapped[TaskState] = mapped_column(closed(TaskState, "state"), default=TaskState.QUEUED)
    #: How far it is; `total` 0 means not yet known.
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    result: Mapped[Json] = mapped_column(default=dict)
    #: Why it failed: {"message": msgid, "params": {...}}.
    error: Mapped[Json | None]
    #: Who works on it; whoever lost the token may write nothing more.
    claim_token: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]


Index(None, Task.state, Task.id)
