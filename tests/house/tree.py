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
    """Yield the full name of every module that a file imports, at once or when it is needed."""
    yield from imported_by(tree(path))


def imported_by(module: ast.Module) -> Iterator[str]:
    """Yield the full name of every module that a module's tree imports.

    What `import_module` is given is one of them, where it is written there as a literal.
    """
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Call) and _is_import_module(node.func) and node.args:
            name = node.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value


def _is_import_module(called: ast.expr) -> bool:
    return getattr(called, "attr", getattr(called, "id", "")) == "import_module"
