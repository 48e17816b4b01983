"""The discovery worksheet: from a brand's promise and its customers' interests to topics.

A draft is kept for each brand until it is filled in again, so that it can be left at any step.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from irm.directory import topics
from irm.errors import Refused
from irm.i18n import _l
from irm.models import Account, Brand, Influencer, Prospect, Relationship, Setting, Topic, User
from irm.models.keys import fold, fold_handle, name_order

STEPS = 4

#: More lines than this are a list to import.
MOST_LINES = 30

#: Words that say nothing of a subject, in English and French, folded.
_LITTLE = (
    "a about an and are at avec be better but by can chez comme comment dans de des do du "
    "elle en est et etre eux faire find for from get good have how il ils in instead is it la "
    "le les less leur leurs like mais make mieux moins more my ne new nos not notre of on or "
    "ou our par pas plus plutot pour que qui sa sans se ses son sont sous sur that the their "
    "them they this to tous tout trouver un une vers want what when where who with without "
    "your"
)
_EMPTY = frozenset(_LITTLE.split())
_WORD = re.compile(r"[^\W\d_][\w’'-]*")


class Theme(NamedTuple):
    """A theme where promise and interests meet: what becomes a topic."""

    name: str
    keywords: tuple[str, ...]
    weight: float = 1.0


class Lead(NamedTuple):
    """Somebody who already leads such conversations, as written, and who that is here."""

    said: str
    influencer_id: int | None = None
    name: str = ""
    in_funnel: bool = False


@dataclass(frozen=True, slots=True)
class Worksheet:
    """What a brand has written so far."""

    promise: str = ""
    interests: tuple[str, ...] = ()
    themes: tuple[Theme, ...] = ()
    people: tuple[str, ...] = ()
    #: Where it is to be taken up again.
    step: int = 1

    def to_json(self) -> dict[str, Any]:
        """Return it as a setting keeps it."""
        return {
            "promise": self.promise,
            "interests": list(self.interests),
            "themes": [[one.name, list(one.keywords), one.weight] for one in self.themes],
            "people": list(self.people),
            "step": self.step,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what a setting kept."""
        return cls(
            kept["promise"],
            tuple(kept["interests"]),
            tuple(Theme(name, tuple(words), weight) for name, words, weight in kept["themes"]),
            tuple(kept["people"]),
            kept["step"],
        )

    def at(self, step: int) -> Self:
        """Return it with the step at which it is taken up again."""
        return replace(self, step=min(max(step, 1), STEPS))


def load(session: Session, brand_id: int) -> Worksheet:
    """Return a brand's worksheet, empty where nobody has begun one."""
    kept = session.get(Setting, _name(brand_id))
    return Worksheet() if kept is None else Worksheet.from_json(kept.value)


def save(session: Session, brand_id: int, sheet: Worksheet) -> None:
    """Keep a brand's worksheet as it is now."""
    kept = session.get(Setting, _name(brand_id))
    if kept is None:
        session.add(Setting(name=_name(brand_id), value=sheet.to_json()))
    else:
        kept.value = sheet.to_json()


def forget(session: Session, brand_id: int) -> None:
    """Throw the worksheet of a brand away that is itself removed."""
    session.execute(delete(Setting).where(Setting.name == _name(brand_id)))


def suggested(interests: Iterable[str]) -> list[Theme]:
    """Propose a theme for each interest: its words that say something, to be put right."""
    found = []
    for interest in interests:
        said = dict.fromkeys(word.lower() for word in _WORD.findall(interest))
        words = [word for word in said if len(word) > 2 and fold(word) not in _EMPTY]
        if words:
            together = " ".join(words)
            phrase = [together] if len(words) > 1 and together in interest.lower() else []
            found.append(Theme(interest[:80].strip(), (*phrase, *words)))
    return found


def finish(
    session: Session, brand: Brand, sheet: Worksheet, *, user: User, at: dt.datetime
) -> list[Topic]:
    """Make topics of the themes; a theme that is a topic by its name already is left as it is.

    Raises Refused where there is no theme, or the brand would have too many topics.
    """
    if not sheet.themes:
        raise Refused(_l("Name at least one theme first: themes become topics."))
    known = known_topics(session, brand.id)
    wanted = [one for one in sheet.themes if one.name.lower() not in known]
    return topics.add_all(session, brand, wanted, user=user, at=at)


def known_topics(session: Session, brand_id: int) -> set[str]:
    """Say what a brand's topics are called, in small letters."""
    # Not by the database: SQLite leaves a letter with an accent as it is.
    names = session.scalars(select(Topic.name).where(Topic.brand_id == brand_id))
    return {name.lower() for name in names}


def leads(session: Session, brand_id: int, lines: Sequence[str]) -> list[Lead]:
    """Say who of those that were named is here already, by handle or by name.

    Here are the brand's people and the prospects it brought in itself.
    """
    by_key: dict[str, Lead] = {}
    handles = {fold_handle(line) for line in lines}
    names = {name_order(line) for line in lines}
    related = select(Relationship.influencer_id).where(Relationship.brand_id == brand_id)
    own = select(Prospect.influencer_id).where(Prospect.brand_id == brand_id, Prospect.is_own)
    people = (
        select(Influencer.id, Influencer.name, Influencer.id.in_(related).label("in_funnel"))
        .where(Influencer.merged_into_id.is_(None))
        .where(Influencer.id.in_(related) | Influencer.id.in_(own))
    )
    by_name = related.where(Relationship.name_order.in_(names))
    for row in session.execute(people.where(Influencer.id.in_(by_name))):
        by_key.setdefault(f"name {name_order(row.name)}", Lead("", *row))
    for row in session.execute(
        people.where(Influencer.id.in_(own), Influencer.name.in_(list(lines)))
    ):
        by_key.setdefault(f"name {name_order(row.name)}", Lead("", *row))
    of_handle = (
        people.add_columns(Account.handle_key)
        .join(Account, Account.influencer_id == Influencer.id)
        .where(Account.is_current, Account.handle_key.in_(handles))
    )
    for row in session.execute(of_handle):
        by_key.setdefault(f"handle {row.handle_key}", Lead("", *row[:3]))
    return [
        (
            by_key.get(f"handle {fold_handle(line)}")
            or by_key.get(f"name {name_order(line)}")
            or Lead(line)
        )._replace(said=line)
        for line in lines
    ]


def _name(brand_id: int) -> str:
    return f"worksheet:{brand_id}"
