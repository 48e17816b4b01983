"""Which country a free text means."""

import holidays
import pytest

from irm.funnel import countries


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("France", "FR"),
        ("FR", "FR"),
        (" fr ", "FR"),
        ("FRA", "FR"),
        ("🇫🇷", "FR"),
        ("Lyon, France", "FR"),
        ("Allemagne", "DE"),
        ("Germany (Berlin)", "DE"),
        ("États-Unis", "US"),
        ("etats-unis", "US"),
        ("USA", "US"),
        ("UK", "GB"),
        ("Écosse", "GB"),
        ("Côte d’Ivoire", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("Bosnia and Herzegovina", "BA"),
        ("Bosnie-Herzégovine", "BA"),
        ("Corée du Sud", "KR"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
    ],
)
def test_a_country_is_known_by_what_people_write(text, code):
    assert countries.code_of(text) == code


@pytest.mark.parametrize(
    "text", [None, "", "Paris", "Congo", "XX", "EU", "Europe", "12", "日本", "France" * 99, ","]
)
def test_what_is_not_certain_is_no_country(text):
    assert countries.code_of(text) is None


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_each_country_is_known_by_its_name_in_both_languages(locale):
    wrong = {
        name: found
        for code, name in countries.names(locale).items()
        if (found := countries.code_of(name)) != code
    }

    # Two countries of one name are told apart by nothing.
    assert wrong == {}


def test_the_holidays_of_each_country_that_is_offered_are_known():
    offered = set(countries.names("en"))

    assert offered - set(holidays.list_supported_countries()) == set()
    assert offered == set(countries.names("fr"))
    assert len(offered) > 200
