"""Ask whether a version that the lock files name has a known vulnerability.

Without a network nobody can be asked, and a mirror of packages may answer "nothing known" of
everything. So a version that was found vulnerable long ago is asked about first: only a service
that names it is believed. Where none does, nothing was audited, and that is what is said.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

LOCKED = ("requirements.lock", "requirements-dev.lock")

#: CVE-2019-10906, which every service has known for years.
KNOWN = "jinja2==2.10"

SERVICES = ("pypi", "osv")


def main() -> None:
    for service in SERVICES:
        if knows(service):
            sys.exit(told(service, asked(service, *LOCKED, hashed=True)))
    print(f"Packages: NOT AUDITED, no service that knows vulnerabilities answers ({spoken()}).")


def spoken() -> str:
    return ", ".join(SERVICES)


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
