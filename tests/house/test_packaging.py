"""What irm is made of: declared, pinned, and nothing more."""

import ast
import configparser
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.house.tree import ROOT, files, imported, imported_by, sources, text

LOCKS = ["requirements.lock", "requirements-dev.lock"]

#: Declared for what they add to another package, or to the command line; nobody imports them.
UNIMPORTED = {
    "psycopg",  # SQLAlchemy finds it by the database's address
    "pysqlite3",  # irm/db.py takes it where it is to be had
}


def plain(name: str) -> str:
    """Return the name of a distribution as registries compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~;\[ ]", name)[0]).lower()


def setup() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def declared(*extras: str) -> set[str]:
    wanted = [setup()["options"]["install_requires"]]
    wanted += [setup()["options.extras_require"][extra] for extra in extras]
    return {plain(line) for lines in wanted for line in lines.split("\n") if line.strip()}


def built_with() -> set[str]:
    """Return what the build takes, which every environment of ours holds."""
    requires = tomllib.loads(text("pyproject.toml"))["build-system"]["requires"]
    return {plain(name) for name in requires}


def distributions(modules: set[str]) -> set[str]:
    """Return the distributions, not our own and not Python's, that these modules come from."""
    known = packages_distributions()
    tops = {module.split(".")[0] for module in modules} - {"irm", "tests", "bench"}
    return {plain(known[top][0]) for top in tops - sys.stdlib_module_names if top in known}


def test_irm_imports_what_it_declares():
    used = distributions({name for path in sources() for name in imported(path)})
    assert used <= declared("postgres", "sso")


def test_irm_declares_nothing_that_nobody_uses():
    used = distributions({name for path in sources() for name in imported(path)})
    assert declared("postgres", "sso") - used <= UNIMPORTED


def test_a_module_that_is_loaded_when_needed_counts_as_imported():
    module = ast.parse(
        'import a.b\nfrom c import d\nimportlib.import_module("e")\nimport_module("f.g")\n'
        "import_module(name)\nload('h')"
    )
    assert sorted(imported_by(module)) == ["a.b", "c", "e", "f.g"]


def test_tests_import_what_the_extras_declare():
    paths = [*files("tests", "*.py"), *files("bench", "*.py")]
    used = distributions({name for path in paths for name in imported(path)})
    assert used <= declared("postgres", "sso", "test", "e2e", "dev") | built_with()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_versions_and_hashes_and_names_no_address(lock):
    entries = [line for line in text(lock).splitlines() if line and line[0] not in " #"]
    for entry in entries:
        assert re.fullmatch(r"[a-z0-9.-]+==[\w.]+( ; [^;]+)? \\", entry), entry
    assert text(lock).count("--hash=sha256:") >= len(entries)
    assert "//" not in text(lock)


@pytest.mark.parametrize(
    ("lock", "extras"),
    [(LOCKS[0], ["postgres", "sso"]), (LOCKS[1], ["postgres", "sso", "test", "e2e", "dev"])],
)
def test_a_lock_holds_all_that_is_declared(lock, extras):
    pinned = set(re.findall(r"^([a-z0-9.-]+)==", text(lock), re.MULTILINE))
    assert declared(*extras) | built_with() <= pinned


def test_both_locks_pin_the_same_versions():
    running, developing = (
        set(re.findall(r"^\S+==\S+", text(lock), re.MULTILINE)) for lock in LOCKS
    )
    assert running <= developing


@pytest.mark.parametrize("folder", ["frontend", "bench/lighthouse"])
def test_a_lock_of_packages_for_node_names_no_address_to_download_from(folder):
    assert '"resolved"' not in text(f"{folder}/package-lock.json")


def test_make_help_lists_every_command():
    listed = re.search(r"^\.PHONY: (.+)$", text("Makefile"), re.MULTILINE)
    assert listed
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(re.findall(r"^make (\w+)", told.stdout, re.MULTILINE)) == set(listed[1].split())


def test_the_web_server_loads_neither_arrays_nor_graphs_nor_what_upgrades_databases():
    heavy = "numpy", "scipy", "networkx", "rapidfuzz", "alembic", "icalendar", "joserfc"
    program = (
        "import irm.cli.main, irm.cli.serve, sys;"
        f"print(*[name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
