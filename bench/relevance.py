"""Lines of relevance: ten topics looked for in a million posts, by `irm score` and by bare SQL."""

import shutil
from collections.abc import Callable
from pathlib import Path

from bench import scoring, spoken
from bench.lines import Line
from bench.measure import Result

#: The line says so, whatever the size of the other databases.
PEOPLE = 100_000

#: Each is some tens of seconds of work.
ROUNDS = 2


def results(folder: Path, say: Callable[[str], None]) -> list[Result]:
    """Score everybody after a brand with none was given ten topics."""
    kept, times = spoken.kept(PEOPLE, say), scoring.Times()
    for turn in range(ROUNDS):
        say(f"listening to {PEOPLE * spoken.POSTS:,} posts, round {turn + 1} of {ROUNDS} …")
        ours, bare = folder / "spoken-ours", folder / "spoken-bare"
        shutil.copytree(kept, ours)
        spoken.add_topics(ours / "irm.db")
        shutil.copytree(ours, bare)
        scoring.both(ours, bare, times, "bench.bare_relevance", is_ours_first=turn % 2 == 0)
        shutil.rmtree(ours)
        shutil.rmtree(bare)
    posts = f"{PEOPLE * spoken.POSTS:,}"
    line = Line(f"relevance: 10 topics × {posts} posts × {PEOPLE:,} relationships", 3, 1.5)
    most = max(times.megabytes)
    memory = Result(Line("relevance: memory", 850, 400, "MB"), most, most, most)
    return [scoring.result(line, times), memory]
