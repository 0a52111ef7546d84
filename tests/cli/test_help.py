import json
import os
import subprocess
import sys

import pytest

from microdc import __version__

HEAVY = {"geopandas", "pandas", "numpy", "pyomo", "highspy", "pydantic", "scipy", "shapely"}
IMPORTED = """
import json, sys
from microdc.cli import main
try:
    main(sys.argv[1:])
finally:
    sys.stderr.write(json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], HEAVY),
        (["--version"], HEAVY),
        (["plan", "--help"], HEAVY - {"pydantic"}),  # which Typer itself takes for ranges
    ],
)
def test_help_imports_nothing_heavy(arguments, heavy):
    ended = subprocess.run(
        [sys.executable, "-c", IMPORTED, *arguments],
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    assert set(json.loads(ended.stderr)).isdisjoint(heavy)


@pytest.mark.parametrize("command", ["plan", "check", "verify", "export", "new", "schema"])
def test_help_names_every_command(run, command):
    assert command in run("--help").out


def test_version_is_the_packages(run):
    assert run("--version").out == f"microdc {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan"],
        ["plan", ".", "--gap", "wide"],
        ["plan", ".", "--gap", "-1"],
        ["plan", ".", "--threads", "0"],
        ["export", "plans/x", "--to", "shp"],
        ["dream"],
    ],
)
def test_a_command_line_that_makes_no_sense_is_a_usage_error(run, arguments):
    answer = run(*arguments)
    assert answer.code == 2
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("microdc ex", ["explain", "export"]),
        ("microdc new x --from ", ["tiny", "texas"]),
        (
            "microdc export x --to ",
            ["geojson", "gpkg", "csv", "parquet", "kml", "png", "svg", "pdf"],
        ),
    ],
)
def test_the_shell_completes_commands_and_formats_without_loading_anything_heavy(typed, offered):
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    ended = subprocess.run(
        [sys.executable, "-c", IMPORTED],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **words, "_MICRODC_COMPLETE": "complete_bash"},
    )
    assert ended.stdout.split() == offered
    assert set(json.loads(ended.stderr)).isdisjoint(HEAVY - {"pydantic"})


def test_completion_is_shown_for_bash():
    ended = subprocess.run(
        [sys.executable, "-c", IMPORTED, "--show-completion", "bash"],
        check=True,
        # The shell is named, not looked for among the processes above: there may be none.
        env={**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"},
        capture_output=True,
        encoding="utf-8",
    )
    assert "_MICRODC_COMPLETE=complete_bash" in ended.stdout
