"""From a row of the outbox to the bytes that go over the wire: the same bytes at every try."""

import hashlib
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

#: Headers are not folded below the limit of a line (RFC 5322, 2.1.1): where the library folds one
#: at a word that must be encoded, the reader sees a space too many.
UNFOLDED = policy.SMTP.clone(max_line_length=900)


def wire_bytes(mail: Any, idempotency_header: str = "") -> bytes:
    """Return a mail as SMTP carries it.

    Raises ValueError where a header holds what a header cannot.
    """
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = mail.subject
    message["To"] = mail.to_address
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    for name, value in mail.headers.items():
        message[name] = value
    if idempotency_header:
        message[idempotency_header] = mail.message_id.strip("<>")
    message.set_content(mail.body_text, cte="quoted-printable")
    message.add_alternative(mail.body_html, subtype="html", cte="quoted-printable")
    # The library would draw lots for it; this one is the same at the second try.
    message.set_boundary(hashlib.sha256(mail.message_id.encode()).hexdigest()[:32])
    return message.as_bytes(policy=UNFOLDED)


def address_hash(address: str) -> str:
    """Return under what an address is suppressed: its hash, so that the list tells nothing."""
    return hashlib.sha256(address.strip().casefold().encode()).hexdigest()
