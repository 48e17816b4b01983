"""Why mail did not go out, and what to do: sentences for what was written down some time ago."""

from collections.abc import Iterable
from email.utils import parseaddr
from typing import Any

from flask import current_app
from sqlalchemy import select

from irm.config import Settings
from irm.db import db
from irm.mail import advice
from irm.mail.server import Server, server_of
from irm.mail.smtp import Answer, Outcome
from irm.models import ChannelHealth, MailState, OutboxAttempt

#: What a server says of one mail, and not of all.
_OF_ONE = (Outcome.DEFERRED, Outcome.REFUSED)

#: States in which a mail did not go out yet, or never will.
_LEFT = (MailState.PENDING, MailState.FAILED)


def of_channel(channel: ChannelHealth | None) -> str:
    """Return what to do where the server did not answer the last time; empty where it did."""
    server = _server()
    if server is None or channel is None or not channel.consecutive_failures:
        return ""
    return advice.about_kept(server, _sender(), channel.last_error or "")


def of_mails(mails: Iterable[Any]) -> dict[int, str]:
    """Return, by the ids of mails, why the server did not take those that are left."""
    server = _server()
    addresses = {one.id: one.to_address for one in mails if one.state in _LEFT and one.attempts}
    if server is None or not addresses:
        return {}
    tries = select(OutboxAttempt).where(OutboxAttempt.outbox_id.in_(addresses))
    last = {one.outbox_id: one for one in db.session.scalars(tries.order_by(OutboxAttempt.id))}
    return {
        id: advice.about(advice.Fault(server, _sender(), addresses[id], _answer(one)))
        for id, one in last.items()
        if one.outcome in _OF_ONE and one.code
    }


def _answer(one: OutboxAttempt) -> Answer:
    return Answer(Outcome(one.outcome or ""), one.stage, one.code, one.text or "")


def _server() -> Server | None:
    url = _settings().smtp_url.get_secret_value()
    return server_of(url) if url else None


def _sender() -> str:
    return parseaddr(_settings().mail_from)[1]


def _settings() -> Settings:
    settings: Settings = current_app.config["IRM"]
    return settings
