"""What an answer holds that somebody typed and that a browser would take for code."""

import html
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from typing import Any

from markupsafe import escape

from tests.house.payloads import PAYLOADS, SUM

#: What stands between angle brackets, with quotes as browsers see them.
_TAG = re.compile(r"<[a-zA-Z!/](?:[^\"'>]|\"[^\"]*\"|'[^']*')*>")

#: Attributes that hold an address.
_ADDRESSES = ("href", "src", "action", "formaction", "data", "poster", "srcset", "ping", "cite")
_GOOD_ADDRESS = re.compile(r"(?i)[/?#]|https?://|mailto:|tel:|webcals?://|$")
_CONTROLS = re.compile(r"[\x00-\x20]")

#: What no page may hold as it is; a text without anything to escape may.
_RAW = tuple(text for text in PAYLOADS if str(escape(text)) != text)

#: All that irm ever sends, and whether a browser would show it as a page.
_TYPES = {
    "text/html": True,
    "text/plain": False,
    "text/csv": False,
    "text/calendar": False,
    "application/json": False,
    "application/zip": False,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": False,
}


#: The page that is a letter.
LETTER = "/settings/letters/alone"


class _Tag(HTMLParser):
    """One tag, taken apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.name, self.attributes = "", []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.name, self.attributes = tag, [(name, value or "") for name, value in attrs]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


def in_answer(response: Any) -> list[str]:
    """Return what is wrong with an answer, whatever kind of file it is."""
    kind = response.mimetype
    if kind not in _TYPES and response.data:
        return [f"is of the kind {kind}"]
    if _TYPES.get(kind):
        is_letter = response.request.path == LETTER
        return in_mail(response.text) if is_letter else in_page(response.text)
    wrong = [] if response.headers.get("X-Content-Type-Options") == "nosniff" else ["is sniffed"]
    if kind.startswith("application/vnd"):
        wrong += in_workbook(response.data)
    return wrong


def in_page(page: str) -> list[str]:
    """Return what is wrong with the HTML of a page or a fragment."""
    return [f"holds unescaped {text}" for text in _RAW if text in page] + in_mail(page)


def in_mail(page: str) -> list[str]:
    """Return what is wrong with a letter: it is written anew from what it means.

    So a quote that is no end of anything stands there as it is.
    """
    wrong = [f"holds unescaped {text}" for text in _RAW if "<" in text and text in page]
    if SUM in page:
        wrong.append("works out sums that somebody typed")
    for tag in _TAG.findall(page):
        if "xq" in tag:
            wrong += _in_tag(tag)
    return wrong


def _in_tag(text: str) -> list[str]:
    tag, wrong = _Tag(text), []
    if "xq" in tag.name or text.startswith(("</", "<!")):
        wrong.append(f"has an element that somebody typed: {text}")
    for name, value in tag.attributes:
        if "xq" in name or name.startswith("on") or (name == "style" and "xq" in value):
            wrong.append(f"has an attribute that somebody typed: {text}")
        bare = _CONTROLS.sub("", value)
        is_address = name in _ADDRESSES or name.endswith(":href") or name.startswith("hx-get")
        if is_address and not _GOOD_ADDRESS.match(bare):
            wrong.append(f"leads to {value}: {text}")
        if bare.startswith(("{", "[")) and name.startswith(("hx-", "data-")):
            wrong += _in_json(value, text)
        if name.startswith("hx-") and bare.lower().startswith(("js:", "javascript:")):
            wrong.append(f"runs {value}: {text}")
    return wrong


def _in_json(value: str, where: str) -> list[str]:
    try:
        held = json.loads(value)
    except ValueError:
        return [f"holds JSON that somebody broke: {where}"]
    names = held if isinstance(held, dict) else ()
    return [f"holds a key that somebody typed: {where}" for name in names if "xq" in name]


def in_workbook(content: bytes) -> list[str]:
    """Return what is wrong with an XLSX file: a cell that is a formula, or text that is none."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    formulas = [name for name, text in parts.items() if re.search(r"<f[ >]", text)]
    return [f"has a formula in {name}" for name in formulas] + [
        f"holds unescaped {typed} in {name}"
        for name, text in parts.items()
        for typed in _RAW
        if "<" in typed and typed in text
    ]


def links(page: str) -> set[str]:
    """Return the addresses of ours that a page leads to or fetches by itself."""
    found = re.findall(r'(?:href|src|hx-get|data-href|data-url)="(/[^"]*)"', page)
    return {html.unescape(one).partition("#")[0] for one in found if not one.startswith("/static")}
