"""Objectives before cost in words: what was reached, what is proven, of which plans bounds hold."""

import math
from collections.abc import Iterator
from typing import Any

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

Record = dict[str, Any]

_SAME = 1e-6  # round trips are told apart to a nanosecond


def such(objective: str, reached: list[Record]) -> str:
    """Say of which plans a bound on cost holds, such as ` that serves as much`; '' where of all."""
    came_to = {one["objective"]: ms_up(one["value"]) for one in reached}
    worst_ms, mean_ms = (came_to.get(f"least-{which}-rtt", "") for which in ("worst", "mean"))
    told = [
        _SUCH[one].format(worst_ms=worst_ms, mean_ms=mean_ms)
        for one in objective.split(", ")
        if one in _SUCH
    ]
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


def all_in_words(document: Record) -> Iterator[str]:
    """Say what each objective before cost came to and what is proven, in a sentence for each."""
    for one in document["certificate"].get("reached", []):
        yield _in_words(one, before(one["objective"], document))


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
        return f"{text}; {less} proven impossible{of_some}."
    if one["objective"] == "least-mean-rtt":
        text = f"The mean round trip is {ms_up(value)} ms"
        least = "shorter" if proven else f"shorter than {ms_down(bound)} ms"
        return f"{text}; no plan{some} has one that is {least} (proven)."
    text = f"Classes with a promise are answered within {ms_up(value)} ms"
    if proven:
        return f"{text}; no plan{some} has a shorter longest round trip (proven)."
    return f"{text}; within less than {ms_down(bound)} ms is proven impossible{of_some}."


def _in_row(one: Record) -> tuple[str, str, str]:
    value, bound = one["value"], one["bound"]
    proven = value <= bound + _SAME
    if one["objective"] == "fewest-sites":
        least = "proven" if proven else f"at least {bound:.0f}"
        return "fewest new sites", f"{value:.0f}", least
    name = _LEAST[one["objective"]]
    least = "ms, proven" if proven else f"ms; at least {ms_down(bound)}"
    return name, ms_up(value), least


def ms_up(ms: float) -> str:
    """Write a round trip to a microsecond, rounded up."""
    return f"{math.ceil(1000 * ms - 1e-6) / 1000:.3f}"


def ms_down(ms: float) -> str:
    """Write a round trip to a microsecond, rounded down."""
    return f"{math.floor(1000 * ms + 1e-6) / 1000:.3f}"
