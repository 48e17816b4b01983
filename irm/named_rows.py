"""Rows of a page as named tuples.

An attribute of a row of SQLAlchemy's is looked for in vain first, and then by its name: three times
as long as all that a page does with it.
"""

from collections import namedtuple
from functools import lru_cache
from typing import Any

from sqlalchemy import Result


def named(result: Result[Any]) -> list[Any]:
    """All rows of a result, their columns as attributes of a tuple; asked once, it is used up."""
    make = _kind(tuple(result.keys()))._make
    return [make(row) for row in result.all()]


@lru_cache(256)
def _kind(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names)  # the names are known with the statement alone
