"""A round of the worker over the outbox in tests, and what came of it."""

from sqlalchemy import select

from irm import clock
from irm.jobs import delivery
from irm.models import Outbox, OutboxAttempt


def deliver(**given):
    return delivery.deliver(clock.now(), **given)


def fresh(session, mail):
    session.expire_all()
    return session.get_one(Outbox, mail.id)


def tries(session):
    return [one.outcome for one in session.scalars(select(OutboxAttempt).order_by("id"))]
