"""Lines of the network: PageRank, communities and warm paths of a million ties, each in turn."""

import random
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import numpy as np
from sqlalchemy import select

from bench import bare_network, tied
from bench.data import ROOT, environment
from bench.lines import Line
from bench.measure import Result
from irm import clock
from irm.app import create_app
from irm.config import Settings
from irm.db import db
from irm.models import Relationship
from irm.network import paths, routes
from irm.network.arrays import louvain, measures, reading
from irm.network.arrays.adjacency import adjacency
from irm.network.arrays.graph import TieGraph

BRAND = 1

#: Of the reading and PageRank; of Louvain, which takes most of a minute by networkx; of the paths.
ROUNDS, SLOW_ROUNDS, PATH_ROUNDS = 5, 1, 2

#: Warm paths that are searched, and people whose paths are read from the database.
PATHS, READ = 1000, 40

#: One in so many is searched by Dijkstra's method, which looks at everybody each time.
BARE_SHARE = 10

_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")

Say = Callable[[str], None]


def results(people: int, folder: Path, say: Say) -> list[Result]:
    """Measure networks of so many people and ten times as many ties."""
    copied = folder / "tied"
    shutil.copytree(tied.kept(people, say), copied)
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
        data_dir=copied,
        database_url="",
        secret_key="bench-only-" + "x" * 32,  # type: ignore[arg-type]
    )
    with create_app(settings).app_context():
        say("reading ties, computing PageRank …")
        graph, ranked = _pagerank(copied / "irm.db", people)
        say("finding communities, by networkx itself too: a minute …")
        parted = _communities(graph)
        say("searching warm paths …")
        found = [ranked, *parted, _paths(graph), _read_paths()]
    say("measuring all of it as `irm network refresh` does …")
    found += _whole(copied)
    shutil.rmtree(copied)
    return found


def _pagerank(database: Path, people: int) -> tuple[TieGraph, Result]:
    ours, bare = [], []
    day = clock.now().date()
    for _round in range(ROUNDS):
        began = time.perf_counter()
        ties = reading.read_ties(db.session, day, lambda _read: None)
        everybody = reading.read_people(db.session)
        own = reading.read_own(db.session, BRAND)
        graph = reading.seen_by(ties, everybody, BRAND, own).graph
        tolerance = measures.PRECISION / len(graph)
        mine = nx.pagerank(graph, tol=tolerance, max_iter=measures.TURNS)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        ids, theirs = bare_network.pagerank(database, day, measures.PRECISION)
        bare.append(time.perf_counter() - began)
        if list(mine) != ids.tolist() or np.abs(theirs - list(mine.values())).sum() > 1e-6:
            raise RuntimeError("the two found another influence")
    name = f"PageRank of {len(ties):,} ties of {people:,} people, read from the database"
    return graph, _ratio(Line(name, 2, 1.2), ours, bare)


def _communities(graph: TieGraph) -> list[Result]:
    """Our communities against networkx's own, and their modularity against that of Leiden."""
    both = graph.undirected()
    plain = nx.Graph()
    rows = both.matrix.tocoo()
    once = rows.row < rows.col
    ends = np.stack((rows.row[once], rows.col[once]), axis=1)
    weights = rows.data[once].tolist()
    plain.add_weighted_edges_from(
        (one, other, weight) for (one, other), weight in zip(ends.tolist(), weights, strict=True)
    )
    ours, theirs = [], []
    for _round in range(SLOW_ROUNDS):
        began = time.perf_counter()
        nx.community.louvain_communities(both, seed=measures.SEED)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        nx.community.louvain_communities(plain, seed=measures.SEED)
        theirs.append(time.perf_counter() - began)
    labels = louvain.communities(both.matrix, measures.SEED)
    leiden = igraph.Graph(n=len(both), edges=ends).community_leiden("modularity", weights=weights)
    quality = leiden.modularity / louvain.modularity(both.matrix, labels)
    return [
        _ratio(Line("communities against networkx’s own Louvain", 0.4, 0.05), ours, theirs),
        Result(
            Line("communities: Leiden’s modularity against ours", 1 / 0.97, 1),
            quality,
            quality,
            quality,
        ),
    ]


def _paths(graph: TieGraph) -> Result:
    """Warm paths of people nobody reached, against Dijkstra's method of igraph."""
    rows = db.session.execute(
        select(Relationship.influencer_id, Relationship.stage).where(
            Relationship.last_two_way_at.is_not(None)
        )
    ).all()
    asked = paths.connectors(db.session, BRAND, [row.influencer_id for row in rows], clock.now())
    costs = {id: one.cost for id, one in asked.items() if id in graph}
    targets = random.Random(5).sample(sorted(set(graph.nodes) - costs.keys()), PATHS)
    both = graph.undirected()
    matrix = both.matrix.tocoo()
    once = matrix.row < matrix.col
    plain = igraph.Graph(n=len(both), edges=np.stack((matrix.row[once], matrix.col[once]), axis=1))
    weights = np.log1p(1.0 / matrix.data[once]).tolist()
    ours, theirs = [], []
    for _round in range(PATH_ROUNDS):
        began = time.perf_counter()
        adjacent = adjacency(graph)
        for target in targets:
            routes.best(target, adjacent, costs)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        for target in targets[::BARE_SHARE]:
            plain.distances(both.place(target), weights=weights, algorithm="dijkstra")
        theirs.append(BARE_SHARE * (time.perf_counter() - began))
    name = f"{PATHS:,} warm paths against bare Dijkstra"
    return _ratio(Line(name, 5, 2), ours, theirs)


def _read_paths() -> Result:
    """Milliseconds of the warm paths to one person, as a page reads them from the database."""
    unreached = db.session.scalars(
        select(Relationship.influencer_id)
        .where(Relationship.last_contact_at.is_(None))
        .limit(20 * READ)
    ).all()
    times = []
    for person in random.Random(6).sample(unreached, READ):
        began = time.perf_counter()
        paths.find(db.session, BRAND, person, clock.now())
        times.append(1000 * (time.perf_counter() - began))
    line = Line("warm paths to one person, read from the database", 500, 200, "ms")
    return Result(line, statistics.median(times), min(times), max(times))


def _whole(folder: Path) -> list[Result]:
    """Seconds and memory of the command, from its start to its end."""
    command = [sys.executable, "-m", "irm.cli.main", "network", "refresh", "--json"]
    began = time.perf_counter()
    process: Any = subprocess.Popen(  # our own command
        command, env=environment(folder), cwd=ROOT, stdout=subprocess.DEVNULL
    )
    peak = 0
    while process.poll() is None:
        try:
            found = _PEAK.search(Path(f"/proc/{process.pid}/status").read_text())
        except OSError:  # It has ended meanwhile.
            break
        peak = max(peak, int(found[1]) if found else 0)
        time.sleep(0.01)
    if process.wait():
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    seconds = time.perf_counter() - began
    return [
        Result(Line("network: all measured and stored", 60, 30, "s"), *[seconds] * 3),
        Result(Line("network: memory", 850, 400, "MB"), *[peak / 1024] * 3),
    ]


def _ratio(line: Line, ours: list[float], other: list[float]) -> Result:
    ratios = [one / two for one, two in zip(ours, other, strict=True)]
    return Result(
        line,
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        1000 * statistics.median(ours),
        1000 * statistics.median(other),
        samples=ratios,
    )
