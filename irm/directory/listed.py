"""What a list shows, as the cells of a spreadsheet: everybody it finds, a thousand at a time."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from irm.directory import columns, filters, narrowing, people
from irm.directory.columns import COLUMNS
from irm.directory.filters import Query
from irm.directory.search import Reader
from irm.directory.sorting import Sort
from irm.errors import Refused
from irm.i18n import _, _l
from irm.ledger import ageing
from irm.ledger.ageing import Age
from irm.models import Brand, Platform
from irm.models.base import LabelledEnum

#: People read in one step: bounded memory.
STEP = 1000

#: What of a row stands in a cell, where it is not named as its column.
_ATTRIBUTES = {
    "contact": "last_contact_at",
    "next": "next_touchpoint_on",
    "owner": "owner_name",
    "earned": "earned_stage",
    "since": "stage_since",
    "gives": "gives_since_ask",
    "added": "created_at",
    "paused": "paused_until",
}

_PLATFORMS = {platform.value: str(platform.label) for platform in Platform}


@dataclass(frozen=True, slots=True)
class List:
    """A list as it was when somebody asked for it: whom, in which order, with which columns."""

    query: Query
    sort: Sort
    columns: tuple[str, ...]

    @classmethod
    def read(cls, address: str, chosen: Sequence[str]) -> "List":
        """The list that was written down. Raises Refused where its words mean nothing now."""
        pairs = parse_qsl(address, keep_blank_values=True)
        query = filters.read(pairs)
        word = next((value for name, value in pairs if name == "sort" and value), "")
        try:
            sort = Sort(word) if word else (Sort.MATCH if query.text else Sort.FIT)
        except ValueError:
            raise Refused(_l("This address names a filter that does not exist.")) from None
        return cls(query, sort, columns.chosen(chosen))


def headings(chosen: Sequence[str]) -> list[str]:
    """The first row."""
    return [_("Name"), _("Platform"), _("Handle"), *(str(COLUMNS[one].label) for one in chosen)]


def rows(
    session: Session, wanted: List, reader: Reader, now: dt.datetime, zone: dt.tzinfo
) -> Iterator[list[Any]]:
    """Each person of the list as cells; numbers as numbers, days as ISO days, words in words."""
    asked = narrowing.ask(session, wanted.query, reader, now, zone)
    brand = session.get_one(Brand, reader.brand_id)
    home, limits = ZoneInfo(brand.timezone), ageing.limits(brand.limits)
    today, is_aged = now.astimezone(home).date(), "age" in wanted.columns
    rank = asked.found.rank if asked.found else None
    sort = Sort.FIT if wanted.sort is Sort.MATCH and rank is None else wanted.sort
    after: str | None = None
    while True:
        found = people.page(
            session,
            reader.brand_id,
            asked.conditions,
            sort,
            after,
            STEP,
            columns=wanted.columns,
            archived=wanted.query.archived,
            rank=rank,
        )
        shown = found[:STEP]
        for row in shown:
            platform, _space, handle = (row.account or "").partition(" ")
            aged = ageing.age(row, today, home, limits) if is_aged else None
            cells = [_cell(row, one, zone, aged) for one in wanted.columns]
            yield [row.name, _PLATFORMS.get(platform, platform), handle, *cells]
        if len(found) <= STEP:
            return
        after = people.page_token(found[STEP - 1])


def _cell(row: Any, column: str, zone: dt.tzinfo, aged: Age | None) -> Any:
    if column == "tags":
        return ", ".join(columns.tag_names(row.tags))
    if column == "age" and aged:
        return ", ".join(str(mark.label) for mark in aged.marks)
    value = getattr(row, _ATTRIBUTES.get(column, column))
    if isinstance(value, LabelledEnum):
        return str(value.label)
    if isinstance(value, dt.datetime):
        return value.astimezone(zone).date().isoformat()
    return round(value, 1) if isinstance(value, float) else value
