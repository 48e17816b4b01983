"""The check of the service that signs colleagues in."""

from irm.cli.checks.finding import Finding, Ground, fail, ok, warn
from irm.i18n import _
from irm.sso.wire import Failed
from irm.web import provided


def sign_in_service(_ground: Ground) -> Finding | None:
    """The service answers, says where it is asked what, and shows its keys."""
    provider = provided.provider()
    if provider is None:
        return None
    advice = _(
        "Register this address there, for answers: %(address)s", address=provider.return_address
    )
    try:
        place = provider.place()
        count = len(provider.keys())
    except Failed as failed:
        return fail(
            _(
                "The sign-in service %(name)s cannot be used: %(reason)s",
                name=provider.name,
                reason=str(failed),
            ),
            _("Look at IRM_OIDC_ISSUER, and whether this machine reaches it.") + f" {advice}",
        )
    if not count:
        return fail(_("The sign-in service %(name)s shows no keys.", name=provider.name), advice)
    if place.claims and "email_verified" not in place.claims:
        return warn(
            _(
                "The sign-in service %(name)s does not list email_verified among what it says: "
                "who it says nothing of cannot be tied.",
                name=provider.name,
            ),
            advice,
        )
    said = _("The sign-in service %(name)s answers.", name=provider.name)
    return ok(f"{said} {advice}")
