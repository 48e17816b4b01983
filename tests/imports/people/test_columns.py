"""Which column holds what: by the headings in three languages, and by the cells."""

import pytest

from irm.imports.complaints import Complaint
from irm.imports.people.kind import Contacts
from irm.models import Platform


def fields(people):
    return {
        field: [people.headings[column] for column in columns]
        for field, columns in people.columns.items()
    }


def test_the_words_of_an_instagram_list_are_understood(understand):
    people = understand(
        ["S.no", "Instagram name", " Name", "Subscribers", "Subscribers", "Audience country"],
        ["1.00", "ana.cooks", "Ana Núñez", "1.2M", "1200000.00", "India"],
        ["2.00", "raviruns", "#NAME?", "900K", "900000.00", "France"],
    )

    assert people.read(people.cells).accounts[0].platform is Platform.INSTAGRAM
    assert fields(people) == {
        "handle": ["Instagram name"],
        "name": ["Name"],
        # Both serve; the one that is written out comes first.
        "followers": ["Subscribers (2)", "Subscribers"],
        "country": ["Audience country"],
    }


def test_where_two_columns_could_be_the_handle_the_cells_decide(understand):
    people = understand(
        ["Tiktok name", "Tiktoker name", "\nFollowers", "Likes (Avg.)"],
        ["Ana cooks 🎉", "anacooks", "55.6M", "30.1K"],
        ["Ravi", "ravi.runs", "1K", "12"],
    )

    assert people.read(people.cells).accounts[0].platform is Platform.TIKTOK
    assert fields(people)["handle"] == ["Tiktoker name"]
    assert fields(people)["name"] == ["Tiktok name"]
    assert fields(people)["likes"] == ["Likes (Avg.)"]


def test_the_title_of_a_channel_serves_as_its_handle(understand):
    people = understand(
        ["channel name", "youTuber", "Subscribers count"],
        ["Sing, Dance, Explore", "Sing, Dance, Explore", "3M"],
        ["Like Ana", "Ana", "2M"],
    )

    assert people.read(people.cells).accounts[0].platform is Platform.YOUTUBE
    assert fields(people)["handle"] == ["channel name"]
    assert fields(people)["name"] == ["youTuber"]


def test_french_headings_are_understood(understand):
    people = understand(
        ["Pseudo", "Nom complet", "Nombre d’abonnés", "Pays", "Ville", "Langue", "Biographie",
         "Adresse e-mail", "Téléphone", "Catégorie", "Réseau social"],
        ["ana", "Ana N.", "1 234", "France", "Lyon", "français", "Cuisine", "ana@example.org",
         "+33 6 12 34 56 78", "Cuisine", "Insta"],
    )  # fmt: skip
    row = people.read(people.cells)

    assert row.accounts[0].platform is Platform.INSTAGRAM
    assert (row.name, row.accounts[0].figures) == ("Ana N.", {"followers": 1234})
    assert (row.person["country"], row.person["city"]) == ("France", "Lyon")
    assert [row.person[name] for name in ("language", "bio", "categories")] == [
        "fr",
        "Cuisine",
        "Cuisine",
    ]
    assert [contact.key for contact in row.contacts] == ["ana@example.org", "+33612345678"]


def test_a_word_for_the_platform_may_stand_in_every_heading(understand):
    people = understand(
        ["nom", "twitter_followers", "twitter_id", "twitter_name", "twitter", "url_institution"],
        ["Ana N.", "12", "1190742973845295105", "Ana 🌱", "ana_n", "https://example.org/ana"],
    )
    row = people.read(people.cells)

    assert (row.accounts[0].platform, row.accounts[0].handle) == (Platform.X, "ana_n")
    assert row.accounts[0].platform_id == "1190742973845295105"
    assert row.name == "Ana N."


def test_a_bare_id_is_not_taken_for_the_platforms(understand):
    people = understand(["id", "Instagram", "Followers"], ["1", "ana", "12"], ["2", "ravi", "13"])

    assert "platform_id" not in fields(people)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("1190742973845295105", "1190742973845295105"),
        ("76584619.0", "76584619"),
        ("UC-lHJZR3Gqxm24_Vd_AJ5Yw", "UC-lHJZR3Gqxm24_Vd_AJ5Yw"),
        ("1.19074E+18", None),
        ("1,19074e+18", None),
        ("N/A", None),
    ],
)
def test_an_id_is_kept_to_the_last_digit_or_not_at_all(understand, cell, kept):
    people = understand(["twitter", "twitter_id"], ["ana", cell])

    assert people.read(["ana", cell]).accounts[0].platform_id == kept


def test_a_family_name_is_put_behind_the_first_name(understand):
    people = understand(["Prénom", "Nom", "Twitter"], ["Ana", "Núñez", "ana_n"])

    assert people.read(people.cells).name == "Ana Núñez"


@pytest.mark.parametrize(
    ("url", "platform", "handle", "platform_id"),
    [
        ("https://www.instagram.com/ana.cooks/?hl=fr", Platform.INSTAGRAM, "ana.cooks", None),
        ("twitter.com/Ana_N", Platform.X, "Ana_N", None),
        ("https://x.com/Ana_N", Platform.X, "Ana_N", None),
        ("https://www.youtube.com/@ana", Platform.YOUTUBE, "ana", None),
        ("https://youtube.com/channel/UC123", Platform.YOUTUBE, "UC123", "UC123"),
        ("http://m.tiktok.com/@ana.n", Platform.TIKTOK, "ana.n", None),
        ("https://fr-fr.facebook.com/profile.php?id=1234", Platform.FACEBOOK, "1234", "1234"),
        ("https://www.linkedin.com/in/ana-n%C3%BA%C3%B1ez", Platform.LINKEDIN, "ana-núñez", None),
    ],
)
def test_an_address_names_platform_and_account(understand, url, platform, handle, platform_id):
    people = understand(["Name", "Link"], ["Ana", url])
    account = people.read(people.cells).accounts[0]

    assert (account.platform, account.handle) == (platform, handle)
    assert (account.platform_id, account.url) == (platform_id, url)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://example.org/ana", "https://instagram.com/p/Cxyz",
            "http://[::1/ana", "https://instagram.com"]
)  # fmt: skip
def test_what_is_no_address_of_an_account_is_not_taken_for_one(understand, url):
    with pytest.raises(Complaint) as refused:
        understand(["Name", "Link"], ["Ana", url], platform="instagram")

    assert refused.value.code == "no_handle"


def test_the_platform_may_come_from_the_name_of_the_file(understand):
    rows = (["Username", "Followers"], ["ana", "12"])

    people = understand(*rows, name="Top TikTok 2026.csv")
    assert people.read(people.cells).accounts[0].platform is Platform.TIKTOK
    for name in ("list.csv", "tiktok and instagram.csv"):
        with pytest.raises(Complaint) as refused:
            understand(*rows, name=name)
        assert refused.value.code == "no_platform"


def test_what_the_user_says_of_the_platform_wins(understand):
    people = understand(["Instagram", "Name"], ["ana", "Ana"], platform="Twitter")

    assert people.read(["ana", "Ana"]).accounts[0].platform is Platform.X
    with pytest.raises(Complaint, match="There is no platform myspace"):
        understand(["Instagram", "Name"], ["ana", "Ana"], platform="myspace")


@pytest.mark.parametrize(
    ("headings", "code"),
    [
        (["opportunity_id", "account", "deal_stage", "close_value"], "no_handle"),
        (["Date", "Primary"], "no_handle"),
        (["id", "name", "new_id"], "no_handle"),
        (["Post ID", "Account username", "Permalink", "Likes"], "looks_like_posts"),
        (["Impressions", "Likes", "Caption", "Hashtags"], "looks_like_posts"),
        (["Source", "Target"], "looks_like_ties"),
        (["node_1", "node_2"], "looks_like_ties"),
    ],
)
def test_another_kind_of_list_is_refused_with_what_it_looks_like(understand, headings, code):
    with pytest.raises(Complaint) as refused:
        understand(headings, ["Acme"] * len(headings), name="instagram.csv")

    assert refused.value.code == code


def test_a_row_may_have_an_account_on_each_platform(understand):
    people = understand(
        ["Name", "Instagram", "Instagram followers", "YouTube URL", "TikTok handle", "E-mail"],
        ["Ana", "ana.n", "12K", "https://youtube.com/@ana", "ana_tik", "ana@example.org"],
    )
    row = people.read(people.cells)

    assert {(one.platform, one.handle): dict(one.figures) for one in row.accounts} == {
        (Platform.INSTAGRAM, "ana.n"): {"followers": 12000},
        (Platform.TIKTOK, "ana_tik"): {},
        (Platform.YOUTUBE, "ana"): {},
    }


def test_figures_belong_to_the_account_on_their_left_where_each_has_its_own(understand):
    people = understand(
        ["Name", "Instagram", "Followers", "TikTok", "Followers"], ["Ana", "ana", "1", "ana_t", "2"]
    )

    assert [dict(one.figures) for one in people.read(people.cells).accounts] == [
        {"followers": 1},
        {"followers": 2},
    ]


def test_one_figure_for_two_accounts_belongs_to_none(understand):
    people = understand(["Name", "Instagram", "TikTok", "Followers"], ["Ana", "ana", "ana_t", "9"])

    for one in people.read(people.cells).accounts:
        assert not one.figures


def test_accounts_may_be_numbered(understand):
    people = understand(
        ["Platform 1", "Handle 1", "Platform 2", "Handle 2", "Followers 2"],
        ["instagram", "ana", "tiktok", "ana_t", "7"],
    )

    assert [(one.platform, one.handle) for one in people.read(people.cells).accounts] == [
        (Platform.INSTAGRAM, "ana"),
        (Platform.TIKTOK, "ana_t"),
    ]


@pytest.mark.parametrize(
    "headings",
    [
        ["Given Name", "Family Name", "E-mail 1 - Value", "Phone 1 - Value", "Website 1 - Value"],
        ["First Name", "Last Name", "E-mail Address", "Mobile Phone", "Web Page"],
        ["Prénom", "Nom", "Adresse de messagerie", "Tél. mobile", "Page Web"],
        ["Nombre", "Apellidos", "Correo electrónico", "Teléfono", "Sitio web"],
    ],
)
def test_address_books_name_people_without_accounts(understand, headings):
    cells = ["Ana", "Núñez", "ana@example.org", "+33 6 12 34 56 78", "https://ana.example.org"]
    people = understand(headings, cells, kind=Contacts)
    row = people.read(people.cells)

    assert [one.key for one in row.contacts] == [
        "ana@example.org",
        "+33612345678",
        "ana.example.org",
    ]
    assert "Ana" in row.name
    assert not row.accounts


def test_columns_that_were_chosen_stand(understand):
    people = understand(
        ["a", "b", "c"],
        ["ana", "1 234", "ana_t"],
        columns={"instagram.handle": (0,), "instagram.followers": (1,), "tiktok.handle": (2,)},
    )

    assert [one.handle for one in people.read(people.cells).accounts] == ["ana", "ana_t"]


@pytest.mark.parametrize(
    "heading",
    ["Owner", "Account manager", "Assigned to", "Responsible", "Owner's e-mail", "Responsable",
     "Gestionnaire", "Chargé de compte", "Chargée de suivi", "Chargé(e) d’influence", "Suivi par",
     "Attribué à", "Asignado a", "Encargada"],
)  # fmt: skip
def test_a_column_of_colleagues_holds_no_address_of_the_person(understand, heading):
    people = understand(
        ["Instagram", heading, "E-mail"],
        ["ana.cooks", "zoe@acme.example", "ana@example.org"],
    )
    row = people.read(people.cells)

    assert fields(people) == {
        "handle": ["Instagram"],
        "owner": [heading],
        "email": ["E-mail"],
    }
    assert [contact.key for contact in row.contacts] == ["ana@example.org"]
    assert row.owner == "zoe@acme.example"


def test_of_two_columns_of_colleagues_that_with_addresses_counts(understand):
    people = understand(
        ["Instagram", "Owner", "Owner e-mail"],
        ["ana.cooks", "Zoe", "zoe@acme.example"],
    )

    assert people.read(people.cells).owner == "zoe@acme.example"


def test_addresses_that_many_rows_share_under_a_strange_heading_are_nobodys(understand):
    shared, own = (
        understand(
            ["Instagram", "Our side"],
            *([handle, cell] for handle, cell in zip(("ana", "ravi", "mia"), cells, strict=True)),
        )
        for cells in (["zoe@acme.example"] * 3, ["a@x.example", "r@x.example", "m@x.example"])
    )

    assert "email" not in shared.columns
    assert fields(own)["email"] == ["Our side"]
