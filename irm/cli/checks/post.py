"""Checks of the mail: the way out, the sender, and what waits for somebody."""

import datetime as dt
from email.utils import parseaddr
from urllib.parse import urlsplit

from sqlalchemy import func, select

from irm.cli.checks.finding import Finding, Ground, fail, ok, warn
from irm.i18n import _, _n
from irm.mail import outbox, proof, trial
from irm.mail.message import address_hash
from irm.mail.server import LOOPBACK, server_of
from irm.models import Instance, MailState, Outbox, User

#: Failed mails older than this are history.
LATELY = dt.timedelta(days=7)


def public_url(ground: Ground) -> Finding:
    """Links in mails lead to where colleagues are."""
    url = ground.settings.public_url
    if urlsplit(url).hostname in LOOPBACK:
        return warn(
            _("Links in mails lead to %(url)s, which only this machine opens.", url=url),
            _("Set IRM_PUBLIC_URL to the address colleagues use."),
        )
    return ok(_("Links in mails lead to %(url)s.", url=url))


def mail_server(ground: Ground) -> Finding:
    """The mail server answers and lets irm in; nothing is sent."""
    url = ground.settings.smtp_url.get_secret_value()
    if not url:
        return warn(_("No mail server is set: mail waits in the outbox."), _("Set IRM_SMTP_URL."))
    server = server_of(url)
    result = trial.greet(server)
    if not result.is_good:
        return fail(
            _(
                "The mail server %(host)s takes no mail (%(stage)s: %(said)s).",
                host=server.host,
                said=result.said,
                stage=result.stage,
            ),
            result.advice,
        )
    return ok(_("The mail server %(host)s answers and lets irm in.", host=server.host))


def sender(ground: Ground) -> Finding:
    """Mails have a sender that others accept."""
    address = parseaddr(ground.settings.mail_from)[1]
    domain = address.rpartition("@")[2]
    if "." not in domain.strip(".") or domain.endswith((".local", ".localhost", ".invalid")):
        return warn(
            _("Mails come from %(address)s: other servers refuse that.", address=address),
            _("Set IRM_MAIL_FROM to an address of your domain."),
        )
    return ok(_("Mails come from %(address)s.", address=address))


def sending(ground: Ground) -> Finding:
    """Nobody stopped the mail."""
    if outbox.is_sending(ground.session):
        return ok(_("Mail may go out."))
    reason = ground.session.scalar(select(Instance.paused_reason).limit(1)) or "?"
    return warn(
        _("Sending is paused (%(reason)s).", reason=reason),
        _("`irm outbox release` lets it go on."),
    )


def outbox_audit(ground: Ground) -> Finding:
    """No mail was lost or doubled."""
    found = proof.violations(ground.session, ground.now)
    if found:
        named = ", ".join(f"{name} ({len(ids)})" for name, ids in found.items())
        return fail(
            _("The outbox breaks a promise: %(named)s.", named=named),
            _("`irm outbox audit` names the mails; look whether the worker runs."),
        )
    return ok(_("No mail was lost or doubled."))


def undecided(ground: Ground) -> Finding:
    """No mail waits for a person, and none failed lately."""

    def count(state: MailState, since: dt.datetime | None = None) -> int:
        counted = select(func.count()).select_from(Outbox).where(Outbox.state == state)
        if since is not None:
            counted = counted.where(Outbox.created_at >= since)
        return ground.session.scalar(counted) or 0

    held = count(MailState.HELD)
    failed = count(MailState.FAILED, ground.now - LATELY)
    if held or failed:
        said = _("Mails that need a decision: %(held)s; that failed in a week: %(failed)s.",
                 held=held, failed=failed)  # fmt: skip
        return warn(said, _("Look at them in the outbox."))
    return ok(_("No mail waits for a decision, none failed in a week."))


def addresses(ground: Ground) -> Finding:
    """Every colleague can be written to."""
    active = ground.session.scalars(select(User.email).where(User.is_active)).all()
    hashes = {address_hash(email): email for email in active}
    barred = outbox.suppressed(ground.session, list(hashes))
    if barred:
        return warn(
            _n(
                "%(n)s colleague is not written to: %(some)s.",
                "%(n)s colleagues are not written to: %(some)s.",
                len(barred),
                some=", ".join(sorted(hashes[one] for one in barred)[:5]),
            ),
            _("The outbox page says why, and lets irm write to them again."),
        )
    return ok(_("Every colleague can be written to."))
