"""The reference of delivery: a loop of smtplib on one connection, one commit for each mail."""

import smtplib
import time
from email.message import EmailMessage
from pathlib import Path

from irm.db import dbapi

_TABLE = """
    CREATE TABLE mails (
        id INTEGER PRIMARY KEY, sender TEXT, recipient TEXT, subject TEXT, text TEXT, html TEXT,
        sent_at REAL
    )
"""


def fill(database: Path, journal: str, mails: list[tuple[str, str, str, str, str]]) -> None:
    """Make a database of mails that wait: sender, recipient, subject, text, HTML."""
    connection = dbapi.connect(str(database))
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute(_TABLE)
    connection.executemany(
        "INSERT INTO mails (sender, recipient, subject, text, html) VALUES (?, ?, ?, ?, ?)", mails
    )
    connection.commit()
    connection.close()


def deliver(database: Path, port: int) -> tuple[float, int]:
    """Send all of them; returns the seconds, and how many."""
    connection = dbapi.connect(str(database))
    # As safe as ours: what is said to be sent is on the disk.
    connection.execute("PRAGMA synchronous = FULL")
    began, sent = time.perf_counter(), 0
    rows = connection.execute(
        "SELECT id, sender, recipient, subject, text, html FROM mails WHERE sent_at IS NULL"
    ).fetchall()
    # Its own name is given: to look for it would take longer than many mails.
    with smtplib.SMTP("127.0.0.1", port, "localhost") as server:
        for id, sender, recipient, subject, text, html in rows:
            mail = EmailMessage()
            mail["From"], mail["To"], mail["Subject"] = sender, recipient, subject
            mail.set_content(text)
            mail.add_alternative(html, subtype="html")
            server.send_message(mail)
            connection.execute("UPDATE mails SET sent_at = ? WHERE id = ?", (time.time(), id))
            connection.commit()
            sent += 1
    connection.close()
    return time.perf_counter() - began, sent
