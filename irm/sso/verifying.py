"""What an ID token says, believed only where the service's own key signed it for us, just now.

This module needs the extra `sso`: provider.py loads it, once it is known to be there.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from irm.sso.wire import Failed

#: Signatures by a private key that the service alone has. Not among them: none at all, and HS256
#: and its kin, whose key would be one that everybody can read.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")

#: By how much the service's clock may differ from ours.
APART = dt.timedelta(seconds=60)

#: The bits a RSA key has at least (RFC 7518, section 3.3).
RSA_BITS = 2048

_REGISTRY = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
# Some services put a chain of certificates into the header.
_REGISTRY.max_header_length = 8 * 1024


class UnknownKey(Failed):
    """None of the keys at hand signed it: the service may have new ones."""


def claims_of(
    token: str,
    keys: Sequence[Any],
    *,
    issuer: str,
    audience: str,
    nonce: str,
    at: dt.datetime,
) -> dict[str, Any]:
    """The claims of an ID token.

    Raises Failed where any of it is not as it must be (OpenID Connect Core, section 3.1.3.7).
    """
    claims = _signed(token, keys)
    said = claims.get("aud")
    audiences = said if isinstance(said, list) else [said]
    wrong = [
        name
        for name, is_right in (
            ("iss", claims.get("iss") == issuer),
            ("aud", audience in audiences),
            ("azp", claims.get("azp", audience if len(audiences) == 1 else None) == audience),
            ("exp", _seconds(claims, "exp") > (at - APART).timestamp()),
            ("iat", 0 < _seconds(claims, "iat") < (at + APART).timestamp()),
            ("nbf", _seconds(claims, "nbf") < (at + APART).timestamp()),
            ("nonce", bool(nonce) and claims.get("nonce") == nonce),
            ("sub", _is_name(claims.get("sub"))),
        )
        if not is_right
    ]
    if wrong:
        raise Failed(f"ID token: {', '.join(wrong)}")
    return claims


def _signed(token: str, keys: Sequence[Any]) -> dict[str, Any]:
    try:
        header = jws.extract_compact(token.encode(), registry=_REGISTRY).headers()
    except (JoseError, ValueError) as error:
        raise Failed(f"ID token: {error}") from error
    if header.get("alg") not in ALGORITHMS:
        raise Failed(f"ID token: signed by {str(header.get('alg'))[:20]!r}")
    for key in _fitting(keys, header.get("kid")):
        try:
            return jwt.decode(token, key, registry=_REGISTRY).claims
        except (JoseError, ValueError):
            continue
    raise UnknownKey("ID token: signed by none of the service's keys")


def _fitting(keys: Sequence[Any], kid: object) -> list[RSAKey | ECKey]:
    """The public keys that may have signed a token; what we cannot read is left out."""
    found: list[RSAKey | ECKey] = []
    for one in keys:
        if not isinstance(one, dict) or one.get("use", "sig") != "sig":
            continue
        if kid is not None and one.get("kid", kid) != kid:
            continue
        try:
            key = JWKRegistry.import_key(one)
        except (JoseError, ValueError, TypeError):
            continue
        if isinstance(key, ECKey) or (isinstance(key, RSAKey) and _is_long(key)):
            found.append(key)
    return found


def _is_long(key: RSAKey) -> bool:
    return key.public_key.key_size >= RSA_BITS


def _seconds(claims: dict[str, Any], name: str) -> float:
    """A moment as the token says it; 0, which is long past, where it says none."""
    value = claims.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def _is_name(value: object) -> bool:
    return (
        isinstance(value, str) and 0 < len(value) <= 255 and value.isascii() and value.isprintable()
    )
