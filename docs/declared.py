"""
Sphinx extension: tables of scenario keys and of table columns, made from their declarations.

    ```{keys} Service
    ```
    ```{columns} substations
    ```

A section is one of those in `microdc schema`; Scenario is the whole file. What is not there yet
is left out.
"""

from collections.abc import Iterator
from typing import Any

import pandera.pandas as pa
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from microdc.inputs.tables.schemas import (
    DEMAND,
    HUBS,
    MEASURED,
    PAIR_PRICES,
    PARCELS,
    PROFILES,
    SUBSTATIONS,
    UNITS,
    WORKS,
    kind_of,
    unit_of,
)
from microdc.report.schema import scenario_schema

TABLES = (SUBSTATIONS, PARCELS, DEMAND, HUBS, MEASURED, PAIR_PRICES, PROFILES, WORKS)
COLUMNS = {schema.name: schema for schema in TABLES}
KINDS = {
    "number": "number",
    "text": "text",
    "flag": "true or false, yes or no, 1 or 0",
    "date": "date",
    "ratings": "ratings such as `20;20` or `2 x 15/30`",
}
RANGES = {
    "exclusiveMinimum": "more than",
    "minimum": "at least",
    "maximum": "at most",
    "maxItems": "entries: at most",
}
BEYOND = 1e9
"""Limits that only keep arithmetic sound are not worth a word."""

Schema = dict[str, Any]


def sections() -> dict[str, Schema]:
    """Give the sections of the grammar by name, the whole file first."""
    schema = scenario_schema()
    return {"Scenario": schema, **schema["$defs"]}


def keys_of(section: str) -> Iterator[list[str]]:
    """Give key, type, default, allowed, meaning and source of each key of a section."""
    known = sections()
    of = known[section]
    required = set(of.get("required", of.get("else", {}).get("required", ())))
    for key, about in of["properties"].items():
        # A key that means what its section says leaves the saying to it.
        meaning = (about if "description" in about else known[_section(about)])["description"]
        value = about.get("default")
        unit, source = about.get("unit", ""), about.get("source", "")
        unit = "" if isinstance(value, bool) else unit
        usual = "required" if key in required else _value(value)
        meaning = meaning.split(" Default: ")[0] if source else meaning
        yield [
            f"`{key}`",
            _type(about),
            f"{usual} {unit}".strip(),
            _allowed(about),
            meaning,
            source,
        ]


def _section(about: Schema) -> str:
    return str(about["$ref"]).rsplit("/", 1)[-1]


def _value(value: Any) -> str:
    nothing = value in (None, [], ()) or isinstance(value, dict)
    return "" if nothing else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _type(about: Schema) -> str:
    """Say in a word or two what a key takes."""
    ways = [
        way for way in about.get("anyOf", ()) if way.get("type") != "null" and "enum" not in way
    ]
    if ways:
        return " or ".join(dict.fromkeys(map(_type, ways)))
    if "$ref" in about:
        return "section"
    if "additionalProperties" in about:
        return f"by name: {_type(about['additionalProperties'])}"
    if "items" in about:
        return f"list of {_type(about['items'])}"
    kind = about.get("type")
    names = {"integer": "whole number", "number": "number", "boolean": "true or false"}
    return names.get(kind, "text") if isinstance(kind, str) else "text"


def _allowed(about: Schema) -> str:
    """Name the words or the range that a key allows."""
    if "const" in about:
        return f"`{about['const']}`"
    words = [f"`{word}`" for way in _parts(about) for word in way.get("enum", ()) if word]
    limits = [
        f"{says} {way[key]:g}"
        for way in _parts(about)
        for key, says in RANGES.items()
        if key in way and not (key == "maximum" and way[key] >= BEYOND)
    ]
    return ", ".join(dict.fromkeys(words + limits))


def _parts(about: Schema) -> Iterator[Schema]:
    """Walk over a key's schema and the choices, entries and names in it."""
    yield about
    inside = [*about.get("anyOf", ()), about.get("items"), about.get("propertyNames")]
    for part in inside:
        if part is not None:
            yield from _parts(part)


def columns_of(table: str) -> Iterator[list[str]]:
    """Give column, what its cells are, their unit, what is allowed, and the meaning."""
    for name, column in COLUMNS[table].columns.items():
        unit = unit_of(column)
        others = [other for other in UNITS.get(unit, ()) if other != unit]
        units = f"{unit} ({', '.join(others)})" if others else unit
        yield [f"`{name}`", KINDS[kind_of(column)], units, _checks(column), str(column.title)]


def _checks(column: pa.Column) -> str:
    return ", ".join(str(check.error) for check in column.checks)


def table(headings: list[str], rows: Iterator[list[str]]) -> list[str]:
    """Write rows as a Markdown table, without the columns that say nothing."""
    filled = list(rows)
    kept = [k for k in range(len(headings)) if any(row[k] for row in filled)]
    lines = [
        [headings[k] for k in kept],
        ["---"] * len(kept),
        *([row[k] for k in kept] for row in filled),
    ]
    cells = ([cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines)
    return [f"| {' | '.join(line)} |" for line in cells]


class Keys(SphinxDirective):
    """The keys of one section of the scenario."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Parse the table where the directive stands."""
        headings = ["key", "type", "default", "allowed", "meaning", "source of the default"]
        return self._parsed(table(headings, keys_of(self.arguments[0])))

    def _parsed(self, lines: list[str]) -> list[nodes.Node]:
        holder = nodes.container()
        self.state.nested_parse(StringList(lines, "declared"), 0, holder)
        return holder.children


class Columns(Keys):
    """The columns of one kind of table."""

    def run(self) -> list[nodes.Node]:
        """Parse the table where the directive stands."""
        headings = ["column", "cells", "unit (others that `units` may name)", "allowed", "meaning"]
        return self._parsed(table(headings, columns_of(self.arguments[0])))


def setup(app: Sphinx) -> dict[str, bool]:
    """Let pages use `keys` and `columns`."""
    app.add_directive("keys", Keys)
    app.add_directive("columns", Columns)
    return {"parallel_read_safe": True}
