"""What tells that a text is about some people: what only they are called, and links to them.

A name of one word, or a handle, may be any word: by itself it tells nothing. It does where a line
of a list holds it as a cell, beside what tells more or below a heading for it.
"""

import html
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote_plus

from sqlalchemy import JSON, ColumnElement, Text, or_
from sqlalchemy import cast as as_type

#: Fields of a list whose cells hold a handle, an address or a number of an account.
OF_ACCOUNTS = (
    *("handle", "account", "url", "platform_id"),
    # Both ends of a tie.
    *("from", "to", "from_id", "to_id"),
)

#: What stands around a cell of a text, and of a workbook: separators and quotation marks. What a
#: colon follows is a key.
_IN_TEXT = r"(?<=[\n,;\t|\"])[ @]*", r"(?=[ ]*(?:[\r\n,;\t|]|\"(?!\s*:)|\Z))"
_IN_BOOK = r"(?<=>)[ @]*", r"(?=[ ]*<)"

#: Where the address of a profile ends with its handle.
_SITES = "instagram|tiktok|youtube|twitter|x|facebook|threads|twitch|pinterest|linkedin|snapchat"


class Names:
    """What to look for, whatever its case: names, addresses and numbers, handles, links."""

    def __init__(
        self, texts: Iterable[str], ids: Iterable[int], handles: Iterable[str] = ()
    ) -> None:
        given = {text.strip() for text in texts if text.strip()}
        #: All of these, folded: one that is a whole cell among others of theirs is theirs.
        self.words = {text.casefold() for text in given}
        self.texts = sorted(filter(_is_telling, given), key=len, reverse=True)
        self.handles = sorted({handle.strip() for handle in handles if handle.strip()})
        self._handles = {handle.casefold() for handle in self.handles}
        self._telling = {text.casefold() for text in self.texts}
        self.links = [f"/influencers/{id}" for id in ids]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        words = [rf"(?<![\w.+]){re.escape(text)}(?!\w|[.\-]\w)" for text in self.texts if _at(text)]
        words += [rf"(?<!\w){re.escape(text)}(?!\w)" for text in self.texts if not _at(text)]
        # After an at sign, or where the address of a profile ends with it.
        words += [
            rf"(?:(?<!\w)@|\b(?:{_SITES})\.\w+/(?:\w+/)?@?){re.escape(handle)}(?!\w|[.\-]\w)"
            for handle in self.handles
        ]
        words += [rf"{re.escape(link)}(?!\d)" for link in self.links]
        return re.compile("|".join(words) or r"(?!)", re.IGNORECASE)

    def cells(self, *, of_book: bool, but: Collection[str] = ()) -> re.Pattern[str]:
        """Finds a handle where it is a cell of a file; `but` are words that head columns."""
        words = "|".join(re.escape(one) for one in self.handles if one.casefold() not in but)
        before, after = _IN_BOOK if of_book else _IN_TEXT
        return re.compile(f"{before}(?:{words}){after}" if words else r"(?!)")

    def stand_in(self, text: str) -> bool:
        """Whether a text names one of them, as it is or as a page or an address writes it."""
        if self.pattern.search(text):
            return True
        unescaped = html.unescape(text)
        return unescaped != text and self.pattern.search(unescaped) is not None

    def inside(self, value: Any) -> bool:
        """Whether a value names them, however deep in it; keys are our own words."""
        if isinstance(value, str):
            return self.stand_in(value) or self.stand_in(" ".join(dict(parse_qsl(value)).values()))
        if isinstance(value, Mapping):
            return any(self.inside(one) for one in value.values())
        return isinstance(value, list) and any(self.inside(one) for one in value)

    def is_handle(self, text: Any) -> bool:
        """Whether a text that must be a handle is theirs."""
        return isinstance(text, str) and text.strip().removeprefix("@").casefold() in self._handles

    def is_word(self, text: Any) -> bool:
        """Whether a text is what they are called, be it a word that others share."""
        return isinstance(text, str) and text.strip().casefold() in self.words

    def are(self, cells: Iterable[Any], accounts: Iterable[int] = ()) -> bool:
        """Whether a line of a list is about one of them; `accounts` are columns of handles."""
        line = list(cells)
        if any(isinstance(one, str) and self._is_one(one) for one in line):
            return True
        if any(self.is_handle(line[at]) for at in accounts if at < len(line)):
            return True
        # A handle and a name in two cells, be it the same word.
        handles = {at for at, one in enumerate(line) if self.is_handle(one)}
        words = {at for at, one in enumerate(line) if self.is_word(one)}
        return bool(handles and words) and len(handles | words) > 1

    def _is_one(self, text: str) -> bool:
        found = self.pattern.fullmatch(text.strip())
        return found is not None or text.strip().casefold() in self._telling

    def without(self, value: Any, instead: str = "–", *, also_words: bool = False) -> Any:
        """The value with every text in it that names them replaced, its keys as they are."""
        if isinstance(value, str):
            is_theirs = also_words and (self.is_word(value) or self.is_handle(value))
            return instead if is_theirs or self.inside(value) else value
        if isinstance(value, Mapping):
            return {
                key: self.without(one, instead, also_words=also_words) for key, one in value.items()
            }
        if isinstance(value, list):
            return [self.without(one, instead, also_words=also_words) for one in value]
        return value

    def paragraphs(self, text: str) -> list[str]:
        """The parts of a mail's text, parted by empty lines, that name them."""
        return [part.strip() for part in re.split(r"\n\s*\n", text) if self.inside(part)]

    def may_stand_in(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """The condition that finds every row that names them in a column, and some more."""
        is_json = isinstance(column.type, JSON)
        text = as_type(column, Text) if is_json else column
        looked_for: set[str] = set()
        for one in (*self.texts, *self.links):
            looked_for |= _written(one, json.dumps if is_json else None)
        for handle in self.handles:
            whole = f'"{handle}"' if is_json else f"@{handle}"
            looked_for |= {whole, f"@{handle}", f"/{handle}", quote_plus(f"@{handle}")}
        return or_(*(text.icontains(one, autoescape=True) for one in sorted(looked_for)))


def _written(text: str, as_json: Callable[..., str] | None) -> set[str]:
    """The ways in which a column may hold a text."""
    if as_json is not None:
        asked = {as_json(text)[1:-1], as_json(text, ensure_ascii=False)[1:-1]}
        return asked | {quote_plus(text)}
    return {text, html.escape(text), quote_plus(text), text.replace("'", "&#39;")}


def _at(text: str) -> bool:
    return "@" in text


def _is_telling(text: str) -> bool:
    """Whether a text is nobody else's: a name of several words, an address, a number, a link."""
    is_number = sum(map(str.isdigit, text)) > 5
    return len(text.split()) > 1 or _at(text) or is_number or "/" in text
