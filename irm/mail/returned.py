"""The mailbox to which bounces come, as IRM_BOUNCES_URL names it: IMAP or a Maildir.

What was read is marked as seen and stays where it is.
"""

import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from irm.mail.server import LOOPBACK

#: Seconds without a byte after which the mailbox counts as gone.
TIMEOUT = 20.0

#: Bytes of one mail that are fetched: a report is small, what it returns may not be.
LIMIT = 500_000


class Unreadable(Exception):
    """The mailbox cannot be read now; says why, without the password."""


class Box(Protocol):
    """A mailbox with what nobody has read yet."""

    def unread(self, limit: int) -> Sequence[tuple[str, bytes]]:
        """Return up to so many unread mails, each with the name to mark it by."""

    def mark(self, names: Sequence[str]) -> None:
        """Mark mails as read."""


@contextmanager
def opened(url: str) -> Iterator[Box]:
    """Open the mailbox of an address: imaps://user:password@host/folder or maildir:///path.

    Raises Unreadable where that is not possible now, or ends while it is read.
    """
    parts = urlsplit(url)
    try:
        if parts.scheme == "maildir":
            yield Maildir(Path(unquote(parts.path)))
            return
        with _signed_in(url) as imap:
            yield Imap(imap)
    except (OSError, imaplib.IMAP4.error) as error:
        raise Unreadable(f"{type(error).__name__}: {error}"[:300]) from error


class Maildir:
    """A folder into which the machine's own mail server delivers."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if not (path / "new").is_dir() or not (path / "cur").is_dir():
            raise FileNotFoundError(f"{path} is not a Maildir: it has no folders new and cur")

    def unread(self, limit: int) -> Sequence[tuple[str, bytes]]:
        """Return what is new, and what a mail program looked at without reading it."""
        names = [f"new/{name}" for name in self._names("new")]
        seen = (name.partition(":2,") for name in self._names("cur"))
        names += [f"cur/{base}{mark}{flags}" for base, mark, flags in seen if "S" not in flags]
        found: list[tuple[str, bytes]] = []
        for name in names:
            if len(found) == limit:
                break
            # Somebody may have read or moved it meanwhile, and a folder is no mail.
            with (
                contextlib.suppress(FileNotFoundError, IsADirectoryError),
                (self._path / name).open("rb") as file,
            ):
                found.append((name, file.read(LIMIT)))
        return found

    def _names(self, folder: str) -> list[str]:
        return sorted(file.name for file in (self._path / folder).iterdir())

    def mark(self, names: Sequence[str]) -> None:
        """Put each among the read ones."""
        for name in names:
            base, _mark, flags = name.partition("/")[2].partition(":2,")
            target = f"{base}:2,{''.join(sorted({*flags, 'S'}))}"
            with contextlib.suppress(FileNotFoundError):
                (self._path / name).rename(self._path / "cur" / target)


class Imap:
    """A folder of a mail server."""

    def __init__(self, imap: imaplib.IMAP4) -> None:
        self._imap = imap

    def unread(self, limit: int) -> Sequence[tuple[str, bytes]]:
        """Return what is not marked as seen, the oldest first."""
        _status, data = self._imap.uid("SEARCH", "UNSEEN")
        uids = (data[0] or b"").split()[:limit] if data else []
        return [(uid.decode(), self._fetch(uid.decode())) for uid in uids]

    def _fetch(self, uid: str) -> bytes:
        _status, data = self._imap.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LIMIT}>)")
        return next((bytes(one[1]) for one in data if isinstance(one, tuple)), b"")

    def mark(self, names: Sequence[str]) -> None:
        """Mark each as seen."""
        if names:
            status, data = self._imap.uid("STORE", ",".join(names), "+FLAGS.SILENT", "(\\Seen)")
            if status != "OK":
                raise imaplib.IMAP4.error(f"STORE: {data!r}")


@contextmanager
def _signed_in(url: str) -> Iterator[imaplib.IMAP4]:
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    context = ssl.create_default_context()
    imap: imaplib.IMAP4
    if parts.scheme == "imaps":
        imap = imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=context, timeout=TIMEOUT)
    else:
        imap = imaplib.IMAP4(host, parts.port or 143, timeout=TIMEOUT)
    try:
        if parts.scheme == "imap" and host not in LOOPBACK:
            # A password does not leave the machine in the clear.
            imap.starttls(context)
        imap.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        quoted = re.sub(r'([\\"])', r"\\\1", folder)
        status, data = imap.select(f'"{quoted}"')
        if status != "OK":
            raise imaplib.IMAP4.error(f"{folder}: {data[0]!r}")
        yield imap
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            imap.logout()
