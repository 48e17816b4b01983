"""The documentation leads somewhere: what it links to is there."""

import re
import shlex

import click
import pytest

from irm.cli.main import irm
from tests.house.tree import ROOT, files, text

PAGES = [*files("docs", "*.md"), *(path for path in files(".", "*.md") if len(path.parts) == 1)]


@pytest.mark.parametrize("page", PAGES, ids=[str(page) for page in PAGES])
def test_a_link_leads_to_a_file_that_is_there(page):
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text(page))
    near = [target for target in targets if "://" not in target]
    assert not [target for target in near if not (ROOT / page.parent / target).exists()]


def test_decisions_are_numbered_without_gaps():
    numbers = [int(path.name[:4]) for path in files("docs/decisions", "*.md")]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_page_of_the_documentation_is_linked_from_somewhere():
    everything = "\n".join(text(page) for page in PAGES)
    for page in files("docs", "*.md"):
        assert page.name in everything.replace(f"# {page.name}", ""), page


def commands(page) -> list[list[str]]:
    """Return the words after `irm` of each command that a page tells people to type."""
    lines = re.findall(r"^    (.+)$", text(page), re.MULTILINE)
    lines += re.findall(r"`([^`\n]+)`", text(page))
    found = [re.search(r"(?:^|[\s/])irm ([a-z].*)", line) for line in lines]
    return [shlex.split(match[1], comments=True) for match in found if match]


@pytest.mark.parametrize("page", PAGES, ids=[str(page) for page in PAGES])
def test_a_command_that_people_are_told_to_type_exists(page):
    for words in commands(page):
        command: click.Command | None = irm
        context = click.Context(irm)
        while isinstance(command, click.Group) and words:
            name = words.pop(0)
            command = command.get_command(context, name)
            assert command is not None, f"irm … {name}"
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word.split("=")[0] for word in words if word.startswith("--")} <= known
