"""How soon a plan answers in the mean."""

from collections.abc import Iterable, Mapping
from typing import Any


def mean_rtt_ms(classes: Iterable[Mapping[str, Any]]) -> float | None:
    """
    Give the mean round trip (ms) of the demand that some site reaches, by MW IT.

    `classes` are rows of a plan's table of classes. What is served counts at its round trip, what
    stays unserved at the bound of its class, so that to leave who is far makes no mean shorter.
    None where nobody is reached.
    """
    waited_mw_ms = counted_mw_it = 0.0
    for row in classes:
        served_mw_it = row["served_mw_it"]
        left_mw_it = row["demand_mw_it"] - served_mw_it - row["out_of_reach_mw_it"]
        waited_mw_ms += served_mw_it * row["mean_rtt_ms"] if served_mw_it > 0 else 0.0
        waited_mw_ms += max(0.0, left_mw_it) * row["rtt_bound_ms"]
        counted_mw_it += served_mw_it + max(0.0, left_mw_it)
    return waited_mw_ms / counted_mw_it if counted_mw_it > 0 else None
