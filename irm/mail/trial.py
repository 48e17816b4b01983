"""Trying the mail server while somebody watches: what is said, and what to do where it fails.

In a hurry: whoever looks at a page waits seconds, not the minutes that a mail may take.
"""

import re
import smtplib
import socket
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from irm import clock
from irm.config import Settings
from irm.errors import Refused
from irm.i18n import _, _l
from irm.mail import advice, letters
from irm.mail.dialogue import Dialogue, Line
from irm.mail.message import wire_bytes
from irm.mail.server import Server, server_of
from irm.mail.smtp import Answer, Outcome, ServerDown, Wire, cut_after

#: Seconds without a byte, and for the whole, before we give up.
SILENCE = 10.0
PATIENCE = 25.0


@dataclass(frozen=True, slots=True)
class Result:
    """How a trial went."""

    is_good: bool
    stage: str
    #: The server's last words, or why there were none.
    said: str
    #: One sentence on what to do; empty where all is well.
    advice: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Mail:
    """The test letter as it goes over the wire."""

    sender: str
    data: bytes


def letter(settings: Settings, address: str, name: str, locale: str, zone: str = "") -> Mail:
    """Write the test letter to an address.

    Raises Refused where it is no address that SMTP can carry.
    """
    if not re.fullmatch(r"[!-~]+@[!-~]+", address):
        raise Refused(_l("“%(address)s” is not an address.", address=address[:80]))
    at = clock.now().astimezone(ZoneInfo(zone or settings.timezone))
    host = server_of(settings.smtp_url.get_secret_value()).host
    written = letters.test(name, locale, host, at)
    sender = parseaddr(settings.mail_from)[1]
    mail = SimpleNamespace(
        subject=written.subject,
        to_address=address,
        created_at=at,
        message_id=f"<{uuid.uuid4()}@{sender.rpartition('@')[2]}>",
        headers={"From": settings.mail_from, **written.headers},
        body_text=written.text,
        body_html=written.html,
    )
    return Mail(sender, wire_bytes(mail, settings.smtp_idempotency_header))


def send(server: Server, sender: str, recipient: str, data: bytes) -> Result:
    """Send one mail and watch."""
    return _tried(
        server, sender, recipient, lambda wire: wire.send(sender, recipient, data, lambda: True)
    )


def greet(server: Server) -> Result:
    """Connect, greet, encrypt and sign in; send nothing."""
    return _tried(server, "", "", lambda _wire: Answer(Outcome.ACCEPTED, "auth"))


def _tried(server: Server, sender: str, recipient: str, talk: Callable[[Wire], Answer]) -> Result:
    dialogue = Dialogue()
    wire = _Watched(server, dialogue)
    dialogue.note(_("(connecting to %(host)s, port %(port)s)", host=server.host, port=server.port))
    cause: BaseException | None = None
    # Not only a server that is silent: one that drips, too.
    with cut_after(PATIENCE, wire.line):
        try:
            wire.open()
            answer = talk(wire)
        except ServerDown as down:
            answer = Answer(Outcome.CHANNEL, down.stage, down.code, down.text)
            cause = down.__cause__
        wire.quit()
    is_good = answer.outcome is Outcome.ACCEPTED
    said = f"{answer.code or ''} {answer.text}".strip()
    if cause is not None and answer.code is None:
        dialogue.note(f"({said})")
    fault = advice.Fault(server, sender, recipient, answer, cause)
    return Result(
        is_good=is_good,
        stage=answer.stage,
        said=said,
        advice="" if is_good else advice.about(fault),
        lines=tuple(dialogue.lines),
    )


class _Watched(Wire):
    """A wire that somebody listens to, and that gives up soon."""

    def __init__(self, server: Server, dialogue: Dialogue) -> None:
        super().__init__(server)
        self._dialogue = dialogue
        self._smtp: smtplib.SMTP | None = None

    def prepare(self, smtp: smtplib.SMTP) -> None:
        """Listen, and be impatient."""
        smtp.timeout = SILENCE
        self._dialogue.listen(smtp)
        self._smtp = smtp

    def line(self) -> socket.socket | None:
        """What the server is spoken to on, once it is."""
        return self._smtp.sock if self._smtp is not None else None
