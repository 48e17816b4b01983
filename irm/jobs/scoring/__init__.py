"""Score people: read facts in chunks, compute on arrays, write what changed.

Everything but a few rows is read as tuples and written by `executemany`, in transactions short
enough that nobody waits for them. What a score is, `irm/scoring` says.
"""

from irm.jobs.scoring.nightly import queue_nightly
from irm.jobs.scoring.runs import Outcome, run, score, score_people

__all__ = ["Outcome", "queue_nightly", "run", "score", "score_people"]
