"""A row of a list of posts → what it says, or why it cannot be taken."""

import datetime as dt
import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from irm.imports import days, figures, languages, platforms
from irm.imports.complaints import Complaint
from irm.imports.headings import fold
from irm.imports.posts import permalinks
from irm.imports.posts.columns import Columns
from irm.imports.posts.vocabulary import SUMS
from irm.models import Platform
from irm.models.keys import fold_handle

COUNTS = ("likes", "comments", "shares", "views")
#: How much of a hash names a content; a number behind it parts posts that have the same.
BASE = 56

_WORDS = re.compile(r"[^\W_]+")
_LIMITS = {"handle": 200, "name": 200, "platform_id": 64, "post_id": 64}
_LONGEST_TEXT = 100_000
#: Where Meta has a day, when the figures are of all days.
_ALWAYS = frozenset({"lifetime", "a vie", "total", "toute la duree de vie", "de por vida"})
#: What a list writes where there are no tags.
_NO_TAGS = frozenset({"[none]", "none", "[]"})


class Counts(NamedTuple):
    """The reactions to a post; None where nobody says."""

    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    views: int | None = None


class Author(NamedTuple):
    """The account that published."""

    platform: Platform
    handle: str
    handle_key: str
    platform_id: str | None
    name: str | None


class Record(NamedTuple):
    """What a row says of a post; None where it says nothing."""

    author: Author
    #: The platform's own, else what its address calls it.
    post_id: str | None
    link_id: str | None
    #: A hash of what was published, where no id names it.
    content: str | None
    url: str | None
    text: str | None
    published_at: dt.datetime | None
    language: str | None
    counts: Counts
    #: Whose counts these are; None: of the day the list is of.
    day: dt.date | None
    #: Our own export says all days of a post at once.
    history: tuple[tuple[dt.date, Counts], ...] | None
    #: Cells that could not be read, as `heading: cell`.
    unread: str | None

    @property
    def is_nameless(self) -> bool:
        """Whether nothing but its words tells the post from the others of its account."""
        return self.content is not None and self.published_at is None and self.url is None


class Reader(NamedTuple):
    """A list of posts that was understood: rows are read through it."""

    headings: Sequence[str]
    columns: Columns
    #: What the user said of all rows.
    platform: Platform | None
    account: str | None

    @property
    def is_ours(self) -> bool:
        """Whether this is our own export, whose texts are to come back as they were."""
        return "history" in self.columns.fields

    def read(self, cells: Sequence[str]) -> Record | None:
        """Read what a row says; None where it sums up the others. Raises Complaint."""
        if len(cells) > len(self.headings) and any(map(str.strip, cells[len(self.headings) :])):
            raise Complaint("many_cells", cells=len(cells), headings=len(self.headings))
        unread: list[str] = []
        if self._is_sum(cells):
            return None
        link = permalinks.read(self._text(cells, "url") or "")
        author = self._author(cells, link)
        post_id = self._post_id(cells, unread) or (link and link.post_id)
        text = self._words(cells)
        published_at = self._moment(cells, "published_at", unread)
        url = self._text(cells, "url") if self.is_ours else link and link.url
        content = None if post_id else _content(url, text, published_at)
        if not post_id and not content:
            raise Complaint("no_post")
        day = self._moment(cells, "counts_on", unread, is_day=True)
        language = self._text(cells, "language")
        record = Record(
            author,
            post_id,
            link and link.post_id,
            content,
            url,
            text,
            published_at,
            languages.code(fold(language)) if language else None,
            Counts(*(self._count(cells, field, unread) for field in COUNTS)),
            day.date() if day else None,
            self._history(cells, unread) if self.is_ours else None,
            unread=None,
        )
        return record._replace(unread="; ".join(unread)[:300]) if unread else record

    def _is_sum(self, cells: Sequence[str]) -> bool:
        """Say whether a row sums up the others, as YouTube's first one does."""
        first = (self._text(cells, "post_id") or self._text(cells, "title") or "").casefold()
        return first in SUMS and not self._text(cells, "url") and not self._text(cells, "text")

    def _author(self, cells: Sequence[str], link: permalinks.Permalink | None) -> Author:
        platform = self._platform(cells, link)
        if self.account:
            handle: str | None = self.account
            platform_id = None
        else:
            handle = self._text(cells, "handle")
            if handle and (address := platforms.address(handle)):
                handle = address.handle or address.platform_id
            platform_id = permalinks.exact(self._text(cells, "platform_id") or "") or None
            if link and link.platform is platform:
                handle = handle or link.handle
        handle = (handle or platform_id or "").strip().removeprefix("@").strip()
        key = fold_handle(handle)
        if not key:
            raise Complaint("no_account")
        name = None if self.account else self._text(cells, "name")
        said = {"handle": max(handle, key, key=len), "name": name, "platform_id": platform_id}
        for field, text in said.items():
            self._check(field, text)
        return Author(platform, handle, key, platform_id, name)

    def _platform(self, cells: Sequence[str], link: permalinks.Permalink | None) -> Platform:
        if self.platform:
            return self.platform
        if text := self._text(cells, "platform"):
            if platform := platforms.named(text):
                return platform
            raise Complaint("unknown_platform", platform=text[:60])
        if platform := (link and link.platform) or self.columns.platform:
            return platform
        raise Complaint("no_account")

    def _post_id(self, cells: Sequence[str], unread: list[str]) -> str | None:
        text = self._text(cells, "post_id")
        if text is None:
            return None
        post_id = permalinks.exact(text) if self.columns.has_ids else None
        if post_id is None:
            unread.append(f"{self.headings[self.columns.fields['post_id'][0]]}: {text[:60]}")
        self._check("post_id", post_id)
        return post_id

    def _words(self, cells: Sequence[str]) -> str | None:
        """Return title, text and the tags that do not stand in them, one below the other."""
        parts = []
        for field in ("title", "text"):
            if text := self._text(cells, field, lines=True):
                parts.append(text if self.is_ours else _straight(text))
        text = "\n".join(dict.fromkeys(parts))
        if tags := _tags(self._text(cells, "tags") or "", text):
            text = f"{text}\n{tags}".strip()
        if len(text) > _LONGEST_TEXT:
            column = self.columns.fields.get("text") or self.columns.fields["title"]
            heading = self.headings[column[0]][:60]
            raise Complaint("too_long", column=heading, limit=_LONGEST_TEXT)
        return text or None

    def _moment(
        self, cells: Sequence[str], field: str, unread: list[str], *, is_day: bool = False
    ) -> dt.datetime | None:
        for column in self.columns.fields.get(field, ()):
            cell = cells[column].strip() if column < len(cells) else ""
            if figures.is_missing(cell) or fold(cell) in _ALWAYS:
                continue
            order = self.columns.orders.get(column, days.ORDERS[0])
            try:
                if not is_day and self.is_ours:  # To the microsecond.
                    return dt.datetime.fromisoformat(cell).astimezone(dt.UTC)
                if not is_day:
                    return days.moment(cell, order)
                return dt.datetime.combine(days.day_in(cell, order), dt.time(), dt.UTC)
            except ValueError:
                unread.append(f"{self.headings[column]}: {cell[:60]}")
        return None

    def _count(self, cells: Sequence[str], field: str, unread: list[str]) -> int | None:
        """Read a count from the first of its columns that has one."""
        bad = None
        for column in self.columns.fields.get(field, ()):
            if column < len(cells):
                try:
                    value = figures.count(cells[column], self.columns.signs.get(column))
                except ValueError:
                    bad = f"{self.headings[column]}: {cells[column].strip()[:60]}"
                    continue
                if value is not None:
                    return value
        if bad:
            unread.append(bad)
        return None

    def _history(
        self, cells: Sequence[str], unread: list[str]
    ) -> tuple[tuple[dt.date, Counts], ...]:
        """Read the days of a post from our own export."""
        cell = self._text(cells, "history") or "[]"
        try:
            return tuple(
                (
                    dt.date.fromisoformat(one["day"]),
                    Counts(*(_whole(one.get(name)) for name in COUNTS)),
                )
                for one in json.loads(cell)
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            unread.append(f"history: {cell[:60]}")
            return ()

    def _text(self, cells: Sequence[str], field: str, *, lines: bool = False) -> str | None:
        """Return what the first filled cell of a field says, blanks and entities put right."""
        for column in self.columns.fields.get(field, ()):
            if self.is_ours and field == "text":
                return cells[column] if column < len(cells) else None
            if column < len(cells) and not figures.is_missing(cells[column]):
                cell = cells[column]
                if "&" in cell:
                    cell = html.unescape(cell)
                return cell.strip() if lines else " ".join(cell.split())
        return None

    def _check(self, field: str, text: str | None) -> None:
        if text and len(text) > _LIMITS[field]:
            columns = self.columns.fields.get(field) or self.columns.fields.get("url") or (0,)
            raise Complaint("too_long", column=self.headings[columns[0]][:60], limit=_LIMITS[field])


def filled(later: Record, earlier: Record) -> Record:
    """Return a record with what it leaves open filled in by an earlier one."""
    both = zip(later.counts, earlier.counts, strict=True)
    counts = Counts(*(new if new is not None else old for new, old in both))
    said = {
        field: getattr(later, field) or getattr(earlier, field)
        for field in (
            "post_id",
            "link_id",
            "content",
            "url",
            "text",
            "published_at",
            "language",
            "unread",
        )
    }
    ours, theirs = later.author, earlier.author
    author = ours._replace(
        platform_id=ours.platform_id or theirs.platform_id, name=ours.name or theirs.name
    )
    return later._replace(author=author, counts=counts, **said)


def _content(url: str | None, text: str | None, published_at: dt.datetime | None) -> str | None:
    """Hash what tells a post without an id from others: its address, else its words and time."""
    if not (url or text):
        return None
    words = url or f"{published_at.isoformat() if published_at else ''}\n{' '.join(text.split())}"  # type: ignore[union-attr]
    return hashlib.sha256(words.encode()).hexdigest()[:BASE]


def _straight(text: str) -> str:
    """Return a text with its line ends as line ends and its letters in one piece."""
    if "\\n" in text and "\n" not in text:
        text = text.replace("\\r", "").replace("\\n", "\n")
    text = text.replace("\r\n", "\n").replace("\u00a0", " ")
    return unicodedata.normalize("NFC", text).strip()


def _whole(value: object) -> int | None:
    if value is None or (type(value) is int and 0 <= value <= figures.LARGEST):
        return value
    raise ValueError(value)


def _tags(cell: str, text: str) -> str:
    """Return the tags that a text does not say itself: `#a #b`, or `a, b` for words."""
    if not cell or cell.casefold() in _NO_TAGS:
        return ""
    if cell.startswith("["):
        cell = cell.strip("[]")
    if "#" in cell:
        found = re.findall(r"#[^\s#,;|\"']+", cell)
        known = set(re.findall(r"#[^\s#,;|\"']+", text.casefold()))
        return " ".join(tag for tag in dict.fromkeys(found) if tag.casefold() not in known)
    parts = (" ".join(part.strip(" \"'").split()) for part in re.split(r"[|,;]", cell))
    plain = f" {_spaced(text)} "
    return ", ".join(
        tag for tag in dict.fromkeys(parts) if tag and f" {_spaced(tag)} " not in plain
    )


def _spaced(text: str) -> str:
    """Write a text as words with a space between, to look for whole words in it."""
    return " ".join(_WORDS.findall(text.casefold()))
