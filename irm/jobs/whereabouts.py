"""Is this database the one that lived here, or a copy of it, or an older one put in its place?

A copy that sends what is due in it sends what the other one sends or sent: so it begins with
sending paused, and a person decides. Three things tell:

- The database keeps a fingerprint of where it is: of the file and the machine, or of the server.
- A file in the data folder, the witness, keeps how often this database was seen. One that has been
  seen less often than its witness saw it went back in time.
- Where its witness is gone, and nobody was seen for hours while mail is due, nothing tells a copy
  from a rest.

A rest alone, however long, with its witness beside it, asks nobody: then what was missed is folded
into one digest.
"""

import datetime as dt
import hashlib
import json
import os
import secrets
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import URL, func, make_url, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from irm.config import Settings
from irm.models import Instance, MailState, Outbox, Tick, User

log = structlog.get_logger(__name__)

#: Why irm itself pauses: the codes of `Instance.paused_reason`. A restore writes `restored`.
COPIED = "copied"
WENT_BACK = "went_back"
UNWITNESSED = "unwitnessed"

#: The witness, in the data folder.
WITNESS = "witness.json"

#: How often it is written down that the installation was seen.
APART = dt.timedelta(seconds=30)

#: Without a witness a silence of so long is taken for the time since a copy was made.
SILENCE = dt.timedelta(hours=6)

#: A server that lost power may have lost its last moments; they are no copy's age.
SLACK = 4

_SYSTEM = "SELECT system_identifier FROM pg_control_system()"

_MACHINE = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))


@dataclass(frozen=True, slots=True)
class Seen:
    """What the witness says: of which installation, and how often it was seen."""

    install_id: str
    beats: int


def look(session: Session, settings: Settings, now: dt.datetime) -> str | None:
    """Make sure that this is the database that lived here, before anything is sent; commits.

    Returns why sending was paused just now, None where all is as it was. To be called whenever
    mail may go out; it writes twice a minute at most.
    """
    # The witness first: another worker may count on between the two readings.
    witness = read_witness(settings.data_dir)
    here = fingerprint(session, settings)
    row = _row(session)
    reason = _judge(session, row, witness, here, now)
    is_known = row.host_fingerprint == here and witness is not None
    if reason is None and is_known and row.last_seen and abs(now - row.last_seen) < APART:
        return None
    values: dict[str, Any] = {
        "host_fingerprint": here,
        "data_path": str(settings.data_dir.resolve())[:500],
        "last_seen": now,
        # More often than the witness saw it: whoever puts an older one here is found out again.
        "beats": func.coalesce(Instance.beats, 0) + 1,
    }
    if reason is not None and row.sending != "paused":
        values |= {"sending": "paused", "paused_reason": reason}
        log.warning("sending is paused: is this a copy?", reason=reason)
    beats = session.scalar(
        update(Instance)
        .where(Instance.id == row.id)
        .values(**values)
        .returning(Instance.beats)
        .execution_options(synchronize_session=False)
    )
    # First the database, then the witness: that must never have seen more than there was.
    session.commit()
    _write_witness(settings.data_dir, Seen(row.install_id, beats or 0))
    return reason


def _judge(
    session: Session, row: Any, witness: Seen | None, here: str, now: dt.datetime
) -> str | None:
    if row.host_fingerprint is None:
        return None  # It is new, or was restored, and is paused then: nothing to compare with.
    if row.host_fingerprint != here:
        return COPIED
    if witness is not None and witness.install_id == row.install_id:
        return WENT_BACK if witness.beats > row.beats + SLACK else None
    newest = session.scalar(select(func.max(Tick.last_finished)))
    if newest is None or now - newest < SILENCE:
        return None
    return UNWITNESSED if _is_anything_due(session, now) else None


def _is_anything_due(session: Session, now: dt.datetime) -> bool:
    waits = select(Outbox.id).where(
        Outbox.state.in_((MailState.PENDING, MailState.CLAIMED, MailState.SENDING)),
        Outbox.not_before <= now,
    )
    digests = select(User.id).where(User.is_active, User.next_digest_at <= now)
    return any(session.scalar(found.limit(1)) is not None for found in (waits, digests))


def _row(session: Session) -> Any:
    """The row about this installation, made where there is none."""
    found = select(
        Instance.id,
        Instance.install_id,
        Instance.host_fingerprint,
        Instance.last_seen,
        Instance.beats,
        Instance.sending,
    ).order_by(Instance.id)
    row = session.execute(found.limit(1)).one_or_none()
    if row is None:
        make = postgresql.insert if _dialect(session) == "postgresql" else sqlite.insert
        fresh = {"id": 1, "install_id": uuid.uuid4().hex, "sending": "on", "beats": 0}
        session.execute(make(Instance).values(fresh).on_conflict_do_nothing())
        session.commit()
        row = session.execute(found.limit(1)).one()
    return row


def fingerprint(session: Session, settings: Settings) -> str:
    """What tells this database in this place from every copy: a hash, nothing that is readable.

    A SQLite database is its file: the machine, the path, and the number the file has there, which a
    copy that was put in its place has not. One on a server is what the server calls it; where the
    server is this machine, the machine counts too, as both are cloned together.
    """
    url = make_url(settings.url)
    if _dialect(session) == "sqlite":
        file = Path(str(url.database)).resolve()
        parts = [_machine(), str(file), str(file.stat().st_ino)]
    else:
        may = "SELECT has_function_privilege('pg_control_system()', 'execute')"
        system = session.scalar(text(_SYSTEM)) if session.scalar(text(may)) else ""
        oid = session.scalar(text("SELECT oid FROM pg_database WHERE datname=current_database()"))
        parts = [str(system), str(oid), _machine() if _is_here(url) else ""]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _is_here(url: URL) -> bool:
    """Whether the database server runs on this machine."""
    host = url.host or str(url.query.get("host", ""))
    return host in ("", "localhost", "127.0.0.1", "::1") or host.startswith("/")


def _machine() -> str:
    """What tells this machine from others; nothing in a container, which is another each time."""
    for path in _MACHINE:
        try:
            return path.read_text().strip()
        except OSError:
            continue
    return ""


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def read_witness(data_dir: Path) -> Seen | None:
    """What the witness says; None where there is none, or it makes no sense."""
    try:
        said = json.loads((data_dir / WITNESS).read_text())
        return Seen(str(said["install_id"]), int(said["beats"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_witness(data_dir: Path, seen: Seen) -> None:
    """Whole or not at all. One that cannot be written is no reason to send nothing."""
    made = data_dir / f".{WITNESS}.{secrets.token_hex(8)}"
    try:
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"install_id": seen.install_id, "beats": seen.beats}, file)
        made.replace(data_dir / WITNESS)
    except OSError as error:
        log.warning("the witness cannot be written", reason=error.strerror)
        made.unlink(missing_ok=True)
