"""The sign-in service of this installation, if there is one, and who may still use a password."""

from typing import cast

from flask import Flask, current_app

from irm.config import Settings
from irm.i18n import LazyText, _l
from irm.models import User
from irm.sso.provider import Provider

_NAME = "sign-in service"


def init_app(app: Flask, settings: Settings) -> None:
    """Know the service that the settings name.

    Raises Refused where what it takes is not installed.
    """
    app.extensions[_NAME] = Provider(settings) if settings.oidc_issuer else None


def provider() -> Provider | None:
    """The service, if there is one."""
    return cast(Provider | None, current_app.extensions[_NAME])


def name() -> str:
    """What colleagues call it; empty where there is none."""
    found = provider()
    return found.name if found else ""


def for_administrators_alone() -> bool:
    """Whether passwords let nobody in but administrators."""
    return bool(current_app.config["IRM"].oidc_only)


def may_use_password(user: User) -> bool:
    """Whether a password lets this user in; an administrator's does even while the service is
    away."""
    return user.is_admin or not for_administrators_alone()


def without_password() -> LazyText:
    """What whoever may not use a password is told."""
    return _l("Passwords are for administrators here: sign in with %(name)s.", name=name())
