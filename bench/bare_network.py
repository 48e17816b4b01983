"""The bare network: the plainest reading of all ties into a matrix, and PageRank by scipy."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from irm.db import dbapi

_TIES = "SELECT from_id, to_id, kind, weight, is_mutual, last_seen FROM ties"
_WEIGHTS = {"follows": 1.0, "mentions": 2.0, "collaborates": 5.0}


def pagerank(database: Path, day: dt.date, tolerance: float) -> Any:
    """Read the ties, as strong as they are on a day, and compute everybody's PageRank."""
    connection = dbapi.connect(str(database))
    try:
        rows = connection.execute(_TIES).fetchall()
    finally:
        connection.close()
    one, other, kinds, weights, mutual, days = zip(*rows, strict=True)
    faded = {
        (kind, last): _WEIGHTS[kind] * 0.5 ** ((day - dt.date.fromisoformat(last)).days / 365)
        for kind, last in {*zip(kinds, days, strict=True)}
    }
    sources, targets, is_mutual = np.array(one), np.array(other), np.array(mutual, dtype=bool)
    strengths = np.array(weights) * np.array([faded[key] for key in zip(kinds, days, strict=True)])
    sources, targets = (
        np.concatenate((sources, targets[is_mutual])),
        np.concatenate((targets, sources[is_mutual])),
    )
    strengths = np.concatenate((strengths, strengths[is_mutual]))
    ids, places = np.unique(np.concatenate((sources, targets)), return_inverse=True)
    size, half = len(ids), len(sources)
    matrix = sparse.coo_array((strengths, (places[:half], places[half:])), (size, size)).tocsr()
    sums = matrix.sum(axis=1)
    ends = sums == 0
    steps = (sparse.diags_array(1 / np.where(ends, 1, sums)) @ matrix).T.tocsr()
    values = np.full(size, 1 / size)
    while True:
        before = values
        values = 0.85 * (steps @ before + before[ends].sum() / size) + 0.15 / size
        if np.abs(values - before).sum() < tolerance:
            return ids, values
