import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.imports.complaints import Complaint

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=80)


@pytest.fixture
def people(read):
    """Read the cards of a text as dicts of what they say."""

    def people(*lines, version="3.0"):
        cards = "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])
        sheet, rows = read(cards, name="contacts.vcf")
        return [
            {name: cell for name, cell in zip(sheet.headings, cells, strict=True) if cell}
            for _, cells in rows
        ]

    return people


def test_a_card_says_who_somebody_is_and_how_to_reach_her(people):
    assert people(
        "N:Arc;Éléonore;Ana;Dr.;",
        "FN:Éléonore Arc",
        "item1.EMAIL;type=INTERNET:ana@example.org",
        "item1.X-ABLabel:Work",
        "EMAIL;TYPE=INTERNET;TYPE=pref:first@example.org",
        "TEL;TYPE=HOME,FAX:+33 1 00 00 00 00",
        "TEL;TYPE=HOME:+33 1 11 11 11 11",
        "TEL;TYPE=CELL:+33 6 22 22 22 22",
        "ORG:Maison\\, Arc;Studio",
        "TITLE:Photographer",
        "ADR;TYPE=HOME:;;1\\, rue;Sète;;34200;France",
        "BDAY:19900314",
        "CATEGORIES:Food,Travel",
        "NOTE:One\\nTwo\\; three",
    ) == [
        {
            "Name": "Éléonore Arc",
            "First name": "Éléonore",
            "Last name": "Arc",
            "E-mail": "first@example.org; ana@example.org",
            "Phone": "+33 6 22 22 22 22",
            "Phone (2)": "+33 1 11 11 11 11",
            "Company": "Maison, Arc",
            "Job title": "Photographer",
            "City": "Sète",
            "Country": "France",
            "Birthday": "1990-03-14",
            "Categories": "Food,Travel",
            "Note": "One\nTwo; three",
        }
    ]


def test_accounts_become_addresses_of_profiles_before_other_links(people):
    assert people(
        "FN:Ana",
        "URL:http\\://ana.example",
        "X-SOCIALPROFILE;type=instagram:http://instagram.com/ana",
        "X-SOCIALPROFILE;type=tiktok;x-user=ana:x-apple:ana",
        "X-TWITTER:@ana",
        "IMPP;X-SERVICE-TYPE=Skype:skype:ana",
        "X-SKYPE:ana",
    ) == [
        {
            "Name": "Ana",
            "Website": "http://instagram.com/ana; https://www.tiktok.com/@ana;"
            " https://x.com/ana; http://ana.example",
        }
    ]


def test_old_cards_quote_what_is_not_ascii_over_several_lines(people):
    assert people(
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=89t=C3=A9;=",
        "L=C3=A9a;;;",
        "NOTE;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:Caf=E9=0D=0Anoir",
        "EMAIL;INTERNET:lea@example.org",
        "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQ",
        " AAAQABAAD/2wBDAAIBAQ==",
        "",
        "X-DOC:C:\\new",
        version="2.1",
    ) == [
        {
            "Name": "Léa Été",
            "First name": "Léa",
            "Last name": "Été",
            "E-mail": "lea@example.org",
            "Note": "Café\nnoir",
        }
    ]


def test_lines_are_folded_anywhere_and_parameters_may_hold_colons(people):
    assert people('X;A="b:c;d":x', 'NOTE;X-ID="1:2;3":so', "  it ", " goes", "FN:A", " na") == [
        {"Name": "Ana", "Note": "so it goes"}
    ]


def test_photos_of_any_length_are_passed_over(people):
    photo = ["PHOTO;ENCODING=b:" + "A" * 3_000_000, "FN:Ana", "LOGO;ENCODING=b:", *[" AAAA"] * 9999]

    assert people(*photo) == [{"Name": "Ana"}]


def test_a_card_within_a_card_is_that_of_somebody_else(people):
    inner = ("AGENT:", "BEGIN:VCARD", "FN:Assistant", "TEL:1", "END:VCARD")

    assert people("FN:Ana", *inner, version="2.1") == [{"Name": "Ana"}]


def test_several_cards_are_numbered_and_those_that_say_nothing_left_out(read):
    one = "BEGIN:VCARD\nVERSION:4.0\nFN:{}\nEND:VCARD\n"

    sheet, rows = read(one.format("Ana") + one.format("") + "\n" + one.format("Ravi"))

    assert (sheet.format, sheet.count) == ("cards", 2)
    assert [(number, cells[0]) for number, cells in rows] == [(1, "Ana"), (3, "Ravi")]


@given(TEXTS, st.integers(1, 75))
def test_any_name_comes_back_however_it_was_folded(opened, name, width):
    escaped = name.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    line = f"FN:{escaped}"
    folded = "\r\n ".join(line[at : at + width] for at in range(0, len(line), width))
    if not name.strip():
        return

    book = opened(f"BEGIN:VCARD\r\nVERSION:4.0\r\nUID:1\r\n{folded}\r\nEND:VCARD\r\n", name="a.vcf")

    assert [cells[0] for _, cells in book.rows()] == [name.strip()]


def test_a_card_that_does_not_end_is_named(read):
    with pytest.raises(Complaint, match="Card 2"):
        read("BEGIN:VCARD\nFN:Ana\nEND:VCARD\nBEGIN:VCARD\nFN:Ravi\n")
