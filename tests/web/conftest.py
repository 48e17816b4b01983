"""Whom the tests of links in mails are about, and where mail goes out."""

import make
import pytest
from nova import ben, lea, mia  # noqa: F401 - fixtures of several files
from pydantic import SecretStr

from irm.models import Role
from tests.web.agency import agency  # noqa: F401 - a fixture of several files
from tests.web.links import DAY, TODAY, link_of


@pytest.fixture
def ana(saved):
    return saved(make.member(Role.MANAGER, user=make.user(name="Ana Ribeiro")))


@pytest.fixture
def due(saved, ana):
    """A touchpoint of Ana's with Chloé that was due three days ago."""
    card = saved(make.relationship(brand=ana.brand, name="Chloé", owner=ana.user))
    days = {"due_on": TODAY - 3 * DAY, "created_at": make.MONDAY}
    return saved(make.touchpoint(relationship=card, owner=ana.user, purpose="Send seeds", **days))


@pytest.fixture
def link(app, ana, due):
    """The address of the touchpoint in a mail to Ana; `days` old."""
    return link_of(app, ana.user, due)


@pytest.fixture
def send_to(app):
    """Set the mail server."""

    def choose(url: str) -> None:
        app.config["IRM"] = app.config["IRM"].model_copy(update={"smtp_url": SecretStr(url)})

    return choose
