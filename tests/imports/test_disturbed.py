"""What an import meets on the way: another import, a predecessor that wakes, an end, odd cells."""

import datetime as dt
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from irm.imports.people.kind import People
from irm.jobs import tasks
from irm.models import Snapshot, TaskState
from tests.imports.brought import DAY, HEADINGS, people

LIST = HEADINGS + "ana,Ana,10\n"


def silent(_done, _total):
    pass


def test_an_older_list_that_runs_beside_a_newer_one_does_not_overwrite_its_figures(
    app, bring, session, drafted, queued, monkeypatch
):
    bring(HEADINGS + "ana,Ana,10,,as of day one\n")

    def _queue(followers, word, day):
        text = HEADINGS + f"ana,Ana,{followers},,as of day {word}\n"
        return queued(drafted(text, day=day, platform="instagram"))

    older = _queue(20, "two", DAY + dt.timedelta(1))
    newer = _queue(30, "three", DAY + dt.timedelta(2))
    decided, real = threading.Event(), People.decide

    def slow(*args, **given):
        # The older one has decided; the newer one begins, and has time to end if nobody stops it.
        decisions = real(*args, **given)
        if not decided.is_set():
            decided.set()
            time.sleep(1.0)
        return decisions

    monkeypatch.setattr(People, "decide", slow)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(tasks.run_inline, app, older, silent)
        decided.wait(10)
        second = pool.submit(tasks.run_inline, app, newer, silent)
        assert {first.result().state, second.result().state} == {TaskState.DONE}

    ana = people(session)["ana"]
    assert (ana.followers, ana.figures_on) == (30, DAY + dt.timedelta(2))
    assert ana.influencer.bio == "as of day three"
    assert session.scalars(select(Snapshot.followers).order_by(Snapshot.day)).all() == [10, 20, 30]


#: Every heading of a list, with a cell that says something.
CELLS = {
    "Platform": "instagram", "Handle": "ana", "Name": "Ana", "Profile URL":
    "https://instagram.com/ana", "Channel id": "12", "Followers": "10", "Likes avg": "1",
    "Comments avg": "1", "Shares avg": "1", "Views avg": "1", "Engagement average": "1",
    "Country": "France", "City": "Lyon", "Language": "French", "Bio": "Cooks", "E-mail":
    "ana@example.org", "Phone": "+33 1 23 45 67 89", "Category": "food",
}  # fmt: skip
LONG = {
    "emoji": "🎉" * 10_000,
    "letters": "x" * 10_000,
    "digits": "9" * 10_000,
    "an address": "a@" + "abcdefg." * 50 + "com",
    "letters that fold to three": "a@" + "\u0390" * 120 + ".com",
    "a zero in an address": "https://www.instagram.com/a%00b",
    "a zero as an id": "https://www.facebook.com/profile.php?id=1%002",
}


@pytest.mark.parametrize("what", LONG)
def test_no_cell_is_too_long_or_too_odd_for_an_import(bring, session, what):
    lines = [",".join(CELLS)]
    for n, odd in enumerate(CELLS):
        cells = CELLS | {"Handle": f"h{n}", "Channel id": "", "Profile URL": ""}
        cells |= {"E-mail": f"h{n}@example.org", odd: LONG[what]}
        lines.append(",".join(cells.values()))

    result = bring("\n".join([*lines, ",".join(CELLS.values())]) + "\n", platform=None)

    assert result["rows"] == len(CELLS) + 1
    assert result["created"] + result["refused"] == result["rows"]
    assert result["created"] >= len(CELLS) - 5
    assert "ana" in people(session)
