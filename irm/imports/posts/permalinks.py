"""What the address of a post says: the post's id, whose it is, and on which platform."""

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from irm.models import Platform

#: A long id after a spreadsheet had it in its hands: `1.83551E+16`, `18355151116178767.0`.
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+|\d{16,}[.,]0+", re.IGNORECASE)
_LONG = re.compile(r"\d{16,}")
#: So many digits survive a spreadsheet; it writes noughts for the rest.
_KEPT = 15
_LONGEST = 500

_YOUTUBE = r"(?:[\w-]+\.)*youtube\.com/(?:shorts|live|embed|v)/(?P<id>[\w-]{6,})"
_PATTERNS: tuple[tuple[Platform, re.Pattern[str]], ...] = tuple(
    (platform, re.compile(pattern, re.IGNORECASE))
    for platform, pattern in (
        (Platform.YOUTUBE, _YOUTUBE),
        (Platform.YOUTUBE, r"youtu\.be/(?P<id>[\w-]{6,})"),
        (
            Platform.INSTAGRAM,
            r"(?:www\.)?instagram\.com/(?:(?P<handle>[\w.]+)/)?(?:p|reels?|tv)/(?P<id>[\w-]+)",
        ),
        (
            Platform.TIKTOK,
            r"(?:\w+\.)?tiktok\.com/@(?P<handle>[\w.\-]+)/(?:video|photo)/(?P<id>\d+)",
        ),
        (
            Platform.X,
            r"(?:\w+\.)?(?:twitter|x)\.com/(?P<handle>\w+)/status(?:es)?/(?P<id>\d+)",
        ),
        (Platform.X, r"(?:\w+\.)?(?:twitter|x)\.com/i/web/status/(?P<id>\d+)"),
        (
            Platform.FACEBOOK,
            r"(?:\w+\.)?facebook\.com/(?P<handle>[\w.\-]+)/(?:posts|videos|photos)/(?P<id>\w+)",
        ),
        (Platform.FACEBOOK, r"(?:\w+\.)?facebook\.com/reel/(?P<id>\d+)"),
        (Platform.LINKEDIN, r"(?:\w+\.)?linkedin\.com/.*(?:activity|share|ugcPost)[:-](?P<id>\d+)"),
        (
            Platform.THREADS,
            r"(?:www\.)?threads\.(?:net|com)/@(?P<handle>[\w.]+)/post/(?P<id>[\w-]+)",
        ),
        (Platform.BLUESKY, r"bsky\.app/profile/(?P<handle>[\w.:\-]+)/post/(?P<id>\w+)"),
        (Platform.PINTEREST, r"(?:\w+\.)?pinterest\.\w+/pin/(?P<id>\d+)"),
        (Platform.TWITCH, r"(?:www\.)?twitch\.tv/videos/(?P<id>\d+)"),
        (Platform.SNAPCHAT, r"(?:www\.)?snapchat\.com/spotlight/(?P<id>[\w-]+)"),
    )
)
#: In the query of an address, what names the post; the rest is there to follow readers.
_NAMING = {"v": Platform.YOUTUBE, "story_fbid": Platform.FACEBOOK, "fbid": Platform.FACEBOOK}


class Permalink(NamedTuple):
    """An address of a post; of a platform we do not know only the address itself."""

    url: str
    platform: Platform | None = None
    post_id: str | None = None
    handle: str | None = None


def read(text: str) -> Permalink | None:
    """Read the address of a post, what follows readers left out; None where it is no address.

    >>> read("https://www.instagram.com/reel/DHWRIh_CLiR/?igsh=1").url
    'https://www.instagram.com/reel/DHWRIh_CLiR/'
    """
    if "." not in text or " " in text or "\0" in text or len(text) > _LONGEST:
        return None
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    plain = f"{host}{parts.path}"
    for platform, pattern in _PATTERNS:
        if match := pattern.match(plain):
            handle = match.groupdict().get("handle")
            return Permalink(f"https://{plain}", platform, match["id"], handle)
    for name, values in parse_qs(parts.query).items():
        platform_named = _NAMING.get(name)
        if platform_named and f"{platform_named}.com" in host:
            kept = f"https://{plain}?{name}={values[0]}"
            return Permalink(kept, platform_named, values[0])
    return Permalink(text if "://" in text else f"https://{text}")


def exact(post_id: str) -> str | None:
    """Return an id as the platform gave it; None where a spreadsheet has rounded it."""
    if _ROUNDED.fullmatch(post_id):
        return None
    whole = post_id.removesuffix(".0")
    return whole if whole.isdigit() else post_id


def are_rounded(ids: list[str]) -> bool:
    """Say whether long ids of a column all end in the noughts of a spreadsheet."""
    long = {one for one in ids if _LONG.fullmatch(one)}
    return len(long) > 2 and not any(one[_KEPT:].strip("0") for one in long)
