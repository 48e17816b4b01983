"""A file on the disk → a list of influencers that is understood, or one sentence why not."""

from collections.abc import Mapping
from pathlib import Path, PurePath

from irm.imports import columns, encoding, platforms, table
from irm.imports.complaints import Complaint
from irm.imports.influencers import People
from irm.models import Platform

KINDS = ("auto", "influencers", "posts", "snapshots", "ties", "interactions", "contacts")


def understand(
    path: Path,
    name: str,
    *,
    kind: str = "auto",
    platform: str | None = None,
    limit: int = encoding.UPLOAD_LIMIT,
) -> People:
    """Look through a file and work out what its columns are.

    `name` is what its owner calls it, `platform` what the user said of it (a word), `limit`
    the largest size in bytes. Raises Complaint where it is no list of influencers.
    """
    if kind not in ("auto", "influencers"):
        raise Complaint("kind", kind=kind)
    said = chosen(platform) if platform else None
    sheet = table.read(encoding.inspect(path, limit))
    found = columns.guess(sheet, said)
    usual = found.platform or platforms.in_file_name(PurePath(name).stem)
    if usual is None and not ({"platform", "url"} & found.fields.keys()):
        raise Complaint("no_platform")
    return People(sheet, found, usual, is_given=said is not None)


def chosen(word: str) -> Platform:
    """Return the platform of an option or a form. Raises Complaint where there is none."""
    if platform := platforms.named(word):
        return platform
    raise Complaint("platform", platform=word[:60], platforms=", ".join(Platform))


def reading(people: People) -> Mapping[str, object]:
    """Return how a file was read, to be stored with the batch and shown."""
    return {
        "encoding": people.table.source.encoding,
        "separator": people.table.separator,
        "columns": columns.overview(people.table, people.columns),
    }
