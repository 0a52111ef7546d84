"""What a reader sees first: the verdict, and the figures that carry it."""

from collections.abc import Iterable, Iterator
from typing import Any

from microdc.placement.words.aims import no_plan
from microdc.placement.words.rounding import money_down, ms_up, percent_down, percent_up
from microdc.report.brief import in_brief
from microdc.report.page.markup import Html, section, tag
from microdc.report.words import number

PARTS = (
    ("verdict", "Verdict"),
    ("explore", "Map"),
    ("unserved", "Unserved"),
    ("listings", "Tables"),
    ("promises", "Promises"),
    ("charts", "Charts"),
    ("proof", "Proof"),
    ("limits", "Limits"),
    ("sources", "Sources"),
)
"""Where the links at the top lead."""


def parts_of(*, short: bool) -> list[tuple[str, str]]:
    """Give the parts of a plan's page; if it is `short` of something, one of them says why."""
    return [part for part in PARTS if short or part[0] != "unserved"]


def top(name: str, parts: Iterable[tuple[str, str]]) -> Html:
    """Give the head of a page: whose plan it is, where its parts are, and the switch of dress."""
    links = (tag("a", text, href=f"#{id_}") for id_, text in parts)
    switch = tag("button", "Dark", type="button", id="theme", aria_pressed="false")
    return tag(
        "header",
        tag("p", tag("strong", name), " · plan of micro data centers", class_="title"),
        tag("nav", *links, aria_label="Parts of this page"),
        switch,
    )


def opening(document: dict[str, Any]) -> Html:
    """Give the verdict on a plan in the words of the terminal, and its figures."""
    return opening_of(document["name"], document["verdict"], _figures(document))


def opening_of(name: str, verdict: str, figures: Iterable[tuple[str, str, str]]) -> Html:
    """Give a verdict, and the figures that carry it: what, its value, its unit."""
    told = tag("dl", *(_figure(*figure) for figure in figures), class_="figures")
    said = tag("p", verdict, class_="verdict")
    return tag("div", tag("h1", name), section("verdict", "Verdict", said, told))


def _figure(what: str, value: str, note: str) -> Html:
    return tag("div", tag("dt", what), tag("dd", tag("b", value), tag("span", note)))


def _figures(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Give the figures that carry the verdict, each with its unit and how well it is known."""
    brief, proven = in_brief(document), document["certificate"]
    a_year = f"M {document['currency']} a year"
    yield "Cost of this plan", number(proven["cost_mn_yr"]), f"{a_year}, from its sizes"
    yield (
        "Proven lower bound",
        number(money_down(proven["bound_mn_yr"])),
        f"{a_year}, {no_plan(document)} costs less",
    )
    yield "Gap", percent_up(proven["gap"]), f"at most; {document['status']}"
    yield "Gap on avoidable cost", percent_up(proven["gap_avoidable"]), "at most"
    yield "Sites", str(brief["sites"]), f"{number(brief['mw'], 1)} MW of connections"
    if document["hubs"]:
        yield "Hubs", number(brief["hubs_mw_it"], 1), "MW IT reserved"
    yield "Demand served", percent_down(brief["served_share"]), "within its latency bound"
    yield "Worst round trip", number(brief["worst_rtt_ms"]), "ms"
    yield from _mean(document, brief["mean_rtt_ms"])
    if document["outages"] and document["outages"]["rows"]:
        yield "Lost in the worst outage", number(brief["lost_mw_it"], 1), "MW IT"
    if document["hours"]:
        yield "Firm service", number(brief["firm_service_mw_it"], 1), "MW IT in every hour promised"


def _mean(document: dict[str, Any], mean_ms: float | None) -> Iterator[tuple[str, str, str]]:
    """Give the mean round trip where that is limited or what the plan is to be best at."""
    most_ms = document.get("most_mean_rtt_ms")
    if mean_ms is None or (most_ms is None and "least-mean-rtt" not in document["objective"]):
        return
    note = "ms" if most_ms is None else f"ms, of {most_ms:g} allowed"
    yield "Mean round trip", ms_up(mean_ms), note
