"""What a child says to its parent: frames of a letter, a length and a payload."""

import json
import struct
from collections.abc import Iterator
from enum import Enum
from typing import Any

#: No frame is larger: whoever announces one is not our child.
MOST_BYTES = 8 * 2**20

_HEAD = struct.Struct(">cI")


class Kind(Enum):
    """The letter a frame begins with."""

    #: Lines of the rows file.
    ROWS = b"R"
    #: Rows done, and how many there are.
    PROGRESS = b"P"
    #: The sheet; the last frame of all.
    SHEET = b"S"
    #: A code with its parameters, instead of a sheet.
    COMPLAINT = b"C"


class NoFrameError(ValueError):
    """What came is not what our child says."""


def packed(kind: Kind, payload: bytes) -> bytes:
    """Return a frame as it goes through the pipe."""
    return _HEAD.pack(kind.value, len(payload)) + payload


def packed_json(kind: Kind, content: Any) -> bytes:
    """Return a frame with JSON in it."""
    return packed(kind, json.dumps(content).encode())


class Unpacker:
    """Takes bytes as a pipe hands them out, and yields whole frames."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[Kind, bytes]]:
        """Yield the frames that are complete now. Raises NoFrameError where there is none."""
        self._held += data
        while len(self._held) >= _HEAD.size:
            letter, length = _HEAD.unpack_from(self._held)
            if length > MOST_BYTES:
                raise NoFrameError
            end = _HEAD.size + length
            if len(self._held) < end:
                return
            try:
                kind = Kind(letter)
            except ValueError:
                raise NoFrameError from None
            payload = bytes(self._held[_HEAD.size : end])
            del self._held[:end]
            yield kind, payload
