"""The check of the translations finds what is wrong with a catalog."""

import importlib.util

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from tests.house.tree import ROOT


@pytest.fixture(scope="module")
def strings():
    spec = importlib.util.spec_from_file_location("strings", ROOT / "tools" / "strings.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def complaints(strings, tmp_path):
    """Return what is said of a French catalog that has these translations of "Hello %(name)s"."""

    def complain(**wrong):
        template = Catalog(charset="utf-8")
        template.add("Hello %(name)s")
        catalog = Catalog(locale="fr", charset="utf-8", fuzzy=False)
        message = {"id": "Hello %(name)s", "string": "Bonjour %(name)s", **wrong}
        catalog.add(**message)
        path = tmp_path / "fr" / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            write_po(file, catalog)
        return list(strings.missing(path, template))

    return complain


def test_a_complete_catalog_passes(complaints):
    assert not complaints()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"string": ""}, "empty"),
        ({"flags": ["fuzzy"]}, "fuzzy"),
        ({"string": "Bonjour %(nom)s"}, "placeholder"),
        ({"id": "Good night", "string": "Bonne nuit"}, "not there"),
    ],
)
def test_an_incomplete_catalog_is_refused(complaints, wrong, said):
    assert said in "\n".join(complaints(**wrong))


def test_strings_are_found_in_code_and_in_templates(strings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "irm" / "templates").mkdir(parents=True)
    (tmp_path / "irm" / "x.py").write_text('_l("Lazy")\n_n("One", "%(n)s", 3)\n')
    (tmp_path / "irm" / "templates" / "x.html").write_text(
        '{{ _("Now") }}{% trans %}\n  Long\n  ago\n{% endtrans %}'
    )
    found = {message.id for message in strings.extracted() if message.id}
    assert found == {"Lazy", ("One", "%(n)s"), "Now", "Long ago"}
