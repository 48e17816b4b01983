"""What the cells of a row say, and which of them cannot be read."""

import pytest

from irm.imports.complaints import Complaint

HEADINGS = [
    "Platform",
    "Handle",
    "Name",
    "Followers",
    "Followers",
    "Likes avg",
    "Language",
    "E-mail",
    "Phone",
    "Category",
    "Topic",
]


@pytest.fixture
def read(understand):
    def read(line):
        usual = [
            "x",
            "ben",
            "Ben",
            "1",
            "1",
            "1",
            "en",
            "ben@example.org",
            "+33123456789",
            "a",
            "b",
        ]
        cells = line.split(",")
        return understand(HEADINGS, usual, cells).read(cells)

    return read


def test_of_two_columns_of_one_figure_the_one_that_can_be_read_serves(read):
    assert read("x,ana,Ana,#VALOR!,1.5K").accounts[0].figures.get("followers") == 1500
    assert read("x,ana,Ana,1.5K,#VALOR!").accounts[0].figures.get("followers") == 1500
    assert read("x,ana,Ana,N/A',#VALOR!").accounts[0].figures.get("followers") is None


def test_a_cell_that_is_no_number_is_noted_and_the_person_taken(read):
    row = read("x,ana,Ana,lots,many,12,en")

    assert row.accounts[0].figures == {"likes_average": 12.0}
    assert "lots" in row.unread or "many" in row.unread


def test_zero_is_a_figure_and_a_dash_is_none(read):
    assert read("x,ana,Ana,0,,0").accounts[0].figures.get("followers") == 0
    assert read("x,ana,Ana,0,,0").accounts[0].figures.get("likes_average") == 0.0
    assert read("x,ana,Ana,-,,-").accounts[0].figures.get("followers") is None


def test_entities_and_blanks_are_put_right_and_an_error_is_no_name(read):
    assert read("x,ana,it&#39;s   Ana &amp; co,1").name == "it's Ana & co"
    assert read("x,ana,#NAME?,1").name is None


def test_a_handle_loses_its_sign_and_its_case_when_compared(read):
    assert read("x, @Ana_N ,Ana,1").accounts[0][1:3] == ("Ana_N", "ana_n")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("x,,Ana,1", "nobody"),
        ("x,N/A,Ana,1", "nobody"),
        ("x,@,Ana,1", "nobody"),
        (",ana,Ana,1", "no_account"),
        ("myspace,ana,Ana,1", "unknown_platform"),
        ("x,ana," + "🎉" * 10_000 + ",1", "too_long"),
        ("x," + "a" * 201 + ",Ana,1", "too_long"),
        ("x," + "ﷺ" * 200 + ",Ana,1", "too_long"),
        ("x,ana,Ana,1,1,1,en,,,,,one more", "many_cells"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_with_its_reason(read, line, code):
    with pytest.raises(Complaint) as refused:
        read(line)

    assert refused.value.code == code


def test_several_addresses_may_stand_in_a_cell_and_a_bad_one_is_noted(read):
    row = read("x,ana,Ana,1,1,1,en,ANA@Example.org; a.n@example.com,00 33 6 12 34 56 78")
    assert [contact.key for contact in row.contacts] == [
        "ana@example.org",
        "a.n@example.com",
        "+33612345678",
    ]

    row = read("x,ana,Ana,1,1,1,en,[email-removed],call me")
    assert row.contacts == ()
    assert row.unread == "E-mail: [email-removed]; Phone: call me"


@pytest.mark.parametrize(
    "cell",
    [
        "a@x.fr / b@y.fr",
        "a@x.fr/b@y.fr",
        "a@x.fr | b@y.fr /",
        "a@x.fr;b@y.fr",
        "a@x.fr b@y.fr",
        "Ana Sol <a@x.fr> / Bob <b@y.fr>",
        "Ana <a@x.fr>; b@y.fr",
        '"Sol (Ana)"<a@x.fr>|<b@y.fr>',
    ],
)
def test_all_addresses_of_a_cell_are_read_whatever_stands_between_them(read, cell):
    row = read(f"x,ana,Ana,1,1,1,en,{cell}")

    assert [contact.key for contact in row.contacts] == ["a@x.fr", "b@y.fr"]
    assert row.unread is None


@pytest.mark.parametrize(
    "cell", ["a@x.fr / call me", "Ana <@ana>", "Ana <a@x.fr> @ana", "a/b", "<>"]
)
def test_a_cell_with_something_that_is_no_address_is_noted_whole(read, cell):
    row = read(f"x,ana,Ana,1,1,1,en,{cell}")

    assert row.contacts == ()
    assert row.unread == f"E-mail: {cell}"


@pytest.mark.parametrize(
    ("cell", "keys"),
    [
        ("06 12 34 56 78 / 07 12 34 56 78", ["0612345678", "0712345678"]),
        ("+33612345678/+33712345678", ["+33612345678", "+33712345678"]),
        ("06 12 34 56 78; 07 12 34 56 78", ["0612345678", "0712345678"]),
        ("555-1234 / 555-5678", ["5551234", "5555678"]),
        ("030/1234567", ["0301234567"]),
        ("06/12/34/56/78", ["0612345678"]),
        ("+49 (0)36601/123456", ["+4936601123456"]),
        ("0475/12.34.56; 02/123.45.67", ["0475123456", "021234567"]),
    ],
)
def test_a_stroke_parts_numbers_but_may_stand_within_one(read, cell, keys):
    row = read(f"x,ana,Ana,1,1,1,en,,{cell}")

    assert [contact.key for contact in row.contacts] == keys


def test_categories_are_told_once_and_languages_by_their_code(read):
    row = read("x,ana,Ana,1,1,1,Français,,,Food,Travel")

    assert (row.person["categories"], row.person["language"]) == ("Food, Travel", "fr")
    assert read("x,ana,Ana,1,1,1,pt-BR,,,Food,Food").person["categories"] == "Food"
    assert read("x,ana,Ana,1,1,1,pt-BR").person["language"] == "pt"
    assert "language" not in read("x,ana,Ana,1,1,1,Klingon").person
