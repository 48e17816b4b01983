"""`irm user`: colleagues and how they sign in, set by whoever runs irm."""

import datetime as dt
import json
import secrets

import click
from flask import current_app
from sqlalchemy import select

from irm import audit, clock
from irm.audit import Action
from irm.config import LOCALES
from irm.db import db
from irm.directory import factors, identities, passwords, sessions, team
from irm.errors import Refused
from irm.funnel import handover, leaving
from irm.funnel.leaving import Held
from irm.i18n import _, _l, _n
from irm.mail import confidential
from irm.mail.access_letters import Changed
from irm.models import Role, User, UserIdentity
from irm.models.keys import fold


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
        marks = [_("administrator")] if row["admin"] else []
        marks += [] if row["active"] else [_("deactivated")]
        said = f"  ({', '.join(marks)})" if marks else ""
        click.echo("{id:>5}  {email:<36} {name}".format(**row) + said)


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
    user, at = _user(email), clock.now()
    letter = confidential.said(user, Changed.FACTOR_TAKEN_OFF, at)
    if off and factors.switch_off(db.session, user, None, at):
        # Whoever made her lose it may be signed in somewhere.
        sessions.end_all(db.session, user)
        confidential.tell(db.session, user, letter, at)
        db.session.commit()
        click.echo(_("%(email)s signs in by password alone from now on.", email=user.email))
    elif factors.is_on(db.session, user.id):
        codes = factors.left(db.session, user.id)
        said = _n("%(n)s recovery code is left.", "%(n)s recovery codes are left.", codes)
        click.echo(_("%(email)s has a second step.", email=user.email) + f" {said}")
    else:
        click.echo(_("%(email)s has no second step.", email=user.email))


@group.command("identity")
@click.argument("email")
@click.option("--untie", is_flag=True, help="Forget it: the next sign-in there ties her anew.")
def identity_(email: str, untie: bool) -> None:
    """Say which account of the sign-in service a user is tied to, or untie it."""
    user = _user(email)
    tied = db.session.scalars(select(UserIdentity).where(UserIdentity.user_id == user.id)).all()
    if untie and identities.untie(db.session, user, clock.now()):
        # Whoever holds that account may be signed in somewhere.
        sessions.end_all(db.session, user)
        db.session.commit()
        click.echo(_("%(email)s is tied to no account of a sign-in service.", email=user.email))
        return
    for one in tied:
        values = {"email": user.email, "subject": one.subject, "issuer": one.issuer}
        click.echo(_("%(email)s is %(subject)s at %(issuer)s.", **values))
    if not tied:
        click.echo(_("%(email)s is tied to no account of a sign-in service.", email=user.email))


@group.command("email")
@click.argument("email")
@click.argument("new")
def email_(email: str, new: str) -> None:
    """Let a user sign in with another address; all her sessions end."""
    user, at = _user(email), clock.now()
    letter = confidential.said(user, Changed.ADDRESS, at)
    before = team.change_address(db.session, user, new, at)
    confidential.tell(db.session, user, letter, at, also_to=before)
    db.session.commit()
    click.echo(_("%(before)s signs in as %(email)s.", before=before, email=user.email))


@group.command("sign-out")
@click.argument("email")
def sign_out(email: str) -> None:
    """Sign a user out in every browser."""
    user = _user(email)
    ended = sessions.end_all(db.session, user)
    if ended:
        about = {"user_id": user.id, "sessions": ended}
        audit.record(db.session, None, Action.SESSIONS_ENDED, clock.now(), **about)
    db.session.commit()
    said = _n("%(n)s browser is signed out.", "%(n)s browsers are signed out.", ended)
    click.echo(f"{user.email}: {said}")


@group.command("deactivate")
@click.argument("email")
@click.option("--to", multiple=True, help="Address of who takes over; several share it out.")
@click.option("--without-owner", is_flag=True, help="What is open becomes nobody’s.")
def deactivate(email: str, to: tuple[str, ...], without_owner: bool) -> None:
    """Let a user sign in no more, what she has going to others."""
    if to and without_owner:
        raise click.UsageError("--to and --without-owner exclude each other.")
    user, heirs = _user(email), [_user(one).id for one in to]
    today, at = clock.today(team.zone(current_app.config["IRM"].timezone)), clock.now()
    found = leaving.held(db.session, user.id, today)
    if found and not to and not without_owner:
        raise Refused(_left(user, found))
    leaving.deactivate(db.session, user, by=None, at=at)
    left = [_pass_on(user, held, heirs, today) for held in found]
    db.session.commit()
    click.echo(_("%(name)s is deactivated and signed out everywhere.", name=user.name))
    for said in filter(None, left):
        click.echo(said)


def _left(user: User, found: list[Held]) -> str:
    """What she has open at each brand, and how to say who gets it."""
    each = [
        _(
            "%(brand)s (people: %(people)s, touchpoints: %(touchpoints)s, promises: %(promises)s, "
            "questions: %(questions)s, campaigns: %(campaigns)s)",
            brand=held.brand_name,
            people=held.people,
            touchpoints=held.touchpoints,
            promises=held.promises,
            questions=held.questions,
            campaigns=held.campaigns,
        )
        for held in found
    ]
    return _(
        "%(name)s still has something open at %(brands)s. Say who takes it over: --to EMAIL, or "
        "--without-owner.",
        name=user.name,
        brands="; ".join(each),
    )


def _pass_on(user: User, held: Held, heirs: list[int], today: dt.date) -> str:
    """Let what she has at a brand go to those of the heirs who work there, all of it now.

    Returns a sentence where campaigns have nobody then, else nothing.
    """
    known = {row.id for row in db.session.execute(team.may_contact(held.brand_id))}
    to = [one for one in heirs if one in known]
    if heirs and not to:
        raise Refused(
            _l("None of them looks after people of %(brand)s.", brand=held.brand_name),
        )
    heir = leaving.heir_of_campaigns(db.session, held.brand_id, to)
    left = leaving.leave_brand(
        db.session, user, held.brand_id, to, today=today, by=None, at=clock.now()
    )
    while left and not handover.go_on(db.session, *left, user=None, at=clock.now()):
        pass
    is_left = held.campaigns and heir is None
    return leaving.nobody_runs(held.brand_name, held.campaigns) if is_left else ""


@group.command("activate")
@click.argument("email")
def activate(email: str) -> None:
    """Let a user sign in again, in the roles she had."""
    user = db.session.scalar(select(User).where(User.email_key == fold(email)))
    if user is None:
        raise _nobody(email)
    leaving.activate(db.session, user, by=None, at=clock.now())
    db.session.commit()
    click.echo(
        _(
            "%(name)s can sign in again, in the roles of before. What was handed over stays where "
            "it is.",
            name=user.name,
        )
    )


def _user(email: str) -> User:
    user = db.session.scalar(sessions.by_email(email))
    if user is None:
        raise _nobody(email)
    return user


def _nobody(email: str) -> Refused:
    return Refused(_l("There is no user “%(email)s”.", email=email[:120]))
