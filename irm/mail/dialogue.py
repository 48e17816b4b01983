"""What is said between us and a mail server, line by line, without what is secret in it."""

import smtplib
import ssl
from dataclasses import dataclass, field
from typing import Any

from irm.i18n import _

#: What stands for a password.
MASK = "••••••"

#: Lines that are kept, and how long each may be: a server may say what it likes.
MOST, LENGTH = 200, 500


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `who` is "irm", "server" or, for what happened between lines, "note"."""

    who: str
    text: str


@dataclass(slots=True)
class Dialogue:
    """Listens to a connection of smtplib."""

    lines: list[Line] = field(default_factory=list)
    _is_secret: bool = False
    _is_mail: bool = False
    _is_encrypted: bool = False

    def note(self, text: str) -> None:
        """Write down what happened, in our words."""
        self._add("note", text)

    def listen(self, smtp: smtplib.SMTP) -> None:
        """Write down from now on all that is said over a connection."""
        heard: Any = smtp  # its methods are replaced on this one object
        send, reply = heard.send, heard.getreply

        def said(data: bytes | str) -> None:
            self._see_encryption(smtp)
            self._we_say(data.encode() if isinstance(data, str) else bytes(data))
            send(data)

        def answered() -> tuple[int, bytes]:
            self._see_encryption(smtp)
            code, text = reply()
            self._it_says(code, text)
            return code, text

        heard.send, heard.getreply = said, answered

    def _we_say(self, data: bytes) -> None:
        if self._is_mail:
            self._is_mail = False
            self._add("irm", _("(the mail: %(n)s bytes, then a dot)", n=len(data)))
            return
        for line in data.decode("utf-8", "replace").splitlines():
            words = line.split()
            if self._is_secret:
                self._add("irm", MASK)
            elif words and words[0].upper() == "AUTH":
                self._add("irm", " ".join([*words[:2], *([MASK] if len(words) > 2 else [])]))
            else:
                self._add("irm", line)
        self._is_secret = False

    def _it_says(self, code: int, text: bytes) -> None:
        self._is_secret = code == 334
        self._is_mail = code == 354
        lines = text.decode("utf-8", "replace").splitlines() or [""]
        for number, line in enumerate(lines, 1):
            self._add("server", f"{code}{'-' if number < len(lines) else ' '}{line}")

    def _see_encryption(self, smtp: smtplib.SMTP) -> None:
        sock = smtp.sock
        if self._is_encrypted or not isinstance(sock, ssl.SSLSocket):
            return
        self._is_encrypted = True
        self.note(_("(encrypted from here on: %(version)s)", version=sock.version() or "TLS"))

    def _add(self, who: str, text: str) -> None:
        if len(self.lines) < MOST:
            shown = "".join(sign if sign.isprintable() else " " for sign in text)
            self.lines.append(Line(who, shown[:LENGTH]))
