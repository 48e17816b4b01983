"""Write the two lock files: every package by its exact version and the hashes of its files.

requirements.lock is what running irm takes, PostgreSQL, sign-in by OpenID Connect and the build
included;
requirements-dev.lock is that, and what testing and checking take.

They hold for every system and every Python from 3.11 on, and name no place to download from.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

HEADER = "# Written by `make lock` from setup.cfg and pyproject.toml.\n"
RESOLVER = "uv>=0.13,<0.14"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        programs = Path(folder, "bin")
        subprocess.run([programs / "pip", "install", "--quiet", RESOLVER], check=True)
        build = Path(folder, "build.in")
        build.write_text("\n".join(build_requirements()))
        running = "postgres", "sso"
        lock(programs / "uv", build, Path("requirements.lock"), *running)
        developing = "test", "e2e", "dev"
        lock(programs / "uv", build, Path("requirements-dev.lock"), *running, *developing)
    # What the resolver leaves here would be believed instead of what is installed.
    shutil.rmtree("irm.egg-info", ignore_errors=True)


def build_requirements() -> list[str]:
    """Return what the build takes: it runs in the same environment, so that it is pinned too."""
    pyproject = tomllib.loads(Path("pyproject.toml").read_text())
    requires: list[str] = pyproject["build-system"]["requires"]
    return requires


def lock(uv: Path, build: Path, target: Path, *extras: str) -> None:
    command = [uv, "pip", "compile", "setup.cfg", build, "--universal", "--python-version=3.11"]
    command += ["--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
    # One version for every Python, rather than the newest for each.
    command += ["--fork-strategy=fewest"]
    command += ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    command += [f"--extra={extra}" for extra in extras]
    # The development lock holds the same versions as the other one.
    if target.name != "requirements.lock":
        command += ["--constraint", "requirements.lock"]

    # Without --upgrade the resolver keeps the versions that stand in the file it writes.
    quiet = {"UV_NO_PROGRESS": "1", "UV_NO_CONFIG": "1"}
    subprocess.run(
        [*command, "--output-file", target],
        check=True,
        env={**os.environ, **quiet},
        stdout=subprocess.DEVNULL,
    )
    target.write_text(HEADER + target.read_text().removeprefix(HEADER))


if __name__ == "__main__":
    main()
