"""Where mail goes out, as IRM_SMTP_URL names it."""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

#: To these a password does not leave the machine.
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail goes out. `tls`: "implicit", "required", "offered" (taken if offered), "off"."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = ""


def server_of(url: str) -> Server:
    """Read IRM_SMTP_URL: smtp://user:password@host:587, smtps://host, `?tls=required|off`.

    Over `smtp://` encryption is taken wherever it is offered, and required before a password
    leaves this machine.
    """
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if parts.scheme == "smtps":
        return Server(host, parts.port or 465, "implicit", user, password)
    asked = parse_qs(parts.query).get("tls", [""])[-1]
    tls = asked if asked in ("required", "off") else "offered"
    if user and tls == "offered" and host not in LOOPBACK:
        tls = "required"
    return Server(host, parts.port or (587 if user else 25), tls, user, password)
