"""How our files are cut: short, named after nouns, with nothing hidden in them."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.tree import files, sources, text, tree

PYTHON = [*sources(), *files("tests", "*.py"), *files("bench", "*.py"), *files("tools", "*.py")]
WORDS = files(".", "*.py", "*.md", "*.cfg", "*.toml", "*.js", "*.mjs", "*.css", "*.html", "*.txt")

#: Names that say where something was put, not what it is.
VAGUE = {"base_utils", "common", "constants", "helpers", "manager", "misc", "services", "utils"}

ROOMS = ("audit", "demo", "directory", "funnel", "imports", "ledger", "models", "scoring")

#: Folders of one person's machine, and places that packages come from.
MACHINE = re.compile(
    r"/(?:home|root|Users|work|farm|opt)/\w|/tmp/\w|file:///|"
    r"registry\.npmjs|pypi\.(?:org|python)|pythonhosted|-index-url",
    re.IGNORECASE,
)


def names(paths: list[Path]) -> list[str]:
    return [str(path) for path in paths]


@pytest.mark.parametrize("path", PYTHON, ids=names(PYTHON))
def test_a_file_holds_one_thing(path):
    assert path.stem not in VAGUE
    # A migration is a record of what was done; nobody works in it any more.
    assert len(text(path).splitlines()) <= 400 or path.parts[0] == "migrations"


@pytest.mark.parametrize("path", PYTHON, ids=names(PYTHON))
def test_imports_stand_at_the_top(path):
    hidden = [
        inner.lineno
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not hidden


def test_a_package_starts_with_imports_and_nothing_else():
    for path in files("irm", "__init__.py"):
        for node in tree(path).body:
            is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            is_listing = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
            is_import = isinstance(node, ast.Import | ast.ImportFrom)
            assert is_docstring or is_listing or is_import, f"{path}:{node.lineno}"


def test_only_the_clock_reads_the_time():
    readers = re.compile(r"\b(?:datetime|dt|date)\.(?:now|utcnow|today)\(|\btime\.time\(")
    for path in sources():
        if path != Path("irm/clock.py"):
            assert not readers.search(text(path)), path


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_leave_the_commit_to_the_door(room):
    for path in sources():
        if path.parts[1].removesuffix(".py") == room:
            assert not re.search(r"\.(?:commit|rollback)\(", text(path)), path


def test_nothing_speaks_of_the_machine_it_was_written_on():
    ours = Path(__file__).name
    for path in [*WORDS, *files(".", "Makefile", "*.lock", ".env.example", "package*.json")]:
        if path.name != ours:
            found = MACHINE.search(text(path))
            assert found is None, f"{path}: {found}"
