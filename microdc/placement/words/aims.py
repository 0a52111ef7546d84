"""Objectives before cost in words: what was reached, what is proven, of which plans bounds hold."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from microdc.placement.words.rounding import finest_ms_down, ms_down, ms_up

_SUCH = {
    "most-served": "serves as much",
    "fewest-sites": "builds as few sites",
    "least-worst-rtt": "answers within {worst_ms} ms",
    "least-mean-rtt": "answers in {mean_ms} ms in the mean",
}

_LEAST = {
    "least-worst-rtt": "least worst round trip",
    "least-mean-rtt": "least mean round trip",
}

AS_GOOD = " that is as good by its objectives before cost"
"""Of which plans a bound holds, where there is no room, or nothing known, to say more."""

OF_SPLIT = "no better bound is known than that of plans that split places between sites"

Record = dict[str, Any]

_SAME = 1e-6  # round trips are told apart to a nanosecond
_NOTHING_MW_IT = 1e-3


def whose(document: Record) -> str:
    """Say of which plans the bound on cost holds, as ` that serves as much`; '' where of all."""
    differing = _differing(document.get("alternative"))
    alone = " of this stage alone" if document.get("stage") else ""
    as_good = such(document["objective"], document["certificate"].get("reached", ()))
    as_good = as_good.replace(" that", " and", 1) if differing else as_good
    return f"{differing}{alone}{as_good}"


def no_plan(document: Record) -> str:
    """Say in short that none of the plans of which the bound on cost holds does something."""
    return "no such plan" if whose(document) else "no plan"


def _differing(told: Record | None) -> str:
    if told is None:
        return ""
    fleets = f"each of {len(told['fleets'])} fleets" if len(told["fleets"]) > 1 else "fleet 1"
    return f" that leaves out at least {told['leaves_out']} site(s) of {fleets}"


def such(objective: str, reached: Sequence[Record]) -> str:
    """Say which plans are as good before cost, such as ` that serves as much`; '' where all are."""
    order = [one for one in objective.split(", ") if one in _SUCH]
    came_to = {one["objective"]: finest_ms_down(one["value"]) for one in reached}
    if any(one in _LEAST and one not in came_to for one in order):  # told by an older version
        return AS_GOOD
    worst_ms, mean_ms = (came_to.get(f"least-{which}-rtt", "") for which in ("worst", "mean"))
    told = [_SUCH[one].format(worst_ms=worst_ms, mean_ms=mean_ms) for one in order]
    return f" that {' and '.join(told)}" if told else ""


def before(objective: str, document: Record) -> str:
    """Say of which plans the bound of one objective holds: as good by those before it."""
    order = document["objective"].split(", ")
    earlier = order[: order.index(objective)] if objective in order else []
    return such(", ".join(earlier), document["certificate"].get("reached", []))


def least_unserved(document: Record) -> str:
    """Name the row of a table that tells what no plan leaves less than, and no plan of which."""
    some = before("most-served", document)
    return f"least unserved of a plan{some}, proven" if some else "least unserved, proven"


def unproven(document: Record) -> Iterator[str]:
    """
    Name each objective before cost that is not proven as good as was asked, and how good it is.

    Service and a mean are asked for within the gap; an alternative may be worse than the best by
    the share that it was given. Of a stage nothing is told: its programme is.
    """
    if document.get("stage"):
        return
    proven, within = document["certificate"], (document.get("alternative") or {}).get("within", 0.0)
    least_mw_it, left_mw_it = proven.get("unserved_bound_mw_it"), proven["unserved_mw_it"]
    if least_mw_it is not None:
        wanted_mw_it = sum(row["demand_mw_it"] for row in document["services"])
        slack = proven["asked_gap"] * (wanted_mw_it - left_mw_it)
        slack += within * (wanted_mw_it - least_mw_it)
        if left_mw_it - least_mw_it > slack + _NOTHING_MW_IT:
            least = f"at least {math.floor(100 * least_mw_it) / 100:.2f}"
            yield f"most-served is not proven ({left_mw_it:.2f} MW IT unserved, {least})"
    for one in proven.get("reached", []):
        gap = proven["asked_gap"] if one["objective"] == "least-mean-rtt" else 0.0
        if one["value"] - one["bound"] > (gap + within) * one["value"] + _SAME:
            yield f"{one['objective']} is not proven ({_value_and_bound(one)})"


def _value_and_bound(one: Record) -> str:
    if one["objective"] == "fewest-sites":
        return f"{one['value']:.0f} new site(s), at least {one['bound']:.0f}"
    return f"{ms_up(one['value'])} ms, at least {ms_down(one['bound'])}"


def all_in_words(document: Record) -> Iterator[str]:
    """Say what each objective before cost came to and what is proven, in a sentence for each."""
    of_split = document["certificate"].get("reached_of_split", ())
    for one in document["certificate"].get("reached", []):
        text = _in_words(one, before(one["objective"], document))
        yield f"{text} ({OF_SPLIT})." if one["objective"] in of_split else f"{text}."


def all_in_rows(document: Record) -> Iterator[tuple[str, str, str]]:
    """Tell the same in rows of a table: what, how much, and what is proven."""
    for one in document["certificate"].get("reached", []):
        name, value, proven = _in_row(one)
        some = before(one["objective"], document)
        yield f"{name} of a plan{some}" if some else name, value, proven


def _in_words(one: Record, some: str) -> str:
    of_some = f" for a plan{some}" if some else ""
    value, bound = one["value"], one["bound"]
    proven = value <= bound + _SAME
    if one["objective"] == "fewest-sites":
        text = f"It builds {value:.0f} new site(s)"
        less = "fewer are" if proven else f"fewer than {bound:.0f} are"
        return f"{text}; {less} proven impossible{of_some}"
    if one["objective"] == "least-mean-rtt":
        text = f"The mean round trip is {ms_up(value)} ms"
        least = "shorter" if proven else f"shorter than {ms_down(bound)} ms"
        return f"{text}; no plan{some} has one that is {least} (proven)"
    text = f"Classes with a promise are answered within {ms_up(value)} ms"
    if proven:
        return f"{text}; no plan{some} has a shorter longest round trip (proven)"
    return f"{text}; within less than {ms_down(bound)} ms is proven impossible{of_some}"


def _in_row(one: Record) -> tuple[str, str, str]:
    value, bound = one["value"], one["bound"]
    proven = value <= bound + _SAME
    if one["objective"] == "fewest-sites":
        least = "proven" if proven else f"at least {bound:.0f}"
        return "fewest new sites", f"{value:.0f}", least
    name = _LEAST[one["objective"]]
    least = "ms, proven" if proven else f"ms; at least {ms_down(bound)}"
    return name, ms_up(value), least
