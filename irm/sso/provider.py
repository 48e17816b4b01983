"""The sign-in service: where it is asked what, and whom it says somebody is.

OpenID Connect by code (Core 1.0, section 3.1) with PKCE (RFC 7636) and the issuer in the answer
(RFC 9207).
"""

import base64
import datetime as dt
import hashlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Generic, TypeVar
from urllib.parse import quote_plus, urlencode, urlsplit

from irm.config import Settings
from irm.directory.identities import Shown
from irm.errors import Refused
from irm.i18n import _l
from irm.sso import wire
from irm.sso.wire import Failed, Silent

T = TypeVar("T")

#: Where its answers come back to, below IRM_PUBLIC_URL.
RETURN = "/login/sso/return"

#: Seconds for which what a service says of itself is believed, and those after a failure in which
#: it is not asked again: else everybody who tries would wait for it.
LASTS, REST = 3600.0, 10.0


@dataclass(frozen=True, slots=True)
class Place:
    """What a service says of itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorize: str
    token: str
    keys: str
    userinfo: str
    #: Whether it wants the secret in the form, as it does not take it in a header.
    secret_in_form: bool
    #: Whether each of its answers names it.
    names_itself: bool
    #: The claims it can make, where it says which.
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Errand:
    """One way to the service and back: what only this browser and we know of it."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the service says somebody is, and how it knows."""

    shown: Shown
    name: str
    #: When she entered her password or the like there; None where it does not say.
    shown_at: dt.datetime | None
    #: How (`amr`, RFC 8176).
    methods: frozenset[str]

    @property
    def showed_two(self) -> bool:
        """Whether she showed two things there: more than a password somebody found out."""
        return "mfa" in self.methods or ("otp" in self.methods and len(self.methods) > 1)


class Provider:
    """The sign-in service of this installation; what it says of itself is asked once an hour."""

    def __init__(self, settings: Settings) -> None:
        #: Without the slash that some have at the end: under this its accounts are kept.
        self.issuer = settings.oidc_issuer.rstrip("/")
        self.name = settings.oidc_name or urlsplit(settings.oidc_issuer).hostname or ""
        self.return_address = settings.public_url + RETURN
        self._id = settings.oidc_client_id
        self._secret = settings.oidc_client_secret.get_secret_value()
        self._verifying = _verifying()
        self._place = _Kept(self._ask_place)
        self._keys = _Kept(self._ask_keys)

    def place(self) -> Place:
        """Where it is asked what.

        Raises Failed where it does not say.
        """
        return self._place.get()

    def keys(self) -> Sequence[Any]:
        """The keys it signs with.

        Raises Failed where it does not say.
        """
        return self._keys.get()

    def address(self, errand: Errand, *, is_anew: bool = False) -> str:
        """Where a browser is sent to sign in; `is_anew`: even if she is signed in there.

        Raises Failed where the service cannot be reached.
        """
        place = self.place()
        asked = {
            "response_type": "code",
            "client_id": self._id,
            "redirect_uri": self.return_address,
            "scope": "openid email profile",
            "state": errand.state,
            "nonce": errand.nonce,
            "code_challenge": _challenge(errand.verifier),
            "code_challenge_method": "S256",
        }
        if is_anew:
            asked |= {"prompt": "login", "max_age": "0"}
        sign = "&" if "?" in place.authorize else "?"
        return place.authorize + sign + urlencode(asked)

    def person(
        self, code: str, errand: Errand, *, answered_by: str | None, at: dt.datetime
    ) -> Person:
        """Whoever came back with this code; `answered_by` is the issuer in the answer, if any.

        Raises Failed where the answer is not accepted, Silent where there is none.
        """
        place = self.place()
        if answered_by != place.issuer and (answered_by is not None or place.names_itself):
            raise Failed("the answer comes from another service")
        given = self._redeem(place, code, errand.verifier)
        claims = self._claims(place, given.get("id_token"), errand.nonce, at)
        said = claims
        if not {"email", "email_verified"} <= claims.keys() and place.userinfo:
            said = self._more(place, given.get("access_token"), claims["sub"])
        return Person(
            Shown(self.issuer, claims["sub"], _confirmed_email(said)),
            _text(said.get("name"), 120),
            _moment(claims.get("auth_time"), at),
            frozenset(one for one in _list(claims.get("amr")) if isinstance(one, str)),
        )

    def _redeem(self, place: Place, code: str, verifier: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.return_address,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if not self._secret or place.secret_in_form:
            form["client_id"] = self._id
        if self._secret and place.secret_in_form:
            form["client_secret"] = self._secret
        elif self._secret:
            pair = f"{quote_plus(self._id)}:{quote_plus(self._secret)}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        return wire.ask(place.token, form=urlencode(form).encode(), headers=headers)

    def _claims(self, place: Place, token: object, nonce: str, at: dt.datetime) -> dict[str, Any]:
        if not isinstance(token, str):
            raise Failed("there is no ID token in the answer")

        def read(keys: Sequence[Any]) -> dict[str, Any]:
            found: dict[str, Any] = self._verifying.claims_of(
                token, keys, issuer=place.issuer, audience=self._id, nonce=nonce, at=at
            )
            return found

        try:
            return read(self.keys())
        except self._verifying.UnknownKey:
            # It changes its keys now and then.
            return read(self._keys.get(anew=True))

    def _more(self, place: Place, token: object, subject: str) -> dict[str, Any]:
        """What it says beside the ID token, where that is short of the e-mail."""
        if not isinstance(token, str):
            return {}
        said = wire.ask(place.userinfo, headers={"Authorization": f"Bearer {token}"})
        if said.get("sub") != subject:
            raise Failed("userinfo is about somebody else")
        return said

    def _ask_place(self) -> Place:
        return _read_place(self.issuer, wire.ask(self.issuer + "/.well-known/openid-configuration"))

    def _ask_keys(self) -> Sequence[Any]:
        keys = wire.ask(self.place().keys).get("keys")
        if not isinstance(keys, list):
            raise Failed("there are no keys in its answer")
        return keys


class _Kept(Generic[T]):
    """What a service says, asked by one at a time and kept; an older answer is better than none."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask, self._lock = ask, threading.Lock()
        self._value: T | None = None
        self._failure: Failed | None = None
        self._until = 0.0

    def get(self, *, anew: bool = False) -> T:
        with self._lock:
            if anew or time.monotonic() >= self._until:
                self._renew()
            if self._value is None:
                failure = self._failure
                raise type(failure)(str(failure)) if failure else Silent("nothing was asked yet")
            return self._value

    def _renew(self) -> None:
        try:
            self._value, self._failure, lasts = self._ask(), None, LASTS
        except Failed as failure:
            self._failure, lasts = failure, REST
        self._until = time.monotonic() + lasts


def _verifying() -> Any:
    """The part that needs the extra, loaded where sign-in by a service is set up and nowhere else.

    Raises Refused where the extra is not installed.
    """
    try:
        return import_module("irm.sso.verifying")
    except ImportError:
        raise Refused(
            _l(
                "IRM_OIDC_ISSUER is set, but the extra “sso” is not installed: run "
                "%(command)s, or take the setting out.",
                command="pip install 'irm[sso]'",
            )
        ) from None


def _read_place(issuer: str, said: Mapping[str, Any]) -> Place:
    named = said.get("issuer")
    if not isinstance(named, str) or named.rstrip("/") != issuer:
        raise Failed(f"it calls itself {str(named)[:200]!r}, not {issuer!r}")

    def place(name: str, *, must: bool = True) -> str:
        address = _text(said.get(name), 2000)
        if not wire.is_safe(address) and (address or must):
            raise Failed(f"{name} is {address[:200]!r}, not https")
        return address

    methods = _list(said.get("token_endpoint_auth_methods_supported"))
    return Place(
        issuer=named,
        authorize=place("authorization_endpoint"),
        token=place("token_endpoint"),
        keys=place("jwks_uri"),
        userinfo=place("userinfo_endpoint", must=False),
        secret_in_form="client_secret_basic" not in methods and "client_secret_post" in methods,
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
        claims=tuple(one for one in _list(said.get("claims_supported")) if isinstance(one, str)),
    )


def _challenge(verifier: str) -> str:
    return (
        base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    )


def _confirmed_email(said: Mapping[str, Any]) -> str:
    return _text(said.get("email"), 254) if said.get("email_verified") is True else ""


def _text(value: object, longest: int) -> str:
    """A text that can be stored; empty where it is none."""
    is_one = isinstance(value, str) and len(value) <= longest and value.isprintable()
    return str(value) if is_one else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _moment(value: object, at: dt.datetime) -> dt.datetime | None:
    """A moment that the service says, never one to come."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    if not 0 < value < at.timestamp():
        return at if value > 0 else None
    return dt.datetime.fromtimestamp(value, dt.UTC)
