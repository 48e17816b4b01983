"""A browser's way to the sign-in service and back: begun here, once, and not by anybody else.

The signed cookie keeps a random state. What else has to be the same on the way back follows from it
and the key of the installation, so that the cookie holds none of it.
"""

import datetime as dt
import enum
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from flask import current_app, session

from irm import clock
from irm.sso.provider import Errand

#: Under which the cookie keeps it.
KEPT_AS = "errand"

#: How long she may take at the service, and by how much its clock may differ from ours.
LASTS, APART = dt.timedelta(minutes=15), dt.timedelta(minutes=1)


class Purpose(enum.StrEnum):
    """What somebody goes to the service for."""

    SIGN_IN = "sign_in"
    #: To accept an invitation.
    JOIN = "join"
    #: To show once more who she is.
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Begun:
    """An errand as this browser began it."""

    errand: Errand
    purpose: Purpose
    #: Where she wanted to go.
    next: str
    at: dt.datetime


def begin(purpose: Purpose, wanted: str = "") -> Errand:
    """Begin one; what this browser began before is forgotten."""
    state = secrets.token_urlsafe(32)
    at = int(clock.now().timestamp())
    session[KEPT_AS] = {"state": state, "for": purpose.value, "next": wanted, "at": at}
    return _errand(state)


def take(state: str) -> Begun | None:
    """What this browser began under this state, once; None where it did not, or long ago."""
    kept = session.get(KEPT_AS)
    if not isinstance(kept, dict):
        return None
    if not hmac.compare_digest(str(kept.get("state")).encode(), state.encode(errors="replace")):
        return None
    session.pop(KEPT_AS)
    at = dt.datetime.fromtimestamp(kept["at"], dt.UTC)
    if clock.now() - at > LASTS:
        return None
    return Begun(_errand(state), Purpose(kept["for"]), kept["next"], at)


def _errand(state: str) -> Errand:
    return Errand(state, _derived("nonce", state), _derived("verifier", state))


def _derived(what: str, state: str) -> str:
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"sign-in {what}\n{state}".encode(), hashlib.sha256).hexdigest()
