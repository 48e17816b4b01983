"""The builder of an invitation, beside those of tests/make.py."""

import datetime as dt
from itertools import count
from typing import Any

from irm.directory import tokens
from irm.directory.tokens import Purpose
from irm.models import Invitation, Role
from irm.models.keys import fold

_numbers = count(1)


def invitation(**given: Any) -> Invitation:
    """An invitation that waits, to the brands given; `token` opens it."""
    n = next(_numbers)
    email = given.pop("email", f"new{n}@example.com")
    token = given.pop("token", None) or tokens.new()
    at = given.setdefault("created_at", dt.datetime.now(dt.UTC))
    given.setdefault("sent_at", at)
    given.setdefault("expires_at", at + dt.timedelta(days=7))
    given.setdefault("role", Role.MANAGER)
    given.setdefault("locale", "en")
    return Invitation(
        name=given.pop("name", f"Mira {n}"),
        email=email,
        email_key=fold(email),
        token_hash=tokens.kept(token, Purpose.INVITATION),
        **given,
    )
