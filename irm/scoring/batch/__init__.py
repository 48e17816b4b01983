"""Scores of many people at once, on arrays: the only part of the room that imports numpy.

Only jobs and the command line import it.
"""

from irm.scoring.batch.accounts import (
    PLATFORMS,
    Block,
    PeopleScores,
    block,
    fit_lines,
    row_ranges,
    score_people,
)
from irm.scoring.batch.formulas import exact, optional
from irm.scoring.batch.texts import BrandScores, Heard, Speech, score_relationships, speech

__all__ = [
    "PLATFORMS",
    "Block",
    "BrandScores",
    "Heard",
    "PeopleScores",
    "Speech",
    "block",
    "exact",
    "fit_lines",
    "optional",
    "row_ranges",
    "score_people",
    "score_relationships",
    "speech",
]
