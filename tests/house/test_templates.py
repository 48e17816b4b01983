"""What a template may hold: no style, script or raw text of its own, and no word untranslated."""

import re
from html.parser import HTMLParser

import pytest

from tests.house.tree import sources, templates, text

TEMPLATES = templates()
IDS = [str(path) for path in TEMPLATES]
PAGES = [path for path in TEMPLATES if path.suffix == ".html" and "mail" not in path.parts]

#: Attributes that people read or hear.
SPOKEN = {"alt", "aria-description", "aria-label", "content", "placeholder", "title", "value"}

#: Written alike in every language: the product's name, file formats, keys of the keyboard.
SAME_EVERYWHERE = {"irm", "csv", "xlsx", "json", "html", "ctrl", "esc", "enter", "utf"}

#: Comments, translated text, statements and expressions; and the blocks that fill an attribute.
JINJA = re.compile(
    r"\{#.*?#\}"
    r"|\{%-?\s*trans\b.*?endtrans\s*-?%\}"
    r"|\{%-?\s*block (?:body|shell_class)\b.*?endblock\s*-?%\}"
    r"|\{%.*?%\}"
    r"|\{\{.*?\}\}",
    re.DOTALL,
)


class Words(HTMLParser):
    """Collects what a reader would see of a page whose expressions are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self._look(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name in SPOKEN & given.keys():
            # A value is spoken on a button only, a content in a description only.
            if name == "value" and given.get("type") not in ("submit", "button", "reset"):
                continue
            if name == "content" and given.get("name") != "description":
                continue
            self._look(given[name] or "")

    def _look(self, words: str) -> None:
        # A single letter is a key to press.
        for word in re.findall(r"[^\W\d_]{2,}", words):
            if word.lower() not in SAME_EVERYWHERE:
                self.found.append(word)


def without_jinja(source: str) -> str:
    return JINJA.sub("", source)


@pytest.mark.parametrize("path", PAGES, ids=[str(path) for path in PAGES])
def test_a_page_keeps_the_content_security_policy(path):
    source = text(path)
    assert not re.search(r"\sstyle\s*=", source)
    assert not re.search(r"<style\b", source)
    assert not re.search(r"\son[a-z]+\s*=", source)
    assert not re.search(r"\shx-on\b|\bjs:|javascript:", source)
    for opening in re.findall(r"<script\b[^>]*>", source):
        assert "src=" in opening or 'type="application/json"' in opening, opening


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_what_people_typed_is_escaped(path):
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", text(path))


def test_no_code_trusts_text_as_markup_but_the_one_that_looks_at_it():
    trusting = [path.name for path in sources() if re.search(r"\bMarkup\(", text(path))]
    assert trusting == ["written.py"]


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_every_word_goes_through_the_translator(path):
    words = Words()
    words.feed(without_jinja(text(path)))
    words.close()
    assert not words.found


@pytest.mark.parametrize("path", PAGES, ids=[str(path) for path in PAGES])
def test_every_form_that_changes_something_carries_the_token(path):
    # A page opened from a mail posts to its own signed address: no other site can make one up.
    signed = 'action="{{ address }}' if path.parts[-2] == "act" else None
    for form in re.findall(r"<form\b.*?</form>", text(path), re.DOTALL | re.IGNORECASE):
        opening = form[: form.index(">")]
        if signed and signed in opening:
            continue
        if re.search(r'method="post"', opening, re.IGNORECASE):
            assert re.search(r"\b(?:csrf|hidden_tag)\(|\bcsrf_token\b", form), opening


def test_the_words_of_a_page_are_seen_by_this_test():
    words = Words()
    words.feed(without_jinja('<p title="Two">{{ _("One") }}{# no #} Three</p><input value="no">'))
    words.close()
    assert words.found == ["Two", "Three"]


def test_every_template_is_used():
    everything = "\n".join(text(path) for path in [*sources(), *TEMPLATES])
    # Mail is looked up by the folder of its letter, an error by its status.
    named = [path.relative_to("irm/templates") for path in TEMPLATES]
    named = [path for path in named if path.parts[0] not in ("errors", "mail")]
    assert not [str(path) for path in named if not re.search(f"[\"']{path}[\"']", everything)]
