"""What a check looks at, and what it finds."""

import datetime as dt
import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from flask import Flask
from sqlalchemy.orm import Session

from irm.config import Settings


class State(enum.StrEnum):
    """How bad it is: nothing to do, worth a look, or broken."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, in one sentence, and in another what to do about it."""

    state: State
    said: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """What checks look at."""

    app: Flask
    settings: Settings
    session: Session
    now: dt.datetime

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is SQLite."""
        return self.session.get_bind().dialect.name == "sqlite"


#: One check; None where it does not apply here. Its name is the function's.
Check: TypeAlias = Callable[[Ground], Finding | None]


def ok(said: str) -> Finding:
    """All is well."""
    return Finding(State.OK, said)


def warn(said: str, advice: str) -> Finding:
    """It works, but somebody should look."""
    return Finding(State.WARN, said, advice)


def fail(said: str, advice: str) -> Finding:
    """It does not work, or must not stay so."""
    return Finding(State.FAIL, said, advice)
