"""What the plan rests on and does not say: assumptions, warnings, sources, provenance."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from microdc.report.page.markup import Html, items, section, table, tag
from microdc.report.page.shell import asset
from microdc.report.words import number

_LEAFLET = (
    "The map is drawn with Leaflet (leafletjs.com), © 2010-2022 Vladimir Agafonkin, "
    "© 2010-2011 CloudMade, under the BSD 2-Clause licence."
)
_OUTLINES = (
    "Outlines: Natural Earth, and the US Census Bureau's cartographic boundaries of 2017, both "
    "public domain, from the packages world-atlas and us-atlas (ISC licence); simplified."
)


def ending(document: dict[str, Any]) -> Iterator[Html]:
    """Give the last parts of the page."""
    yield section("limits", "What this plan rests on", *_limits(document))
    yield section("sources", "Sources and provenance", *_sources(document))


def _limits(document: dict[str, Any]) -> Iterator[Html]:
    yield tag("h3", "Not checked")
    yield items(document["not_checked"])
    if document["warnings"]:
        yield tag("h3", "Warnings")
        yield items(document["warnings"])
    if document["assumptions"]:
        rows: list[list[object]] = [
            [one["key"], f"{one['value']:g}", one["unit"], one["source"]]
            for one in document["assumptions"]
        ]
        columns = ("key", "#value", "unit", "source")
        yield table("Assumptions: defaults that the scenario did not state", columns, rows)
    if document["excluded"]:
        rows = [[row["id"], row["name"], row["reason"]] for row in document["excluded"]]
        yield table("Candidates ruled out", ("id", "name", "reason"), rows)


def _sources(document: dict[str, Any]) -> Iterator[Html]:
    yield tag("h3", "Data")
    yield items(document["attributions"])
    made = document["provenance"]
    files = [made["scenario"], *made.get("bases", ()), *made["inputs"]]
    rows: list[list[object]] = [
        [Path(f["path"]).name, f.get("title", "the scenario"), tag("code", f["sha256"][:16])]
        for f in files
    ]
    yield table("Files that the plan was made from", ("file", "title", "SHA-256 begins"), rows)
    yield table("How it was made", ("what", "value"), [[k, v] for k, v in _how(document).items()])
    yield tag("h3", "This page")
    yield tag("p", f"{_LEAFLET} {_OUTLINES}")
    yield tag("details", tag("summary", "Licence of Leaflet"), tag("pre", asset("leaflet.txt")))


def _how(document: dict[str, Any]) -> dict[str, object]:
    made = document["provenance"]
    keys = ("microdc", "python", "highspy", "pyomo", "numpy", "scipy", "formulation", "threads")
    told = {key: made.get(key, "") for key in (*keys, "seed", "created")}
    return {
        "objective": document["objective"],
        "prices of": f"{document['price_year']}, {document['currency']}",
        "time limit": f"{number(made.get('time_limit_s'), 0)} s",
        **told,
    }
