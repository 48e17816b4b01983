"""Inventing what a stage rests on: not all of it, for claims run ahead of evidence in any team."""

import datetime as dt
import random

from irm.demo.people import Chunk
from irm.models import ProofKind, Stage

_STAGES = tuple(Stage)

#: What they say of the brand, in either language.
_PRAISE = ("Fougère & Flint", "@fougere.and.flint Fougère & Flint")


class Evidence:
    """Invents proofs with dice of its own, so that the people are those they were without it."""

    def __init__(self, seed: int, today: dt.date) -> None:
        self._rng = random.Random(f"evidence {seed}")  # nosec B311  # dice
        self._today = today

    def invent(self, chunk: Chunk, posts: int, lead: int) -> None:
        """Add what the newest relationship of a chunk rests on; it has that many posts."""
        row, rng = chunk.relationships[-1], self._rng
        stage, began = _STAGES.index(row["stage"]), row["created_at"].date()
        by = row["owner_id"] or lead
        if stage >= 1 and rng.random() < 0.35:
            self._add(chunk, ProofKind.FOLLOW, self._since(began), by)
        if stage >= 3 and rng.random() < 0.75:
            self._add(chunk, ProofKind.ACTIVITY, self._since(began, 150), by)
        if stage == 4 and rng.random() < 0.8:
            until = self._today + dt.timedelta(days=rng.randint(-20, 400))
            self._add(chunk, ProofKind.AGREEMENT, self._since(began), by, until)
        if posts and rng.random() < (0.04, 0.06, 0.1, 0.3, 0.8)[stage]:
            newest = max(chunk.posts[-posts:], key=lambda post: post["published_at"])
            newest["text"] += " " + rng.choice(_PRAISE)

    def _since(self, began: dt.date, most: int = 800) -> dt.date:
        days = min((self._today - began).days, most)
        return self._today - dt.timedelta(days=self._rng.randint(0, max(0, days)))

    def _add(
        self, chunk: Chunk, kind: ProofKind, day: dt.date, by: int, until: dt.date | None = None
    ) -> None:
        created_at = dt.datetime.combine(day, dt.time(9), dt.UTC)
        chunk.proofs.append(
            {
                "relationship_id": chunk.relationships[-1]["id"],
                "kind": kind,
                "day": day,
                "until": max(until, day) if until else None,
                "author_id": by,
                "created_at": created_at,
            }
        )
