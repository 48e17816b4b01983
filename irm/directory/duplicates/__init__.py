"""People who may be one: how alike two are, the queue of pairs, likely doubles of a newcomer."""

from irm.directory.duplicates.likely import Likely, likely
from irm.directory.duplicates.queue import counts, decide, known_to, of_person, open_queue
from irm.directory.duplicates.reasons import left_over, sentence, sentences

__all__ = [
    "Likely",
    "counts",
    "decide",
    "known_to",
    "left_over",
    "likely",
    "of_person",
    "open_queue",
    "sentence",
    "sentences",
]
