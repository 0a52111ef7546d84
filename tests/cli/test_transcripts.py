"""What pages show of a terminal is what happens: transcripts of small scenarios, run again."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SMALL = [folder.name for folder in (ROOT / "scenarios").iterdir() if folder.name.startswith("tiny")]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SHOWN = re.compile(
    r"<!-- transcript: microdc (?P<command>.+?)(?: \| (?P<part>.+?))? -->\n\n```text\n"
    r"\$ .+?\n(?P<text>.*?)```",
    re.DOTALL,
)
TIMES = re.compile(r"\b[\d.]+ s\b|\"seconds\": [\d.]+|^.*\b(?:time|seconds)\b.*$", re.MULTILINE)


def shown() -> Iterator[tuple[Path, str, str]]:
    """Give each transcript of scenarios that are planned in a moment: page, command, text."""
    for page in PAGES:
        for found in SHOWN.finditer(page.read_text("utf-8")):
            named = re.findall(r"(?:scenarios|plans)/([\w-]+)", found["command"])
            small = named and all(name.startswith("tiny") for name in named)
            if small and not found["command"].startswith("batch "):  # tells seconds in a column
                yield page, found["command"], found["text"]


def words(text: str) -> str:
    """Give what a terminal shows as words, without what depends on the machine's speed."""
    return " ".join(TIMES.sub("", text).replace("...", "").split())


@pytest.mark.slow
def test_every_transcript_of_a_small_scenario_is_what_happens(run, tmp_path, monkeypatch):
    for name in SMALL:
        shutil.copytree(ROOT / "scenarios" / name, tmp_path / "scenarios" / name)
    monkeypatch.chdir(tmp_path)
    answers, other = {}, []
    for page, command, text in shown():
        patient = ("--time-limit", 60) if command.startswith("explain ") else ()
        if command not in answers:
            answers[command] = run(*shlex.split(command), *patient)
        answer = answers[command]
        assert answer.code in (0, 4), (page.name, command, answer.err)
        told = answer.out + (answer.err if answer.code else "")
        # What is proven by a time limit depends on the machine.
        if "--time-limit" not in command and words(text) not in words(told):
            other.append((page.name, command, told))
    assert not other
