"""Why a job of the worker failed, and what to do: one sentence for each usual fault.

A tick keeps an exception as `Name: its words`; they are for whoever mends it, and are shown beside.
"""

from irm.i18n import LazyText, _l
from irm.models import Tick

#: A job whose faults mean one thing, whatever broke.
_OF_A_JOB = {
    "audit": _l("A mail may be lost or doubled: `irm outbox audit` names it."),
    "backup": _l("No backup was made: the status page says why, under Backups."),
    "backup_trial": _l(
        "The newest backup could not be restored: the status page says why, under Backups."
    ),
    "bounces": _l(
        "The mailbox of bounces cannot be read: check IRM_BOUNCES_URL, and that its server answers."
    ),
}

#: What a full disk is called by the system, SQLite and PostgreSQL.
_FULL = ("no space left", "disk is full", "disk full")

_NO_ROOM = _l("The disk is full: make room, and irm goes on by itself.")

#: By the name of the exception.
_OF_A_KIND = {
    "OperationalError": _l(
        "The database did not answer in time: see that it runs, and that irm may write to it."
    ),
    "PermissionError": _l(
        "irm may not use a file of its own: the folder IRM_DATA_DIR must belong to whoever runs it."
    ),
    "MemoryError": _l("The memory of this machine did not suffice: give irm more of it."),
}

_UNKNOWN = _l(
    "It broke off, and is tried again by itself. If this stays, the log of the worker says more."
)


def sentence(tick: Tick) -> LazyText:
    """Return what to do about the fault that a job left behind."""
    kept = tick.last_error or ""
    if any(words in kept.lower() for words in _FULL):
        return _NO_ROOM
    kind = kept.partition(":")[0]
    return _OF_A_KIND.get(kind) or _OF_A_JOB.get(tick.name) or _UNKNOWN
