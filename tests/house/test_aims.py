"""The table of what every form sends is right: where all of it is, the form takes it."""

import pytest

from tests.house.aimed import Stage
from tests.house.aims import REFUSED
from tests.house.sent import FORMS


@pytest.fixture
def backend():
    """One database: what a form takes is the same on both."""
    return "sqlite"


def test_every_form_takes_what_the_table_says_it_sends(app, session, client_of):
    stage, refused = Stage(app, session, client_of), {}
    for endpoint in FORMS:
        with stage.aim(endpoint).post() as response:
            if response.status_code >= 400:
                refused[endpoint] = response.status_code
        session.expire_all()
    assert set(refused) == REFUSED
    assert max(refused.values()) < 500
