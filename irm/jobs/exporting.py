"""Write a long list to a file that whoever asked for it downloads within a day."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from flask import Flask
from flask_babel import force_locale

from irm import clock
from irm.audit import Action, record
from irm.db import db
from irm.directory import downloads, listed, team
from irm.directory.listed import List
from irm.directory.search import Reader
from irm.funnel import stage_names
from irm.i18n import Names, calling
from irm.models import Brand, Task, User

T = TypeVar("T")

#: Rows between two reports.
STEP = 500

Report = Callable[[int, int], None]


def run(app: Flask, task: Task, report: Report) -> dict[str, Any]:
    """Do a task of kind "export"; returns the name of the file and how many rows it has."""
    session, order = db.session, task.arguments
    user = session.get_one(User, task.user_id)
    brand_id = int(task.brand_id or 0)
    # What she was when she asked may be past.
    is_partner = team.is_partner(session, user.id, brand_id)
    reader = Reader(brand_id, user.id, only_own=is_partner)
    path = downloads.new_file(app.config["IRM"].data_dir, order["form"])
    now = clock.now()
    try:
        with force_locale(user.locale), calling(_names(task, user)):
            wanted = List.read(order["list"], order["columns"])
            rows = listed.rows(session, wanted, reader, now, user.zone)
            counted = _counted(rows, report, int(order.get("people", 0)))
            count = downloads.write(path, order["form"], listed.headings(wanted.columns), counted)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    record(
        session,
        user,
        Action.LIST_EXPORTED,
        clock.now(),
        brand_id=task.brand_id,
        rows=count,
        form=order["form"],
    )
    session.commit()
    return {"file": path.name, "rows": count}


def _names(task: Task, user: User) -> Names:
    """What the brand calls its stages, as the page has it that asked for the file."""
    brand = db.session.get(Brand, task.brand_id)
    return stage_names.of(brand.stage_labels if brand else None, user.locale)


def _counted(rows: Iterable[T], report: Report, total: int) -> Iterator[T]:
    for count, row in enumerate(rows, 1):
        yield row
        if count % STEP == 0:
            report(count, max(total, count))
