"""People who are not in a brand's funnel: scored beside those who are."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from irm.jobs.scoring.columns import BrandColumns
from irm.scoring.prospecting import Proposals, ProspectScore


@dataclass(frozen=True, slots=True)
class Outsiders:
    """Some people as brands see them that do not have them in their funnels.

    `stored` are the rows of prospects, `related` the brands and people of relationships,
    `speakers` who speaks of which topics: person → bit mask.
    """

    stored: Sequence[Any]
    related: Set[tuple[int, int]]
    speakers: Mapping[int, int]
    #: Prospects who are in the funnel by now.
    gone: list[int] = field(default_factory=list)

    def of_brand(self, brand_id: int) -> tuple[list[Any], Set[int]]:
        """Give a brand's prospects among them, and whom it knows in one way or the other."""
        rows = [row for row in self.stored if row.brand_id == brand_id]
        mine = [row for row in rows if (brand_id, row.influencer_id) not in self.related]
        self.gone.extend(row.id for row in rows if (brand_id, row.influencer_id) in self.related)
        known = {row.influencer_id for row in mine if row.is_kept}
        known |= {person for brand, person in self.related if brand == brand_id}
        return mine, known

    def speaking_of(self, topics: int, known: Set[int]) -> Iterator[int]:
        """Give those who speak of one of the topics of a bit mask and are not known yet."""
        return (one for one, mask in self.speakers.items() if mask & topics and one not in known)


def changed(rows: Sequence[Any], columns: BrandColumns) -> dict[int, ProspectScore]:
    """Compare what is stored of prospects with what it should be; by their ids."""
    found = {}
    for row in rows:
        relevance, fit = columns.scores(row.influencer_id)
        if (row.relevance, row.fit) != (relevance, fit) or not row.is_scored:
            found[row.id] = score(row.influencer_id, columns)
    return found


def score(person: int, columns: BrandColumns) -> ProspectScore:
    """Give somebody's scores for a brand, and why they are relevant."""
    relevance, fit = columns.scores(person)
    return ProspectScore(person, relevance, fit, columns.why_relevant(person))


def best(people: Iterator[int], columns: BrandColumns, proposals: Proposals) -> None:
    """Offer to a brand those of some people who may be among the best."""
    promising = (one for one in people if proposals.takes(columns.scores(one)[0]))
    proposals.offer([score(one, columns) for one in promising])
