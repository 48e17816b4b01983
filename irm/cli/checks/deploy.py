"""Checks of what must hold where a team depends on it; `irm doctor --deploy` adds them."""

import stat
from email.utils import parseaddr
from pathlib import Path

from sqlalchemy import exists, func, select

from irm.cli.checks.finding import Finding, Ground, fail, ok, warn
from irm.i18n import _
from irm.mail.server import LOOPBACK, server_of
from irm.models import Brand, SecondFactor, User


def https(ground: Ground) -> Finding:
    """Colleagues reach irm over an encrypted line."""
    if ground.settings.is_https:
        return ok(_("Colleagues reach irm by https."))
    return fail(
        _("IRM_PUBLIC_URL is %(url)s: passwords cross the network in the clear.",
          url=ground.settings.public_url),
        _("Put a proxy that speaks https in front, and its address into IRM_PUBLIC_URL."),
    )  # fmt: skip


def cookies(ground: Ground) -> Finding:
    """Cookies travel encrypted only, and no script reads them."""
    config = ground.app.config
    if config.get("SESSION_COOKIE_SECURE") and config.get("SESSION_COOKIE_HTTPONLY"):
        return ok(_("Cookies travel encrypted only."))
    return fail(
        _("Cookies may travel in the clear."), _("They follow IRM_PUBLIC_URL: make it https.")
    )


def proxies(ground: Ground) -> Finding:
    """irm knows the proxy in front of it."""
    count = ground.settings.trusted_proxies
    if count:
        return ok(_("Proxies that are believed: %(n)s.", n=count))
    if not ground.settings.is_https:
        return ok(_("No proxy is believed, and none seems to be in front."))
    return fail(
        _("irm speaks no https itself, so a proxy is in front, and irm does not know it."),
        _("Set IRM_TRUSTED_PROXIES, usually to 1: else all visitors share one address."),
    )


def demo(ground: Ground) -> Finding:
    """The invented people and their password are gone."""
    is_there = ground.session.scalar(select(Brand.id).where(Brand.is_demo).limit(1)) is not None
    if is_there or (ground.settings.data_dir / "demo_password").exists():
        return fail(
            _("The demo is loaded; its password is known to whoever loaded it."),
            _("Run `irm demo --remove`."),
        )
    return ok(_("There is no demo."))


def debug(ground: Ground) -> Finding:
    """Nobody sees our insides."""
    if ground.app.debug:
        return fail(_("Flask runs in debug mode."), _("Unset FLASK_DEBUG."))
    return ok(_("Nothing runs in debug mode."))


def encrypted_mail(ground: Ground) -> Finding:
    """Mail leaves the machine, and encrypted."""
    url = ground.settings.smtp_url.get_secret_value()
    if not url:
        return fail(_("No mail server is set: nobody is reminded."), _("Set IRM_SMTP_URL."))
    server = server_of(url)
    if server.host in LOOPBACK or server.tls in ("implicit", "required"):
        return ok(_("Mail leaves encrypted, or by this machine’s own server."))
    advice = _("Use smtps://, or smtp:// with ?tls=required.")
    if server.tls == "off":
        return fail(_("Mail leaves unencrypted."), advice)
    return warn(_("Mail leaves unencrypted where the server offers nothing else."), advice)


def settings_file(_ground: Ground) -> Finding | None:
    """The file of settings, with the passwords of mail and database in it, is ours alone."""
    path = Path(".env").resolve()
    if not path.is_file():
        return None
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return fail(
            _("Others may read the settings in %(path)s.", path=path),
            _("Run `chmod 600 %(path)s`.", path=path),
        )
    return ok(_("The settings in %(path)s are ours alone.", path=path))


def encrypted_database(ground: Ground) -> Finding | None:
    """What goes to a database on another machine goes encrypted."""
    url = ground.session.get_bind().engine.url
    if url.get_backend_name() != "postgresql":
        return None
    host = url.query.get("host", url.host or "")
    if not host or str(host).startswith("/") or host in LOOPBACK:
        return ok(_("The database is on this machine."))
    if url.query.get("sslmode") in ("verify-ca", "verify-full"):
        return ok(_("The line to the database is encrypted, and its certificate looked at."))
    advice = _("Add `?sslmode=verify-full` to IRM_DATABASE_URL.")
    if url.query.get("sslmode") == "require":
        return warn(_("The line to the database is encrypted, but not sure to end at it."), advice)
    return fail(_("The line to the database may be unencrypted."), advice)


def real_sender(ground: Ground) -> Finding:
    """The sender is not this machine's own name."""
    address = parseaddr(ground.settings.mail_from)[1]
    if address.rpartition("@")[2].partition(".")[0] == "localhost":
        return fail(
            _("Mails come from %(address)s: nobody can answer.", address=address),
            _("Set IRM_MAIL_FROM to an address of your domain."),
        )
    return ok(_("Mails come from %(address)s.", address=address))


def administrators(ground: Ground) -> Finding:
    """One may be away."""
    active = select(func.count()).select_from(User).where(User.is_admin, User.is_active)
    count = ground.session.scalar(active) or 0
    if count > 1:
        return ok(_("Active administrators: %(n)s.", n=count))
    said = _("Active administrators: %(n)s.", n=count)
    advice = _("Make a second one with `irm user add … --admin`: one may be away.")
    return warn(said, advice) if count else fail(said, advice)


def second_steps(ground: Ground) -> Finding:
    """A password that is found out does not open everything."""
    has_one = exists().where(
        SecondFactor.user_id == User.id, SecondFactor.confirmed_at.is_not(None)
    )
    lacking = ground.session.scalars(
        select(User.email).where(User.is_admin, User.is_active, ~has_one).order_by(User.email)
    ).all()
    if not lacking:
        return ok(_("Every administrator has a second step of signing in."))
    return fail(
        _("Administrators who sign in by password alone: %(who)s.", who=", ".join(lacking[:5])),
        _("Ask for it at Settings, Signing in: each is led to setting it up."),
    )


def backups_elsewhere(ground: Ground) -> Finding:
    """A backup survives the disk of the database."""
    folder = ground.settings.data_dir / "backups"
    if folder.is_dir() and folder.stat().st_dev != ground.settings.data_dir.stat().st_dev:
        return ok(_("Backups lie on another disk."))
    return warn(
        _("Backups lie on the disk of the database."),
        _("Copy %(folder)s to another machine each night.", folder=folder),
    )
