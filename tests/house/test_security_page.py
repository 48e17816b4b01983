"""The figures that docs/security.md promises are those of the code."""

import ssl

import argon2
import pytest

from irm.db import engine_options
from irm.directory import downloads, factors, invitations, passwords, resets, sessions
from irm.funnel import bulk_edit
from irm.imports import batches
from irm.imports.reading import archive, book, cage
from irm.mail import signed, smtp
from irm.web import exports, reentry
from tests.house.tree import sources, text

PAGE = " ".join(text("docs/security.md").split())


def minutes(time):
    return round(time.total_seconds() / 60)


def hours(time):
    return minutes(time) // 60


@pytest.fixture(params=["sqlite"])
def backend(request):
    """One database: the figures are the same on both."""
    return request.param


@pytest.mark.parametrize(
    "said",
    [
        f"{passwords.SHORTEST} to {passwords.LONGEST} characters of any kind",
        f"(administrators {passwords.SHORTEST_OF_ADMINISTRATORS})",
        f"**{hours(sessions.IDLE)} hours** without use",
        f"**{sessions.ABSOLUTE.days} days** in all",
        f"for up to {hours(sessions.IDLE)} hours after she last used it",
        f"{sessions.TRIES_A_MINUTE} wrong tries a minute for an account from one address",
        f"{sessions.TRIES_AN_HOUR} an hour from one address",
        f"{sessions.TRIES_A_DAY} a day for an account",
        f"({factors.TRIES} in {minutes(factors.TRIES_IN)} minutes)",
        f"({sessions.RESETS_OF_AN_ACCOUNT} an hour for an account)",
        f"one step of {factors.STEP} seconds late",
        f"was not entered for {minutes(reentry.LASTS)} minutes",
        f"once, within {invitations.LASTS.days} days",
        f"once, within {minutes(resets.LASTS)} minutes",
        f"its signature, for {signed.LASTS.days} days",
        f"(HMAC-SHA-256, {8 * signed.BYTES} bits)",
        f"at most **{cage.UPLOAD_LIMIT // cage.MEGABYTE} MB**",
        f"({cage.COMMAND_LINE_LIMIT // cage.MEGABYTE // 1000} GB by `irm import`)",
        f"{archive.MOST_PARTS:,} parts that unpack",
        f"{book.MOST_COLUMNS} columns",
        f"{cage._MEMORY >> 20} MB, {cage._SECONDS} s of processor, two at a time",
        f"exports above {exports.INLINE:,} people",
        f"{bulk_edit.MOST:,}; 5,000 people",
        f"exports {downloads.KEPT.days} day",
        f"sign-in tries {sessions.KEPT.days} days",
        f"links of resets {resets.KEPT.days} days",
        f"import steps {batches.UNDO_DAYS} days",
        f"Argon2id, {factors._SLOWLY['memory_cost'] >> 10} MiB, t={factors._SLOWLY['time_cost']}",
    ],
)
def test_a_figure_is_that_of_the_code(said):
    assert said in PAGE


def test_the_limits_of_a_request_are_those_of_the_app(app):
    most = {name: app.config[f"MAX_{name}"] for name in ("CONTENT_LENGTH", "FORM_PARTS")}
    request = f"{most['CONTENT_LENGTH'] >> 20} MB"
    form = f"{app.config['MAX_FORM_MEMORY_SIZE'] // 1000} kB"
    assert f"| a request | {request}, a form {form} and {most['FORM_PARTS']:,} parts" in PAGE


def test_passwords_are_hashed_as_dearly_as_it_says():
    shipped = argon2.PasswordHasher()
    cost = f"{shipped.memory_cost >> 10} MiB, t={shipped.time_cost}, p={shipped.parallelism}"
    assert f"Argon2id, {cost}" in PAGE
    assert "_hasher = PasswordHasher()" in text("irm/directory/passwords.py")


def test_a_statement_ends_when_it_says(app):
    on_postgres = app.config["IRM"].model_copy(update={"database_url": "postgresql://x/irm"})
    options = engine_options(on_postgres)["connect_args"]["options"]
    assert "statement_timeout=300s" in options
    assert "lock_timeout=5s" in options
    assert "5 minutes, 5 seconds for a lock" in PAGE


def test_every_session_is_opened_by_the_one_function_it_names():
    opening = {str(path) for path in sources() if "open_for(" in text(path)}
    assert opening == {"irm/directory/sessions.py", "irm/web/entrance.py"}


def test_lines_to_mail_servers_are_as_it_says():
    context = smtp._context()
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert "Certificates are checked" in PAGE
