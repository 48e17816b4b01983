"""By what a list of people is sorted, and by which column of a relationship that is done.

What is not known comes last, whether the highest or the lowest scores come first.
"""

from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from irm.i18n import _l
from irm.models import Relationship
from irm.models.base import LabelledEnum


class Sort(LabelledEnum):
    """By what a list is sorted; reach is never the default."""

    FIT = "fit", _l("Fit")
    NAME = "name", _l("Name")
    RELEVANCE = "relevance", _l("Relevance")
    RESONANCE = "resonance", _l("Resonance")
    REACH = "reach", _l("Reach")
    CONTACT = "contact", _l("Longest without contact")
    NEXT = "next", _l("Next touchpoint")
    ADDED = "added", _l("Newest first")
    LOW_FIT = "fit-low", _l("Lowest fit first")
    LOW_RELEVANCE = "relevance-low", _l("Lowest relevance first")
    LOW_RESONANCE = "resonance-low", _l("Lowest resonance first")
    LOW_REACH = "reach-low", _l("Lowest reach first")
    MATCH = "match", _l("Best match")


KEYS: dict[Sort, InstrumentedAttribute[Any]] = {
    Sort.FIT: Relationship.fit_order,
    Sort.NAME: Relationship.name_order,
    Sort.RELEVANCE: Relationship.relevance_order,
    Sort.RESONANCE: Relationship.resonance_order,
    Sort.REACH: Relationship.reach_order,
    Sort.CONTACT: Relationship.contact_order,
    Sort.NEXT: Relationship.next_order,
    Sort.ADDED: Relationship.created_at,
    Sort.LOW_FIT: Relationship.fit_order,
    Sort.LOW_RELEVANCE: Relationship.relevance_order,
    Sort.LOW_RESONANCE: Relationship.resonance_order,
    Sort.LOW_REACH: Relationship.reach_order,
    # Among equals of a search.
    Sort.MATCH: Relationship.fit_order,
}

#: Those that begin with the lowest score: along the same column, from its end.
LOWEST = frozenset({Sort.LOW_FIT, Sort.LOW_RELEVANCE, Sort.LOW_RESONANCE, Sort.LOW_REACH})

#: Those that are read from the end of their column.
BACKWARDS = LOWEST | {Sort.ADDED}


def turned(sort: Sort) -> Sort:
    """The same the other way round, where there is one."""
    other = sort.value.removesuffix("-low") if sort in LOWEST else f"{sort.value}-low"
    return next((one for one in Sort if one.value == other), sort)
