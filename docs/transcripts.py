"""
Write what commands print into the README, so that what is shown is what happens.

Under every `<!-- transcript: COMMAND -->` the block is replaced by the command and its output; with
`<!-- transcript: COMMAND | HEADING -->` by what it prints from that line to the next empty one.
Run from the repository's root, in an environment with microdc installed.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

MARKED = re.compile(
    r"(<!-- transcript: (.+?)(?: \| (.+?))? -->\n)(\n```text\n.*?\n```\n)?", re.DOTALL
)


def transcript(marked: re.Match[str]) -> str:
    """Run a marked command and give the marker with its transcript."""
    program, *arguments = shlex.split(marked[2])
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    answer = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    shown = "\n".join(line.rstrip() for line in answer.stdout.strip().splitlines())
    if marked[3]:
        part, _, _ = shown[shown.index(marked[3]) :].partition("\n\n")
        shown = f"...\n{part}\n..."
    return f"{marked[1]}\n```text\n$ {marked[2]}\n{shown}\n```\n"


if __name__ == "__main__":
    readme = Path("README.md")
    readme.write_text(MARKED.sub(transcript, readme.read_text("utf-8")), "utf-8")
