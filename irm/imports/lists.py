"""Which kind of list a file is: found out, or said; or one sentence why it is none of ours."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from irm.imports.complaints import Complaint
from irm.imports.headings import fold
from irm.imports.history.interactions import Interactions
from irm.imports.history.moves import Moves
from irm.imports.history.relationships import Relationships
from irm.imports.history.touchpoints import Touchpoints
from irm.imports.kinds import Chosen, Headed, Kind
from irm.imports.people import fields
from irm.imports.people.kind import Contacts, People, Snapshots
from irm.imports.posts.kind import Posts
from irm.imports.reading.sheet import Sheet
from irm.imports.ties.kind import Ties


class Maker(Protocol):
    """The class of a kind: it says whether a file is one of its own, and makes the kind."""

    def likeness(self, sheet: Headed, chosen: Chosen) -> float:
        """Say how much a file looks like this kind: 0 not at all, 1 surely."""
        ...

    def of(self, sheet: Headed, chosen: Chosen) -> Kind:
        """Make the kind for a file. Raises Complaint where it is none, or asks something."""
        ...


#: The kinds of list by the word of the command line; those that know less of a file come last.
KINDS: dict[str, Maker] = {
    "influencers": People,
    "posts": Posts,
    "snapshots": Snapshots,
    "ties": Ties,
    "interactions": Interactions,
    "touchpoints": Touchpoints,
    "relationships": Relationships,
    "moves": Moves,
    "contacts": Contacts,
}

#: What `--kind` and the page offer.
CHOICES = (
    "auto",
    "influencers",
    "posts",
    "snapshots",
    "ties",
    "interactions",
    "contacts",
    "touchpoints",
    "relationships",
    "moves",
)

#: Questions: the file was understood but for one thing that only its owner knows.
QUESTIONS = frozenset({"no_platform", "day_order", "no_owner"})

#: Lists that are not ours, and words that all stand in their headings.
_FOREIGN: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (code, frozenset(words.split(",")))
    for code, words in (
        ("looks_like_deals", "deal stage"),
        ("looks_like_deals", "opportunity id"),
        ("looks_like_deals", "close value"),
        ("looks_like_companies", "account,sector,revenue"),
        ("looks_like_companies", "company,industry,revenue"),
        ("looks_like_products", "product,sales price"),
        ("looks_like_products", "product,price"),
        ("looks_like_products", "sku"),
        ("looks_like_teams", "sales agent,manager"),
        ("looks_like_days", "date,primary"),
        ("looks_like_audience", "women,men"),
        ("looks_like_audience", "femmes,hommes"),
    )
)


def understand(sheet: Headed, chosen: Chosen, kind: str = "auto") -> Kind:
    """Return the kind a file is of, made for it.

    With `auto` that is the likeliest whose columns are there. Raises Complaint where there is
    none, or where the likeliest asks something.
    """
    if kind != "auto":
        if kind not in KINDS:
            raise Complaint("kind", kind=kind)
        return KINDS[kind].of(sheet, chosen)
    likely = {name: maker.likeness(sheet, chosen) for name, maker in KINDS.items()}
    complaints: list[Complaint] = []
    for name in sorted(likely, key=lambda name: -likely[name]):
        if likely[name] <= 0:
            break
        try:
            return KINDS[name].of(sheet, chosen)
        except Complaint as complaint:
            if complaint.code in QUESTIONS and not complaints:
                raise
            complaints.append(complaint)
    raise _foreign(sheet) or (complaints or [_none(sheet)])[0]


def fields_of(kind: str) -> Sequence[str]:
    """Return the fields that columns can be chosen for, where the kind could not be made."""
    offered: Sequence[str] = getattr(KINDS.get(kind), "fields", ())
    return offered or fields.offered(day=kind == "snapshots")


def reading(sheet: Sheet, kind: Kind) -> dict[str, Any]:
    """Return how a file was read, to be stored with the batch and shown."""
    return {
        "format": sheet.format,
        "encoding": sheet.encoding,
        "separator": sheet.separator,
        "table": sheet.table,
        "heading_row": sheet.heading_row,
        "headings": list(sheet.headings),
        "columns": overview(sheet.headings, kind.columns),
        "fields": {field: list(places) for field, places in kind.columns.items()},
        "notes": [{"code": note.code, "params": dict(note.params)} for note in sheet.notes],
    }


def overview(headings: Sequence[str], fields: Mapping[str, Sequence[int]]) -> dict[str, str]:
    """Return heading → field for what was understood, to be shown."""
    return {
        headings[place]: field
        for field, places in fields.items()
        for place in places
        if place < len(headings)
    }


def _foreign(sheet: Headed) -> Complaint | None:
    """Say what a list that is not ours looks like, where that can be told."""
    words = {fold(heading) for heading in sheet.headings}
    for code, signs in _FOREIGN:
        if signs <= words:
            return Complaint(code)
    return None


def _none(sheet: Headed) -> Complaint:
    return Complaint("no_kind", columns=", ".join(sheet.headings[:12])[:300])
