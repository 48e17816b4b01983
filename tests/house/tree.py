"""What the tests of the house read: the files of the project, as a clone has them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

#: Made by tools, or somebody's own: not part of the project.
_NOT_OURS = {
    ".git",
    ".hypothesis",
    ".venv",
    "build",
    "dist",
    "instance",
    "irm.egg-info",
    "node_modules",
    "__pycache__",
    ".env",
}


def files(folder: str, *patterns: str) -> list[Path]:
    """Return our own files below a folder, as paths from the project's root."""
    found = {path for pattern in patterns for path in (ROOT / folder).rglob(pattern)}
    paths = [path.relative_to(ROOT) for path in sorted(found) if path.is_file()]
    return [path for path in paths if not _is_made(path)]


def _is_made(path: Path) -> bool:
    return any(part in _NOT_OURS or part.endswith("_cache") for part in path.parts)


def text(path: Path | str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def tree(path: Path) -> ast.Module:
    return ast.parse(text(path), str(path))


def sources() -> list[Path]:
    """Return the Python files of the program itself."""
    return [*files("irm", "*.py"), *files("migrations", "*.py")]


def templates() -> list[Path]:
    return files("irm/templates", "*.html", "*.txt")


def imported(path: Path) -> Iterator[str]:
    """Yield the full name of every module that a file imports."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
