"""Finding people who may be one: a task of kind "duplicates", of a few or of all."""

from irm.jobs.duplicates.runs import queue_nightly, run

__all__ = ["queue_nightly", "run"]
