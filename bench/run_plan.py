"""Plan a data folder as the worker does, and print the seconds: run by bench/planning.py."""

import json
import sys
import time
from typing import Any

from sqlalchemy import select

from irm import clock
from irm.app import create_app
from irm.config import Settings
from irm.db import db
from irm.funnel.planner import plans
from irm.funnel.planner.reading import Wish
from irm.models import Brand, Relationship, Stage

#: Weeks that are planned.
WEEKS = 12


def main() -> None:
    """Plan once, twice with one change between, and once more for one colleague."""
    app = create_app(Settings(_env_file=None))  # type: ignore[call-arg]
    said: dict[str, Any] = {}
    with app.app_context():
        said["whole"], made = _plan()
        said["touches"], said["gaps"] = made["touches"], made["late"] + made["duties"]
        owner = next(desk["owner_id"] for desk in made["desks"] if desk["owner_id"])
        _change(owner)
        said["one"], _made = _plan(owner_id=owner)
        said["again"], again = _plan()
        said["changed"] = again["changed"]
    sys.stdout.write(json.dumps(said))


def _plan(**only: Any) -> tuple[float, dict[str, Any]]:
    brand = db.session.scalars(select(Brand).where(Brand.is_demo)).one()
    at = clock.now()
    begun = time.perf_counter()
    made = plans.make(
        db.session, brand, Wish(at.date(), WEEKS), at=at, settle=db.session.commit, **only
    )
    return time.perf_counter() - begun, made.outcome()


def _change(owner_id: int) -> None:
    one = db.session.scalars(
        select(Relationship).where(Relationship.owner_id == owner_id).limit(1)
    ).one()
    one.stage = Stage.AMBASSADOR if one.stage is not Stage.AMBASSADOR else Stage.ENGAGED
    db.session.commit()


if __name__ == "__main__":
    main()
