"""What comes back: reports as mail servers write them, garbage, and a mailbox that holds them."""

import base64
import random
import socket
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from line_server import LineServer

CRLF = "\r\n"


def original(message_id, to, *, with_body=True):
    head = (
        f"From: irm <irm@acme.example>\nTo: {to}\nSubject: Your day\nMessage-ID: {message_id}\n"
        "Date: Mon, 02 Mar 2026 08:30:00 +0000\nAuto-Submitted: auto-generated\n"
    )
    return head + ("\nShe does not exist in spam, says 5.7.1.\n" if with_body else "\n")


def dsn(  # each a thing in which servers differ
    message_id,
    to,
    status,
    said,
    *,
    action="failed",
    key="1",
    shape="postfix",
    final=None,
    encoding="7bit",
):
    """A delivery status notification (RFC 3464) in the dress of one of the usual servers."""
    final = final or to
    per_message = (
        "Reporting-MTA: dns; mx.example.net\nArrival-Date: Mon, 2 Mar 2026 08:30:01 +0000\n"
    )
    fields = [f"Final-Recipient: rfc822; {final}", f"Action: {action}", f"Status: {status}"]
    heads = {"Return-Path": "<>", "Auto-Submitted": "auto-replied", "To": "irm@acme.example"}
    returned = ("message/rfc822", original(message_id, to))
    if shape == "postfix":
        heads["From"] = "MAILER-DAEMON@mx.example.net (Mail Delivery System)"
        fields += [f"Original-Recipient: rfc822;{to}", "Remote-MTA: dns; mx.other.example"]
        per_message += "X-Postfix-Queue-ID: 4ABCDEF\nX-Postfix-Sender: rfc822; irm@acme.example\n"
    elif shape == "gmail":
        heads["From"] = "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"
        heads["X-Failed-Recipients"] = to
        heads["In-Reply-To"] = heads["References"] = message_id
        per_message += f"X-Original-Message-ID: {message_id}\n"
    elif shape == "exchange":
        heads["From"] = "<postmaster@contoso.example>"
        heads["In-Reply-To"] = message_id
        returned = ("text/rfc822-headers", original(message_id, to, with_body=False))
        fields[0] = f"Final-Recipient: rfc822;{final.upper()}"
    elif shape == "bare":
        heads["From"] = "Mailer-Daemon@relay.example"
        returned = ("text/rfc822-headers", original(message_id, to, with_body=False))
    fields.append(f"Diagnostic-Code: {said}")
    boundary = f"=_{key}"
    heads |= {
        "Subject": "Undelivered Mail Returned to Sender",
        "Message-ID": f"<report-{key}@mx.example.net>",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/report; report-type=delivery-status; boundary="{boundary}"',
    }
    told = per_message + "\n" + "\n".join(fields) + "\n"
    if encoding == "base64":
        told = base64.encodebytes(told.encode()).decode()
    parts = [
        ("text/plain; charset=us-ascii", "", "I could not deliver your mail.\n"),
        ("message/delivery-status", f"Content-Transfer-Encoding: {encoding}\n", told),
        (returned[0], "", returned[1]),
    ]
    lines = "".join(f"{name}: {value}\n" for name, value in heads.items()) + "\n"
    for kind, extra, body in parts:
        lines += f"--{boundary}\nContent-Type: {kind}\n{extra}\n{body}\n"
    return (lines + f"--{boundary}--\n").replace("\n", CRLF).encode()


def qmail(message_id, to, said, *, key="1"):
    """A report in words alone."""
    text = (
        f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nTo: irm@acme.example\n"
        f"Subject: failure notice\nMessage-ID: <qmail-{key}@mx.example.org>\n\n"
        "Hi. This is the qmail-send program at mx.example.org.\nI'm afraid I wasn't able to "
        f"deliver your message to the following addresses.\n\n<{to}>:\n{said}\n\n"
        f"--- Below this line is a copy of the message.\n\n{original(message_id, to)}"
    )
    return text.replace("\n", CRLF).encode()


def complaint(message_id, to, *, kind="abuse", key="1", is_redacted=False):
    """A feedback report (RFC 5965)."""
    boundary = f"=_arf_{key}"
    fields = f"Feedback-Type: {kind}\nUser-Agent: SomeLoop/1.0\nVersion: 1\n"
    if not is_redacted:
        fields += f"Original-Rcpt-To: <{to}>\n"
    text = (
        f"From: feedback@isp.example\nTo: irm@acme.example\nSubject: FW: Your day\n"
        f"Message-ID: <arf-{key}@isp.example>\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/report; report-type=feedback-report; boundary="{boundary}"\n\n'
        f"--{boundary}\nContent-Type: text/plain\n\nThis is an email abuse report.\n\n"
        f"--{boundary}\nContent-Type: message/feedback-report\n\n{fields}\n"
        f"--{boundary}\nContent-Type: message/rfc822\n\n{original(message_id, to)}\n"
        f"--{boundary}--\n"
    )
    return text.replace("\n", CRLF).encode()


def holiday(message_id, key="1"):
    """Somebody is away: no bounce, though it answers ours."""
    mail = MIMEText("I am away until Monday. My mailbox is full of spam, says 550 5.1.1.")
    mail["From"], mail["To"] = "Ana <ana@example.com>", "irm@acme.example"
    mail["Auto-Submitted"], mail["In-Reply-To"] = "auto-replied", message_id
    mail["Return-Path"], mail["Message-ID"] = "<>", f"<away-{key}@example.com>"
    return mail.as_bytes()


#: What servers say, and what it means: (status, diagnosis, kind).
SAYINGS = [
    ("5.1.1", "smtp; 550 5.1.1 <{to}>: User unknown in relay recipient table", "hard"),
    ("5.1.1", "smtp; 550-5.1.1 The email account that you tried to reach does not exist.", "hard"),
    ("5.1.10", "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {to} not found", "hard"),
    ("5.0.0", "smtp; 550 5.1.1 User Unknown", "hard"),
    ("5.0.0", "smtp; 550 No such user here", "hard"),
    ("5.0.0", "x-unix; user unknown", "hard"),
    ("5.1.2", "dns; Host or domain name not found", "hard"),
    ("5.1.6", "smtp; 550 5.1.6 Mailbox has moved", "hard"),
    ("5.7.1", "smtp; 550 5.7.1 Message rejected as spam by Content Filtering.", "policy"),
    ("5.7.26", "smtp; 550-5.7.26 Unauthenticated email is not accepted due to DMARC", "policy"),
    ("5.0.0", "smtp; 554 5.7.1 Service unavailable; Client host [192.0.2.5] blocked", "policy"),
    ("5.1.8", "smtp; 550 5.1.8 Sender address rejected: Domain not found", "policy"),
    ("5.1.0", "smtp; 550 5.1.0 <irm@acme.example> Sender rejected", "policy"),
    ("5.0.0", "smtp; 550 mx [5.1.1.2] Rejected because of policy", "policy"),
    ("4.2.2", "smtp; 452 4.2.2 The email account that you tried to reach is over quota", "soft"),
    ("5.2.2", "smtp; 552 5.2.2 Mailbox full", "soft"),
    ("4.4.1", "smtp; connect to mx.example.com[192.0.2.7]:25: Connection timed out", "soft"),
    ("4.4.7", "smtp;550 4.4.7 QUEUE.Expired; message expired", "soft"),
    ("4.7.1", "smtp; 451 4.7.1 Greylisting in action, please come back later", "soft"),
    ("5.4.1", "smtp;550 5.4.1 Recipient address rejected: Access denied.", "soft"),
    ("5.3.4", "smtp; 552 5.3.4 Message size exceeds fixed limit", "other"),
    ("5.6.0", "smtp; 554 5.6.0 Message is malformed", "other"),
]  # fmt: skip

#: The same in words alone.
TOLD = [
    ("Remote host said: 550 5.1.1 User unknown", "hard"),
    ("Sorry, no mailbox here by that name. (#5.1.1)", "hard"),
    ("192.0.2.7 does not like recipient.\nRemote host said: 550 No such user", "hard"),
    ("Remote host said: 552 Mailbox full", "soft"),
    ("Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)", "soft"),
    ("Remote host said: 554 Message refused as spam (#5.7.1)", "policy"),
]

SHAPES = ("postfix", "gmail", "exchange", "bare")


def post(mails, rng):
    """For each (id, to) a report of some shape, with the kind it should be taken for."""
    for n, (id, to) in enumerate(mails):
        draw = rng.random()
        if draw < 0.1:
            yield complaint(id, to, key=f"{n}", is_redacted=rng.random() < 0.4), "complaint"
        elif draw < 0.25:
            said, kind = rng.choice(TOLD)
            yield qmail(id, to, said, key=f"{n}"), kind
        elif draw < 0.32:
            yield (
                dsn(id, to, "4.4.1", "smtp; later", action="delayed", key=f"{n}"),
                "delayed",
            )
        else:
            status, said, kind = rng.choice(SAYINGS)
            shape, encoding = rng.choice(SHAPES), rng.choice(["7bit", "7bit", "base64"])
            final = rng.choice([None, f"box{n}@forward.example"]) if shape == "postfix" else None
            said = said.format(to=to)
            yield dsn(
                id, to, status, said, key=f"{n}", shape=shape, encoding=encoding, final=final
            ), kind  # fmt: skip


def garbage(mails, rng):
    """What else lies in such a mailbox: cut, mangled, empty, of no kind."""
    whole = [raw for raw, _kind in post(mails, rng)]
    for n, raw in enumerate(whole):
        kind = n % 6
        if kind == 0:
            yield rng.randbytes(rng.randrange(3000))
        elif kind == 1:
            yield b""
        elif kind == 2:
            # Cut before the first word of whom it is about.
            yield raw[: rng.randrange(200)]
        elif kind == 3:
            # About a mail that somebody else sent.
            yield dsn(f"<{n}@else.example>", mails[n][1], "5.1.1", "smtp; 550", key=f"else-{n}")
        elif kind == 4:
            yield holiday(mails[n][0], f"{n}")
        else:
            nest = MIMEMultipart("report")
            inner = nest
            for _ in range(60):
                deeper = MIMEMultipart("mixed")
                inner.attach(deeper)
                inner = deeper
            yield b"Subject: =?utf-16?B?////?=\r\nTo: \xff\xfe\r\n" + nest.as_bytes()


def generator(seed=34):
    return random.Random(seed)


class Mailbox(LineServer):
    """An IMAP server with one folder; it knows as much of IMAP as reading a mailbox takes."""

    def __init__(self, mails, user="irm", password="p@ss/word") -> None:
        super().__init__()
        self.mails = dict(enumerate(mails, 1))
        self.seen: set[int] = set()
        self.commands: list[str] = []
        self._secret = (user, password)

    @property
    def url(self) -> str:
        return f"imap://irm:p%40ss%2Fword@127.0.0.1:{self.port}/Bounces"

    def talk(self, client: socket.socket) -> None:
        with client.makefile("rwb") as line:
            self._talk(line)

    def _talk(self, line) -> None:
        def say(data: bytes) -> None:
            line.write(data + b"\r\n")
            line.flush()

        say(b"* OK IMAP4rev1 ready")
        while asked := line.readline():
            tag, _, rest = asked.decode().strip().partition(" ")
            self.commands.append(rest)
            answer = b"OK done"
            if rest == "CAPABILITY":
                say(b"* CAPABILITY IMAP4rev1")
            elif rest.startswith("LOGIN"):
                user, password = self._secret
                good = rest == f'LOGIN {user} "{password}"'
                answer = b"OK in" if good else b"NO [AUTHENTICATIONFAILED] wrong"
            elif rest.startswith("SELECT"):
                answer = b"OK selected" if "Bounces" in rest else b"NO no such folder"
            elif rest.startswith("UID SEARCH"):
                unseen = sorted(self.mails.keys() - self.seen)
                say(b"* SEARCH " + " ".join(map(str, unseen)).encode())
            elif rest.startswith("UID FETCH"):
                uid = int(rest.split()[2])
                raw = self.mails[uid]
                say(b"* %d FETCH (UID %d BODY[]<0> {%d}" % (uid, uid, len(raw)))
                line.write(raw)
                say(b")")
            elif rest.startswith("UID STORE"):
                self.seen |= {int(uid) for uid in rest.split()[2].split(",")}
            elif rest == "LOGOUT":
                say(b"* BYE")
            say(tag.encode() + b" " + answer)
            if rest == "LOGOUT":
                return
