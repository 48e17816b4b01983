"""What stands in a certificate that could not be verified: its names, and until when it holds.

Python tells this only of a certificate it trusts; here we want to say what is wrong with another.
"""

import contextlib
import datetime as dt
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass

from irm.mail.server import Server

#: Seconds for the second look at a server.
TIMEOUT = 5.0

#: The object ids of "subjectAltName" and "commonName", as DER writes them.
_ALTERNATIVES, _COMMON = b"\x06\x03\x55\x1d\x11", b"\x06\x03\x55\x04\x03"
_VALIDITY = re.compile(rb"\x30\x1e\x17\x0d(\d{12})Z\x17\x0d(\d{12})Z")


@dataclass(frozen=True, slots=True)
class Seen:
    """The names of a certificate, and its last day; None where it is not told."""

    names: tuple[str, ...] = ()
    until: dt.datetime | None = None


def seen_at(server: Server) -> Seen:
    """Look at the certificate of a mail server without trusting it; nothing secret is said."""
    with contextlib.suppress(OSError, smtplib.SMTPException, ValueError, LookupError):
        if server.tls == "implicit":
            with socket.create_connection((server.host, server.port), TIMEOUT) as line:
                return _read(_handshake(line, server.host))
        with smtplib.SMTP(server.host, server.port, timeout=TIMEOUT) as smtp:
            smtp.starttls(context=_trusting())
            return _read(_der(smtp.sock))
    return Seen()


def speaks_tls(server: Server) -> bool:
    """Whether the port expects encryption from the first byte."""
    with (
        contextlib.suppress(OSError),
        socket.create_connection((server.host, server.port), TIMEOUT) as line,
    ):
        return bool(_handshake(line, server.host))
    return False


def _handshake(line: socket.socket, host: str) -> bytes:
    with _trusting().wrap_socket(line, server_hostname=host) as encrypted:
        return _der(encrypted)


def _trusting() -> ssl.SSLContext:
    """For looking alone: no mail and no password goes over what it opens."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _der(sock: object) -> bytes:
    return (sock.getpeercert(binary_form=True) or b"") if isinstance(sock, ssl.SSLSocket) else b""


def _read(der: bytes) -> Seen:
    names = _alternatives(der) or _common(der)
    until = None
    if found := _VALIDITY.search(der):
        until = dt.datetime.strptime(found[2].decode(), "%y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    return Seen(tuple(dict.fromkeys(names))[:10], until)


def _alternatives(der: bytes) -> list[str]:
    at = der.find(_ALTERNATIVES)
    if at < 0:
        return []
    at += len(_ALTERNATIVES)
    if der[at : at + 3] == b"\x01\x01\xff":
        at += 3  # said to be critical
    _tag, packed, _end = _piece(der, at)
    _tag, listed, _end = _piece(packed, 0)
    names, at = [], 0
    while at < len(listed):
        tag, value, at = _piece(listed, at)
        if tag == 0x82:
            names.append(value.decode("ascii", "replace"))
        elif tag == 0x87 and len(value) in (4, 16):
            family = socket.AF_INET if len(value) == 4 else socket.AF_INET6
            names.append(socket.inet_ntop(family, value))
    return names


def _common(der: bytes) -> list[str]:
    """The subject's own name: the last one, as the issuer's stands before it."""
    at = der.rfind(_COMMON)
    if at < 0:
        return []
    return [_piece(der, at + len(_COMMON))[1].decode("utf-8", "replace")]


def _piece(der: bytes, at: int) -> tuple[int, bytes, int]:
    """The tag and the value of what begins here, and where the next begins."""
    tag, length, at = der[at], der[at + 1], at + 2
    if length & 0x80:
        size = length & 0x7F
        length, at = int.from_bytes(der[at : at + size], "big"), at + size
    return tag, der[at : at + length], at + length
