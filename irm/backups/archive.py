"""The file a backup is: a zip of the database, the secret key and the uploads, with a manifest.

Any program that opens zips reads it. The manifest says what is in it, with a hash of each part, so
that what came through whole is told from what did not.
"""

import hashlib
import json
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from irm.errors import Refused
from irm.i18n import LazyText, _l

#: The shape of the archive; an irm that knows a lower one only refuses it.
FORMAT = 1

MANIFEST = "manifest.json"
DATABASE = "database"
SECRET = "secret_key"  # noqa: S105  # nosec B105  # the name of a file

#: No manifest of ours is larger.
MANIFEST_BYTES = 16 * 1024 * 1024

#: What a table is called, and a revision.
_WORD = re.compile(r"[a-z0-9_]{1,63}")

BLOCK = 1 << 20

#: The least work that makes a database half as large or less.
LEVEL = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an archive: its bytes, and their SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself."""

    #: `sqlite` or `postgresql`.
    engine: str
    #: The revision of the database, as of its migrations.
    revision: str
    #: ISO 8601, UTC.
    made_at: str
    #: How many rows each table had at that moment.
    counts: Mapping[str, int]
    files: Mapping[str, Part] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def size(self) -> int:
        """The bytes of all parts, unpacked."""
        return sum(part.size for part in self.files.values())


def write(target: Path, parts: Iterable[tuple[str, Path]], about: Manifest) -> Manifest:
    """Write an archive that only its owner may read, flushed to the disk; return its manifest.

    A file that is gone meanwhile, as an upload that was imported, is left out. Raises OSError.
    """
    files: dict[str, Part] = {}
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
            for name, path in parts:
                try:
                    source = path.open("rb")
                except FileNotFoundError:
                    continue
                with source, archive.open(_entry(name), "w", force_zip64=True) as sink:
                    files[name] = _pour(source, sink)
            whole = Manifest(
                engine=about.engine,
                revision=about.revision,
                made_at=about.made_at,
                counts=about.counts,
                files=files,
            )
            with archive.open(_entry(MANIFEST), "w") as sink:
                sink.write(json.dumps(asdict(whole), indent=1).encode())
        file.flush()
        os.fsync(file.fileno())
    return whole


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (stat.S_IFREG | 0o600) << 16
    return entry


def _pour(source: IO[bytes], sink: IO[bytes], limit: int | None = None) -> Part:
    digest, size = hashlib.sha256(), 0
    while block := source.read(BLOCK):
        size += len(block)
        if limit is not None and size > limit:
            break
        digest.update(block)
        sink.write(block)
    return Part(size, digest.hexdigest())


def read(path: Path) -> Manifest:
    """Read the manifest of an archive. Raises Refused where the file is no backup of ours."""
    try:
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo(MANIFEST)
            if entry.file_size > MANIFEST_BYTES:
                raise _not_ours(path)
            return _manifest(json.loads(archive.read(entry)), path)
    except FileNotFoundError:
        raise Refused(_l("There is no file %(path)s.", path=path)) from None
    except OSError as error:
        raise Refused(
            _l("%(path)s cannot be read: %(reason)s.", path=path, reason=error.strerror or error)
        ) from None
    except zlib.error:
        raise _damaged(path) from None
    except zipfile.BadZipFile:
        # What begins as a zip does and does not end as one was cut off.
        raise (_damaged(path) if _begins_as_zip(path) else _not_ours(path)) from None
    except (KeyError, ValueError, NotImplementedError, RuntimeError, RecursionError):
        raise _not_ours(path) from None


def _begins_as_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _manifest(said: Any, path: Path) -> Manifest:
    """Believe nothing: what is in the file may come from anywhere."""
    try:
        if int(said["format"]) > FORMAT:
            raise Refused(_l("%(path)s was made by a newer irm: update irm first.", path=path))
        files = {
            str(name): Part(int(part["size"]), str(part["sha256"]))
            for name, part in said["files"].items()
        }
        found = Manifest(
            engine=str(said["engine"]),
            revision=str(said["revision"]),
            made_at=str(said["made_at"]),
            counts={str(name): int(count) for name, count in said["counts"].items()},
            files=files,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _not_ours(path) from None
    words = (found.revision, *found.counts)
    if not all(_WORD.fullmatch(word) for word in words):
        raise _not_ours(path)
    if DATABASE not in files or not all(_is_ours(name) for name in files):
        raise _not_ours(path)
    return found


def _is_ours(name: str) -> bool:
    """Whether a part may be written to the data folder: nothing outside it, nothing beside."""
    parts = PurePosixPath(name).parts
    if name in (DATABASE, SECRET):
        return True
    return len(parts) == 2 and parts[0] == "imports" and parts[1] not in ("", ".", "..")


def extract(path: Path, manifest: Manifest, folder: Path) -> None:
    """Unpack an archive into a folder and compare each part with its hash.

    Raises Refused where something of it is damaged, OSError where it cannot be written.
    """
    _through(path, manifest, folder)


def check(path: Path, manifest: Manifest) -> None:
    """Read an archive to its end and compare each part with its hash. Raises Refused."""
    _through(path, manifest, None)


def _through(path: Path, manifest: Manifest, folder: Path | None) -> None:
    with _opened(path) as archive:
        for name, part in manifest.files.items():
            target = Path(os.devnull) if folder is None else folder / name
            target.parent.mkdir(mode=0o700, exist_ok=True)
            with target.open("wb") as sink:
                try:
                    with archive.open(name) as source:
                        found = _pour(source, sink, part.size)
                except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError):
                    raise _damaged(path) from None
            if found != part:
                raise _damaged(path)
            if folder is not None:
                target.chmod(0o600)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise _damaged(path) from None


def _not_ours(path: Path) -> Refused:
    return Refused(_l("%(path)s is not a backup made by irm.", path=path))


def _damaged(path: Path) -> Refused:
    return Refused(damaged(path))


def damaged(path: Path) -> LazyText:
    """The sentence for a backup that did not come through whole."""
    return _l("The backup %(path)s is damaged: take an older one.", path=path)
