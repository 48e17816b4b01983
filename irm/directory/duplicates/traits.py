"""What of a person can be compared with another: addresses, numbers, links, handles, names."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from irm.models import Platform
from irm.models.keys import fold

#: A shorter handle or name tells nobody apart.
SHORTEST = 5

#: The end of a telephone number that does not depend on how the country is written.
PHONE_DIGITS = 9

#: Names longer than this are compared by their longest words.
WORDS = 3

_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)+")
_MENTION = re.compile(r"(?<![\w@.])@([\w.\-]{3,60})")
_LINK = re.compile(
    r"(?:https?://)?(?:www\.)?((?:[a-z0-9\-]+\.)+[a-z]{2,12})((?:/[^\s,;|)]*)?)", re.IGNORECASE
)
_PUNCTUATION = re.compile(r"[\W_]+")
_WORD = re.compile(r"\w{4,}")

#: On these sites a link is an account, whoever it belongs to.
_SITES = {
    "instagram.com", "youtube.com", "youtu.be", "tiktok.com", "x.com", "twitter.com",
    "facebook.com", "fb.com", "twitch.tv", "linkedin.com", "pinterest.com", "threads.net",
    "bsky.app", "snapchat.com",
}  # fmt: skip

#: Parts of such a link that are no handle.
_PATHS = {"channel", "user", "c", "in", "company", "add", "profile", "watch", "p", "reel", "groups"}

#: Mail of these is the same with dots or without.
_DOTLESS = ("gmail.com", "googlemail.com")

#: Platforms whose address is the person's own place.
_OWN_PLACES = (Platform.BLOG, Platform.PODCAST, Platform.NEWSLETTER, Platform.OTHER)


@dataclass(slots=True)
class Traits:
    """One person, folded and taken apart."""

    id: int
    name: str
    words: tuple[str, ...]
    country: str = ""
    city: str = ""
    language: str = ""
    topics: frozenset[str] = frozenset()
    is_demo: bool = False
    #: Bare handles, each with the platforms it stands on, and the handle as it is written.
    handles: dict[str, dict[str, str]] = field(default_factory=dict)
    emails: set[str] = field(default_factory=set)
    phones: dict[str, str] = field(default_factory=dict)
    links: set[str] = field(default_factory=set)
    #: Bare handles that the bio names.
    mentions: set[str] = field(default_factory=set)

    def shareable(self) -> Iterator[str]:
        """What others may have too; who shares a key with somebody is compared with them."""
        for email in self.emails:
            yield f"e{email}"
        for phone in self.phones:
            yield f"p{phone}"
        for link in self.links:
            yield f"l{link}"
        for handle in {*self.handles, *self.mentions}:
            if len(handle) >= SHORTEST:
                yield f"h{handle}"

    def name_as_handle(self) -> str:
        """The key that a handle like the name has, or nothing; two such names alone say nothing."""
        key = bare(self.name)
        if len(key) < SHORTEST or key in self.handles or key in self.mentions:
            return ""
        return f"h{key}"

    def name_keys(self) -> Iterator[str]:
        """Each word of the name with the first letter of another: one of both may be misspelt."""
        words = sorted(set(self.words), key=len, reverse=True)[:WORDS]
        if len(words) == 1:
            yield f"n{words[0]}"
        for one in words:
            for other in words:
                if one is not other and len(one) > 1:
                    yield f"n{one} {other[0]}"


def of(person: Any, accounts: Iterable[Any] = (), contacts: Iterable[Any] = ()) -> Traits:
    """Take a person apart: rows (or entities) of influencers, accounts and contact points."""
    found = Traits(
        person.id,
        fold(person.name),
        words_of(person.name),
        country=fold(person.country or ""),
        city=fold(person.city or ""),
        language=(person.language or "").casefold(),
        topics=frozenset(_WORD.findall(fold(person.categories or ""))),
        is_demo=bool(person.is_demo),
    )
    for account in accounts:
        add_handle(found, account.platform, account.handle)
        if account.url and account.platform in _OWN_PLACES:
            _read_links(found, account.url)
    for contact in contacts:
        _read_contact(found, contact.value_key)
    if person.bio:
        _read_bio(found, person.bio)
    return found


def add_handle(found: Traits, platform: str, handle: str) -> None:
    """Give a person a handle."""
    key = bare(handle)
    if key:
        found.handles.setdefault(key, {})[str(platform)] = handle


@lru_cache(4096)
def bare(text: str) -> str:
    """A text without case, accents, blanks and punctuation: `Chloe.Cooks_` is `chloecooks`."""
    return _PUNCTUATION.sub("", fold(text))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in alphabetical order: who comes first differs from list to list."""
    return tuple(sorted(word for word in _PUNCTUATION.split(fold(name)) if word))


def email_key(address: str) -> str:
    """An address without the parts that do not change where its mail goes."""
    local, _at, domain = address.casefold().rpartition("@")
    local = local.partition("+")[0]
    return f"{local.replace('.', '') if domain in _DOTLESS else local}@{domain}"


def phone_key(text: str) -> str:
    """The last digits of a telephone number, or nothing where it has too few."""
    digits = "".join(c for c in text if c.isdecimal()).lstrip("0")
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS - 1 else ""


def _read_contact(found: Traits, value: str) -> None:
    if "@" in value:
        found.emails.add(email_key(value))
    elif (phone := phone_key(value)) and not re.search(r"[a-z]", value, re.IGNORECASE):
        found.phones[phone] = value
    else:
        _read_links(found, value)


def _read_bio(found: Traits, bio: str) -> None:
    for email in _EMAIL.findall(bio):
        found.emails.add(email_key(email.rstrip(".")))
    rest = _EMAIL.sub(" ", bio)
    for mention in _MENTION.findall(rest):
        found.mentions.add(bare(mention))
    _read_links(found, rest)
    found.mentions.discard("")
    found.mentions -= found.handles.keys()


def _read_links(found: Traits, text: str) -> None:
    """Links to a place of their own, and handles where a link leads to an account."""
    if "." not in text:
        return
    for host, path in _LINK.findall(text):
        site = host.casefold()
        parts = [part for part in path.partition("?")[0].split("/") if part]
        if site in _SITES:
            handle = next((part for part in parts if part.casefold() not in _PATHS), "")
            if handle:
                found.mentions.add(bare(handle))
        elif path or "://" in text or "www." in text.casefold():
            found.links.add("/".join([site, *parts]).casefold())
