"""`irm demo`: an invented brand to look around in; `irm demo --remove` takes it away again."""

import fcntl
import gc
import json
import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import click
from flask import Flask, current_app
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from irm import clock
from irm.db import db
from irm.demo import brand, loading, removal
from irm.demo.diary import Team
from irm.errors import Refused
from irm.funnel.planner import plans
from irm.funnel.planner.reading import Wish
from irm.i18n import _, _l, _n
from irm.jobs import network, scoring, tasks
from irm.models import Brand, BrandMember, Setting, User
from irm.stocktaking import take_stock

#: A million takes three quarters of an hour; nobody means more.
MOST = 1_000_000

#: The setting that says what was asked for, and whether it is all there.
NAME = "demo"

#: Up to so many people the weeks are planned and the network is measured, too: it takes a moment.
PLANNED = 2_000

#: Seconds between two transactions, so that somebody who waits is served.
NAP = 0.001

#: Names of kept people that are listed.
LISTED = 20


@click.command("demo")
@click.option("--influencers", type=int, default=300, show_default=True, help="How many people.")
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same people.")
@click.option("--remove", is_flag=True, help="Take the demo away; what is yours stays.")
@click.option(
    "--first-start", is_flag=True, help="Load it only where there is nothing yet to look at."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def demo(influencers: int, seed: int, remove: bool, first_start: bool, as_json: bool) -> None:
    """Load a brand with invented people and histories, and print how to sign in."""
    if not 1 <= influencers <= MOST:
        raise Refused(_l("A demo has from 1 to %(most)s influencers.", most=f"{MOST:,}"))
    if not -(2**62) < seed < 2**62:
        raise Refused(_l("A seed is a whole number of up to 18 digits."))
    folder: Path = current_app.config["IRM"].data_dir
    with _alone(folder):
        if remove:
            _remove(folder, as_json)
            return
        if first_start and brand.found(db.session) is None and _is_in_use(db.session):
            return
        is_there = brand.found(db.session) is not None and _is_whole(db.session)
        if not is_there:
            _load(influencers, seed, folder, as_json)
        _print_sign_in(folder, is_there, as_json)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let nobody else load or remove the demo at the same time."""
    with (folder / "demo.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(_l("The demo is being loaded or removed at this moment.")) from None
        yield


def _is_in_use(session: Session) -> bool:
    """Whether somebody works here already: there is a brand or a colleague."""
    return (
        session.scalar(select(Brand.id).limit(1)) is not None
        or session.scalar(select(User.id).limit(1)) is not None
    )


def _is_whole(session: Session) -> bool:
    noted = session.get(Setting, NAME)
    return noted is not None and bool(noted.value.get("whole"))


def _load(influencers: int, seed: int, folder: Path, as_json: bool) -> None:
    session = db.session
    # Millions of small rows come and go: looking for cycles among them takes a fifth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    if session.get_bind().dialect.name == "sqlite":
        # Keys fall all over the indexes: with room for them, pages are written once, not often.
        session.execute(text("PRAGMA cache_size = -262144"))
        session.execute(text("PRAGMA wal_autocheckpoint = 16384"))
    if brand.found(session) is not None:
        # Somebody stopped it half-way: begin anew.
        _take_away(session, removal.plan(session), as_json)
    password = _password(folder)
    today = clock.today(ZoneInfo(brand.ZONE))
    made, users = brand.begin(session, password, today)
    session.merge(Setting(name=NAME, value=_noted(influencers, seed, is_whole=False)))
    session.commit()
    team = Team(made.id, *(user.id for user in users))
    loaded = loading.load(session, team, influencers=influencers, seed=seed, today=today)
    _count_off(_("Inventing people"), influencers, loaded, as_json)
    loading.count(session, team)
    take_stock(session.connection())
    session.commit()
    _score(session, made.id, influencers, as_json)
    if influencers <= PLANNED:
        wish = Wish(today, plans.WEEKS)
        current = session.get_one(Brand, made.id)
        plans.make(session, current, wish, at=clock.now(), settle=session.commit)
        app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
        tasks.run_new(app, network.KIND, {}, lambda _done, _total: None, brand_id=made.id)
    session.merge(Setting(name=NAME, value=_noted(influencers, seed, is_whole=True)))
    session.commit()
    take_stock(session.connection(), whole=True)
    session.commit()


def _noted(influencers: int, seed: int, *, is_whole: bool) -> dict[str, Any]:
    return {"influencers": influencers, "seed": seed, "whole": is_whole}


def _count_off(label: str, total: int, steps: Iterator[int], as_json: bool) -> None:
    """Commit after each step and draw how far it is."""
    with click.progressbar(length=total, label=label, hidden=_is_quiet(as_json)) as bar:
        for done in steps:
            db.session.commit()
            bar.update(done - bar.pos)
            time.sleep(NAP)


def _is_quiet(as_json: bool) -> bool:
    """Progress is drawn for somebody who watches, not into a file."""
    return as_json or not sys.stdout.isatty()


def _score(session: Session, brand_id: int, influencers: int, as_json: bool) -> None:
    with click.progressbar(
        length=influencers, label=_("Scoring"), hidden=_is_quiet(as_json)
    ) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        scoring.score(session, clock.now(), brand_id, show)


def _remove(folder: Path, as_json: bool) -> None:
    session = db.session
    planned = removal.plan(session)
    if not (planned.people or planned.brands or planned.users):
        if planned.kept_people or planned.kept_brands:
            _print_removed(planned, as_json)
            return
        raise Refused(_l("There is no demo to remove."))
    _take_away(session, planned, as_json)
    (folder / "demo_password").unlink(missing_ok=True)
    _print_removed(planned, as_json)


def _take_away(session: Session, planned: removal.Removal, as_json: bool) -> None:
    _count_off(_("Removing"), planned.steps, removal.remove(session, planned), as_json)
    noted = session.get(Setting, NAME)
    if noted is not None:
        session.delete(noted)
    session.commit()


def _print_removed(planned: removal.Removal, as_json: bool) -> None:
    gone = {name: len(getattr(planned, name)) for name in ("people", "brands", "users")}
    if as_json:
        kept = {"people": planned.kept_people, "brands": planned.kept_brands}
        click.echo(json.dumps({"removed": gone, "kept": kept}, ensure_ascii=False))
        return
    click.echo(_("Removed: people %(people)s, brands %(brands)s, colleagues %(users)s.", **gone))
    if planned.kept_brands:
        click.echo(
            _(
                "Kept, as it has relationships that are yours: the brand %(names)s.",
                names=", ".join(planned.kept_brands),
            )
        )
    if planned.kept_people:
        listed = ", ".join(planned.kept_people[:LISTED])
        more = len(planned.kept_people) - LISTED
        click.echo(_("Kept, as work of yours hangs on them: %(names)s.", names=listed))
        if more > 0:
            click.echo(_n("… and %(n)s more.", "… and %(n)s more.", more))


def _password(folder: Path) -> str:
    """The demo's password, made once and kept where only the owner of the folder reads it."""
    path = folder / "demo_password"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(12))
    except FileExistsError:
        pass
    return path.read_text().strip()


def _print_sign_in(folder: Path, is_there: bool, as_json: bool) -> None:
    session = db.session
    path = folder / "demo_password"
    password = path.read_text().strip() if path.exists() else None
    members = session.execute(
        select(User.email, BrandMember.role)
        .join(BrandMember, BrandMember.user_id == User.id)
        .join(Brand, Brand.id == BrandMember.brand_id)
        .where(User.is_demo, Brand.is_demo)
        .order_by(User.id)
    ).all()
    noted = session.get(Setting, NAME)
    if as_json:
        users = [{"email": email, "role": role.value} for email, role in members]
        found = {"brand": brand.NAME, "users": users, "password": password, "new": not is_there}
        click.echo(json.dumps({**found, **(noted.value if noted else {})}, ensure_ascii=False))
        return
    if is_there:
        click.echo(_("The demo is there already (irm demo --remove takes it away)."))
    else:
        click.echo(_("The demo of the brand “%(name)s” is ready.", name=brand.NAME))
    address = current_app.config["IRM"].public_url
    click.echo(_("Sign in at %(address)s as one of:", address=address))
    for email, role in members:
        click.echo(f"  {email:<32} {role.label}")
    if password is None:
        click.echo(_("Its password was kept elsewhere; `irm user password EMAIL` sets a new one."))
    else:
        click.echo(_("Password: %(password)s", password=password))
