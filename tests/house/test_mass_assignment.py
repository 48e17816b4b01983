"""A form changes what it is for: columns that somebody adds to it by hand change nothing."""

import io
import re

import pytest
from pysqlite3 import dbapi2 as sqlite3
from sqlalchemy import Boolean, Enum, Integer

from irm.db import db
from irm.models import Base
from tests.house.aimed import Stage
from tests.house.sent import FORMS

#: What nobody else would write, so that it is known wherever it arrives.
NUMBER, WORD, DAY = "424242", "massassigned", "2031-07-07"

#: What an attacker tries beside the columns that are there.
GUESSED = ("admin", "is_staff", "is_superuser", "permissions", "token", "_method", "roles")


@pytest.fixture
def backend():
    """One database: which columns a page writes does not depend on where it writes them."""
    return "sqlite"


def sent_for(column):
    """A value that would be right for a column, if anybody read it."""
    if isinstance(column.type, Boolean):
        return "y"
    if isinstance(column.type, Enum):
        return column.type.enums[-1]
    if isinstance(column.type, Integer):
        return NUMBER
    return DAY if "date" in str(column.type).lower() else WORD


COLUMNS = {
    column.name: sent_for(column)
    for table in Base.metadata.sorted_tables
    for column in table.columns
} | dict.fromkeys(GUESSED, WORD)


class Kept:
    """The database as it is, to which it can go back."""

    def __init__(self, app):
        with app.app_context():
            self._engine = db.engine
        self._copy = sqlite3.connect(":memory:")
        self._move(to_copy=True)

    def back(self):
        self._move(to_copy=False)

    def _move(self, *, to_copy):
        connection = self._engine.raw_connection()
        try:
            there = connection.driver_connection
            there.backup(self._copy) if to_copy else self._copy.backup(there)
        finally:
            connection.close()

    def close(self):
        self._copy.close()


def rows_of(app):
    """Every row of every table, by its key, as the database has it."""
    with app.app_context():
        connection = db.engine.raw_connection()
    found = {}
    for table in Base.metadata.sorted_tables:
        names = [column.name for column in table.columns]
        key = [names.index(column.name) for column in table.primary_key]
        columns = ", ".join(f'"{name}"' for name in names)
        cursor = connection.cursor()
        for row in cursor.execute(f'SELECT {columns} FROM "{table.name}"').fetchall():
            found[table.name, *(row[at] for at in key)] = dict(zip(names, row, strict=True))
    connection.close()
    return found


def differing(plain, loaded):
    """The cells in which two outcomes differ by more than the moment, or a secret made anew."""
    yield from plain.keys() ^ loaded.keys()
    for key in plain.keys() & loaded.keys():
        if plain[key] == loaded[key]:
            continue
        for name, one in plain[key].items():
            if one != loaded[key][name] and _said(one) != _said(loaded[key][name]):
                yield (*key, name, one, loaded[key][name])


def _said(value):
    """A value without what is made by chance or by the clock, which no two tries share."""
    text = re.sub(r"\$argon2id.*|[0-9a-f]{12,}|[\w.@-]{24,}", "a secret", str(value))
    return re.sub(r"\d{4}-\d\d-\d\d[T ][\d:.]+", "a moment", text)


def anew(values):
    """The same values with files that nobody has read."""
    return {
        name: (io.BytesIO(one[0].getvalue()), one[1]) if isinstance(one, tuple) else one
        for name, one in values.items()
    }


def test_no_form_writes_a_column_that_it_does_not_ask_for(app, session, client_of):
    stage, wrong = Stage(app, session, client_of), []
    cookie = app.config["SESSION_COOKIE_NAME"]
    assert len(COLUMNS) > 300
    for endpoint, form in FORMS.items():
        aim = stage.aim(endpoint)
        values, cookies = aim.values, aim.client.get_cookie(cookie)
        session.commit()
        kept = Kept(app)
        with aim.post(anew(values)) as response:
            plain_status, plain = response.status_code, rows_of(app)

        session.rollback()
        kept.back()
        session.expire_all()
        if cookies is not None:
            aim.client.set_cookie(cookie, cookies.value)
        added = {name: value for name, value in COLUMNS.items() if name not in {**form, **values}}
        with aim.post({**added, **anew(values)}) as response:
            status, loaded = response.status_code, rows_of(app)
        kept.close()
        found = list(differing(plain, loaded))
        if plain_status != status or status >= 500 or found:
            wrong.append((endpoint, plain_status, status, found[:3]))
        session.expire_all()
    assert wrong == []
