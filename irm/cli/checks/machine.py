"""Checks of the machine: Python, clock, zones, the data folder and its disk, the secret key."""

import datetime as dt
import platform
import shutil
import stat
import sys
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from irm import clock
from irm.cli.checks.finding import Finding, Ground, fail, ok, warn
from irm.config import SECRET_BYTES
from irm.i18n import _
from irm.web import installation

#: The oldest Python irm runs on.
OLDEST_PYTHON = (3, 11)

#: A clock that shows an earlier day is wrong: this irm did not exist then.
RELEASED = dt.date(2026, 11, 1)

#: Seconds by which our clock and the database's may differ.
NEARLY, FAR = 5.0, 60.0

#: Bytes that should be free, and without which irm stops soon.
ENOUGH, TOO_LITTLE = 1_000_000_000, 200_000_000

#: File systems of other machines: their locks are not those SQLite counts on.
REMOTE = (
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "ceph",
    "lustre",
    "glusterfs",
    "sshfs",
)


def python(_ground: Ground) -> Finding:
    """Python is new enough."""
    version = platform.python_version()
    if sys.version_info < OLDEST_PYTHON:
        return fail(_("Python %(version)s is too old.", version=version), _("Use 3.11 or newer."))
    return ok(f"Python {version}")


def clock_is_right(ground: Ground) -> Finding:
    """The clock is not absurd, and the database's says the same."""
    if ground.now.date() < RELEASED:
        return fail(
            _("The clock shows %(now)s, before this irm was made.", now=f"{ground.now:%Y-%m-%d}"),
            _("Set the clock of this machine (NTP)."),
        )
    apart = installation.apart(ground.session, ground.now)
    said = _("The clock and the database’s differ by %(n)s seconds.", n=f"{apart:.1f}")
    if apart > NEARLY:
        advice = _("Set both clocks by NTP: mails and leases go by them.")
        return fail(said, advice) if apart > FAR else warn(said, advice)
    return ok(said)


def tzdata(_ground: Ground) -> Finding:
    """Time zones are known."""
    try:
        ZoneInfo("Europe/Paris")
    except (ZoneInfoNotFoundError, OSError):
        return fail(
            _("No time zones are known here."),
            _("Install the system’s tzdata, or the package tzdata of Python."),
        )
    return ok(_("Time zones of tzdata %(version)s", version=clock.tzdata_version() or "?"))


def data_folder(ground: Ground) -> Finding:
    """The data folder is there, can be written, and is nobody else's."""
    folder = ground.settings.data_dir.resolve()
    if not folder.is_dir():
        return fail(
            _("The data folder %(folder)s is not there.", folder=folder), _("Set IRM_DATA_DIR.")
        )
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return fail(
            _(
                "The data folder %(folder)s cannot be written: %(reason)s.",
                folder=folder,
                reason=error.strerror,
            ),
            _("Give it to the user irm runs as."),
        )
    mode = stat.S_IMODE(folder.stat().st_mode)
    advice = _("Run `chmod 700 %(folder)s`.", folder=folder)
    if mode & 0o022:
        return fail(_("Others may write into the data folder %(folder)s.", folder=folder), advice)
    if mode & 0o077:
        return warn(_("Others may look into the data folder %(folder)s.", folder=folder), advice)
    return ok(_("The data folder is %(folder)s, ours alone.", folder=folder))


def local_disk(ground: Ground) -> Finding:
    """The data folder is on a disk of this machine."""
    kind = file_system(ground.settings.data_dir.resolve())
    if kind.removeprefix("fuse.") not in REMOTE:
        return ok(_("The data folder is on a local disk (%(kind)s).", kind=kind or "?"))
    said = _("The data folder is on a network share (%(kind)s).", kind=kind)
    if ground.is_sqlite:
        return fail(
            said, _("SQLite may lose data there: use a local disk for IRM_DATA_DIR, or PostgreSQL.")
        )
    return warn(said, _("The database is elsewhere; still, a local disk is safer for uploads."))


def file_system(path: Path, mounts: str | None = None) -> str:
    """The kind of file system a folder is on, as the kernel calls it; empty where it does not say.

    `mounts` is the text of /proc/self/mountinfo (proc(5)).
    """
    if mounts is None:
        try:
            mounts = Path("/proc/self/mountinfo").read_text()
        except OSError:
            return ""
    best = ("", "")
    for line in mounts.splitlines():
        before, _dash, after = line.partition(" - ")
        if len(before.split()) < 5 or not after.split():
            continue
        point = before.split()[4].replace("\\040", " ")
        # Of two at one point the later one lies on top.
        if path.is_relative_to(point) and len(point) >= len(best[0]):
            best = point, after.split()[0]
    return best[1]


def free_disk(ground: Ground) -> Finding:
    """There is room for what comes."""
    free = shutil.disk_usage(ground.settings.data_dir.resolve()).free
    said = _("%(size)s GB are free on the disk of the data folder.", size=f"{free / 1e9:.1f}")
    advice = _("Make room: without it nothing can be saved and no mail goes out.")
    if free < TOO_LITTLE:
        return fail(said, advice)
    return warn(said, advice) if free < ENOUGH else ok(said)


def secret_key(ground: Ground) -> Finding:
    """The key that signs cookies and links is there, long, and nobody else's."""
    key = ground.settings.secret_key.get_secret_value()
    path = ground.settings.data_dir / "secret_key"
    if len(key.encode()) < SECRET_BYTES:
        return fail(
            _("The secret key is too short."),
            _("Remove the file secret_key in the data folder, and start irm: it makes another."),
        )
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        return fail(_("Others may read the secret key."), _("Run `chmod 600 %(path)s`.", path=path))
    return ok(_("The secret key is there, and ours alone."))
