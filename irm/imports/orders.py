"""What is to be imported and how: made by a page or a command, kept in a task, read by the job."""

import datetime as dt
import secrets
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

from irm.imports import days, encoding
from irm.imports.complaints import Complaint

#: Where uploads lie in the data folder until they are imported.
FOLDER = "imports"


class Order(NamedTuple):
    """One file to be read into one brand."""

    path: Path
    #: What its owner calls the file.
    name: str
    as_of: dt.date
    kind: str = "auto"
    platform: str | None = None
    #: Where the figures come from, and why we may keep them; empty: the file's name, the brand's.
    source: str = ""
    lawful_basis: str = ""
    #: True for an upload: the copy is ours, and goes when it is imported.
    is_copy: bool = False
    #: Size and time of the last change, so that half of another file is never imported.
    state: tuple[int, int] = (0, 0)

    @classmethod
    def of(cls, path: Path, name: str, as_of: dt.date, **given: Any) -> Self:
        """Order a file that lies there now. Raises Complaint where it does not."""
        return cls(path.resolve(), name[:255], as_of, state=_state(path), **given)

    def to_json(self) -> dict[str, Any]:
        """Return it as a task keeps it."""
        return {**self._asdict(), "path": str(self.path), "as_of": self.as_of.isoformat()}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """Read what a task kept."""
        return cls(
            **{
                **kept,
                "path": Path(kept["path"]),
                "as_of": dt.date.fromisoformat(kept["as_of"]),
                "state": tuple(kept["state"]),
            }
        )

    @property
    def limit(self) -> int:
        """The largest size, in bytes."""
        return encoding.UPLOAD_LIMIT if self.is_copy else encoding.COMMAND_LINE_LIMIT

    def check(self) -> None:
        """Raise Complaint where the file is not the one that was ordered."""
        if _state(self.path) != self.state:
            raise Complaint("changed")


def as_of(text: str | None, path: Path, today: dt.date) -> dt.date:
    """Return the day whose figures a file holds: what the user wrote, else its last change.

    Raises Complaint where that is no day, or not over yet.
    """
    if not text or not text.strip():
        changed = dt.datetime.fromtimestamp(_state(path)[1] / 10**9, dt.UTC).date()
        return min(changed, today)
    try:
        return days.day(text, latest=today)
    except ValueError:
        raise Complaint("day", day=text.strip()[:60]) from None


def keep(upload: IO[bytes], data_dir: Path, limit: int = encoding.UPLOAD_LIMIT) -> Path:
    """Copy an upload into the data folder, under a name that nobody can guess.

    Raises Complaint, and leaves nothing, where it is larger than `limit` bytes.
    """
    folder = data_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / secrets.token_hex(16)
    left = limit
    try:
        with path.open("xb") as copy:
            path.chmod(0o600)
            while block := upload.read(1 << 20):
                left -= len(block)
                if left < 0:
                    raise Complaint("too_large", limit=limit // encoding.MEGABYTE)
                copy.write(block)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _state(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise Complaint("unreadable", reason=error.strerror or str(error)) from None
    return status.st_size, status.st_mtime_ns
