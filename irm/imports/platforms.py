"""How lists name platforms and accounts: words, addresses, handles."""

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from irm.imports.complaints import Complaint
from irm.models import Platform

#: Words for a platform, folded. The last one is too short to be trusted in a file's name.
WORDS: dict[str, Platform] = {
    "instagram": Platform.INSTAGRAM,
    "instagrammer": Platform.INSTAGRAM,
    "insta": Platform.INSTAGRAM,
    "youtube": Platform.YOUTUBE,
    "youtuber": Platform.YOUTUBE,
    "tiktok": Platform.TIKTOK,
    "tiktoker": Platform.TIKTOK,
    "tiktokeur": Platform.TIKTOK,
    "twitter": Platform.X,
    "facebook": Platform.FACEBOOK,
    "twitch": Platform.TWITCH,
    "linkedin": Platform.LINKEDIN,
    "pinterest": Platform.PINTEREST,
    "threads": Platform.THREADS,
    "bluesky": Platform.BLUESKY,
    "mastodon": Platform.MASTODON,
    "snapchat": Platform.SNAPCHAT,
    "podcast": Platform.PODCAST,
    "newsletter": Platform.NEWSLETTER,
    "blog": Platform.BLOG,
    "ig": Platform.INSTAGRAM,
    "yt": Platform.YOUTUBE,
    "fb": Platform.FACEBOOK,
    "bsky": Platform.BLUESKY,
    "x": Platform.X,
}
#: Words that name the person behind the account rather than the platform.
PEOPLE = frozenset({"youtuber", "tiktoker", "tiktokeur", "instagrammer"})

#: Where creators are given money; the page there is an account like another. Its host is a part
#: of the handle, as all of them are one platform to us.
_FUNDING = (
    "tipeee.com",
    "tipeeestream.com",
    "utip.io",
    "patreon.com",
    "ko-fi.com",
    "buymeacoffee.com",
    "kisskissbankbank.com",
    "ulule.com",
)

_HOSTS: dict[str, Platform] = {
    "instagram.com": Platform.INSTAGRAM,
    "youtube.com": Platform.YOUTUBE,
    "tiktok.com": Platform.TIKTOK,
    "twitter.com": Platform.X,
    "x.com": Platform.X,
    "facebook.com": Platform.FACEBOOK,
    "fb.com": Platform.FACEBOOK,
    "twitch.tv": Platform.TWITCH,
    "linkedin.com": Platform.LINKEDIN,
    "pinterest.com": Platform.PINTEREST,
    "pinterest.fr": Platform.PINTEREST,
    "threads.net": Platform.THREADS,
    "threads.com": Platform.THREADS,
    "bsky.app": Platform.BLUESKY,
    "snapchat.com": Platform.SNAPCHAT,
    **dict.fromkeys(_FUNDING, Platform.OTHER),
}
#: Parts of a path that stand before the name of the account.
_BEFORE = frozenset({"c", "user", "channel", "in", "company", "profile", "add", "people", "pg"})
#: Parts of a path that are no name: posts, searches, the platform's own pages.
_PAGES = """
    p reel reels explore stories watch shorts playlist results status hashtag search home share
    intent i events groups posts pulse feed videos tag tags about
"""
_NOT_NAMES = frozenset(_PAGES.split())
_LANGUAGES = frozenset({"fr", "en", "es", "de", "it", "c"})
_NAMED_BY_TITLE = frozenset(
    {Platform.YOUTUBE, Platform.PODCAST, Platform.NEWSLETTER, Platform.BLOG, Platform.OTHER}
)
_HANDLE = re.compile(r"@?[\w.\-]{1,64}")


class Address(NamedTuple):
    """What a profile's address says of its account."""

    platform: Platform
    handle: str | None
    platform_id: str | None


def named(text: str) -> Platform | None:
    """Find the platform that a cell or an option names: `Instagram`, `tik tok`, `X (Twitter)`."""
    folded = "".join(re.findall(r"[a-z]+", text.casefold().split("(")[0]))
    if folded in WORDS:
        return WORDS[folded]
    return Platform(folded) if folded in tuple(Platform) else None


def chosen(word: str) -> Platform:
    """Return the platform of an option or a form. Raises Complaint where there is none."""
    if platform := named(word):
        return platform
    raise Complaint("platform", platform=word[:60], platforms=", ".join(Platform))


def in_file_name(name: str) -> Platform | None:
    """Find the one platform whose name stands in a file's name; None where there are two."""
    words = re.findall(r"[a-z]+", name.casefold())
    found = {WORDS[word] for word in words if word in WORDS and word != "x"}
    return found.pop() if len(found) == 1 else None


def address(text: str) -> Address | None:
    """Read a profile's address, with or without `https://`; None where it is something else."""
    # Most cells are no address, and have no slash with a name behind it.
    parts = _split(text.strip()) if "/" in text else None
    known = parts and _known_host(parts[0])
    if parts is None or known is None:
        return None
    _, path, query = parts
    platform = _HOSTS[known]
    steps = [step for step in _unquoted(path).split("/") if step]
    if known in _FUNDING:
        names = [step for step in steps if step not in _NOT_NAMES and step not in _LANGUAGES]
        return Address(platform, f"{known}/{names[0]}", None) if names else None
    if steps[:1] == ["profile.php"]:
        ids = parse_qs(query).get("id", [])
        return Address(platform, None, ids[0].replace("\0", "") if ids else None)
    before = steps.pop(0) if len(steps) > 1 and steps[0].casefold() in _BEFORE else ""
    if not steps or steps[0].casefold() in _NOT_NAMES:
        return None
    if before == "channel":
        return Address(platform, None, steps[0])
    return Address(platform, steps[0].removeprefix("@"), None)


def _known_host(host: str) -> str | None:
    """Return the platform's own host: that of `m.tiktok.com` is `tiktok.com`."""
    if host in _HOSTS:
        return host
    return next((known for known in _HOSTS if host.endswith("." + known)), None)


def page(text: str) -> bool:
    """Say whether a cell holds the address of a web page, whatever stands there."""
    return _split(text.strip()) is not None


def _unquoted(path: str) -> str:
    """Decode a path, without what PostgreSQL cannot store: the zero of `%00`."""
    return unquote(path).replace("\0", "")


def _split(text: str) -> tuple[str, str, str] | None:
    """Part an address into host, path and query; None where the text is no web address."""
    if "." not in text or " " in text:
        return None
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = parts.hostname
    except ValueError:  # Such as a bracket that opens an IPv6 address and no more.
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return host.casefold(), parts.path, parts.query


def looks_like_handle(text: str) -> bool:
    """Say whether a cell could be an account's name: one word, or a profile's address."""
    return bool(_HANDLE.fullmatch(text.strip())) or address(text) is not None


def may_be_titled(platform: Platform | None) -> bool:
    """Say whether a title with blanks in it can stand for the handle there."""
    return platform in _NAMED_BY_TITLE


def only(platforms: Iterable[Platform]) -> Platform | None:
    """Return the platform if they all are the same one."""
    found = set(platforms)
    return found.pop() if len(found) == 1 else None
