import re
from pathlib import Path

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def test_readme_has_two_commands_of_one_line_that_ci_runs():
    blocks = re.findall(r"^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    assert [block.count("\n") for block in blocks] == [1, 1]
    plan, tests = blocks
    assert plan.rstrip().endswith("microdc plan scenarios/texas")
    assert tests.rstrip().endswith("pytest -n auto")


def test_readme_says_that_texas_is_a_demonstration():
    assert "It says nothing about any real substation." in README
