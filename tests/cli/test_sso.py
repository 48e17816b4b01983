"""Signing in elsewhere, as the command line and the settings know it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import make
import pytest
from sqlalchemy import select

from irm import config
from irm.errors import Refused
from irm.models import AuditEntry, Session, UserIdentity

ROOT = Path(__file__).parents[2]
ISSUER = "https://login.example.org"


@pytest.fixture
def read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda **given: config.read(data_dir=tmp_path, **given)


@pytest.mark.parametrize(
    "issuer",
    [ISSUER, f"{ISSUER}/realms/acme/", "http://localhost:8080", "http://127.0.0.1:8080/realm"],
)
def test_a_service_is_https_or_on_this_machine(read, issuer):
    assert read(oidc_issuer=issuer, oidc_client_id="irm").oidc_issuer == issuer


@pytest.mark.parametrize(
    "issuer",
    [
        "http://login.example.org",
        "http://localhost.example.org",
        "login.example.org",
        "https://",
        "https://login.example.org/?a=b",
        "https://login.example.org/#a",
        "https://irm@login.example.org",
        "https://login.example.org:x",
        "https://login.example.org/" + "x" * 255,
        "ftp://login.example.org",
    ],
)
def test_anything_else_stops_the_start(read, issuer):
    with pytest.raises(Refused, match="IRM_OIDC_ISSUER is wrong: must look like"):
        read(oidc_issuer=issuer, oidc_client_id="irm")


def test_a_service_needs_to_know_irm(read):
    with pytest.raises(Refused, match="IRM_OIDC_CLIENT_ID is wrong: must be set"):
        read(oidc_issuer=ISSUER)


def test_nobody_is_locked_out_by_a_service_that_is_not_set(read):
    with pytest.raises(Refused, match="IRM_OIDC_ONLY is wrong: needs IRM_OIDC_ISSUER"):
        read(oidc_only=True)
    with pytest.raises(Refused, match="IRM_OIDC_ONLY is wrong: must be true or false"):
        read(oidc_only="perhaps")


def test_a_name_fits_on_a_button(read):
    with pytest.raises(Refused, match="IRM_OIDC_NAME is wrong: must have 60 characters or fewer"):
        read(oidc_name="x" * 61)


@pytest.mark.parametrize(("issuer", "status"), [(ISSUER, 1), ("", 0)])
def test_without_the_extra_the_setting_stops_the_start_with_one_sentence(tmp_path, issuer, status):
    program = (
        "import sys; sys.modules['joserfc'] = None\n"
        "from irm.cli.main import main; sys.exit(main(['db', 'upgrade']))"
    )
    settings = {"IRM_OIDC_ISSUER": issuer, "IRM_OIDC_CLIENT_ID": "irm", "IRM_DATA_DIR": "data"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
    )

    assert done.returncode == status, done.stderr
    if status:
        said = "the extra “sso” is not installed: run pip install 'irm[sso]', or take"
        assert done.stderr.strip() == f"IRM_OIDC_ISSUER is set, but {said} the setting out."


@pytest.fixture
def found(command):
    """What the doctor finds of the service; None: she did not look."""

    def run():
        _status, out, _err = command("doctor", "--json")
        checks = {one["name"]: one for one in json.loads(out)["checks"]}
        return checks.get("sign-in-service")

    return run


def test_the_doctor_says_which_address_to_register(found, service):
    one = found()

    assert one["state"] == "ok"
    assert one["said"] == (
        "The sign-in service Acme ID answers. Register this address there, for answers: "
        "http://127.0.0.1:5000/login/sso/return"
    )


def test_the_doctor_does_not_look_for_a_service_that_is_not_set(found):
    assert found() is None


def test_the_doctor_says_why_a_service_cannot_be_used(found, service):
    service.broken = {"/keys"}

    one = found()

    assert (one["state"], "status 503" in one["said"]) == ("fail", True)
    assert "/login/sso/return" in one["advice"]


@pytest.mark.parametrize(
    ("said", "state"),
    [(["sub", "email"], "warn"), (["sub", "email", "email_verified"], "ok")],
)
def test_the_doctor_warns_of_a_service_that_confirms_no_address(found, service, said, state):
    service.discovery = {"claims_supported": said}

    assert found()["state"] == state


def test_the_doctor_fails_a_service_without_keys(found, service):
    service.shown_keys = []

    assert found()["state"] == "fail"


def test_an_administrator_unties_whoever_has_another_account(command, session, saved, client_of):
    ana = saved(make.user(email="ana@example.com"))
    client_of(ana)
    assert "is tied to no account" in command("user", "identity", "ana@example.com")[1]
    saved(UserIdentity(user_id=ana.id, issuer=ISSUER, subject="ana-1", created_at=make.MONDAY))

    said = command("user", "identity", "ANA@example.com")[1].strip()
    assert said == "ana@example.com is ana-1 at https://login.example.org."
    status, out, _err = command("user", "identity", "ana@example.com", "--untie")

    assert (status, "is tied to no account" in out) == (0, True)
    session.rollback()
    assert session.scalars(select(UserIdentity)).all() == []
    assert session.scalars(select(Session)).all() == []
    assert [(one.action, one.ids) for one in session.scalars(select(AuditEntry))] == [
        ("user.identity_changed", {"user_id": ana.id, "change": "untied"})
    ]
