"""Refused rows come back mended: they are recognised, and only what was mended is new."""

import csv
import io

import make
import pytest
from flask_babel import force_locale
from sqlalchemy import select

from irm.imports import mending, refused
from irm.imports.headings import theirs
from irm.imports.orders import Order
from irm.jobs import tasks
from irm.models import ContactPoint, ImportBatch
from tests.imports.brought import DAY, counts, people
from tests.imports.reading.workbooks import workbook

#: A name that is too long, nobody at all, a sign that is no name; and signs that begin formulas.
MESSY = (
    "Pseudo,Nom affiché,Abonnés,Ville,Tél\n"
    "@zoe,Zoé,10,Lyon,+33 6 12 34 56 78\n"
    f"@ana,{'A' * 201},20,=Nantes,+33 7 12 34 56 78\n"
    ",Nobody,30,-,\n"
    "@,Bob,40,Lille,\n"
)
SAID = {
    "kind": "influencers",
    "platform": "tiktok",
    "columns": {"handle": [0], "name": [1], "followers": [2], "city": [3], "phone": [4]},
    "rules": {"city": "overwrite"},
}


@pytest.fixture
def not_taken(app):
    """The file of the rows that an import has not taken, as text."""

    def not_taken(batch_id):
        with app.app_context():
            session = tasks.db.session
            return "".join(refused.as_csv(session, session.get_one(ImportBatch, batch_id)))

    return not_taken


@pytest.fixture
def proposed(app, brand, tmp_path):
    """Read a file as the import whose refused rows it holds; None where it holds none."""

    def proposed(headings, name="list-refused.csv"):
        path = tmp_path / name
        path.write_text("")
        with app.app_context():
            session = tasks.db.session
            order = Order.of(path, name, DAY.replace(year=2027))
            batch = mending.origin(session, brand.id, headings, name)
            return batch and mending.proposed(order, batch, keeps_day=False)

    return proposed


def mended(text, wrong, right):
    assert wrong in text
    return text.replace(wrong, right)


def rows_of(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def as_said(order):
    """What an order says of reading, for the fixture that drafts."""
    kept = ("kind", "columns", "platform", "rules", "mends", "source")
    return {name: getattr(order, name) for name in kept}


def test_of_refused_rows_that_come_back_only_the_mended_one_is_new(
    bring, not_taken, proposed, session
):
    first = bring(MESSY, **SAID)
    assert counts(first) == {"rows": 4, "created": 1, "refused": 3}
    text = not_taken(first["batch"])
    order = proposed(rows_of(text)[0])

    assert (order.mends, order.platform, order.rules) == (
        first["batch"], "tiktok", {"city": "overwrite"},
    )  # fmt: skip
    assert order.as_of == DAY
    again = bring(mended(text, "A" * 201, "Ana"), day=order.as_of, **as_said(order))

    assert counts(again) == {"rows": 3, "created": 1, "refused": 2}
    assert sorted(people(session)) == ["ana", "zoe"]
    ana = people(session)["ana"]
    assert (ana.influencer.name, ana.influencer.city) == ("Ana", "=Nantes")
    assert (ana.followers, ana.figures_on) == (20, DAY)
    assert ana.influencer.source == "list.csv"
    assert "'+33 7 12 34 56 78" in text
    assert "+33712345678" in session.scalars(select(ContactPoint.value_key)).all()


def test_what_is_refused_once_more_has_its_reason_once(bring, not_taken, proposed):
    first = bring(MESSY, **SAID)
    text = not_taken(first["batch"])
    order = proposed(rows_of(text)[0])
    second = bring(text, **as_said(order))

    again = rows_of(not_taken(second["batch"]))

    assert again[0] == rows_of(text)[0]
    assert [len(row) for row in again] == [7, 7, 7, 7]
    assert [row[:5] for row in again] == [row[:5] for row in rows_of(text)]
    assert again[1][6].startswith("The cell under Nom affiché is longer")
    assert proposed(again[0]).mends == second["batch"]


def test_a_spreadsheet_may_save_the_refused_rows_as_its_own(bring, not_taken, proposed, session):
    first = bring(MESSY, **SAID)
    rows = rows_of(mended(not_taken(first["batch"]), "A" * 201, "Ana"))
    order = proposed(rows[0], "list-refused.xlsx")
    saved = workbook({"Feuil1": rows})

    again = bring(saved, suffix=".xlsx", name="list-refused.xlsx", **as_said(order))

    assert counts(again) == {"rows": 3, "created": 1, "refused": 2}
    assert people(session)["ana"].influencer.city == "=Nantes"


def test_of_two_imports_with_these_columns_the_one_the_file_is_named_after_is_meant(
    bring, not_taken, proposed
):
    first = bring(MESSY, name="march.csv", **SAID)["batch"]
    second = bring(MESSY, name="april.csv", **SAID)["batch"]
    headings = rows_of(not_taken(first))[0]

    assert proposed(headings, "march-refused.csv").mends == first
    assert proposed(headings, "rest.csv").mends == second


def test_a_list_of_another_brand_or_without_our_columns_is_none_of_ours(
    app, bring, not_taken, proposed, saved
):
    first = bring(MESSY, of=saved(make.brand()), **SAID)["batch"]
    assert proposed(rows_of(not_taken(first))[0]) is None
    bring(MESSY, **SAID)
    assert proposed(["Pseudo", "Nom affiché", "Abonnés", "Ville", "Tél"]) is None
    assert proposed(["Pseudo", "Row", "Reason"]) is None


@pytest.mark.parametrize("language", ["en", "fr"])
def test_our_columns_are_known_in_every_language(app, language):
    with app.test_request_context(), force_locale(language):
        headings = rows_of(refused.head(["Pseudo"]))[0]

    assert theirs(headings) == ["Pseudo"]
    assert theirs(["Row", "Reason", "Row (2)", "Reason (2)"]) == ["Row", "Reason"]
