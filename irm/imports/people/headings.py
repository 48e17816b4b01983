"""Headings taken apart: `twitter_followers` is X and `followers`, `E-mail 2 - Value` is `email`."""

from collections.abc import Sequence
from typing import NamedTuple

from irm.imports import platforms
from irm.imports.headings import fold
from irm.imports.people.vocabulary import FIELDS, MAYBE, VALUE_WORDS
from irm.models import Platform


class Heading(NamedTuple):
    """A heading taken apart."""

    column: int
    #: What is left without the word for a platform and the number, folded and without blanks.
    rest: str
    platform: Platform | None
    #: The word for the platform names the person behind the account.
    is_person: bool
    #: `2` of `Handle 2`, else empty.
    number: str

    @property
    def may_be_handle(self) -> bool:
        """`Instagram name` and `youTuber` head handles in one list and names in the next."""
        if self.rest in MAYBE:
            return True
        return self.is_person or bool(self.platform and self.rest == "name")

    @property
    def names_account(self) -> bool:
        """Say whether the column may tell which account is meant."""
        if self.may_be_handle or (self.platform and not self.rest):
            return True
        return FIELDS.get(self.rest) in ("handle", "url")


def taken_apart(headings: Sequence[str]) -> list[Heading]:
    """Part platform, number and the rest of each heading."""
    return [_taken_apart(column, text) for column, text in enumerate(headings)]


def _taken_apart(column: int, text: str) -> Heading:
    words = fold(text).split()
    number = ""
    while len(words) > 1 and (words[-1] in VALUE_WORDS or words[-1].isdigit()):
        last = words.pop()
        number = last if last.isdigit() else number
    for at, one in enumerate(words[1:], 1):
        if one.isdigit() and len(one) < 3:  # As in `E-mail 1 - Value`.
            number, words = one, words[:at] + words[at + 1 :]
            break
    for word in words:
        if word in platforms.WORDS:
            rest = "".join(other for other in words if other != word)
            is_person = word in platforms.PEOPLE
            return Heading(column, rest, platforms.WORDS[word], is_person, number)
    compact = "".join(words)
    for word, platform in platforms.WORDS.items():
        if len(word) > 4 and compact.startswith(word) and compact != word:  # As in youtubeUrl.
            return Heading(column, compact.removeprefix(word), platform, False, number)
    return Heading(column, compact, None, False, number)


def groups(headings: Sequence[Heading]) -> dict[int, str]:
    """Say to which of several accounts in a row a column belongs; most lists have one a row.

    Several are told apart by platform (`Instagram`, `TikTok followers`) or by number
    (`Handle 2`, `Followers 2`).
    """
    naming = [one for one in headings if one.names_account]
    named = {one.platform for one in naming if one.platform}
    plain = {one.number for one in naming if not one.platform and one.rest not in MAYBE}
    has_platforms = any(FIELDS.get(one.rest) == "platform" for one in headings)
    found: dict[int, str] = {}
    if len(named) > 1 or (named and plain and has_platforms):
        found |= {one.column: one.platform.value for one in headings if one.platform in named}
        found |= _beside(headings, found)
    if len(plain) > 1:
        first = min(plain, key=lambda number: int(number or 0))
        numbered = {one.number for one in headings if one.number in plain - {first}}
        found |= {
            one.column: one.number
            for one in headings
            if one.number in numbered and not one.platform and _is_of_account(one)
        }
    return found


def _is_of_account(heading: Heading) -> bool:
    field = FIELDS.get(heading.rest)
    return heading.names_account or field in _OF_ACCOUNT


_OF_ACCOUNT = frozenset(
    ["platform", "platform_id", "followers", "likes", "comments", "shares", "views", "engagement"]
)


def _beside(headings: Sequence[Heading], groups: dict[int, str]) -> dict[int, str]:
    """Give figures without a platform to the account on their left, where each has its own."""
    given: dict[int, str] = {}
    last = ""
    for heading in headings:
        last = groups.get(heading.column, last)
        field = FIELDS.get(heading.rest)
        if last and not heading.platform and field in _OF_ACCOUNT - {"platform", "platform_id"}:
            given[heading.column] = last
    followers = [c for c in given if FIELDS.get(headings[c].rest) == "followers"]
    # One figure for all of them belongs to none.
    return given if len(followers) > 1 else {}
