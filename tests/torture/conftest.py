"""How large the torture is, and what it plays on; the table at its end is of tests/figures.py.

In the ordinary suite it is small; `make torture` runs it in full, and
`make torture ARGS="--mails 10000 --kills 20"` in any size.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr
from torture.stage import MailServer, Nursery, environment_of


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    mails: int
    kills: int
    rounds: int
    #: How many mails of a fault that meets the 37th.
    batch: int
    #: Of the statements at which a writer of digests can die, each so-manieth.
    step: int
    #: How often rivals meet.
    repeats: int


QUICK = Size(mails=240, kills=4, rounds=3, batch=40, step=5, repeats=1)
FULL = Size(mails=100_000, kills=50, rounds=200, batch=100, step=1, repeats=20)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("torture")
    group.addoption("--full", action="store_true", help="as large as the promise")
    for name in ("mails", "kills", "rounds"):
        group.addoption(f"--{name}", type=int, help=f"so many {name}")


@pytest.fixture(scope="session")
def size(request: pytest.FixtureRequest) -> Size:
    """How large the torture is in this run."""
    option = request.config.getoption
    base = FULL if option("--full", default=False) else QUICK
    asked = {name: option(f"--{name}", default=None) for name in ("mails", "kills", "rounds")}
    return Size(**{**vars(base), **{name: n for name, n in asked.items() if n}})


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Two certificates for this machine, each signed by itself: one to be trusted, one not."""
    program = shutil.which("openssl") or pytest.skip("no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("certificates")
    asked = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
    ]
    asked += ["-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    made = []
    for name in ("good", "bad"):
        key, cert, both = (folder / f"{name}.{part}" for part in ("key", "cert", "pem"))
        command = [program, *asked, *names, "-keyout", str(key), "-out", str(cert)]
        subprocess.run(command, check=True, capture_output=True)
        both.write_text(key.read_text() + cert.read_text())
        made.append(both)
    return tuple(made)


@pytest.fixture(scope="session")
def _mail_server(tmp_path_factory: pytest.TempPathFactory, certificates: tuple[Path, ...]):
    server = MailServer(tmp_path_factory.mktemp("server"), certificates)
    yield server
    server.end()


@pytest.fixture
def mail_server(_mail_server: MailServer) -> MailServer:
    """A mail server in a process of its own, well, and with nothing taken yet."""
    _mail_server.forget()
    return _mail_server


@pytest.fixture
def at_server(app, mail_server: MailServer) -> None:
    """Have irm send its mail to that server."""
    url = SecretStr(mail_server.url)
    app.config["IRM"] = app.config["IRM"].model_copy(update={"smtp_url": url})


@pytest.fixture(scope="session")
def _nurseries():
    found: dict[str, Nursery] = {}
    yield found
    for nursery in found.values():
        nursery.end()


@pytest.fixture
def nursery(app, backend: str, mail_server: MailServer, _nurseries: dict[str, Nursery]):
    """Where senders come from, on the database of the test; none outlives the test."""
    if backend not in _nurseries:
        environment = environment_of(app.config["IRM"], mail_server.url)
        _nurseries[backend] = Nursery(environment)
    yield _nurseries[backend]
    _nurseries[backend].clear()
