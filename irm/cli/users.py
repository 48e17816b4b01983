"""`irm user`: add a colleague, list them, set a password, take a second step off."""

import json
import secrets

import click
from flask import current_app
from sqlalchemy import select

from irm import audit, clock
from irm.audit import Action
from irm.config import LOCALES
from irm.db import db
from irm.directory import factors, passwords, sessions, team
from irm.errors import Refused
from irm.i18n import _, _l, _n
from irm.mail import confidential
from irm.models import Role, User


@click.group("user")
def group() -> None:
    """Colleagues who sign in."""


@group.command("add")
@click.argument("email")
@click.option("--name", help="Name; default: the part before the @.")
@click.option("--password", help="Password; default: one is made and printed.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="manager")
@click.option("--brand", help="Brand to join; may be left out where there is one.")
@click.option("--admin", is_flag=True, help="An administrator sees and sets everything.")
@click.option("--locale", type=click.Choice(LOCALES), help="Language of pages and mails.")
@click.option("--timezone", help="Time zone, such as Europe/Paris.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def add(
    email: str,
    name: str | None,
    password: str | None,
    role: str,
    brand: str | None,
    admin: bool,
    locale: str | None,
    timezone: str | None,
    as_json: bool,
) -> None:
    """Add a colleague to a brand."""
    settings = current_app.config["IRM"]
    chosen = password or secrets.token_urlsafe(15)
    joined = None if admin and brand is None else team.brand_named(db.session, brand)
    user = team.add_user(
        db.session,
        name=name or email.partition("@")[0],
        email=email,
        password=chosen,
        at=clock.now(),
        locale=locale or settings.locale,
        timezone=timezone or settings.timezone,
        is_admin=admin,
    )
    if joined is not None:
        team.join(db.session, user, joined, Role(role))
    db.session.commit()
    if as_json:
        shown = None if password else chosen
        click.echo(json.dumps({"id": user.id, "email": user.email, "password": shown}))
        return
    click.echo(_("%(email)s can sign in.", email=user.email))
    if not password:
        click.echo(_("Password, shown this once: %(password)s", password=chosen))


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """List the colleagues."""
    rows = [
        {"id": u.id, "name": u.name, "email": u.email, "admin": u.is_admin, "active": u.is_active}
        for u in db.session.scalars(select(User).order_by(User.name, User.id))
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo("{id:>5}  {email:<36} {name}".format(**row))


@group.command("password")
@click.argument("email")
@click.option("--password", help="New password; default: one is made and printed.")
def password_(email: str, password: str | None) -> None:
    """Set a password; all sessions of the user end."""
    user = _user(email)
    chosen = password or secrets.token_urlsafe(15)
    at = clock.now()
    letter = confidential.changed(user, at)
    user.password_hash = passwords.keep(
        chosen, is_admin=user.is_admin, about=team.about(db.session, user.name, user.email)
    )
    sessions.end_all(db.session, user)
    audit.record(db.session, None, Action.PASSWORD_CHANGED, at, user_id=user.id)
    confidential.tell_changed(db.session, user, letter, at)
    db.session.commit()
    click.echo(_("The password of %(email)s is set.", email=user.email))
    if not password:
        click.echo(_("Password, shown this once: %(password)s", password=chosen))


@group.command("factor")
@click.argument("email")
@click.option("--off", is_flag=True, help="Take it away: of somebody whose phone is gone.")
def factor_(email: str, off: bool) -> None:
    """Say whether a user has a second step of signing in, or take it away."""
    user = _user(email)
    if off and factors.switch_off(db.session, user, None, clock.now()):
        # Whoever made her lose it may be signed in somewhere.
        sessions.end_all(db.session, user)
        db.session.commit()
        click.echo(_("%(email)s signs in by password alone from now on.", email=user.email))
    elif factors.is_on(db.session, user.id):
        codes = factors.left(db.session, user.id)
        said = _n("%(n)s recovery code is left.", "%(n)s recovery codes are left.", codes)
        click.echo(_("%(email)s has a second step.", email=user.email) + f" {said}")
    else:
        click.echo(_("%(email)s has no second step.", email=user.email))


def _user(email: str) -> User:
    user = db.session.scalar(sessions.by_email(email))
    if user is None:
        raise Refused(_l("There is no user “%(email)s”.", email=email[:120]))
    return user
