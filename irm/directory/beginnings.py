"""Finding people by the beginning of their name: what is too short for the index of trigrams."""

from sqlalchemy import ColumnElement, or_

from irm.models import Relationship


def begins_with(needle: str) -> ColumnElement[bool]:
    """Whether the name of a relationship's person begins with a folded text."""
    # Names are sorted as they are written, with either apostrophe.
    return or_(*(_begins(one) for one in {needle, needle.replace("'", "\u2019")}))


def _begins(needle: str) -> ColumnElement[bool]:
    beyond = _after(needle)
    begun = Relationship.name_order >= needle
    return begun if beyond is None else begun & (Relationship.name_order < beyond)


def _after(needle: str) -> str | None:
    """The first text after all those that begin with the needle, if there is any."""
    # Nothing comes after the last code point, and surrogates are in no text.
    bare = needle.rstrip("\U0010ffff")
    if not bare:
        return None
    following = ord(bare[-1]) + 1
    return bare[:-1] + chr(0xE000 if following == 0xD800 else following)
