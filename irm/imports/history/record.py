"""What a row of a history says, and who it says it about."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from irm.imports import contacts, figures, platforms
from irm.imports.complaints import Complaint
from irm.imports.history.persons import Known, Named, Person
from irm.imports.kinds import Decision
from irm.models import Platform
from irm.models.keys import fold, fold_handle


class Record(NamedTuple):
    """One row; what it does not say is not in `said`."""

    person: Person
    #: What tells it from other rows about the same person.
    mark: tuple[Hashable, ...]
    said: Mapping[str, Any]
    #: Cells that could not be read, as `heading: cell`.
    unread: tuple[str, ...] = ()

    def over(self, earlier: "Record") -> "Record":
        """Return this row with what it leaves open filled in by an earlier one."""
        return self._replace(
            person=self.person.over(earlier.person), said={**earlier.said, **self.said}
        )


@dataclass(slots=True)
class Settled(Decision):
    """What becomes of one row of a history."""

    known: Known | None = None
    #: The stored row it is about; None where it is a new one.
    target: Any = None
    #: Columns to be written.
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> Mapping[str, Any]:
        said: Mapping[str, Any] = self.record.said
        return said


def person_of(
    said: Mapping[str, str], usual: Platform | None, elsewhere: Mapping[Platform, str]
) -> Person:
    """Read whom a row is about from its person columns, and from those of one platform each.

    Raises Complaint where it is nobody.
    """
    platform = platforms.named(said.get("platform", "")) or usual
    person = Person(platform=platform)
    for name in ("account", "url", "contact"):
        if text := said.get(name):
            person = person.over(_claimed(text, platform, may_be_title=name == "account"))
    if text := said.get("platform_id"):
        person = person._replace(platform_id=text[:64])
    further: list[Named] = []
    for where, text in elsewhere.items():
        claimed = _claimed(text, where, may_be_title=True)
        if person.accounts:
            further += claimed.accounts
        else:
            person = claimed.over(person)
    person = person._replace(further=tuple(further) or None)
    if text := said.get("email"):
        person = person._replace(email_key=_email(text) or person.email_key)
    called = fold(said.get("name", "")) or person.name
    person = person._replace(influencer_id=_number(said.get("influencer_id", "")), name=called)
    if not any(person[1:5]):
        raise Complaint("name_alone" if person.name else "no_person")
    return person


def _claimed(text: str, platform: Platform | None, *, may_be_title: bool) -> Person:
    """Read what a cell can say of a person: `instagram:chloe`, `@chloe`, an address, a name."""
    text = text.strip()
    place, colon, handle = text.partition(":")
    if colon and (named := platforms.named(place)) and not handle.startswith("//"):
        return Person(platform=named, handle_key=fold_handle(handle) or None)
    if found := platforms.address(text):
        key = fold_handle(found.handle) if found.handle else None
        return Person(platform=found.platform, handle_key=key, platform_id=found.platform_id)
    if email := _email(text):
        return Person(email_key=email)
    if may_be_title or text.startswith("@"):
        return Person(platform=platform, handle_key=fold_handle(text) or None)
    if platforms.looks_like_handle(text):
        return Person(platform=platform, handle_key=fold_handle(text) or None, name=fold(text))
    return Person(name=fold(text) or None)


def _number(text: str) -> int | None:
    digits = text.removesuffix(".0")
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 10
    return int(digits) if is_number else None


def _email(text: str) -> str | None:
    if "@" not in text.strip()[1:]:
        return None
    try:
        found = contacts.emails(text)
    except ValueError:
        return None
    return found[0].key if found else None


def filled(cells: Sequence[str], columns: Sequence[int], *, is_text: bool = False) -> str | None:
    """Return the first cell of some columns that says something.

    In a text even a dash does.
    """
    for column in columns:
        if column < len(cells) and cells[column].strip():
            if is_text:
                return cells[column].strip()
            if not figures.is_missing(cells[column]):
                return cells[column].strip()
    return None
