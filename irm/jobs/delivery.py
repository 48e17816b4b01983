"""Sending what waits in the outbox: claim, hand over, settle, until nothing is left to do."""

import datetime as dt
import os
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from email.utils import parseaddr
from typing import Any

import structlog
from flask import current_app
from sqlalchemy.orm import Session

from irm import clock
from irm.config import Settings
from irm.db import db
from irm.jobs import whereabouts
from irm.mail import channel, confidential, doubt, outbox
from irm.mail.message import address_hash, wire_bytes
from irm.mail.server import server_of
from irm.mail.smtp import Answer, Outcome, Wire, is_limit
from irm.models import MailState, Suppression

log = structlog.get_logger(__name__)

#: So many mails are claimed at once: few enough to be done before the claim runs out.
BATCH = 20

#: Two digits of a server's answer that say "no such mailbox" (RFC 3463).
NO_MAILBOX = ("5.1.1", "5.1.10")


def worker_name() -> str:
    """Who claims: the machine and the process."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def deliver(
    due: dt.datetime,
    *,
    insist: bool = False,
    is_stopping: Callable[[], bool] = lambda: False,
    lease: dt.timedelta = outbox.LEASE,
) -> Counter[str]:
    """Send what is due at a moment; return how many of what.

    Counted: `sent`, `deferred` (the server said later), `failed`, `unknown` (in doubt),
    `suppressed`. Ends early where the server cannot be reached; `insist` tries it even where
    the breaker says to wait. `is_stopping` is asked between two mails; a claim holds for `lease`.
    In a copy of a database nothing is sent before a person decides (irm/jobs/whereabouts.py).
    """
    counts = Counter(sent=0, deferred=0, failed=0, unknown=0, suppressed=0)
    settings: Settings = current_app.config["IRM"]
    whereabouts.look(db.session, settings, clock.now())
    url = settings.smtp_url.get_secret_value()
    if not url:
        return counts
    round_ = _Round(db.session, settings, counts, is_stopping, lease)
    wire = Wire(server_of(url))
    try:
        while (
            not is_stopping()
            and outbox.is_sending(db.session)
            and round_.send_batch(wire, due, insist=insist)
        ):
            pass
    finally:
        wire.quit()
    return counts


def sweep(now: dt.datetime, grace: dt.timedelta = doubt.GRACE) -> dict[str, int]:
    """Settle doubts older than `grace`, and what is past its deadline; return how many."""
    counts = doubt.sweep(db.session, now, grace)
    confidential.blank(db.session, now)
    db.session.commit()
    return counts


class _Round:
    """One round of delivery: what it has done so far, and the result not yet written."""

    def __init__(
        self,
        session: Session,
        settings: Settings,
        counts: Counter[str],
        is_stopping: Callable[[], bool],
        lease: dt.timedelta,
    ) -> None:
        self._session = session
        self._settings = settings
        self._counts = counts
        self._is_stopping = is_stopping
        self._lease = lease
        self._sender = parseaddr(settings.mail_from)[1]
        self._token = ""  # nosec B105  # none yet
        #: How many of the batch got no answer from the server yet.
        self._untried = 0
        self._is_known_up = False
        #: Deferred ones wait for another round, whatever moment this one calls due.
        self._had_their_turn: set[int] = set()
        #: The last mail's result. It is committed together with the next mail's marker: one
        #: commit for each mail instead of two.
        self._unwritten: tuple[Any, Answer, dt.datetime] | None = None

    def send_batch(self, wire: Wire, due: dt.datetime, *, insist: bool) -> bool:
        """Send one batch; return whether to go on."""
        mails = self._claim(due, insist=insist)
        try:
            is_up = self._send_all(mails, wire)
        except BaseException:
            self._session.rollback()
            raise
        finally:
            self._commit_result()
            if mails:
                outbox.unclaim(self._session, self._token)
                self._session.commit()
        return bool(mails) and is_up

    def _claim(self, due: dt.datetime, *, insist: bool) -> Sequence[Any]:
        """Claim the next batch; none where sending is paused, or the server wants to be left."""
        now = clock.now()
        self._is_known_up = False
        if not outbox.is_sending(self._session):
            return []
        limit = BATCH if insist else channel.allowance(self._session, now, BATCH)
        if not limit:
            return []
        mails, self._token = outbox.claim(
            self._session,
            worker_name(),
            due=due,
            now=now,
            limit=limit,
            but=self._had_their_turn,
            lease=self._lease,
        )
        if mails and not insist and not channel.enter(self._session, now, len(mails)):
            self._session.rollback()
            return []
        self._session.commit()
        self._untried = len(mails)
        return mails

    def _send_all(self, mails: Sequence[Any], wire: Wire) -> bool:
        """Send each; False where the server went away.

        No transaction is open while the server is talked to: others wait for their turn to write.
        """
        barred = outbox.suppressed(self._session, [address_hash(mail.to_address) for mail in mails])
        self._session.commit()
        for mail in mails:
            if self._is_stopping():
                break
            if address_hash(mail.to_address) in barred:
                outbox.suppress_claimed(self._session, mail.id, self._token)
                self._session.commit()
                self._counts["suppressed"] += 1
                continue
            if not self._send(mail, wire):
                return False
        return True

    def _send(self, mail: Any, wire: Wire) -> bool:
        """Send one; False where no other should follow for now."""
        started_at = clock.now()
        answer = self._hand_over(mail, wire)
        if answer.outcome is Outcome.CHANNEL:
            self._commit_result()
            self._blame(answer)
            return False
        if answer.outcome is Outcome.DROPPED:
            return True
        self._untried -= 1
        # Without its marker this mail did not commit the result of the one before.
        self._commit_result()
        self._unwritten = mail, answer, started_at
        if answer.outcome is not Outcome.UNKNOWN:
            return True
        # A server that swallows every answer would put all that waits in doubt, one by one.
        self._commit_result()
        self._blame(answer)
        return channel.allowance(self._session, clock.now(), BATCH) == BATCH

    def _blame(self, answer: Answer) -> None:
        """Take note that it is the server, not the mail; the caller has no transaction open."""
        log.warning("mail server down", stage=answer.stage, code=answer.code, said=answer.text)
        text = f"{answer.stage}: {answer.code or ''} {answer.text}"
        now = clock.now()
        is_envelope = answer.stage in ("mail", "rcpt", "data")
        if is_envelope and is_limit(answer.code, answer.text):
            channel.limited(self._session, text, now, untried=self._untried)
        else:
            # "Never" to all we are: a wrong password, a blocked address. To insist does harm.
            is_final = answer.code is not None and answer.code >= 500
            channel.failed(self._session, text, now, at_once=is_final)
        self._session.commit()
        self._is_known_up = False

    def _hand_over(self, mail: Any, wire: Wire) -> Answer:
        try:
            data = wire_bytes(mail, self._settings.smtp_idempotency_header)
        except Exception as error:  # noqa: BLE001  # a mail that cannot be built fails alone
            return Answer(Outcome.REFUSED, "message", None, f"{type(error).__name__}: {error}")

        def mark() -> bool:
            state = self._write_result()
            may_go = outbox.mark(self._session, mail.id, self._token, clock.now())
            self._session.commit()
            self._forget_result(state)
            return may_go

        return wire.send(self._sender, mail.to_address, data, mark)

    def _commit_result(self) -> None:
        state = self._write_result()
        self._session.commit()
        self._forget_result(state)

    def _write_result(self) -> MailState | None:
        """Write down the last mail's result, and return the state it led to.

        The caller commits, and only then forgets it: what could not be written is tried again.
        """
        if self._unwritten is None:
            return None
        mail, answer, started_at = self._unwritten
        now = clock.now()
        if _is_heard(answer) and not self._is_known_up:
            channel.worked(self._session)
        if answer.stage == "rcpt" and answer.text.startswith(NO_MAILBOX):
            self._suppress(mail.to_address, now)
        return outbox.settle(
            self._session, mail, self._token, answer, started_at=started_at, now=now
        )

    def _forget_result(self, state: MailState | None) -> None:
        if self._unwritten is None:
            return
        mail, answer, _started_at = self._unwritten
        self._unwritten = None
        self._is_known_up = self._is_known_up or _is_heard(answer)
        self._counts[_NAMES[state]] += 1
        if state is MailState.PENDING:
            self._had_their_turn.add(mail.id)

    def _suppress(self, address: str, now: dt.datetime) -> None:
        key = address_hash(address)
        if not outbox.suppressed(self._session, [key]):
            self._session.add(Suppression(address_hash=key, reason="hard_bounce", at=now))


def _is_heard(answer: Answer) -> bool:
    """Whether a server that is well said this: of one mail, even if it was "no"."""
    return answer.code is not None and answer.outcome is not Outcome.UNKNOWN


#: What a state after a try is counted as.
_NAMES = {
    MailState.SENT: "sent",
    MailState.PENDING: "deferred",
    MailState.FAILED: "failed",
    None: "unknown",
}
