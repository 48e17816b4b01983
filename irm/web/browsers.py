"""Where somebody is signed in, in words: the browser, the system, roughly the address."""

import ipaddress

from irm.i18n import _

#: What a browser says of itself, the first that fits: each says of those before it too.
_BROWSERS = (
    (("Edg/", "EdgA/", "EdgiOS/"), "Edge"),
    (("OPR/", "Opera"), "Opera"),
    (("SamsungBrowser",), "Samsung Internet"),
    (("Vivaldi",), "Vivaldi"),
    (("Firefox", "FxiOS"), "Firefox"),
    (("Chrome", "CriOS", "Chromium"), "Chrome"),
    (("Safari",), "Safari"),
)

_SYSTEMS = (
    (("iPhone",), "iPhone"),
    (("iPad",), "iPad"),
    (("Android",), "Android"),
    (("Windows",), "Windows"),
    (("Macintosh", "Mac OS X"), "macOS"),
    (("CrOS",), "ChromeOS"),
    (("Linux",), "Linux"),
)


def said(user_agent: str) -> str:
    """Browser and system by their names, as far as the browser says them."""
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or _("A browser that does not say which")


def shortened(address: str) -> str:
    """An address without its end: enough to know the network, not the machine."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            parts = found.exploded.split(":")[:3]
            return ":".join(part.lstrip("0") or "0" for part in parts) + ":x"
        found = found.ipv4_mapped
    return ".".join(str(found).split(".")[:3]) + ".x"


def _first(table: tuple[tuple[tuple[str, ...], str], ...], text: str) -> str:
    return next((name for signs, name in table if any(sign in text for sign in signs)), "")
