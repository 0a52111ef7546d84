"""
Write what commands print into the README and the documentation: what is shown is what happens.

Under every `<!-- transcript: COMMAND -->` the block is replaced by the command and its output; with
`<!-- transcript: COMMAND | HEADING -->` by what it prints from that line to the next empty one.
Run from the repository's root, in an environment with microdc and matplotlib; names of files, in
order, say which to write. If there are none, all of them are written, and the README's picture is
drawn of the plan that its first transcript made.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import picture

MARKED = re.compile(
    r"(<!-- transcript: (.+?)(?: \| (.+?))? -->\n)(\n```text\n.*?\n```\n)?", re.DOTALL
)


TOLD = (0, 4)
"""Exit codes whose answer is shown: done, and proven infeasible."""


def transcript(marked: re.Match[str]) -> str:
    """Run a marked command and give the marker with its transcript."""
    program, *arguments = shlex.split(marked[2])
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    answer = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
    if answer.returncode not in TOLD:
        raise SystemExit(answer.stderr)
    told = answer.stdout + (answer.stderr if answer.returncode else "")
    shown = "\n".join(line.rstrip() for line in told.strip().splitlines())
    if marked[3]:
        part, _, _ = shown[shown.index(marked[3]) :].partition("\n\n")
        shown = f"...\n{part}\n..."
    return f"{marked[1]}\n```text\n$ {marked[2]}\n{shown}\n```\n"


if __name__ == "__main__":
    asked = [Path(name) for name in sys.argv[1:]]
    for page in asked or [Path("README.md"), *sorted(Path("docs").glob("**/*.md"))]:
        page.write_text(MARKED.sub(transcript, page.read_text("utf-8")), "utf-8")
    if not asked:
        picture.main(Path("plans/texas"), Path("docs/texas.png"))
