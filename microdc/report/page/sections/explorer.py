"""The map with its controls, and the tables beside it: filled by the page's scripts."""

from collections.abc import Iterable, Iterator
from typing import Any

from microdc.report.page.charts.hourly import by_hour
from microdc.report.page.markup import Html, joined, section, tag
from microdc.report.page.shell import TILES


def explorer(block: dict[str, Any], missing: str) -> Html:
    """Give the map, what is drawn on it, the sliders, and the card of a site."""
    return section(
        "explore",
        "Map",
        *map_with(block, _sliders(block)),
        by_hour(block["hours"]) if block["hours"] else None,
        *notes(block, missing),
    )


def map_with(block: dict[str, Any], sliders: Iterable[Html]) -> Iterator[Html]:
    """Give the map with sliders: controls, the card of a site and the legend, as `block` needs."""
    side = tag(
        "aside",
        tag("h3", "Site or bottleneck" if _areas(block) else "Site"),
        _chooser(),
        tag("div", id="card", aria_live="polite"),
    )
    drawing = tag("div", id="map", role="application", tabindex="0", aria_label=_ABOUT_MAP)
    yield tag("noscript", tag("p", "The map and the tables need JavaScript."))
    yield tag("div", *_controls(block), id="controls", class_="controls")
    yield tag("div", *sliders, class_="sliders")
    yield tag("div", drawing, side, class_="explore")
    yield tag("div", id="legend", class_="legend")


_ABOUT_MAP = (
    "Map of the plan. Arrow keys move it, plus and minus zoom. "
    "Everything on it is in the tables below as well."
)


def _chooser() -> Html:
    label = tag("label", "Choose a site", for_="site-choice", class_="hidden")
    return joined(label, tag("select", id="site-choice"))


def _controls(block: dict[str, Any]) -> Iterator[Html]:
    yield _box("show-candidates", "Candidates", on=block["candidates"] is not None)
    yield _box("show-sites", "Sites", on=True)
    yield _box("show-places", "Demand", on=True)
    if _areas(block):
        yield _box("show-areas", "Bottlenecks", on=True)
    yield _box("show-lines", "All service lines", on=False)
    choices = [tag("option", "all classes", value="-1")]
    choices += [tag("option", k["name"], value=i) for i, k in enumerate(block["classes"])]
    yield tag("label", "Class ", tag("select", *choices, id="class-choice"))
    host = TILES.removeprefix("https://")
    yield _box("show-tiles", f"Online map (asks {host} for pictures of where you look)", on=False)
    yield tag("button", "Whole plan", type="button", id="whole")


def _areas(block: dict[str, Any]) -> bool:
    known = block["unserved"]
    return known is not None and bool(known["bottlenecks"])


def _box(id_: str, text: str, *, on: bool) -> Html:
    return tag("label", tag("input", type="checkbox", id=id_, checked=on), f" {text}")


def _sliders(block: dict[str, Any]) -> Iterator[Html]:
    if block["outages"]:
        yield _slider("outage", "Outage", len(block["outages"]))
    if block["hours"]:
        yield _slider("hour", "Hour", len(block["hours"]["time"]))


def _slider(id_: str, what: str, count: int) -> Html:
    """Give a slider whose first place is everything in order."""
    label = tag("label", f"{what} ", for_=id_)
    range_ = tag("input", type="range", id=id_, min=0, max=count, value=0, step=1)
    said = tag("output", "", id=f"{id_}-told", for_=id_, aria_live="polite")
    return tag("div", label, range_, said, class_="slider")


def notes(block: dict[str, Any], missing: str) -> Iterator[Html]:
    """Say which candidates the map shows, or why it shows none."""
    if missing:
        text = f"{missing} Candidates, and what only the tables tell, are not shown."
        yield tag("p", text, class_="note")
    known = block["candidates"]
    if known is not None:
        closed = known["closed_count"]
        dotted = (
            f" {closed:,} of them, dotted, are ruled out or find no room left beside this plan."
        )
        yield tag(
            "p",
            f"Candidates shown: the {known['count']:,} that the plan does not use and whose own "
            f"headroom is enough for a site; {known['too_small']:,} more have too little. Headroom "
            f"is of each alone: limits above may leave less.{dotted if closed else ''}",
            class_="note",
        )


def listings(block: dict[str, Any], of_what: Html | None = None) -> Html:
    """Give the tables of sites and of service (`of_what`), with filters; scripts fill them."""
    unserved = _box("only-unserved", "Only unserved", on=False)
    return section(
        "listings",
        "Tables",
        tag(
            "p", of_what, "A filter also picks what the map shows. A heading sorts.", class_="note"
        ),
        _listing("sites", "Sites and hubs" if _has_hubs(block) else "Sites", None),
        _listing("service", "Service", unserved),
    )


def _has_hubs(block: dict[str, Any]) -> bool:
    return any(host["kind"] == "hub" for host in block["hosts"])


def _listing(id_: str, heading: str, more: Html | None) -> Html:
    words = tag("input", type="search", id=f"{id_}-filter", autocomplete="off")
    label = tag("label", "Filter ", words)
    clear = tag("button", "Show all", type="button", id=f"{id_}-clear")
    count = tag("output", "", id=f"{id_}-count", for_=f"{id_}-filter", aria_live="polite")
    rows = tag("div", id=f"{id_}-rows", class_="scrolls tall", tabindex="0", role="region",
               aria_label=heading)  # fmt: skip
    return tag(
        "div", tag("h3", heading), tag("div", label, more, clear, count, class_="controls"), rows
    )
