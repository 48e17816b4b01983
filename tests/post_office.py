"""Mail servers for tests: a real one, and one that misbehaves step by step."""

import email
import socket
import ssl
from email import policy
from email.message import EmailMessage
from types import SimpleNamespace

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from line_server import LineServer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Inbox:
    """A mail server that keeps what it takes, and answers as it was told to."""

    def __init__(self, port: int | None = None, **options) -> None:
        self.port = port or free_port()
        self.taken: list[SimpleNamespace] = []
        #: What to answer at a stage instead of yes: {"rcpt": "550 5.1.1 no such user"}.
        self.says: dict[str, str] = {}
        #: How often to say it; then yes again.
        self.times = 10**9
        self.connections = 0
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)

    def __enter__(self):
        self._controller.start()
        return self

    def __exit__(self, *_error) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def mails(self) -> list[EmailMessage]:
        return [email.message_from_bytes(one.data, policy=policy.default) for one in self.taken]

    @property
    def recipients(self) -> list[str]:
        return [to for one in self.taken for to in one.to]

    def _said(self, stage: str) -> str | None:
        if stage not in self.says or self.times <= 0:
            return None
        self.times -= 1
        return self.says[stage]

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):  # noqa: N802  # aiosmtpd calls it so
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, _server, _session, envelope, address, options):  # noqa: N802  # aiosmtpd calls it so
        said = self._said("mail")
        if said is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return said or "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, options):  # noqa: N802  # aiosmtpd calls it so
        said = self._said("rcpt")
        if said is None:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return said or "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802  # aiosmtpd calls it so
        said = self._said("dot")
        if said is None:
            self.taken.append(
                SimpleNamespace(
                    sender=envelope.mail_from,
                    to=list(envelope.rcpt_tos),
                    data=envelope.original_content,
                )
            )
        return said or f"250 2.0.0 queued as Q{len(self.taken)}"


def password_check(user: bytes, password: bytes):
    """An authenticator that knows one user."""

    def check(_server, _session, _envelope, _mechanism, data):
        good = (data.login, data.password) == (user, password)
        return AuthResult(success=good, handled=False)

    return check


class Script(LineServer):
    """A server that says its lines one after the other, whatever it hears, then hangs up.

    A line of None hangs up at once. Between DATA's 354 and the dot it listens. `heard` is all that
    was sent to it.
    """

    def __init__(self, *lines: bytes | None, tls: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self.lines = lines
        self.heard = b""
        self._tls = tls

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def talk(self, client: socket.socket) -> None:
        if self._tls is None:
            self._play(client)
            return
        with self._tls.wrap_socket(client, server_side=True) as encrypted:
            self._play(encrypted)

    def _play(self, client: socket.socket) -> None:
        for line in self.lines:
            if line is None:
                return
            client.sendall(line + b"\r\n")
            ending = b"\r\n.\r\n" if line.startswith(b"354") else b"\r\n"
            said = b""
            while not said.endswith(ending):
                piece = client.recv(65536)
                if not piece:
                    return
                said += piece
                self.heard += piece
        # What comes after the last line is heard in silence.


GREETING = (b"220 hello", b"250 hello", b"250 sender", b"250 recipient")
