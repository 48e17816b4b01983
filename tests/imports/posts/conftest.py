"""A brand, and a way to bring a list of posts into it: as the job does, without the job."""

import datetime as dt
import itertools
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import make
import pytest

from irm.imports import repeated
from irm.imports.kinds import Chosen, Context, Step
from irm.imports.posts.kind import Posts
from irm.imports.reading import cage
from irm.imports.reading.sheet import FIND_OUT
from irm.models import Platform, Verdict
from irm.scoring.rules import Rules

DAY = dt.date(2026, 2, 1)


class Came(NamedTuple):
    """What came of a list."""

    #: Created, updated, same, conflicts, refused.
    counts: tuple[int, ...]
    decisions: list[Any]
    steps: list[Step]

    @property
    def codes(self) -> Counter[str]:
        return Counter(one.complaint.code for one in self.decisions if one.complaint)


HEADINGS = "Post ID,Account,Caption,Published,Likes,Views,Day\n"


def listed(*lines):
    """Return a list of posts as text."""
    return HEADINGS + "".join(f"{line}\n" for line in lines)


class Lines:
    """A sheet that nobody has to read: no cell has a comma in it."""

    def __init__(self, text):
        first, *rest = (line.split(",") for line in text.splitlines())
        self.headings, self.sample = tuple(first), rest

    def rows(self):
        yield from enumerate(self.sample, 2)


@pytest.fixture
def brand(saved):
    return saved(make.brand())


@pytest.fixture
def bring(session, brand, tmp_path):
    """Import a text or a file; `platform`, `account` and the like are what the user says of it."""
    names = itertools.count()

    def bring(source, *, day=DAY, rules=None, of=None, name="list.csv", chunk=100, **said):
        sheet = source
        if isinstance(source, str):
            path = tmp_path / f"{next(names)}.csv"
            path.write_text(source)
            sheet = cage.convert(path, name, FIND_OUT, tmp_path / f"rows{next(names)}")
        elif isinstance(source, Path):
            name = source.name
            sheet = cage.convert(source, name, FIND_OUT, tmp_path / f"rows{next(names)}")
        if "platform" in said:
            said["platform"] = Platform(said["platform"])
        kind = Posts.of(sheet, Chosen(file_name=name, **said))
        context = Context(
            (of or brand).id, None, None, day, name, "legitimate", rules or {}, Rules(), make.MONDAY
        )
        found = repeated.find(kind, sheet)
        decisions, steps = [], []
        for told in repeated.chunks(kind, repeated.tell(kind, sheet, found), lambda: chunk):
            decided = kind.decide(session, told, context, to_write=True)
            steps.append(Step())
            kind.write(session, decided, context, steps[-1])
            session.commit()
            decisions += decided
        verdicts = Counter(one.verdict for one in decisions)
        return Came(tuple(verdicts[verdict] for verdict in Verdict), decisions, steps)

    return bring
