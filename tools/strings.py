"""Keep the translations in step with the sources.

Without an argument: add new strings to the catalogs, drop those that nobody uses.
With --check: exit 1 and say why where a catalog is missing or not complete.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

SOURCES = Path("irm")
CATALOGS = Path("irm/translations")

METHODS = [
    ("**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
#: A template that cannot be read is an error; line breaks inside {% trans %} do not count.
OPTIONS = {"templates/**": {"silent": "false", "trimmed": "true"}}
#: The functions of irm/i18n.py and of the templates; the numbers say where the plural stands.
KEYWORDS = {
    "_": None,
    "_l": None,
    "_n": (1, 2),
    "gettext": None,
    "ngettext": (1, 2),
}


def main() -> None:
    template = extracted()
    if "--check" not in sys.argv[1:]:
        for path in catalogs():
            update(path, template)
        return

    complaints = [complaint for path in catalogs() for complaint in missing(path, template)]
    if not catalogs():
        complaints = [f"{CATALOGS}: no catalog is there"]
    if complaints:
        sys.exit("\n".join([*complaints, "Run `make strings`, then translate what is empty."]))
    print(f"Translations: {len(template)} strings, complete.")


def extracted() -> Catalog:
    """Return every string of the sources as a catalog without translations."""
    template = Catalog(charset="utf-8")
    found = extract_from_dir(SOURCES, METHODS, OPTIONS, KEYWORDS)
    for file, line, message, comments, context in found:
        places = [(f"{SOURCES}/{file}", line)]
        template.add(message, None, places, auto_comments=comments, context=context)
    return template


def catalogs() -> list[Path]:
    return sorted(CATALOGS.glob("*/LC_MESSAGES/*.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def update(path: Path, template: Catalog) -> None:
    catalog = read(path)
    # The dates of a catalog would change with every run; the history of the file has them.
    template.creation_date = catalog.creation_date
    catalog.update(template, no_fuzzy_matching=True)
    write(path, catalog)


def write(path: Path, catalog: Catalog) -> None:
    """Write it so that a change of the sources changes few lines: sorted, without line numbers."""
    with path.open("wb") as file:
        write_po(
            file,
            catalog,
            width=100,
            sort_output=True,
            include_lineno=False,
            ignore_obsolete=True,
        )


def missing(path: Path, template: Catalog) -> Iterator[str]:
    """Say what keeps a catalog from being complete, one line for each string."""
    catalog = read(path)
    wanted = {(message.id, message.context) for message in template if message.id}
    kept = {(message.id, message.context): message for message in catalog if message.id}

    for key in sorted(wanted - kept.keys(), key=str):
        yield f"{path}: not there: {key[0]!r}"
    for key in sorted(kept.keys() - wanted, key=str):
        yield f"{path}: nobody uses: {key[0]!r}"
    for key, message in kept.items():
        forms = message.string if isinstance(message.string, list | tuple) else [message.string]
        if not all(forms):
            yield f"{path}:{message.lineno}: empty: {key[0]!r}"
        elif message.fuzzy:
            yield f"{path}:{message.lineno}: fuzzy: {key[0]!r}"
        for error in message.check(catalog):
            yield f"{path}:{message.lineno}: {error}"
    for message in catalog.obsolete.values():
        yield f"{path}: obsolete: {message.id!r}"


if __name__ == "__main__":
    main()
