"""One person scored anew after a new post, as the worker does it."""

import statistics
import time
from pathlib import Path

from sqlalchemy import select

from bench.lines import Line
from bench.measure import Result
from irm import clock
from irm.app import create_app
from irm.config import Settings
from irm.db import db
from irm.jobs import scoring
from irm.models import Account, Platform, Post, Topic

#: A worker looks for tasks once a second: what takes a twentieth of that is waited for by nobody.
BAR, GOAL = 50, 15

#: How many posts somebody writes, and how many of them come before the clock is looked at.
POSTS, WARM = 40, 5


def result(folder: Path) -> Result:
    """Milliseconds from a post that stands in the database to scores that do, where all have some.

    The brand has a topic, so that what the person said is read as well.
    """
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
        data_dir=folder,
        database_url="",
        secret_key="bench-only-" + "x" * 32,  # type: ignore[arg-type]
    )
    with create_app(settings).app_context():
        session = db.session
        keywords, now = ["plants", "jardin"], clock.now()
        session.add(Topic(brand_id=1, name="Plants", keywords=keywords, created_at=now))
        known = Account.followers.between(5000, 20_000), Account.likes_average > 0
        chosen = select(Account).where(Account.platform == Platform.INSTAGRAM, *known)
        account = session.scalars(chosen.order_by(Account.id.desc()).limit(1)).one()
        taken, moved = [], 0
        for number in range(POSTS):
            session.add(
                Post(
                    account_id=account.id,
                    platform_post_id=str(number),
                    published_at=clock.now(),
                    text=f"Plants and coffee, day {number} of many, with a word on the trail.",
                    likes=100 + 37 * number % 900,
                    comments=number,
                )
            )
            session.commit()
            begun = time.perf_counter()
            outcome = scoring.score_people(session, [account.influencer_id], clock.now())
            session.commit()
            taken.append(1000 * (time.perf_counter() - begun))
            moved += outcome.changed
    if moved < POSTS:
        raise RuntimeError("new posts moved hardly a score: there was nothing to measure")
    taken = taken[WARM:]
    line = Line("rescoring: one person after a new post", BAR, GOAL, "ms")
    return Result(line, statistics.median(taken), min(taken), max(taken), samples=taken)
