"""Measure the network that each brand sees: read all ties once, compute on arrays, store places.

What is measured, `irm/network` says.
"""

from irm.jobs.network.nightly import queue_nightly
from irm.jobs.network.task import KIND, run

__all__ = ["KIND", "queue_nightly", "run"]
