"""Each setting is explained where people look for it: .env.example and docs/settings.md."""

import re

import pytest

from irm.config import Settings
from tests.house.tree import text

FIELDS = sorted(Settings.model_fields)


def variable(field: str) -> str:
    return f"IRM_{field.upper()}"


@pytest.mark.parametrize("field", FIELDS)
def test_a_setting_stands_in_the_example_with_its_meaning_and_default(field):
    described = Settings.model_fields[field]
    default = described.get_default()
    if hasattr(default, "get_secret_value"):
        default = default.get_secret_value()

    assert f"# {described.description}\n#{variable(field)}={default}\n" in text(".env.example")


@pytest.mark.parametrize("field", FIELDS)
def test_a_setting_has_its_line_in_the_documentation(field):
    assert f"| `{variable(field)}` |" in text("docs/settings.md")


@pytest.mark.parametrize("page", [".env.example", "docs/settings.md"])
def test_no_setting_is_explained_that_does_not_exist(page):
    known = {variable(field) for field in FIELDS}
    assert set(re.findall(r"\bIRM_[A-Z_]+[A-Z]\b", text(page))) <= known
