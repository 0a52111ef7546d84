"""A plan in one paragraph that claims nothing but what is proven."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from microdc.placement.parts.mean_rtt import mean_rtt_ms
from microdc.placement.words.aims import OF_SPLIT, all_in_words, before, unproven, whose
from microdc.placement.words.rounding import money_down, ms_up, percent_down, percent_up

_NOTHING_MW_IT = 1e-3
_BINDS_SHARE = 1e-3  # of the limit: a mean so near it uses it up
_HOW = {
    "within gap": "It is",
    "time limit": "Stopped on time,",
    "interrupted": "Stopped on request,",
}
_NOUNS = {
    "site": ("site", "sites"),
    "node": ("node of the power tree", "nodes of the power tree"),
    "zone": ("zone", "zones"),
}

Record = dict[str, Any]


def verdict(document: Record) -> str:
    """Say what a plan builds, whom it serves, what it costs and how near the best it is."""
    built = _built(document) + _standing(document) + _reserved(document)
    parts = [built, *_firm(document), *(part(document) for part in (_served, _cost, _near))]
    parts += _mean(document)
    parts += all_in_words(document)
    return " ".join([*parts, *_survives(document.get("outages"))])


def _built(document: Record) -> str:
    sizes = [row["mw"] for row in document["sites"] if not row["existing_mw"]]
    if not sizes:
        return "No site is built."
    where = _on_parcels(document)
    if len(sizes) == 1:
        return f"1 site of {sizes[0]:.1f} MW is built{where}."
    least, most = f"{min(sizes):.1f}", f"{max(sizes):.1f}"
    span = f"{most} MW" if least == most else f"{least} to {most} MW"
    return f"{len(sizes)} sites of {span}, {sum(sizes):.1f} MW in all, are built{where}."


def _on_parcels(document: Record) -> str:
    new = [row for row in document["sites"] if not row["existing_mw"]]
    rows = [row for row in new if row["substation"] != row["id"]]
    if not rows:
        return ""
    substations, km = {row["substation"] for row in rows}, sum(row["feeder_km"] for row in rows)
    return f" on parcels, with {km:.1f} km of feeder from {len(substations)} substation(s)"


def _standing(document: Record) -> str:
    """Say what stood already, and how far it grows; nothing where nothing did."""
    rows = [row for row in document["sites"] if row["existing_mw"]]
    if not rows:
        return ""
    before = sum(row["existing_mw"] for row in rows)
    grown = sum(row["mw"] for row in rows) - before
    growing = sum(row["mw"] > row["existing_mw"] for row in rows)
    if len(rows) == 1:
        fate = f"grows by {grown:.1f} MW" if growing else "stays as it is"
        return f" 1 existing site of {before:.1f} MW {fate}."
    what = f"{len(rows)} existing sites of {before:.1f} MW in all"
    if not growing:
        return f" {what} stay as they are."
    return f" Of {what}, {growing} grow{'s' if growing == 1 else ''} by {grown:.1f} MW."


def _reserved(document: Record) -> str:
    """Say what hubs give; nothing where there are none."""
    used = [row["mw_it"] for row in document["hubs"] if row["mw_it"]]
    if not document["hubs"]:
        return ""
    if not used:
        return " No hub is used."
    at = "1 hub" if len(used) == 1 else f"{len(used)} hubs"
    return f" {sum(used):.1f} MW IT are reserved at {at}."


def _firm(document: Record) -> Iterator[str]:
    """Say what the sites give hour by hour; nothing where demand has no hours."""
    hours, sites = document.get("hours"), len(document["sites"])
    if hours is None or not sites:
        return
    what = "This site" if sites == 1 else f"These {sites} sites"
    hubs = ", and the hubs," if any(row["mw_it"] for row in document["hubs"]) else ""
    yield (
        f"{what} with {hours['firm_mw']:.1f} MW firm between them{hubs} give"
        f"{'s' if sites == 1 and not hubs else ''} {hours['firm_service_mw_it']:.1f} MW IT of firm"
        f" service, promised in {hours['count']:,} hour(s) of {hours['days']:,} day(s); the"
        f" tightest is {hours['tightest']}."
    )


def _total(document: Record, key: str) -> float:
    return float(sum(row[key] for row in document["services"]))


def _served(document: Record) -> str:
    demand, served = _total(document, "demand_mw_it"), _total(document, "served_mw_it")
    if not served:
        return f"None of {demand:.1f} MW IT of demand is served."
    worst = max(row["worst_rtt_ms"] or 0.0 for row in document["services"])
    unserved, far = demand - served, _total(document, "out_of_reach_mw_it")
    share = percent_down(served / demand if unserved > _NOTHING_MW_IT else 1.0)
    what = "demand, each class at its peak" if document.get("hours") else "demand"
    servers = len(document["sites"]) + sum(row["mw_it"] > 0 for row in document["hubs"])
    they = "It serves" if servers == 1 else "They serve"
    text = f"{they} {served:.1f} of {demand:.1f} MW IT of {what} ({share}), the farthest in"
    text += f" {worst:.2f} ms, all within its latency bound"
    if unserved <= _NOTHING_MW_IT:
        return f"{text}."
    text += f"; {unserved:.1f} MW IT stay unserved"
    return f"{text}, {far:.1f} of them out of every site's reach." if far else f"{text}."


def _mean(document: Record) -> Iterator[str]:
    """Say how soon the plan answers in the mean, where that is limited, and if the limit binds."""
    most_ms, mean_ms = document.get("most_mean_rtt_ms"), mean_rtt_ms(document["services"])
    if most_ms is None or mean_ms is None:
        return
    left_mw_it = sum(
        row["demand_mw_it"] - row["served_mw_it"] - row["out_of_reach_mw_it"]
        for row in document["services"]
    )
    counted = ", what stays unserved within reach counted at its bound"
    counted = counted if left_mw_it > _NOTHING_MW_IT else ""
    text = f"The mean round trip is {ms_up(mean_ms)} ms{counted}, of {most_ms:g} ms allowed"
    binds = most_ms - mean_ms <= _BINDS_SHARE * most_ms
    yield f"{text}: this limit is used up." if binds else f"{text}."


def _cost(document: Record) -> str:
    proven, money = document["certificate"], f"M {document['currency']} a year"
    least = money_down(proven["bound_mn_yr"])
    cost = f"The cost is {proven['cost_mn_yr']:.2f} {money}"
    return f"{cost}; no plan{whose(document)} can cost less than {least:.2f}."


def _near(document: Record) -> str:
    proven = document["certificate"]
    if (stage := document.get("stage")) is not None:
        near = f"within {percent_up(stage['gap'])} of the best possible"
        return f"It is a stage of {stage['programme']}, planned with all others: together {near}."
    best = "best such plan" if whose(document) else "best possible"
    near = f"within {percent_up(proven['gap'])} of the {best}"
    near += f", {percent_up(proven['gap_avoidable'])} on the part of the cost that siting can avoid"
    how = _how(document)
    if document["status"] != "within gap" and proven.get("bound_of_split"):
        near += f" ({OF_SPLIT})"
    if proven["unserved_bound_mw_it"] is None:
        return f"{how} {near}."
    most = _total(document, "demand_mw_it") - proven["unserved_bound_mw_it"]
    short = 1 - _total(document, "served_mw_it") / most if most > 0 else 0.0
    any_plan = f"any plan{before('most-served', document)}"
    serves = f"{how} within {percent_up(short)} of the most that {any_plan} can serve"
    of_split = f"; {OF_SPLIT}" if "most-served" in proven.get("reached_of_split", ()) else ""
    serves += f" ({math.ceil(100 * most) / 100:.2f} MW IT{of_split})"
    return f"{serves}; its cost is {near}."


def _how(document: Record) -> str:
    """Begin to say how near the best a plan is: why it is no nearer, unless it is near enough."""
    status = document["status"]
    if status != "stalled":
        return _HOW[status]
    of_split = document["certificate"].get("bound_of_split")
    by_tolerances = not of_split and not any(unproven(document))
    return "As near as the solver's tolerances allow: it is" if by_tolerances else "It is"


def _survives(outages: Record | None) -> Iterator[str]:
    """Say what may be out, and what is lost in the worst outage; nothing where none is asked."""
    if outages is None:
        return
    what = what_may_be_out(outages["survive"], outages["at_once"])
    kept = f"{what[0].upper()}{what[1:]} may be out: every class with a promise keeps it"
    if not outages["rows"]:
        yield f"{kept}."
        return
    worst = outages["rows"][0]
    out = f"the worst outage, of {names_of(worst)} ({worst['sites']} site(s), {worst['mw']:.1f} MW)"
    lost = f"{worst['lost_mw_it']:.1f} MW IT are lost, none of them promised"
    none = worst["lost_mw_it"] <= _NOTHING_MW_IT
    yield f"{kept}; even in {out}, nothing is lost." if none else f"{kept}; in {out}, {lost}."


def what_may_be_out(survive: Sequence[str], at_once: int) -> str:
    """Say in words which outages are to be survived, such as `any one site`."""
    one, several = zip(*(_NOUNS[kind] for kind in survive), strict=True)
    if at_once == 1:
        return " or ".join(f"any one {noun}" for noun in one)
    return f"any two {' or '.join(several)}"


def names_of(outage: Record) -> str:
    """Name what is out, such as `node A17`."""
    return " and ".join(f"{one['kind']} {one['id']}" for one in outage["what"])
