"""That another brand is in touch with somebody, in the reader's words."""

import datetime as dt

from irm.db import db
from irm.funnel import elsewhere
from irm.models import Relationship
from irm.web.words import words


def said(relationship: Relationship, day: dt.date | None = None) -> str:
    """Until when they are busy, as of today or of a day ahead; empty where they are free."""
    now = words()
    until = elsewhere.of(db.session, relationship, now.today, now.zone, day)
    return elsewhere.said(now.date[until]) if until else ""
