"""Which sign parts the cells of a file: a vote of its first lines."""

import csv
import math
from collections import Counter
from collections.abc import Sequence
from itertools import islice

SEPARATORS = ",;\t|"


def declared(line: str) -> str | None:
    """Return the separator that a first line such as `sep=;` names, as spreadsheets write it."""
    plain = line.strip("\r\n").strip('"')
    if plain[:4].lower() == "sep=" and plain[4:] in tuple(SEPARATORS):
        return plain[4:]
    return None


def vote(lines: Sequence[str]) -> str:
    """Choose the sign that cuts most of the lines into equally many cells, and the more the better.

    A comma serves where there is but one column.
    """
    best = max(SEPARATORS, key=lambda separator: _score(lines, separator))
    return best if _score(lines, best) > 0 else ","


def _score(lines: Sequence[str], separator: str) -> float:
    try:
        rows = [row for row in csv.reader(islice(lines, 200), delimiter=separator) if any(row)]
    except csv.Error:
        return 0
    widths = Counter(map(len, rows))
    width, most = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
    if width < 2:
        return 0
    # Headings have no commas in them, bios do: who does not part the first row is unlikely.
    doubt = 1 if len(rows[0]) == width else 0.25
    return doubt * (most / len(rows)) ** 2 * math.log2(width)
