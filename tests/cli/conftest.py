"""Commands of `irm` in the test's own app and process."""

import pytest

from irm.cli import logs
from irm.cli.main import irm as group
from irm.errors import Refused


@pytest.fixture
def command(app, capsys):
    """Run a command on the test's database; return its status, and what it said."""

    def run(*arguments):
        logs.configure("console")
        error = ""
        with app.app_context():
            try:
                status = group.main([str(one) for one in arguments], standalone_mode=False) or 0
            except Refused as refused:
                status, error = 1, str(refused)
        said = capsys.readouterr()
        return status, said.out, error or said.err

    return run
