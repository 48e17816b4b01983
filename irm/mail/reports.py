"""Reading what comes back: bounces (RFC 3464), what is not quite one, and complaints (RFC 5965).

What arrives in that mailbox was written by anybody: nothing in it is believed here, only read.
irm/mail/bounces.py compares it with what we sent.
"""

import base64
import contextlib
import hashlib
import quopri
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import getaddresses, parseaddr
from typing import Any

import structlog

from irm.mail.verdicts import kind_of
from irm.models import BounceKind

log = structlog.get_logger(__name__)

#: Bytes of a report that are looked at; the mail it returns may be large.
LIMIT = 500_000

#: So many ids and addresses are taken from one report: a report of ours names one or two.
MOST = 50

#: What stands between `<` and `>` of a Message-ID that a database can be asked for.
_ID = re.compile(r"<[!-;=?-~]{3,190}>")
#: A Message-ID as irm/mail/outbox.py makes them, wherever it stands.
_OURS = re.compile(r"<[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}@[!-;=?-~]{1,150}>")
_ADDRESS = re.compile(r"[\w.+=!#$%&'*/?^`{|}~-]{1,64}@[\w.-]{1,190}\w")

#: Who tells that a mail could not be delivered.
_DAEMONS = re.compile(
    r"^(mailer-?daemon|mail-?daemon|postmaster|microsoftexchange\w*)$", re.IGNORECASE
)

#: Where a report goes over into the mail it is about: what follows are our own words.
_COPY = re.compile(
    r"^[\s>*-]*(?:-{2,}.*(?:copy|original|message|header|below).*"
    r"|original message.*|message-id:.*|return-path:.*|received:.*)$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says about one recipient of one mail."""

    kind: BounceKind
    status: str
    text: str
    #: Under which addresses it knows the recipient, in lower case.
    recipients: frozenset[str]
    #: Which mail it may be about, the likeliest first.
    message_ids: tuple[str, ...]
    #: The same for a report that comes again.
    key: str


def read(raw: bytes) -> Sequence[Report]:
    """Return what a mail reports; nothing where it is no report, or cannot be read."""
    try:
        return list(_read(raw[:LIMIT]))
    except Exception:
        # Whatever the parser stumbles over, the next mail is read.
        log.warning("a mail among the bounces cannot be read", exc_info=True)
        return ()


def _read(raw: bytes) -> Iterator[Report]:
    message = message_from_bytes(raw)
    parts = list(message.walk())
    key = _key(message, raw)
    ids = _message_ids(message, parts)
    if feedback := [part for part in parts if part.get_content_type() == "message/feedback-report"]:
        yield from _complaints(feedback[0], parts, ids, key)
        return
    blocks = [
        block
        for part in parts
        if part.get_content_type().endswith("delivery-status")
        for block in _blocks(part)
        if "final-recipient" in block or "original-recipient" in block
    ]
    if blocks:
        for block in blocks:
            yield from _notified(block, ids, key)
    elif _is_from_a_daemon(message):
        yield from _told(message, parts, ids, key)


def _notified(block: Any, ids: tuple[str, ...], key: str) -> Iterator[Report]:
    """One recipient's part of a delivery status notification."""
    action = _value(block, "action").lower()
    status, said = _value(block, "status"), _value(block, "diagnostic-code")
    if action in ("delivered", "relayed", "expanded"):
        return
    named = (_value(block, name) for name in ("original-recipient", "final-recipient"))
    kind = BounceKind.DELAYED if action == "delayed" else kind_of(status, said)
    yield Report(
        kind=kind or BounceKind.OTHER,
        status=status.split()[0][:20] if status.split() else "",
        text=_plain(said.partition(";")[2] or said),
        recipients=_addresses(one.rpartition(";")[2] for one in named),
        message_ids=ids,
        key=key,
    )


def _complaints(
    feedback: Message, parts: Sequence[Message], ids: tuple[str, ...], key: str
) -> Iterator[Report]:
    """A reader, or her mail program, called it spam."""
    blocks = list(_blocks(feedback))
    kinds = [_value(block, "feedback-type").lower() for block in blocks]
    kind = next(filter(None, kinds), "")
    if kind not in ("abuse", "fraud", "other", "complaint"):
        return
    named = [_value(block, "original-rcpt-to") for block in blocks]
    named += [_value(part, "x-hmxmroriginalrecipient") for part in parts]
    named += [_value(part, "to") for part in _returned(parts)]
    yield Report(BounceKind.COMPLAINT, "", _plain(kind), _addresses(named), ids, key)


def _told(
    message: Message, parts: Sequence[Message], ids: tuple[str, ...], key: str
) -> Iterator[Report]:
    """A report in words alone, as qmail and some gateways write them."""
    texts = [_text(part) for part in parts[:10] if part.get_content_type() == "text/plain"]
    if not texts:
        texts = [_text(part) for part in parts[:10] if part.get_content_type() == "text/html"]
    said = _COPY.split(texts[0], maxsplit=1)[0][:4000] if texts else ""
    kind = kind_of("", said, in_words_alone=True)
    if kind is None:
        return
    named = [_value(message, "x-failed-recipients"), *_ADDRESS.findall(said)[:MOST]]
    yield Report(kind, "", _plain(said), _addresses(named), ids, key)


def _is_from_a_daemon(message: Message) -> bool:
    if _value(message, "auto-submitted").lower().startswith("auto-replied") and (
        "x-failed-recipients" not in message
    ):
        return False  # somebody is on holiday
    sender = parseaddr(_value(message, "from"))[1].partition("@")[0]
    return bool(
        _DAEMONS.match(sender)
        or "x-failed-recipients" in message
        or _value(message, "return-path").strip() == "<>"
    )


def _message_ids(message: Message, parts: Sequence[Message]) -> tuple[str, ...]:
    """Every Message-ID that may be that of the mail it is about."""
    named: list[str] = []
    for part in _returned(parts):
        named.append(_value(part, "message-id"))
    for part in parts:
        for block in _blocks(part):
            named += [
                _value(block, name) for name in ("original-message-id", "x-original-message-id")
            ]
    for name in ("x-original-message-id", "original-message-id", "in-reply-to", "references"):
        named.append(_value(message, name))
    found = [id for value in named for id in _ID.findall(value)]
    for part in parts[:20]:
        if part.get_content_maintype() == "text":
            found += _OURS.findall(_text(part))[:MOST]
    return tuple(dict.fromkeys(found))[:MOST]


def _returned(parts: Sequence[Message]) -> Iterator[Message]:
    """The heads of the mail that came back, in whichever form."""
    for part in parts:
        kind = part.get_content_type()
        payload = part.get_payload()
        if kind in ("message/rfc822", "message/global") and isinstance(payload, list):
            yield from (one for one in payload if isinstance(one, Message))
        elif kind in ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers"):
            yield message_from_string(_text(part).lstrip())


def _blocks(part: Message) -> Iterator[Message]:
    """The groups of fields of a status or a feedback report."""
    if part.get_content_type() not in (
        "message/delivery-status",
        "message/global-delivery-status",
        "message/feedback-report",
    ):
        return
    payload = part.get_payload()
    if isinstance(payload, list) and any(len(one) for one in payload if isinstance(one, Message)):
        for one in payload:
            if not isinstance(one, Message):
                continue
            yield one
            # A kind that the library does not know: it took the second group for the text.
            rest = one.get_payload()
            if part.get_content_subtype() != "delivery-status" and isinstance(rest, str):
                yield from _groups(rest)
        return
    yield from _groups(_text(part) or _decoded(part, _joined(payload)))


def _groups(text: str) -> Iterator[Message]:
    for group in re.split(r"(?:\r?\n){2,}", text.strip()):
        yield message_from_string(group)


def _decoded(part: Message, text: str) -> str:
    """Fields that were packed, which they may not be and are."""
    packing = _value(part, "content-transfer-encoding").lower()
    data = text.encode("ascii", "replace")
    if packing == "base64":
        with contextlib.suppress(ValueError):
            data = base64.b64decode(data)
    elif packing == "quoted-printable":
        data = quopri.decodestring(data)
    return data.decode("utf-8", "replace")


def _joined(payload: Any) -> str:
    if isinstance(payload, list):
        return "\n\n".join(str(one.get_payload()) for one in payload if isinstance(one, Message))
    return str(payload or "")


def _text(part: Message) -> str:
    """The text of a part, whatever it says of its encoding."""
    payload: Any = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return payload.decode("latin-1")


def _value(message: Message, name: str) -> str:
    return " ".join(str(message.get(name) or "").split())


def _addresses(named: Iterable[str]) -> frozenset[str]:
    found = getaddresses([one for one in named if one])
    return frozenset(address.strip("<>").casefold() for _name, address in found if "@" in address)


def _plain(text: str) -> str:
    """One line that any database takes."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(line.split()).encode("utf-8", "replace").decode()[:500]


def _key(message: Message, raw: bytes) -> str:
    own = _value(message, "message-id")
    return hashlib.sha256(own.encode("utf-8", "replace") if own else raw).hexdigest()
