"""The reference is made from the declarations, and leaves none of them out."""

import importlib.util
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reference.md").read_text("utf-8")


@pytest.fixture(scope="module")
def declared():
    """Load the extension that makes the tables."""
    pytest.importorskip("sphinx")
    spec = importlib.util.spec_from_file_location("declared", DOCS / "declared.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shown(directive):
    return re.findall(rf"^```\{{{directive}\}} (\w+)$", PAGE, re.MULTILINE)


def test_every_section_and_every_table_is_on_the_page(declared):
    assert sorted(shown("keys")) == sorted(declared.sections())
    assert sorted(shown("columns")) == sorted(declared.COLUMNS)


def test_a_key_tells_type_default_range_meaning_and_source(declared):
    rows = {row[0]: row for row in declared.keys_of("Sites")}
    assert rows["`pue`"] == [
        "`pue`", "number", "`1.25` MW/MW IT", "at least 1, at most 5",
        "Grid power divided by IT power; a table's column wins, row by row.",
        "AI sites 1.05-1.40; industry mean 1.54, Uptime 2025",
    ]  # fmt: skip
    whole = {row[0]: row for row in declared.keys_of("Scenario")}
    assert whole["`name`"][2] == "required"
    assert whole["`objective`"][3].startswith("`least-cost`, `most-served`")
    assert "`stages`" in whole


def test_every_key_and_column_has_a_meaning(declared):
    for section in declared.sections():
        assert all(row[4] for row in declared.keys_of(section)), section
    for name in declared.COLUMNS:
        assert all(row[4] for row in declared.columns_of(name)), name


def test_a_column_tells_its_units_and_what_is_allowed(declared):
    rows = {row[0]: row for row in declared.columns_of("substations")}
    assert rows["`feeder_rating_a`"][1:4] == ["number", "A (kA)", "zero or more"]
    assert declared.table(["a", "b"], iter([["x|y", ""]])) == ["| a |", "| --- |", "| x\\|y |"]
