"""Every check, in the order in which they are shown, and how they are run."""

from collections.abc import Iterator, Sequence

from sqlalchemy.exc import DBAPIError

from irm.cli.checks import deploy, machine, post, running, sso, store
from irm.cli.checks.finding import Check, Finding, Ground, fail
from irm.i18n import _

ALWAYS: Sequence[Check] = (
    machine.python,
    machine.tzdata,
    machine.data_folder,
    machine.local_disk,
    machine.free_disk,
    machine.secret_key,
    store.database,
    store.schema,
    store.journal,
    store.integrity,
    store.durability,
    machine.clock_is_right,
    post.public_url,
    post.mail_server,
    post.sender,
    post.sending,
    post.outbox_audit,
    post.undecided,
    post.addresses,
    sso.sign_in_service,
    running.worker,
    running.jobs,
    running.backups,
)

DEPLOY: Sequence[Check] = (
    deploy.https,
    deploy.cookies,
    deploy.proxies,
    deploy.demo,
    deploy.debug,
    deploy.settings_file,
    deploy.encrypted_database,
    deploy.encrypted_mail,
    deploy.real_sender,
    deploy.administrators,
    deploy.second_steps,
    deploy.backups_elsewhere,
)


def name_of(check: Check) -> str:
    """What a check is called: in the list, and in JSON."""
    return check.__name__.replace("_", "-")


def run(ground: Ground, *, is_deploy: bool = False) -> Iterator[tuple[str, Finding]]:
    """Run every check; what one of them stumbles over is its finding."""
    for check in (*ALWAYS, *(DEPLOY if is_deploy else ())):
        found = _found(check, ground)
        if found is not None:
            yield name_of(check), found


def _found(check: Check, ground: Ground) -> Finding | None:
    try:
        return check(ground)
    except Exception as error:  # noqa: BLE001  # a doctor does not die of what she finds
        reason: object = error.orig if isinstance(error, DBAPIError) else error
        first = (str(reason).strip().splitlines() or [type(error).__name__])[0]
        return fail(
            _("This could not be looked at: %(reason)s", reason=first[:300]),
            _("Mend what is said above first; then run `irm doctor` again."),
        )
    finally:
        # No check leaves a transaction behind, and none meets a broken one.
        _end(ground)


def _end(ground: Ground) -> None:
    try:
        ground.session.rollback()
    except DBAPIError:
        ground.session.invalidate()
