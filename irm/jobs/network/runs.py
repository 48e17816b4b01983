"""Measuring networks: the ties are read once, then each brand's part is measured and stored."""

import time
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from irm import clock
from irm.db import db
from irm.jobs import pulse
from irm.jobs.network import clearing, nightly, standing, writing
from irm.jobs.pulse import Report
from irm.models import Brand, NetworkRun, Prospect, Relationship, Task
from irm.network.arrays import discovery, measures, reading

SPEAKING = 50.0
"""From this relevance on somebody speaks of the brand's topics: influence on them begins here."""


def run(_app: Flask, task: Task, report: Report) -> dict[str, Any]:
    """Do a task of kind "network"; commits as it goes. Run again after a crash it begins anew."""
    session, begun = db.session, time.perf_counter()
    # Where all are measured: of one brand's ties nobody's strangers are told.
    cleared = clearing.clear(session) if task.brand_id is None else 0
    brand_ids = _brands(session, task)
    progress = _Progress(report, len(brand_ids))
    seen = {str(id): nightly.fingerprint(session, id) for id in brand_ids}
    day = clock.now().date()
    ties = reading.read_ties(session, day, progress.read)
    people = reading.read_people(session)
    progress.has_read()
    outcomes = {}
    for brand_id in brand_ids:
        began = time.perf_counter()
        sight = reading.seen_by(ties, people, brand_id, reading.read_own(session, brand_id))
        measured = measures.measure(sight.graph, speakers(session, brand_id), progress.step)
        communities = writing.write(
            session, brand_id, measured, day, lambda: pulse.hold(session, task), progress.wrote
        )
        proposals = discovery.proposals(measured, standing.read(session, brand_id, day))
        made = NetworkRun(
            brand_id=brand_id,
            day=day,
            finished_at=clock.now(),
            people=int(sight.is_known.sum()),
            strangers=len(sight.graph) - int(sight.is_known.sum()),
            ties=sight.ties,
            communities=communities,
            modularity=measured.modularity,
            seconds=round(time.perf_counter() - began, 2),
            left_out=measured.left_out,
            proposals=proposals,
        )
        session.add(made)
        session.flush()
        writing.prune(session, brand_id, day)
        pulse.hold(session, task)
        session.commit()
        outcomes[str(brand_id)] = outcome(made)
        progress.next_brand()
    return {
        "ties": len(ties),
        "brands": outcomes,
        "seen": seen,
        "cleared": cleared,
        "seconds": round(time.perf_counter() - begun, 2),
    }


def outcome(made: NetworkRun) -> dict[str, Any]:
    """What a run found, as the command line prints it."""
    names = ("people", "strangers", "ties", "communities", "modularity", "seconds", "left_out")
    return {name: getattr(made, name) for name in names}


def speakers(session: Session, brand_id: int) -> dict[int, float]:
    """Who is known to speak of a brand's topics, with their relevance."""
    found: dict[int, float] = {}
    for rows in (
        select(Prospect.influencer_id, Prospect.relevance).where(
            Prospect.brand_id == brand_id, Prospect.relevance >= SPEAKING, Prospect.is_own
        ),
        select(Relationship.influencer_id, Relationship.relevance).where(
            Relationship.brand_id == brand_id, Relationship.relevance >= SPEAKING
        ),
    ):
        found |= {id: relevance for id, relevance in session.execute(rows) if relevance}
    return found


def _brands(session: Session, task: Task) -> list[int]:
    wanted = select(Brand.id).order_by(Brand.id)
    if task.brand_id is not None:
        wanted = wanted.where(Brand.id == task.brand_id)
    elif task.arguments.get("brands"):
        wanted = wanted.where(Brand.id.in_(task.arguments["brands"]))
    return list(session.scalars(wanted))


class _Progress:
    """How far it is: the reading is a third, the brands share what is left."""

    def __init__(self, report: Report, brands: int) -> None:
        self._report = report
        self._total = 100 * max(1, brands)
        self._each = (self._total - self._total // 3) / max(1, brands)
        self._done_brands = 0
        self._at = 0.0
        self._ties = 0

    def read(self, ties: int) -> None:
        self._ties += ties
        # Nobody counted them; a million is a second or two.
        self._tell(self._total / 3 * self._ties / (self._ties + 500_000))

    def has_read(self) -> None:
        self._tell(self._total / 3)

    def step(self) -> None:
        """One of the steps of measuring is done, each a tenth of a brand's part."""
        self._tell(self._at + self._each / 10)

    def wrote(self, share: float) -> None:
        """So much of a brand's places is stored."""
        self._tell(self._total / 3 + self._each * (self._done_brands + 0.4 + 0.6 * share))

    def next_brand(self) -> None:
        self._done_brands += 1
        self._tell(self._total / 3 + self._each * self._done_brands)

    def _tell(self, at: float) -> None:
        self._at = max(self._at, at)
        self._report(min(self._total, round(self._at)), self._total)
