"""Ask whether a version that the lock files name has a known vulnerability.

Without a network nobody can be asked, and a mirror of packages may answer "nothing known" of
everything. So what was found vulnerable long ago is asked about first: only who names it is
believed. Where nobody does, nothing was audited, and that is what is said.

Some mirrors have a page for each package and none for each version. The page of a package says
what is known of its newest version, so those that are pinned to their newest are audited by it,
and the others are named as not audited.
"""

import json
import re
import subprocess
import sys
import tempfile
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pip._internal.models.index import PyPI

LOCKED = ("requirements.lock", "requirements-dev.lock")

#: CVE-2019-10906, which every service has known for years.
KNOWN = "jinja2==2.10"

#: Vulnerable since its last release of 2013: its newest version is never mended.
ABANDONED = "pycrypto"

SERVICES = ("pypi", "osv")
PAGES = "the index's page of the newest version"


def main() -> None:
    for service in SERVICES:
        if knows(service):
            sys.exit(told(service, asked(service, *LOCKED, hashed=True)))
    if (page := newest(ABANDONED)) and known_of(page):
        sys.exit(told(PAGES, asked_of_newest(pinned(*LOCKED))))
    spoken = ", ".join((*SERVICES, PAGES))
    print(f"Packages: NOT AUDITED, no service that knows vulnerabilities answers ({spoken}).")


def knows(service: str) -> bool:
    """Whether a service is there and names what is known to be bad."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(KNOWN)
        file.flush()
        answer = asked(service, file.name, hashed=False)
    return answer is not None and bool(found(answer))


def asked(service: str, *files: str, hashed: bool) -> Any:
    """Return what pip-audit says of requirements, or None if it could not ask. Installs nothing."""
    program = Path(sys.executable).parent / "pip-audit"
    command = [program, "--vulnerability-service", service, "--format", "json", "--disable-pip"]
    command += ["--progress-spinner", "off", "--desc", "off", "--timeout", "10"]
    command += ["--require-hashes"] if hashed else ["--no-deps"]
    command += [word for file in files for word in ("--requirement", file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return None


def pinned(*files: str) -> dict[str, str]:
    """Return the version of each package that lock files name."""
    lines = "".join(Path(file).read_text() for file in files)
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", lines, re.MULTILINE))


def newest(name: str) -> Any:
    """Return the index's page of a package's newest version, or None if there is none."""
    try:
        address = f"{PyPI.pypi_url}/{name}/json"
        with urllib.request.urlopen(address, timeout=10) as page:  # noqa: S310  # pip's own, https
            return json.load(page)
    except (OSError, ValueError):
        return None


def known_of(page: Any) -> list[dict[str, Any]]:
    """Return what is known against the version of a page, in the words of pip-audit."""
    return [
        {"id": one["id"], "fix_versions": one["fixed_in"]}
        for one in page["vulnerabilities"]
        if not one.get("withdrawn")
    ]


def asked_of_newest(pins: dict[str, str]) -> Any:
    """Return what pip-audit would, of those packages that are pinned to their newest version."""
    with ThreadPoolExecutor(8) as pool:
        pages = zip(pins.items(), pool.map(newest, pins), strict=True)
        return {"dependencies": [judged(name, version, page) for (name, version), page in pages]}


def judged(name: str, version: str, page: Any) -> dict[str, Any]:
    if page is None or page["info"]["version"] != version:
        return {"name": name, "skip_reason": f"{version} is not the newest version"}
    return {"name": name, "version": version, "vulns": known_of(page)}


def found(answer: Any) -> list[str]:
    """Return a line for each vulnerability."""
    return [
        f"{one['name']} {one['version']}: {bad['id']},"
        f" mended in {', '.join(bad['fix_versions']) or 'no version yet'}"
        for one in answer["dependencies"]
        for bad in one.get("vulns", ())
    ]


def told(service: str, answer: Any) -> str | int:
    """Say what was found; return what the check ends with, which is 0 where all is well."""
    if answer is None:
        print(f"Packages: NOT AUDITED, {service} stopped answering.")
        return 0
    lines = found(answer)
    if lines:
        return "\n".join(["Packages with known vulnerabilities:", *lines])
    unknown = sorted(one["name"] for one in answer["dependencies"] if "skip_reason" in one)
    audited = len(answer["dependencies"]) - len(unknown)
    print(f"Packages: no known vulnerability in {audited}, says {service}.")
    if unknown:
        print(f"Packages: NOT AUDITED, unknown to {service}: {', '.join(unknown)}.")
    return 0


if __name__ == "__main__":
    main()
