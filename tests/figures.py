"""The table at the end of a run: what was counted by tests that hold a promise in figures."""

import pytest

#: What came of each: its name, and what was counted.
FIGURES: list[tuple[str, str]] = []


@pytest.fixture
def figure(request: pytest.FixtureRequest):
    """Add a line to the table: the test's own sentence, and its figures."""

    def add(**counted) -> None:
        name = request.node.name.removeprefix("test_").replace("_", " ")
        FIGURES.append((name, ", ".join(f"{n} {word}" for word, n in counted.items())))

    return add


def pytest_terminal_summary(terminalreporter) -> None:
    """Print it, where anything was counted."""
    if not FIGURES:
        return
    terminalreporter.section("torture")
    width = max(len(name) for name, _said in FIGURES)
    for name, said in FIGURES:
        terminalreporter.write_line(f"{name:<{width}}  {said}".replace("_", " "))
