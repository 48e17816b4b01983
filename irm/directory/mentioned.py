"""Whom a post speaks of: the accounts that its text names with an at sign."""

import re
from typing import NamedTuple

from irm.models import Platform, TieKind
from irm.models.keys import fold_handle

#: `@ana` and `@ana.b`, but neither an address (`me@ana.fr`) nor the end of a sentence (`@ana.`).
_NAMED = re.compile(r"(?<![\w@./-])@(\w(?:[\w.-]{0,62}\w)?)")

#: Where a post that begins with a name answers whom it names.
_ANSWERING = frozenset({Platform.X, Platform.THREADS, Platform.BLUESKY, Platform.MASTODON})

#: What stands before the name of somebody a post was made with.
_WITH = re.compile(
    r"(?:\b(?:with|w/|feat\.?|ft\.?|featuring|avec|con|collab|collaboration)|🤝)\s*:?\s*$",
    re.IGNORECASE,
)


class Mention(NamedTuple):
    """Somebody a post names, and how."""

    handle: str
    key: str
    kind: TieKind


def read(text: str, platform: Platform) -> list[Mention]:
    """Return whom a text names on its platform, each once, in their order."""
    if "@" not in text:
        return []
    found: dict[str, Mention] = {}
    start = 0
    while answered := _NAMED.match(text, _blank(text, start)):
        if platform not in _ANSWERING:
            break
        _note(found, answered[1], TieKind.REPLIES)
        start = answered.end()
    for one in _NAMED.finditer(text, start):
        before = text[max(0, one.start() - 40) : one.start()]
        kind = TieKind.COLLABORATES if _WITH.search(before) else TieKind.MENTIONS
        _note(found, one[1], kind)
    return list(found.values())


def _blank(text: str, start: int) -> int:
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def _note(found: dict[str, Mention], handle: str, kind: TieKind) -> None:
    key = fold_handle(handle)
    if key and not key.isdecimal():
        found.setdefault(key, Mention(handle, key, kind))
