"""Checks of what runs: the worker, its jobs, and the backups."""

import datetime as dt

from sqlalchemy import select

from irm.cli.checks.finding import Finding, Ground, fail, ok, warn
from irm.i18n import _
from irm.models import Tick
from irm.web import job_faults
from irm.web.status import JOBS, SILENCE, worker_seen_at

#: The newest backup is not older than this: one is made each night.
NIGHT = dt.timedelta(hours=26)


def worker(ground: Ground) -> Finding:
    """A worker shows that it lives."""
    seen = worker_seen_at(ground.session)
    advice = _("Start `irm serve`, or `irm worker` beside it, and keep it running.")
    if seen is None:
        return fail(_("No worker has ever run."), advice)
    if ground.now - seen > SILENCE:
        when = f"{seen:%Y-%m-%d %H:%M} UTC"
        return fail(_("The worker was last seen %(when)s.", when=when), advice)
    return ok(_("The worker runs."))


def jobs(ground: Ground) -> Finding:
    """No job failed at its last run."""
    failing = select(Tick).where(Tick.last_error.is_not(None)).order_by(Tick.name)
    found = ground.session.scalars(failing).all()
    if found:
        named = "; ".join(f"{JOBS.get(one.name, one.name)} ({one.last_error})" for one in found)
        # Of several that fail for one reason it is said once.
        advice = dict.fromkeys(str(job_faults.sentence(one)) for one in found)
        return fail(_("Jobs fail: %(named)s", named=named[:400]), " ".join(advice))
    return ok(_("No job of the worker fails."))


def backups(ground: Ground) -> Finding:
    """There is a backup of last night."""
    folder = ground.settings.data_dir / "backups"
    made = [file.stat().st_mtime for file in folder.glob("*") if file.is_file()]
    advice = _("Run `irm backup`, and look why none was made at night.")
    if not made:
        return warn(_("There is no backup in %(folder)s.", folder=folder), advice)
    age = ground.now - dt.datetime.fromtimestamp(max(made), dt.UTC)
    said = _("The newest backup is %(n)s hours old.", n=max(0, int(age.total_seconds() // 3600)))
    return warn(said, advice) if age > NIGHT else ok(said)
