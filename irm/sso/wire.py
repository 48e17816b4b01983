"""Asking the sign-in service over the network: JSON, of bounded size, within seconds."""

import contextlib
import json
import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

#: Seconds without a byte, and for the whole answer.
PATIENCE = 5.0

#: Bytes of an answer: the longest we know of, a big service's keys, has 20,000.
LARGEST = 256 * 1024

#: Where a service may be asked without encryption: what is said there leaves no machine.
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Failed(Exception):
    """The service's answer is not accepted; the text is for the log, not for users."""


class Silent(Failed):
    """The service did not answer, or with nothing that could be read."""


def is_safe(address: str) -> bool:
    """Whether nobody else hears what is said to an address: https, or this machine."""
    if not (address.isascii() and address.isprintable()):
        return False
    with contextlib.suppress(ValueError):  # Such as a port that is no number.
        parts = urlsplit(address)
        if not parts.hostname or parts.port == 0 or parts.username:
            return False
        return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
    return False


def ask(
    address: str, *, form: bytes | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The object that an address answers with; with a form it is posted.

    Raises Failed where it does not: nothing is followed elsewhere, nothing long is waited for.
    """
    if not is_safe(address):
        raise Failed(f"{address[:200]!r} is not https")
    until = time.monotonic() + PATIENCE
    sent = {"Accept": "application/json", "User-Agent": "irm", **(headers or {})}
    request = Request(address, data=form, headers=sent)  # noqa: S310  # is_safe looked at it
    try:
        with _opener(address).open(request, timeout=PATIENCE) as answer:
            read = json.loads(_read(answer, until))
    except HTTPError as error:
        with error:
            said = f"{address}: status {error.code}{_code_of(error, until)}"
            raise (Silent(said) if error.code >= 500 else Failed(said)) from None
    except (OSError, HTTPException) as error:
        raise Silent(f"{address}: {getattr(error, 'reason', None) or repr(error)}") from error
    except (ValueError, RecursionError) as error:
        raise Silent(f"{address}: no JSON") from error
    if not isinstance(read, dict):
        raise Silent(f"{address}: no JSON object")
    return read


def _opener(address: str) -> OpenerDirector:
    """What speaks http and https, by way of a proxy where the environment names one, and no more.

    It has no handler of redirects: what we send holds secrets.
    """
    opener = OpenerDirector()
    is_local = urlsplit(address).hostname in LOCAL
    for handler in (
        ProxyHandler({} if is_local else None),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _read(answer: Any, until: float) -> bytes:
    blocks: list[bytes] = []
    left = LARGEST
    while block := answer.read1(min(left + 1, 1 << 16)):
        left -= len(block)
        if left < 0:
            raise Silent(f"{answer.url}: more than {LARGEST} bytes")
        if time.monotonic() > until:
            raise Silent(f"{answer.url}: more than {PATIENCE} seconds")
        blocks.append(block)
    return b"".join(blocks)


def _code_of(error: HTTPError, until: float) -> str:
    """What went wrong, as a code of OAuth, where the answer has one."""
    with contextlib.suppress(OSError, HTTPException, ValueError, RecursionError, Failed):
        said = json.loads(_read(error, until))
        if isinstance(said, dict) and isinstance(said.get("error"), str):
            return f" ({said['error'][:60]!r})"
    return ""
