"""Pages lead nowhere that is not there, and name no command or option that does not exist."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from microdc.cli.app import app

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(p for p in (ROOT / "docs").rglob("*.md") if "_build" not in p.parts),
        *(ROOT / "scenarios").glob("*/README.md"),
    ]
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(?:sh|text)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`(microdc [^`\n]+)`")
MARKED = re.compile(r"<!-- transcript: (.+?)(?: \| .+?)? -->")
PROGRAM = re.compile(r"^(?:\$ )?(?:\S*/)?microdc(?= )")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def slug(heading: str) -> str:
    """Give the anchor of a heading, as GitHub and MyST make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {
        slug(line.lstrip("#")) for line in page.read_text("utf-8").splitlines() if line[:1] == "#"
    }


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page):
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or slug(anchor) in anchors(target), link


def commands(page: Path) -> Iterator[str]:
    """Give each command of ours that a page has in a block, in a line of text or in a marker."""
    text = page.read_text("utf-8")
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    for line in [*lines, *MARKED.findall(text), *INLINE.findall(text)]:
        for part in re.split(r"&&|\||>", line):
            if found := PROGRAM.match(part.strip()):
                yield part.strip()[found.end() :].strip()


def known() -> dict[str, set[str]]:
    """Give the options of each command."""
    group = typer.main.get_command(app)
    return {
        name: {option for given in command.params for option in given.opts} | {"--help"}
        for name, command in group.commands.items()
    }


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_and_option_exists(page):
    options = known()
    for command in commands(page):
        name, *rest = shlex.split(command)
        if name.startswith("-") or "{" in command:
            continue  # of the program itself, or a pattern
        assert name in options, command
        asked = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert asked <= options[name], command


def test_commands_are_found_at_all():
    found = [command for page in PAGES for command in commands(page)]
    assert len(found) > 40
    assert {command.split()[0] for command in found} >= set(known())


def test_the_reference_has_a_row_for_every_command_with_all_its_options():
    reference = (ROOT / "docs" / "reference.md").read_text("utf-8")
    for name, options in known().items():
        rows = re.findall(rf"^\| `microdc {name}\b.*$", reference, re.MULTILINE)
        assert len(rows) == 1, name
        told = set(re.findall(r"--[a-z-]+", rows[0]))
        assert {option for option in options if option.startswith("--")} <= told | {"--help"}, name
