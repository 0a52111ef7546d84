"""The tutorial's steps, word for word, in an empty folder: what it shows is what happens."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "tutorial.md").read_text("utf-8")
BLOCK = re.compile(
    r"(?:as `(?P<file>[\w./-]+)`:\n\n)?^```(?P<kind>sh|yaml|text)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


def steps() -> Iterator[tuple[str, str, str]]:
    """Give each block of the page: what it is, its text, and the file it is saved as."""
    for found in BLOCK.finditer(PAGE):
        yield found["kind"], found["text"], found["file"] or ""


def told(text: str) -> str:
    """Give what a terminal shows as words, however it was wrapped and padded."""
    return " ".join(text.split())


def save_linked_files(folder: Path) -> None:
    for link in re.findall(r"\]\((own/[\w.]+)\)", PAGE):
        (folder / link).parent.mkdir(exist_ok=True)
        shutil.copy(DOCS / link, folder / link)


def test_every_step_of_the_tutorial_does_what_the_page_says(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save_linked_files(tmp_path)
    shown = ""
    for kind, text, file in steps():
        if kind == "sh":
            answers = [run(*shlex.split(line)[1:]) for line in text.splitlines()]
            assert [answer.code for answer in answers] == [0] * len(answers), answers[-1].err
            shown = told(" ".join(answer.out for answer in answers))
        elif kind == "yaml":
            (tmp_path / file).write_text(text, "utf-8")
        else:
            for line in text.splitlines():
                assert told(line) in shown


def test_the_tutorial_has_its_three_parts():
    kinds = [kind for kind, _, _ in steps()]
    assert kinds.count("sh") >= 8
    assert kinds.count("text") >= 5
    assert {"headroom.csv", "places.csv", "scenario.yaml"} <= {
        path.name for path in (DOCS / "own").iterdir()
    }


def test_the_made_up_table_has_ten_rows_and_the_header_of_the_published_one():
    published = Path(__file__).parents[1] / "data" / "gb" / "ssen_headroom_2026-03.csv"
    with (DOCS / "own" / "headroom.csv").open(encoding="utf-8") as own:
        assert own.readline() == published.read_text("utf-8").splitlines(keepends=True)[0]
        assert sum(line.startswith("X - MADE") for line in own) == 10
