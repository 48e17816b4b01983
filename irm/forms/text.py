"""What is done to every text that people send: no spaces around it, nothing unstorable in it."""

import re

#: NUL, which PostgreSQL cannot store, and halves of a pair, which are no text. Nobody means them.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(value: str | None) -> str:
    """Strip a text and take out what no database can store."""
    return _UNSTORABLE.sub("", value or "").strip()


def one_line(value: str | None) -> str:
    """A clean text on one line."""
    return " ".join(clean(value).split())
