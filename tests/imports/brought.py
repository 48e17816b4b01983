"""What a list brought: counts, accounts, and everything that an import may touch."""

import datetime as dt

from sqlalchemy import select

from irm.imports.batches import COUNTS
from irm.models import (
    Account,
    AccountHandle,
    ContactPoint,
    Influencer,
    Relationship,
    SearchEntry,
    Snapshot,
    StageCounter,
    StageMove,
)

#: The day of a list that says nothing else.
DAY = dt.date(2026, 2, 1)
HEADINGS = "Handle,Name,Followers,Country,Bio,E-mail,Engagement average\n"


def counts(result):
    return {name: result[name] for name in COUNTS if result[name]}


def people(session):
    session.expire_all()
    return {
        account.handle: account
        for account in session.scalars(select(Account).order_by(Account.id)).all()
    }


def stored(session, *further):
    """Everything that an import may touch, as plain values."""
    session.rollback()
    kept = (Influencer, Account, AccountHandle, Snapshot, ContactPoint, Relationship, StageMove)
    tables = [model.__table__ for model in (*kept, StageCounter, SearchEntry, *further)]
    return {
        table.name: session.execute(select(table).order_by(*table.primary_key)).all()
        for table in tables
    }
