"""Graphs to measure: planted ones, and the public ones that lie beside the project."""

import csv
from collections import Counter
from math import comb
from pathlib import Path

import numpy as np

from irm.network.arrays.graph import TieGraph

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def graph(*ties):
    """A graph of (from, to) or (from, to, strength)."""
    rows = [(*tie, 1.0)[:3] for tie in ties]
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    return TieGraph.of(
        np.array(columns[0], dtype=np.int64),
        np.array(columns[1], dtype=np.int64),
        np.array(columns[2], dtype=np.float64),
    )


def planted(people, ties, groups, inside, seed=0):
    """People of equal groups, of whose ties a share stays inside; some are tied far more often."""
    dice = np.random.default_rng(seed)
    sources = dice.integers(0, people, ties)
    squeezed = dice.random(ties) ** 2
    near = groups * (people // groups * squeezed).astype(np.int64) + sources % groups
    far = (people * squeezed).astype(np.int64)
    targets = np.where(dice.random(ties) < inside, np.minimum(near, people - 1), far)
    strengths = dice.integers(1, 5, ties).astype(np.float64)
    return TieGraph.of(1 + sources, 1 + targets, strengths)


def mps():
    """Who follows whom among French members of parliament, and the parliamentary group of each."""
    edges = _table("net_fr_mps_follows_edges.tsv")
    nodes = _table("net_fr_mps_follows_nodes.tsv")
    group = {row["Twitter"].lower(): row["Groupe"] for row in nodes if row["Twitter"] != "NA"}
    pairs = [(row["Source"].lower(), row["Target"].lower()) for row in edges]
    names = sorted({name for pair in pairs for name in pair})
    number = {name: n for n, name in enumerate(names, 1)}
    ties = [(number[one], number[other]) for one, other in pairs]
    return graph(*ties), {number[name]: group[name] for name in names}


def pages():
    """Which politicians' pages like each other; stored once, self loops among them."""
    with (DATA / "net_fb_politician_pages_edges.csv").open() as lines:
        return graph(
            *[(int(one) + 1, int(other) + 1) for one, other in list(csv.reader(lines))[1:]]
        )


def higgs():
    """Who mentions whom, how often: 116,408 accounts with a hub, self loops and crumbs."""
    rows = np.loadtxt(DATA / "net_higgs_mentions_weighted.edgelist")
    return TieGraph.of(rows[:, 0].astype(np.int64), rows[:, 1].astype(np.int64), rows[:, 2])


PUBLIC = {"mps": lambda: mps()[0], "pages": pages, "higgs": higgs}


def _table(name):
    with (DATA / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def rand(one, other):
    """The adjusted Rand index of two partings of the same people: 1 the same, 0 chance."""
    together = _pairs(Counter(zip(one, other, strict=True)))
    first, second = _pairs(Counter(one)), _pairs(Counter(other))
    chance = first * second / comb(len(one), 2)
    return (together - chance) / ((first + second) / 2 - chance)


def _pairs(counts):
    return sum(comb(count, 2) for count in counts.values())
