"""The French is complete and well set, and the check of the translations finds what is wrong."""

import ast
import importlib.util
import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from tests.house.tree import ROOT, files, sources, templates, text, tree

#: What French writes as English does: names, words of the field, words both languages share.
ALIKE = {
    *("Instagram", "YouTube", "TikTok", "X", "Facebook", "Twitch", "LinkedIn", "Pinterest"),
    *("Threads", "Bluesky", "Mastodon", "Snapchat", "Blog", "Podcast", "Newsletter"),
    *("Macro", "Magic middle", "Micro", "Community manager", "Fan", "Bio", "E-mail", "Message-ID"),
    *("Action", "Audience", "Audience %(audience)s", "Cadence", "Imports", "Messages", "Version"),
    *("%(kind)s, %(direction)s", "%(before)s → %(after)s", "Pause", "Suggestions"),
    *("CSV", "Excel (XLSX)", "Contact", "Contacts", "Hashtags"),
    *("%(n)s score", "%(n)s scores"),
    *("Mention", "%(n)s mention", "%(n)s mentions"),
    *("Passion", "Influence"),
    *("Brief", "Plan", "plan", "Minutes", "Actions", "%(n)s min", "%(h)s h", "%(h)s h %(m)s"),
    *(
        "Question",
        "Questions",
        "Question…",
        "Urgent",
        "%(number)s question",
        "%(number)s questions",
    ),
    *("Absence", "Absences", "Dossier", "Pages", "Phase"),
    *("%(n)s contact", "%(n)s contacts", "Invitation", "Invitations", "Python", "Code"),
    *("Audit", "audit"),
}

#: Filled in by Python, filled in by the script.
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%|\{\w+\}")

#: What may not be in a French text, with its reason. A space here is the ordinary one, at which a
#: line may end.
MISSET = {
    r"'": "a straight apostrophe",
    r'["“”]': "English quotation marks",
    r"\.\.\.": "three full stops for …",
    r"« |[^\s\u00a0\u202f]»|«[^\u00a0]| »": "no fixed space inside « »",
    r"(?<![\u00a0\w/+]):(?!//)|\w:(?![/\d])": "no fixed space before :",
    r"[^\u202f][;!?]": "no narrow fixed space before ; ! ?",
    r"[^\u202f%]%%": "no narrow fixed space before %",
    r"\d \d{3}\b": "an ordinary space in a number",
    r"%\((?:when|day|date)\)s\.": "a full stop after a day, whose month has its own",
    r"(?i)\b(?:tu|toi|ton|ta|tes)\b": "tu instead of vous",
}

#: Where a sentence for the user begins: the texts given to these are shown as they are.
SHOWN = {"Refused", "NotFound", "ValidationError", "flash", "Complaint", "echo", "ClickException"}

FRENCH = ROOT / "irm" / "translations" / "fr" / "LC_MESSAGES" / "messages.po"


def french():
    """Return every pair of an English and a French text, each plural form on its own."""
    with FRENCH.open("rb") as file:
        catalog = read_po(file, locale="fr")
    for message in catalog:
        if message.id and message.pluralizable:
            yield from zip(message.id, message.string, strict=True)
        elif message.id:
            yield message.id, message.string


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


def test_the_french_fills_in_what_the_english_fills_in():
    for english, translated in french():
        assert sorted(set(PLACEHOLDER.findall(english))) == sorted(
            set(PLACEHOLDER.findall(translated))
        ), english


def test_no_text_is_left_in_english():
    same = {english for english, translated in french() if english == translated}
    assert same <= ALIKE
    assert same >= ALIKE, "an exception that nobody needs"


@pytest.mark.parametrize("wrong", MISSET, ids=MISSET.values())
def test_the_french_is_well_set(wrong):
    # Code keeps its own signs.
    plain = [re.sub(r"`[^`]*`", "", translated) for _english, translated in french()]
    assert not [sentence for sentence in plain if re.search(wrong, sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "L'étape",
        "Un “mot”",
        "Voir...",
        "Un « mot »",
        "Un\u00a0: deux: trois",
        "Un : deux",
        "Vraiment ?",
        "Vraiment?",
        "50 %%",
        "10 000",
        "Ta marque",
        "Le %(day)s.",
    ],
)
def test_ill_set_french_is_found(sentence):
    assert any(re.search(wrong, sentence) for wrong in MISSET)


def test_english_texts_have_typographic_signs(strings):
    for message in strings.extracted():
        for english in message.id if isinstance(message.id, tuple) else [message.id]:
            assert not re.search(r"['\"]|\.\.\.", re.sub(r"`[^`]*`", "", english)), english


def test_the_script_and_the_page_know_the_same_texts():
    source = "\n".join(text(path) for path in files("frontend/src", "*.js"))
    given = set(re.findall(r'"(\w+)": _\(', text("irm/web/shell.py")))
    assert given
    assert {name for name in given if not re.search(f'"{name}"', source)} == set()
    assert set(re.findall(r'\btext\("(\w+)"', source)) <= given


@pytest.mark.parametrize("path", sources(), ids=str)
def test_what_people_are_told_goes_through_the_translator(path):
    assert not list(untranslated(tree(path)))


def untranslated(module):
    """Yield the literal sentences that are shown to somebody, of a module's tree."""
    for call in ast.walk(module):
        if not isinstance(call, ast.Call) or not call.args:
            continue
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        told = call.args[0]
        if name in SHOWN and isinstance(told, ast.Constant | ast.JoinedStr):
            literals = [part.value for part in ast.walk(told) if isinstance(part, ast.Constant)]
            yield from (one for one in literals if re.search(r"[^\W\d_]{2,} ", str(one)))


def test_a_sentence_that_is_not_translated_is_found():
    module = ast.parse('raise Refused("Not so.")\nclick.echo(f"{n} rows read")\nflash(_("Yes."))')
    assert sorted(untranslated(module)) == [" rows read", "Not so."]


@pytest.mark.parametrize("path", templates(), ids=str)
def test_a_template_translates_the_words_of_its_expressions(path):
    assert not words_of_expressions(text(path)) - {"English", "Français"}


def words_of_expressions(template):
    """Return the literals of a template's expressions that look like words for a reader."""
    parsed = Environment(extensions=["jinja2.ext.i18n"]).parse(template)
    calls = [
        call
        for call in parsed.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext", "ngettext")
    ]
    translated = {id(one) for call in calls for one in call.find_all(nodes.Const)}
    others = (one.value for one in parsed.find_all(nodes.Const) if id(one) not in translated)
    words = (value for value in others if isinstance(value, str))
    return {word for word in words if re.match(r"[A-ZÀ-Ý][a-zà-ÿ]+\b", word)}


def test_a_word_in_an_expression_that_is_not_translated_is_found():
    assert words_of_expressions('{{ head("Mails", _("No"), kind="x") }}') == {"Mails"}


@pytest.mark.parametrize("path", sources(), ids=str)
def test_no_text_stands_inside_another_where_the_catalogs_do_not_find_it(path):
    inside = [
        f"{path}:{call.lineno}"
        for whole in ast.walk(tree(path))
        if isinstance(whole, ast.JoinedStr)
        for call in ast.walk(whole)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"_", "_l", "_n"}
    ]
    assert not inside
