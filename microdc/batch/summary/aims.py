"""What the plans of a batch came to before cost: columns that only some batches have."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from microdc.batch.summary.told import Told
from microdc.placement.words.rounding import ms_down, ms_up, tenth_down, tenth_up

Columns = Mapping[str, list[Any]]
"""By name a value for each scenario, None where it has none."""


class Words(NamedTuple):
    """How a column is told on a page and on a terminal: its heading, and its values."""

    heading: str
    written: Callable[[float], str]


def _sites(count: float) -> str:
    return f"{count:.0f}"


def _at_most(mw_it: float) -> str:
    return f"{tenth_up(mw_it):,.1f}"


def _at_least(mw_it: float) -> str:
    return f"{tenth_down(mw_it):,.1f}"


MEAN = "mean_rtt_ms"
WORDS = {
    "unserved_mw_it": Words("unserved MW IT", _at_most),
    "least_unserved_mw_it": Words("unserved, at least", _at_least),
    "new_sites": Words("new sites", _sites),
    "least_new_sites": Words("new sites, at least", _sites),
    "promised_rtt_ms": Words("promised ms", ms_up),
    "least_promised_rtt_ms": Words("promised ms, at least", ms_down),
    MEAN: Words("mean ms", ms_up),
    "least_mean_rtt_ms": Words("mean ms, at least", ms_down),
}
"""Every column that there may be, in order."""

_COLUMN_OF = {
    "most-served": "unserved_mw_it",
    "fewest-sites": "new_sites",
    "least-worst-rtt": "promised_rtt_ms",
    "least-mean-rtt": MEAN,
}


def came_to(told: Sequence[Told]) -> Columns:
    """
    Give what plans came to by each objective before cost, and in `least_...` what is proven of it.

    `unserved_mw_it`, `new_sites`, `promised_rtt_ms` (within which classes with a promise are
    answered) and `mean_rtt_ms`, which is there too where some scenario limits it. Only columns that
    some scenario has.
    """
    found: dict[str, list[Any]] = {name: [None] * len(told) for name in WORDS}
    for place, one in enumerate(told):
        for objective, value, bound in _reached(one):
            column = _COLUMN_OF[objective]
            found[column][place], found[f"least_{column}"][place] = value, bound
    limited = [one.figure("most_mean_rtt_ms") for one in told]
    if _some(limited) or _some(found[MEAN]):
        found[MEAN] = [one.figure(MEAN) for one in told]
    return {name: values for name, values in found.items() if _some(values)}


def _some(values: Sequence[Any]) -> bool:
    return any(value is not None for value in values)


def first_of(told: Sequence[Told], columns: Columns) -> list[str]:
    """
    Name the column of the objective that comes first, before cost, in all scenarios that have one.

    Else that of the mean, if there is one; none where there is neither.
    """
    orders = [str(one.figure("objective")).split(", ") for one in told]
    first = {_COLUMN_OF[order[0]] for order in orders if order[0] in _COLUMN_OF}
    return [name for name in (first if len(first) == 1 else {MEAN}) if name in columns]


def _reached(one: Told) -> Sequence[tuple[str, float, float]]:
    """Give each objective before cost with what a plan came to and what is proven."""
    found = [
        (row["objective"], _whole(row, "value"), _whole(row, "bound"))
        for row in one.figure("reached") or ()
    ]
    least_mw_it = one.figure("unserved_bound_mw_it")
    if least_mw_it is not None:
        found.append(("most-served", one.figure("unserved_mw_it"), least_mw_it))
    return found


def _whole(row: Mapping[str, Any], key: str) -> float:
    """Give a figure of what was reached; numbers of sites are whole."""
    return round(row[key]) if row["objective"] == "fewest-sites" else float(row[key])
