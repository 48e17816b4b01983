"""The wire: one mail to one recipient, step by step, and what the server said to it.

The steps are our own because of what lies between them: after the server's 354 and before the
final dot the caller writes down, durably, that this mail may be on its way. So after any crash we
know which mails are in doubt, and all the others are certain. See
docs/decisions/0003-a-mail-is-a-row.md.
"""

import contextlib
import enum
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from irm import clock
from irm.i18n import _
from irm.mail.server import Server

#: Seconds without a byte after which a server counts as gone.
SOCKET_TIMEOUT = 30.0

#: Seconds for greeting and sign-in as a whole: a byte now and then does not keep a worker.
OPENING_TIMEOUT = 60.0

#: Seconds of patience for the mail and the answer to its final dot, together (RFC 5321, 4.5.3.2.6):
#: to give up early means doubt. Well below the grace of irm/mail/doubt.py, or two would send it.
DOT_TIMEOUT = 600.0

#: So many mails go over one connection, and so long (seconds) it may have been idle.
REUSES = 100
IDLE = 30.0

#: Closing down, sign in first, wrong password: every other mail would hear the same.
NOT_THE_MAIL = (421, 530, 535)


class Outcome(enum.StrEnum):
    """What became of a mail, or of the whole channel."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    #: Its deadline passed before any server took it.
    EXPIRED = "expired"
    #: The claim was lost before the dot: nothing was sent.
    DROPPED = "dropped"
    #: The server is away or sends us away; the mail itself had no try.
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one try, at which stage, in the server's own words."""

    outcome: Outcome
    stage: str
    code: int | None = None
    text: str = ""


class ServerDown(Exception):
    """No mail can go out now; `stage`, `code` and `text` say why."""

    def __init__(self, stage: str, code: int | None, text: str) -> None:
        super().__init__(f"{stage}: {code or ''} {text}".replace("  ", " "))
        self.stage = stage
        self.code = code
        self.text = text


class Wire:
    """A connection to the mail server, opened when first needed and used again."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None
        self._sent = 0
        self._used_at = clock.now()

    def open(self) -> smtplib.SMTP:
        """Return a connection that answers, signed in.

        Raises ServerDown where there is none to be had; never goes on without the encryption
        that the address demands.
        """
        if self._smtp is not None and not self._is_fresh(self._smtp):
            self.close()
        if self._smtp is None:
            self._smtp = self._connect()
            self._sent = 0
        self._used_at = clock.now()
        return self._smtp

    def send(self, sender: str, recipient: str, data: bytes, mark: Callable[[], bool]) -> Answer:
        """Hand over one mail; `mark` writes down that it may be on its way, and says if it may go.

        Returns what the server said, at which stage. Raises only what `mark` raises.
        """
        was_kept = self._smtp is not None
        answer = self._begin(sender, recipient)
        if answer is not None and answer.outcome is Outcome.CHANNEL and was_kept:
            # The server may have hung up on an old connection; a new one tells.
            answer = self._begin(sender, recipient)
        if answer is not None:
            return answer
        try:
            may_go = mark()
        except BaseException:
            self.close()
            raise
        if not may_go:
            self.close()
            return Answer(Outcome.DROPPED, "marker")
        return self._finish(self._smtp, data)

    def prepare(self, smtp: smtplib.SMTP) -> None:
        """Do something to a connection before it is opened; here nothing."""

    def close(self) -> None:
        """Hang up; without a farewell, so that nothing half-sent is completed by it."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def quit(self) -> None:
        """Say goodbye and hang up."""
        if self._smtp is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
            self.close()

    def _is_fresh(self, smtp: smtplib.SMTP) -> bool:
        """Whether the kept connection is still good: a stale one must fail before DATA."""
        if smtp.sock is None:
            return False
        if self._sent >= REUSES:
            self.quit()
            return False
        if (clock.now() - self._used_at).total_seconds() <= IDLE:
            return True
        with contextlib.suppress(OSError, smtplib.SMTPException):
            return bool(smtp.noop()[0] == 250)
        return False

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        smtp = _implicit(_context()) if server.tls == "implicit" else _plain()
        # smtplib checks a certificate against this name, and takes it from its constructor alone,
        # which connects at once: then nobody could set a deadline for the greeting.
        smtp._host = server.host  # type: ignore[attr-defined]
        self.prepare(smtp)
        stage = "connect"
        try:
            with cut_after(OPENING_TIMEOUT, lambda: smtp.sock):
                code, text = smtp.connect(server.host, server.port)
                _want(stage, code, text, 220)
                stage = "hello"
                smtp.ehlo_or_helo_if_needed()
                stage = "starttls"
                _encrypt(smtp, server)
                stage = "auth"
                if server.user:
                    smtp.login(server.user, server.password)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            smtp.close()
            raise ServerDown(stage, *_said(error)) from error
        except ServerDown:
            smtp.close()
            raise
        return smtp

    def _begin(self, sender: str, recipient: str) -> Answer | None:
        """Say from whom and to whom; None where the server now waits for the mail itself."""
        if not re.fullmatch(r"[!-~]+@[!-~]+", recipient):
            return Answer(Outcome.REFUSED, "address", None, _("not an address that SMTP can carry"))
        try:
            return self._envelope(self.open(), sender, recipient)
        except ServerDown as down:
            return Answer(Outcome.CHANNEL, down.stage, down.code, down.text)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Answer(Outcome.CHANNEL, "envelope", *_said(error))

    def _envelope(self, smtp: smtplib.SMTP, sender: str, recipient: str) -> Answer | None:
        steps: tuple[tuple[str, Callable[[], tuple[int, bytes]], tuple[int, ...]], ...] = (
            ("mail", lambda: smtp.mail(sender), (250,)),
            ("rcpt", lambda: smtp.rcpt(recipient), (250, 251)),
            ("data", lambda: smtp.docmd("DATA"), (354,)),
        )
        for stage, step, wanted in steps:
            code, text = step()
            if code in wanted:
                continue
            said = text.decode("utf-8", "replace")
            if code in NOT_THE_MAIL or code < 400 or (stage == "mail" and is_limit(code, said)):
                self.close()
                return Answer(Outcome.CHANNEL, stage, code, said)
            with contextlib.suppress(OSError, smtplib.SMTPException):
                smtp.rset()
            return Answer(_outcome(code), stage, code, said)
        return None

    def _finish(self, smtp: smtplib.SMTP | None, data: bytes) -> Answer:
        """Send the mail and its dot, and wait for the verdict."""
        try:
            assert smtp is not None
            assert smtp.sock is not None
            smtp.sock.settimeout(DOT_TIMEOUT)
            with cut_after(DOT_TIMEOUT, lambda: smtp.sock):
                smtp.send(_stuffed(data) + b".\r\n")
                code, text = smtp.getreply()
            smtp.sock.settimeout(SOCKET_TIMEOUT)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Answer(Outcome.UNKNOWN, "dot", *_said(error))
        self._sent += 1
        self._used_at = clock.now()
        outcome = _outcome(code)
        if code == 421 or outcome is Outcome.UNKNOWN:
            self.close()
        return Answer(outcome, "dot", code, text.decode("utf-8", "replace"))


def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _plain() -> smtplib.SMTP:
    return smtplib.SMTP(timeout=SOCKET_TIMEOUT, local_hostname=_own_name())


def _implicit(context: ssl.SSLContext) -> smtplib.SMTP:
    return smtplib.SMTP_SSL(timeout=SOCKET_TIMEOUT, local_hostname=_own_name(), context=context)


def _own_name() -> str:
    """How we greet: by name if it is a full one, without asking any name server."""
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"


def _encrypt(smtp: smtplib.SMTP, server: Server) -> None:
    if server.tls in ("implicit", "off"):
        return
    if not smtp.has_extn("starttls"):
        if server.tls == "required":
            raise ServerDown("starttls", None, _("the server offers no encryption"))
        return
    code, text = smtp.starttls(context=_context())
    _want("starttls", code, text, 220)
    smtp.ehlo()


def _want(stage: str, code: int, text: bytes, wanted: int) -> None:
    if code != wanted:
        raise ServerDown(stage, code, text.decode("utf-8", "replace"))


def is_limit(code: int | None, text: str) -> bool:
    """Whether a server that was spoken to says that it had enough of us for now.

    "4.7" is its policy (RFC 3463), but said of one recipient it may be greylisting, which is the
    mail's own affair: whoever asks looks at the stage. A server that closes down says "4.3".
    """
    if code == 421:
        return not text.startswith("4.3.")
    return code in (450, 451, 452) and text.startswith("4.7.")


def _outcome(code: int) -> Outcome:
    if 200 <= code < 300:
        return Outcome.ACCEPTED
    if 400 <= code < 500:
        return Outcome.DEFERRED
    if 500 <= code < 600:
        return Outcome.REFUSED
    return Outcome.UNKNOWN


def _said(error: Exception) -> tuple[int | None, str]:
    """What an exception tells: the server's code if there was one, and the words."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return error.smtp_code, said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return None, f"{type(error).__name__}: {error}"


def _stuffed(data: bytes) -> bytes:
    """Make every line end in CRLF and double the dots that begin one (RFC 5321, 4.5.2).

    A line break of any other kind could hide a final dot from us that the server sees.
    """
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", data)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return re.sub(rb"^\.", b"..", lines, flags=re.MULTILINE)


@contextlib.contextmanager
def cut_after(seconds: float, line: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Cut the line after so many seconds, however busily the other side drips.

    `line` is asked then which socket that is; None: there is none yet, or none any more.
    """

    def cut() -> None:
        if (sock := line()) is not None:
            with contextlib.suppress(OSError):
                # Not the encrypted socket's own: that takes the encryption off first, and whoever
                # is in the middle of sending would go on in the clear.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
