"""Reading what came back: every few minutes, from the mailbox that IRM_BOUNCES_URL names."""

import datetime as dt
from collections import Counter

import structlog
from flask import current_app
from sqlalchemy.exc import DataError

from irm.config import Settings
from irm.db import db
from irm.mail import bounces, reports, returned

log = structlog.get_logger(__name__)

#: So many mails are fetched at once, and so many in one run: the next one is minutes away.
BATCH = 50
MOST = 1000


def read_due(now: dt.datetime) -> Counter[str]:
    """Read what nobody has read yet; return how many of what.

    Counted: the kinds of irm.models.BounceKind, and `nothing` for a mail that is no report about a
    mail of ours, or came before. Raises Unreadable where the mailbox cannot be read.
    """
    settings: Settings = current_app.config["IRM"]
    url = settings.bounces_url.get_secret_value()
    counts: Counter[str] = Counter()
    if not url:
        return counts
    with returned.opened(url) as box:
        while counts.total() < MOST:
            # Whoever talks to a server holds no transaction.
            db.session.commit()
            mails = box.unread(BATCH)
            if not mails:
                break
            for _name, raw in mails:
                counts[_take(raw, now)] += 1
            # Marked only once it is written down: what is read twice counts once.
            box.mark([name for name, _raw in mails])
    return counts


def _take(raw: bytes, now: dt.datetime) -> str:
    taken = "nothing"
    for report in reports.read(raw):
        try:
            kind = bounces.take(db.session, report, now)
            db.session.commit()
        except DataError:
            # What a database cannot hold must not stand in the way of all that comes after it.
            db.session.rollback()
            log.warning("a report cannot be kept", exc_info=True)
            continue
        taken = kind.value if kind else taken
    return taken
