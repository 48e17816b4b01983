"""The builder of ties, as tests/make.py has those of other models."""

import datetime as dt
from typing import Any

from make import MONDAY

from irm.models import Tie, TieKind, TieOrigin


def tie(**given: Any) -> Tie:
    """A follow that public posts show, last seen today; it needs from_id and to_id."""
    given.setdefault("kind", TieKind.FOLLOWS)
    given.setdefault("origin", TieOrigin.POSTS)
    given.setdefault("last_seen", dt.datetime.now(dt.UTC).date())
    given.setdefault("created_at", MONDAY)
    return Tie(**given)
