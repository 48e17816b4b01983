"""The test letter as it is read: approved texts, in both languages.

Where a text was changed on purpose, a run with APPROVE_MAILS=1 writes the files anew.
"""

import datetime as dt
import os
from pathlib import Path

import pytest

from irm.mail import letters

APPROVED = Path(__file__).parent / "approved"
AT = dt.datetime(2026, 3, 2, 15, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("part", ["subject", "text", "html"])
def test_a_test_letter_reads_as_approved(app, locale, part):
    with app.app_context():
        letter = letters.test("Ana <b>Ribeiro</b>", locale, "mail.acme.example", AT)
    path = APPROVED / f"test.{locale}.{part}"
    written = getattr(letter, part).rstrip("\n") + "\n"
    if os.environ.get("APPROVE_MAILS"):
        path.write_text(written)
    assert written == path.read_text()
    if part == "html":
        assert "<b>Ribeiro" not in written
