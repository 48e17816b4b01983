"""Pieces of a page that templates have written, put together."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup, escape

#: What needs no escaping: it was escaped when it was written, or is digits alone.
_SAFE = {Markup, int}


def joined(pieces: Sequence[Markup | int]) -> Markup:
    """Put pieces together that are markup already, or whole numbers.

    Markup's own `join` and `+` escape each piece once more, which took a fifth of the list's time.
    Raises TypeError at anything else: text that people typed does not get through here.
    """
    if not _SAFE.issuperset(map(type, pieces)):
        raise TypeError("only what a template has written can be joined")
    return Markup("".join(map(str, pieces)))  # noqa: S704  # nosec B704  # looked at above


def framed(written: Markup, gaps: re.Pattern[str]) -> list[Markup]:
    """Cut what a template has written at its gaps, for `joined` to fill; each gap is a piece.

    `gaps` has one group around the whole of a gap, which no text that people typed may hold.
    """
    if type(written) is not Markup:
        raise TypeError("only what a template has written can be cut")
    return [Markup(piece) for piece in gaps.split(written)]  # noqa: S704  # nosec B704  # parts of markup


def filled(frame: Sequence[Markup], of_row: Mapping[str, Markup | int]) -> Markup:
    """Fill what `framed` cut, by the gaps; what is not a gap stands as it was written."""
    return joined([of_row.get(piece, piece) for piece in frame])


#: Stands in a frame where a row has its own: the place of the field between two of these.
_EDGE = "\x1f"
_FIELD = re.compile(f"{_EDGE}(\\d+){_EDGE}")


class Frames:
    """Rows of one kind, each shape of which a template writes once.

    Two rows are of one shape where the same fields are empty. A field is put into the frame as it
    is, so the template must not look at more of it than whether it is there; a list is not put in
    at all, and a row that has one is written by itself.
    """

    def __init__(self, kind: type[NamedTuple], write: Callable[[Any], Markup]) -> None:
        self._kind, self._write = kind, write
        self._known: dict[tuple[bool, ...], list[Markup | int]] = {}

    def fill(self, row: Any) -> Markup:
        """Write a row of the kind; what people typed is escaped."""
        shape = tuple(map(bool, row))
        frame = self._known.get(shape)
        if frame is None:
            if any(type(one) is list and one for one in row):
                return self._write(row)
            frame = self._known[shape] = self._frame(row)
        return joined([one if type(one) is Markup else escape(row[one]) for one in frame])

    def _frame(self, row: Any) -> list[Markup | int]:
        gaps = [
            f"{_EDGE}{place}{_EDGE}" if one and one is not True else one
            for place, one in enumerate(row)
        ]
        written = self._write(self._kind._make(gaps))
        if type(written) is not Markup:
            raise TypeError("only what a template has written can be cut")
        parts = _FIELD.split(written)
        # Parts of markup, and between them the places of fields.
        return [
            int(part) if number % 2 else Markup(part)  # noqa: S704  # nosec B704  # parts of it
            for number, part in enumerate(parts)
        ]
