"""`irm import`: read a list into a brand, or take one back."""

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, cast

import click
from flask import Flask, current_app
from sqlalchemy.orm import Session

from irm import clock
from irm.db import db
from irm.directory import batches as stored
from irm.directory import team
from irm.errors import Refused
from irm.i18n import _, _l, _n
from irm.imports import batches, lists, mending, orders, refused
from irm.imports.batches import COUNTS, Work
from irm.imports.complaints import SENTENCES, Complaint
from irm.imports.orders import Order
from irm.imports.reading import cage
from irm.imports.reading.sheet import Reading
from irm.imports.ties import columns as columns_of_ties
from irm.jobs import importing, tasks
from irm.models import Brand, ImportBatch, Task, TaskState, Verdict

#: Rows that were not taken are named one by one up to so many.
NAMED = 5


@click.command("import")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--brand", help="Whose list it is; may be left out where there is but one brand.")
@click.option(
    "--kind", type=click.Choice(lists.CHOICES), default="auto", help="What the file lists."
)
@click.option("--platform", help="Where the accounts are, if the file does not say.")
@click.option("--account", help="Whose posts or figures these are, if the file does not say.")
@click.option("--as-of", help="The day the figures are from. Default: the file's last change.")
@click.option(
    "--map",
    "map_path",
    type=click.Path(path_type=Path),
    help="A JSON file that says which table is meant and what its columns are, all counted from 1;"
    " see docs/guide.md.",
)
@click.option(
    "--no-funnel",
    "keeps_out",
    is_flag=True,
    help="Only look through the people: they stay out of the funnel, and stand in Discovery.",
)
@click.option("--mutual", is_flag=True, help="Ties hold both ways, and stand once in the list.")
@click.option("--tie", help="What the ties are, if the file does not say: follows, mentions, …")
@click.option(
    "--nodes",
    type=click.Path(path_type=Path),
    help="A second file that says whose account each number or id of a list of ties is.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option(
    "--refused",
    "refused_path",
    type=click.Path(path_type=Path),
    help="Write the rows that were not taken to this CSV file, with the reasons.",
)
@click.option("--undo", type=int, metavar="BATCH", help="Take an import back instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_(
    file: Path | None,
    brand: str | None,
    kind: str,
    platform: str | None,
    account: str | None,
    as_of: str | None,
    map_path: Path | None,
    keeps_out: bool,
    mutual: bool,
    tie: str | None,
    nodes: Path | None,
    dry_run: bool,
    refused_path: Path | None,
    undo: int | None,
    as_json: bool,
) -> None:
    """Import a list: influencers, posts, figures over time, interactions and more.

    CSV, XLSX, vCard, and what platforms and irm itself export. The same file again changes
    nothing, and for 30 days an import can be undone.
    """
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    if undo is not None:
        if file is not None:
            raise click.UsageError(_("Say either a file or --undo, not both."))
        _undo(app, undo, as_json)
        return
    if file is None:
        raise click.UsageError(_("Say which file is to be imported."))
    of = team.brand_named(db.session, brand)
    said = {
        "kind": "ties" if kind == "auto" and (mutual or tie or nodes) else kind,
        "platform": platform,
        "account": account,
        "tie": orders.tie(tie) or None,
        "is_mutual": mutual or None,
    }
    order = _order(file, as_of, of, said, orders.map_file(map_path) if map_path else None)
    order = order if nodes is None else order.with_nodes(nodes, nodes.name)
    order = order._replace(keeps_out=order.keeps_out or keeps_out)
    db.session.commit()
    if dry_run:
        _try(app, order, of, refused_path, as_json)
    else:
        _run(app, order, of, refused_path, as_json)


def _order(
    file: Path, as_of: str | None, brand: Brand, said: dict[str, Any], mapped: dict[str, Any] | None
) -> Order:
    """Order a file after a look at it: by what was said, by `--map`, else as it was read last.

    Raises Refused where it cannot be taken as far as can be seen; nothing is written then.
    """
    given = {name: value for name, value in said.items() if value not in (None, "auto")}
    chosen = {**(mapped or {}), **given}
    columns = chosen.pop("columns", None)
    day = orders.as_of(as_of, file, clock.now().date())
    order = Order.of(file, file.name, day, **chosen)
    order.chosen()
    sheet = cage.inspect(file, file.name, Reading.from_json(order.reading), order.limit)
    if not order.reading and (cut := columns_of_ties.cut(sheet, order.kind)):
        order = order._replace(reading=cut.to_json())
        sheet = cage.inspect(file, file.name, cut, order.limit)
    if columns is not None:
        order = order._replace(columns=orders.located(columns, sheet.headings))
    if mapped is None:
        order = _as_before(order, brand, sheet.headings, keeps_day=as_of is not None)
    lists.understand(sheet, order.chosen(), order.kind)
    return order


def _as_before(order: Order, brand: Brand, headings: Sequence[str], *, keeps_day: bool) -> Order:
    """Read a file as the import whose refused rows it holds, or as the last with its headings."""
    if batch := mending.origin(db.session, brand.id, headings, order.name):
        return mending.proposed(order, batch, keeps_day=keeps_day)
    if last := batches.remembered(db.session, brand.id, headings):
        # Where the accounts are may be another place this time, and nobody would see it here.
        return order.mapped({**last, "platform": None, "account": None})
    return order


def _try(app: Flask, order: Order, brand: Brand, path: Path | None, as_json: bool) -> None:
    """Say what would become of the rows."""
    with _Bar(_("Reading"), as_json) as bar, _opened(path) as file:
        keep = file.write if file is not None else None
        tried = importing.preview(app, db.session, order, brand, bar.show, keep)
    db.session.rollback()
    _complain(tried.complaints[:NAMED], tried.counts, path)
    _say(tried.counts, brand, as_json)


def _run(app: Flask, order: Order, brand: Brand, path: Path | None, as_json: bool) -> None:
    """Import it and do what follows, here and now, with progress bars."""
    batch = batches.draft(db.session, order, brand, None, clock.now())
    db.session.commit()
    result = _work(app, batch, "import", _("Importing"), as_json)
    session = db.session
    session.refresh(batch)
    with _opened(path) as file:
        if file is not None:
            file.writelines(refused.as_csv(session, batch))
    _complain(_first(session, batch.id), result, path)
    _say({name: result[name] for name in ("batch", *COUNTS)}, brand, as_json)


def _undo(app: Flask, batch_id: int, as_json: bool) -> None:
    """Take an import back and score anew whom it touched."""
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None:
        raise Refused(_l("There is no import %(id)s.", id=batch_id))
    result = _work(app, batch, "undo", _("Undoing"), as_json)
    report = result["report"]
    if as_json:
        click.echo(json.dumps({"batch": batch_id, **report}))
        return
    for sentence in batches.undone_sentences(report) or [_("There was nothing to take back.")]:
        click.echo(sentence)


def _work(app: Flask, batch: ImportBatch, work: Work, label: str, is_quiet: bool) -> dict[str, Any]:
    """Do what is to be done with a batch, and then what follows from it, here and now."""
    with _Bar(label, is_quiet) as bar:
        ended = tasks.run_made(
            app,
            lambda session, now: batches.queue(
                session, session.get_one(ImportBatch, batch.id), work, now, None
            ),
            bar.show,
        )
    result = _result(ended)
    labels = {
        "score": _("Scoring"),
        "duplicates": _("Looking for duplicates"),
        "ties": _("Reading who mentions whom"),
    }
    for kind, task_id in result.pop("following"):
        with _Bar(labels.get(kind, kind), is_quiet) as bar:
            _result(tasks.run_inline(app, task_id, bar.show))
    return result


def _result(task: Task) -> dict[str, Any]:
    """Return what a task brought. Raises Refused with the sentence it failed with."""
    if task.state is not TaskState.FAILED:
        return dict(task.result)
    error = task.error or {}
    params = error.get("params") or {}
    if error.get("code") in SENTENCES:
        raise Complaint(error["code"], **params)
    raise Refused(_l(str(error.get("message", "")), **params))


def _first(session: Session, batch_id: int) -> list[tuple[int, str]]:
    """Return the first rows that were not taken: number and reason."""
    found: list[tuple[int, str]] = []
    for verdict in (Verdict.REFUSED, Verdict.CONFLICT):
        rows = session.execute(stored.rows(batch_id, verdict).limit(NAMED))
        found += [(row.number, refused.reason_of(row.reason)) for row, *_names in rows]
    return sorted(found)[:NAMED]


def _complain(first: Sequence[tuple[int, str]], counts: dict[str, Any], path: Path | None) -> None:
    """Name the first rows that were not taken, on stderr."""
    for number, reason in first:
        click.echo(_("Row %(number)s: %(reason)s", number=number, reason=reason), err=True)
    others = counts["refused"] + counts["conflicts"] - len(first)
    if others > 0 and path is None:
        more = _n(
            "… and %(n)s more; --refused FILE writes all of them to a file.",
            "… and %(n)s more; --refused FILE writes all of them to a file.",
            others,
        )
        click.echo(more, err=True)


@contextlib.contextmanager
def _opened(path: Path | None) -> Iterator[IO[str] | None]:
    """Open the file of refused rows, if one was asked for, or refuse in a sentence."""
    if path is None:
        yield None
        return
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        reason = error.strerror or str(error)
        message = _l("“%(file)s” cannot be written: %(reason)s.", file=str(path), reason=reason)
        raise Refused(message) from None


def _say(counts: dict[str, Any], brand: Brand, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(counts))
        return
    summary = _(
        "%(brand)s, %(rows)s rows: %(created)s created, %(updated)s updated, %(same)s unchanged,"
        " %(conflicts)s in conflict, %(refused)s refused.",
        brand=brand.name,
        **counts,
    )
    if counts["batch"] is not None and (counts["created"] or counts["updated"]):
        undo = _("Undo it within 30 days: irm import --undo %(batch)s", batch=counts["batch"])
        summary = f"{summary}\n{undo}"
    click.echo(summary)


class _Bar:
    """A progress bar on a terminal, and nothing elsewhere."""

    def __init__(self, label: str, is_quiet: bool) -> None:
        self._bar: Any = click.progressbar(
            length=1, label=label, file=sys.stderr, hidden=is_quiet or not sys.stderr.isatty()
        )

    def __enter__(self) -> "_Bar":
        self._bar.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.__exit__(*error)

    def show(self, done: int, total: int) -> None:
        """Move the bar to `done` of `total`."""
        self._bar.length = max(total, 1)
        self._bar.update(done - self._bar.pos)
