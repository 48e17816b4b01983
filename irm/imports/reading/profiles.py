"""What a vCard says of somebody's accounts → the addresses of their profiles."""

import re

from irm.imports.reading.lines import Property

#: Where the profile of a handle stands.
_ADDRESSES = {
    "BLUESKY": "https://bsky.app/profile/{}",
    "FACEBOOK": "https://www.facebook.com/{}",
    "INSTAGRAM": "https://www.instagram.com/{}",
    "LINKEDIN": "https://www.linkedin.com/in/{}",
    "PINTEREST": "https://www.pinterest.com/{}",
    "SNAPCHAT": "https://www.snapchat.com/add/{}",
    "THREADS": "https://www.threads.net/@{}",
    "TIKTOK": "https://www.tiktok.com/@{}",
    "TWITCH": "https://www.twitch.tv/{}",
    "TWITTER": "https://x.com/{}",
    "X": "https://x.com/{}",
    "YOUTUBE": "https://www.youtube.com/@{}",
}
_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.\-]*:", re.IGNORECASE)
_HANDLE = re.compile(r"[\w.\-]{1,100}")


def of(one: Property) -> str | None:
    """Return the address a property names; None where it is about something else."""
    service = _service(one)
    if service is None:
        return None
    text = one.text()
    if text.lower().startswith(("http://", "https://")):
        return text
    handle = _SCHEME.sub("", text).strip().lstrip("@/")
    if service in _ADDRESSES and _HANDLE.fullmatch(handle):
        return _ADDRESSES[service].format(handle)
    return None


def _service(one: Property) -> str | None:
    """Name the service in capitals; "" where only the address can tell."""
    if one.name in ("X-SOCIALPROFILE", "SOCIALPROFILE", "IMPP"):
        words = one.types | one.services
        # Instant messages go to many services that have no profiles.
        return next((word for word in words if word in _ADDRESSES), None if one.is_chat else "")
    name = one.name.removeprefix("X-")
    return name if name in _ADDRESSES and name != one.name else None
