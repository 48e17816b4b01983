"""What to do about a mail server that does not take our mail: one sentence for each usual fault."""

import re
import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass

from irm import clock
from irm.i18n import _
from irm.mail import certificate
from irm.mail.server import Server
from irm.mail.smtp import Answer, Outcome

#: What was kept of a fault (irm/mail/channel.py): the stage, the server's code if it said one, and
#: its words or those of the exception.
_KEPT = re.compile(r"(\w+): +(?:(\d{3}) )?(.*)", re.DOTALL)

#: The exceptions that tell faults apart, by the names under which they were kept.
_CAUSES: dict[str, type[Exception]] = {
    cause.__name__: cause
    for cause in (
        ConnectionRefusedError,
        ConnectionResetError,
        TimeoutError,
        UnicodeError,
        smtplib.SMTPNotSupportedError,
        smtplib.SMTPServerDisconnected,
        socket.gaierror,
        ssl.SSLCertVerificationError,
        ssl.SSLError,
    )
}

#: What OpenSSL calls the usual faults of a certificate.
EXPIRED, NOT_YET, SELF_SIGNED, SELF_SIGNED_ABOVE, WRONG_NAME, WRONG_ADDRESS = 10, 9, 18, 19, 62, 64


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong, where, and with whom."""

    server: Server
    sender: str
    recipient: str
    answer: Answer
    cause: BaseException | None = None
    #: Whether the server may be looked at once more, for some seconds, to tell what it is.
    may_look: bool = True


def about_kept(server: Server, sender: str, kept: str) -> str:
    """Return what to do about a fault that was written down some time ago; it asks nobody."""
    found = _KEPT.fullmatch(kept)
    stage, code, words = found.groups() if found else ("connect", None, kept)
    name = "TimeoutError" if "timed out" in words else words.partition(":")[0]
    return about(
        Fault(
            server,
            sender,
            "",
            Answer(Outcome.CHANNEL, stage, int(code) if code else None, words),
            None if code else _CAUSES.get(name, OSError)(words),
            may_look=False,
        )
    )


def about(fault: Fault) -> str:
    """Return what to do about it."""
    cause = fault.cause
    if isinstance(cause, smtplib.SMTPServerDisconnected) and isinstance(cause.__context__, OSError):
        # smtplib calls whatever goes wrong while it listens "disconnected".
        cause = cause.__context__
    if cause is not None and fault.answer.code is None:
        return _of_the_line(fault, cause)
    if fault.answer.outcome is Outcome.UNKNOWN:
        return _("The mail was handed over, but no answer came back: look whether it arrived.")
    return _of_the_answer(fault)


def _of_the_line(fault: Fault, cause: BaseException) -> str:
    """Where the connection itself failed."""
    host, port, tls = fault.server.host, fault.server.port, fault.server.tls
    if isinstance(cause, ssl.SSLCertVerificationError):
        if fault.may_look:
            return _of_the_certificate(fault.server, cause)
        return _(
            "The certificate of %(host)s is not to be trusted: a test of the mail server says why.",
            host=host,
        )
    has_hung_up = isinstance(cause, smtplib.SMTPServerDisconnected | ConnectionError)
    is_first_word = fault.may_look and fault.answer.stage == "connect" and tls != "implicit"
    cases = (
        (
            isinstance(cause, socket.gaierror | UnicodeError),
            _(
                "No machine is called %(host)s: check the name in IRM_SMTP_URL, and that this "
                "machine can ask a name server.",
                host=host,
            ),
        ),
        (
            isinstance(cause, ConnectionRefusedError),
            _(
                "Nothing listens at %(host)s, port %(port)s: check the port in IRM_SMTP_URL "
                "(usually 587, or 465 with smtps://), and the firewall.",
                host=host,
                port=port,
            ),
        ),
        (
            isinstance(cause, smtplib.SMTPNotSupportedError),
            _(
                "This server lets nobody sign in at this port: use port 587, or leave user and "
                "password out of IRM_SMTP_URL."
            ),
        ),
        (
            isinstance(cause, ssl.SSLError) and tls == "implicit",
            _(
                "Port %(port)s does not encrypt from the start: write smtp:// instead of "
                "smtps://, usually with port 587.",
                port=port,
            ),
        ),
        (
            is_first_word
            and (has_hung_up or isinstance(cause, TimeoutError))
            and certificate.speaks_tls(fault.server),
            _(
                "Port %(port)s expects encryption from the start: write smtps:// instead of "
                "smtp:// in IRM_SMTP_URL.",
                port=port,
            ),
        ),
        (
            has_hung_up,
            _(
                "%(host)s hung up without a word: it may not want mail from this machine.",
                host=host,
            ),
        ),
        (
            isinstance(cause, TimeoutError),
            _(
                "%(host)s does not answer at port %(port)s: a firewall may be in the way (many "
                "hosts close port 25; try 587), or the port is wrong.",
                host=host,
                port=port,
            ),
        ),
        (True, _("%(host)s cannot be reached from this machine.", host=host)),
    )
    return _first(cases)


def _of_the_certificate(server: Server, cause: ssl.SSLCertVerificationError) -> str:
    seen = certificate.seen_at(server)
    names = ", ".join(seen.names) or _("nobody")
    said = {"host": server.host, "names": names}
    if cause.verify_code in (WRONG_NAME, WRONG_ADDRESS):
        return _(
            "The certificate is for %(names)s, not for %(host)s: write a name that it has into "
            "IRM_SMTP_URL.",
            **said,
        )
    if cause.verify_code == EXPIRED:
        day = f"{seen.until:%Y-%m-%d}" if seen.until else "?"
        return _(
            "The certificate of %(host)s (for %(names)s) ran out on %(day)s: it must be renewed on "
            "the mail server.",
            day=day,
            **said,
        )
    if cause.verify_code == NOT_YET:
        return _(
            "The certificate of %(host)s is not valid yet: is the clock of this machine right? It "
            "says %(now)s.",
            now=f"{clock.now():%Y-%m-%d %H:%M} UTC",
            **said,
        )
    if cause.verify_code in (SELF_SIGNED, SELF_SIGNED_ABOVE):
        return _(
            "The certificate of %(host)s (for %(names)s) is signed by itself: have it signed by a "
            "public authority, or name your own in the variable SSL_CERT_FILE.",
            **said,
        )
    return _(
        "The certificate of %(host)s (for %(names)s) is signed by an authority this machine does "
        "not know: the server must send those in between as well, or name yours in SSL_CERT_FILE.",
        **said,
    )


def _of_the_answer(fault: Fault) -> str:
    """Where the server said no."""
    stage, code, words = fault.answer.stage, fault.answer.code or 0, fault.answer.text.lower()
    is_later = 400 <= code < 500
    is_stranger = "4.7." in words or "grey" in words or "gray" in words
    cases = (
        (
            stage == "starttls",
            _(
                "This server does not encrypt at port %(port)s, and irm was told to: try smtps:// "
                "(port 465). Only on your own network, ?tls=off at the end of IRM_SMTP_URL goes "
                "without.",
                port=fault.server.port,
            ),
        ),
        (
            stage == "auth" or code == 535,
            _(
                "The server refuses user or password. Check both in IRM_SMTP_URL; signs such as "
                "%(signs)s are written %(written)s there. Many providers want an app password.",
                signs="@ : /",
                written="%40 %3A %2F",
            ),
        ),
        (
            code == 530,
            _("The server wants irm to sign in: put user and password into IRM_SMTP_URL."),
        ),
        (
            code == 421 or stage in ("connect", "hello"),
            _("The server takes no mail at the moment, or none from this machine: try later."),
        ),
        (
            is_later and is_stranger,
            _(
                "The server has those whom it does not know come back (greylisting). Nothing to "
                "do: irm sends again by itself, and then it takes the mail."
            ),
        ),
        (
            is_later,
            _("The server says: later. irm tries again by itself; try this again in a while."),
        ),
        (
            stage == "mail" or "sender" in words,
            _(
                "The server does not let irm send as %(sender)s: set IRM_MAIL_FROM to an address "
                "it knows.",
                sender=fault.sender,
            ),
        ),
        (
            stage == "address" or "5.1.1" in words or "user unknown" in words,
            _("The server knows no mailbox %(address)s.", address=fault.recipient),
        ),
        (
            stage == "rcpt" and ("relay" in words or "5.7." in words),
            _(
                "The server does not pass on mail from here to other servers: sign in (user and "
                "password in IRM_SMTP_URL), or have it allow this machine."
            ),
        ),
        (True, _("The server does not want this mail; its own words say why.")),
    )
    return _first(cases)


def _first(cases: Sequence[tuple[bool, str]]) -> str:
    """The sentence of the first case that holds."""
    return next(sentence for holds, sentence in cases if holds)
