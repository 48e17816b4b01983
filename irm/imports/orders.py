"""What is to be imported and how: made by a page or a command, kept in a batch, read by the job."""

import datetime as dt
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

from irm.imports import days, platforms
from irm.imports.complaints import Complaint
from irm.imports.headings import fold
from irm.imports.kinds import IF_EMPTY, NEVER, OVERWRITE, Chosen
from irm.imports.reading import cage
from irm.imports.reading.sheet import Reading
from irm.models import Platform, TieKind

#: Where uploads lie in the data folder until they are imported.
FOLDER = "imports"

#: A file that says how another one is to be read is a page long at most.
_MAP_LIMIT = 1 << 20


class Order(NamedTuple):
    """One file to be read into one brand."""

    path: Path
    #: What its owner calls the file.
    name: str
    as_of: dt.date
    kind: str = "auto"
    #: Field → columns, counted from 0; None: guess them.
    columns: Mapping[str, Sequence[int]] | None = None
    platform: str | None = None
    #: Whose posts or figures these are, where the file is one account's own.
    account: str | None = None
    #: `dmy`, `mdy`, …, where the days of the file can be read both ways.
    day_order: str | None = None
    #: How the file is to be cut, where it was said: as `Reading.to_json` writes it.
    reading: Mapping[str, Any] = {}
    #: Field → what happens where it is filled already.
    rules: Mapping[str, str] = {}
    #: Where the figures come from, and why we may keep them; empty: the file's name, the brand's.
    source: str = ""
    lawful_basis: str = ""
    #: True for an upload: the copy is ours, and goes when it is imported.
    is_copy: bool = False
    #: Size and time of the last change, so that half of another file is never imported.
    state: tuple[int, int] = (0, 0)
    #: The import whose refused rows these are; 0: none.
    mends: int = 0
    #: The people are only looked through: they stay out of the funnel.
    keeps_out: bool = False
    #: Of a list of ties: what they are, whether they hold both ways, and the second file that says
    #: whose its numbers are: `path name state`.
    tie: str = ""
    is_mutual: bool = False
    nodes: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, path: Path, name: str, as_of: dt.date, **given: Any) -> Self:
        """Order a file that lies there now. Raises Complaint where it does not."""
        return cls(path.resolve(), name[:255], as_of, state=_state(path), **given)

    def to_json(self) -> dict[str, Any]:
        """Return it as a batch keeps it."""
        kept = {**self._asdict(), "path": str(self.path), "as_of": self.as_of.isoformat()}
        return {**kept, "state": list(self.state)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what a batch kept."""
        return cls(
            **{
                **kept,
                "path": Path(kept["path"]),
                "as_of": dt.date.fromisoformat(kept["as_of"]),
                "state": tuple(kept["state"]),
            }
        )

    def chosen(self) -> Chosen:
        """Return what was said about the file, as a kind takes it. Raises Complaint."""
        return Chosen(
            file_name=self.name,
            columns=self.columns,
            platform=named(self.platform) if self.platform else None,
            account=self.account or None,
            day_order=self.day_order or None,
            tie=self.tie,
            is_mutual=self.is_mutual,
        )

    def cut(self) -> Reading:
        """Return how the file is to be read."""
        return Reading.from_json(self.reading)

    def mapping(self) -> dict[str, Any]:
        """Return what another file with these headings would be read by."""
        kept = ("kind", "columns", "platform", "account", "day_order", "rules", "tie", "is_mutual")
        return {name: getattr(self, name) for name in kept}

    def mapped(self, mapping: Mapping[str, Any]) -> Self:
        """Return it with a saved mapping taken over; what was said for this file stands."""
        empty = type(self)._field_defaults
        new = {
            name: value
            for name, value in mapping.items()
            if name in empty and getattr(self, name) == empty[name]
        }
        return self._replace(**new)

    @property
    def limit(self) -> int:
        """The largest size, in bytes."""
        return cage.UPLOAD_LIMIT if self.is_copy else cage.COMMAND_LINE_LIMIT

    def with_nodes(self, path: Path, name: str) -> Self:
        """Order the second file of a list of ties along with it. Raises Complaint."""
        path = path.resolve()
        return self._replace(
            nodes={"path": str(path), "name": name[:255], "state": list(_state(path))}
        )

    @property
    def nodes_path(self) -> Path | None:
        """Where the second file lies, if there is one."""
        return Path(self.nodes["path"]) if self.nodes else None

    @property
    def copies(self) -> list[Path]:
        """Our own copies of what was sent, which go when it is imported."""
        return [path for path in (self.path, self.nodes_path) if path] if self.is_copy else []

    def check(self) -> None:
        """Raise Complaint where the files are not those that were ordered."""
        if _state(self.path) != self.state:
            raise Complaint("changed")
        if self.nodes and _state(Path(self.nodes["path"])) != tuple(self.nodes["state"]):
            raise Complaint("changed")


def named(word: str) -> Platform:
    """Return the platform of an option or a form. Raises Complaint where there is none."""
    if platform := platforms.named(word):
        return platform
    raise Complaint("platform", platform=word[:60], platforms=", ".join(Platform))


def tie(word: str | None) -> str:
    """Return the kind of tie that an option or a form names. Raises Complaint."""
    said = (word or "").strip().casefold()
    if said and said not in tuple(TieKind):
        raise Complaint("tie_kind", kind=said[:60], kinds=", ".join(TieKind))
    return said


def as_of(text: str | None, path: Path, today: dt.date) -> dt.date:
    """Return the day whose figures a file holds: what the user wrote, else its last change.

    Raises Complaint where that is no day, or not over yet.
    """
    if not text or not text.strip():
        changed = dt.datetime.fromtimestamp(_state(path)[1] / 10**9, dt.UTC).date()
        return min(changed, today)
    try:
        return days.day(text, latest=today)
    except ValueError:
        raise Complaint("day", day=text.strip()[:60]) from None


def keep(upload: IO[bytes], data_dir: Path, limit: int = cage.UPLOAD_LIMIT) -> Path:
    """Copy an upload into the data folder, under a name that nobody can guess.

    Raises Complaint, and leaves nothing, where it is larger than `limit` bytes.
    """
    folder = data_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / secrets.token_hex(16)
    left = limit
    try:
        with path.open("xb") as copy:
            path.chmod(0o600)
            while block := upload.read(1 << 20):
                left -= len(block)
                if left < 0:
                    raise Complaint("too_large", limit=limit // cage.MEGABYTE)
                copy.write(block)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def map_file(path: Path) -> dict[str, Any]:
    """Read how a file is to be read: the JSON of `--map`, checked.

    Its keys, none of them needed: `kind`, `columns` ({field: heading or number, or a list of
    them}; numbers count from 1), `platform`, `account`, `day_order` (`dmy`, `mdy`, …), `reading`
    (`encoding`, `separator`, `table`, `heading_row`; these too count from 1) and `rules` ({field:
    `overwrite`, `empty` or `never`}). Raises Complaint where it says something else.
    """
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(_MAP_LIMIT))
    except OSError as error:
        raise Complaint("unreadable", reason=error.strerror or str(error)) from None
    except (ValueError, RecursionError):
        raise Complaint("map", what="JSON") from None
    if not isinstance(said, dict):
        raise Complaint("map", what="JSON")
    for name, value in said.items():
        if name not in _MAP or not _MAP[name](value):
            raise Complaint("map", what=str(name)[:60])
    if "table" in said.get("reading", {}):
        said["reading"]["table"] -= 1  # Within, tables are counted from 0.
    return said


def located(
    columns: Mapping[str, Any], headings: Sequence[str], fields: Sequence[str] | None = None
) -> dict[str, tuple[int, ...]]:
    """Return field → columns, counted from 0, from the headings or numbers somebody wrote.

    Raises Complaint where the file has no such column, or the kind no such field.
    """
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        places.setdefault(fold(heading), place)
    found: dict[str, tuple[int, ...]] = {}
    for field, said in columns.items():
        if fields is not None and field not in fields:
            raise Complaint("map_field", field=field[:60], fields=", ".join(fields)[:300])
        found[field] = tuple(
            _place(one, places, len(headings))
            for one in (said if isinstance(said, list) else [said])
        )
    return found


def _place(said: str | int, places: Mapping[str, int], count: int) -> int:
    place = places.get(fold(said)) if isinstance(said, str) else said - 1
    if place is None or not 0 <= place < count:
        raise Complaint("map_column", column=str(said)[:60])
    return place


def _is_word(value: Any) -> bool:
    return value is None or (isinstance(value, str) and len(value) <= 200)


def _is_place(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))


def _are_columns(value: Any) -> bool:
    return isinstance(value, dict) and all(
        _is_place(one) or (isinstance(one, list) and all(map(_is_place, one)))
        for one in value.values()
    )


def _is_reading(value: Any) -> bool:
    return isinstance(value, dict) and all(
        name in Reading._fields and (_is_table(one) if name == "table" else _is_said(one))
        for name, one in value.items()
    )


def _is_said(value: Any) -> bool:
    return _is_word(value) or _is_place(value)


def _is_table(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _are_rules(value: Any) -> bool:
    return isinstance(value, dict) and all(
        rule in (OVERWRITE, IF_EMPTY, NEVER) for rule in value.values()
    )


_MAP: dict[str, Callable[[Any], bool]] = {
    "kind": _is_word,
    "columns": _are_columns,
    "platform": _is_word,
    "account": _is_word,
    "day_order": lambda value: value is None or value in days.ORDERS,
    "reading": _is_reading,
    "rules": _are_rules,
}


def _state(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise Complaint("unreadable", reason=error.strerror or str(error)) from None
    return status.st_size, status.st_mtime_ns
