"""By how much a cost changes, in a cell or a sentence that claims no more than is proven."""

import math
from typing import Any

Record = dict[str, Any]


def saved(change: Record | None) -> Record | None:
    """Give a change of the least cost as what it saves."""
    if change is None:
        return None
    least, most, found = (
        None if change[key] is None else -change[key] + 0.0
        for key in ("most_mn_yr", "least_mn_yr", "found_mn_yr")
    )
    how = {"at least": "at most", "at most": "at least"}.get(
        change["exactness"], change["exactness"]
    )
    return {"least_mn_yr": least, "most_mn_yr": most, "found_mn_yr": found, "exactness": how}


def in_cell(change: Record | None) -> str:
    """
    Give a change of the least cost for a table.

    Such as `= 0.50`, `0.05 to 0.57`, `≥ 0.05`, `≤ 0.03` (from nothing up), `no plan`; a question
    mark where time was up.
    """
    if change is None:
        return "?"
    least, most, how = change["least_mn_yr"], change["most_mn_yr"], change["exactness"]
    if how == "impossible":
        return "no plan"
    if how == "exact":
        return f"= {middle(change):.2f}"
    if how == "between":
        return f"{down(least)} to {up(most)}" if least else f"≤ {up(most)}"
    return {"at least": f"≥ {down(least)}", "at most": f"≤ {up(most)}"}.get(how, "?")


def in_sentence(change: Record, currency: str) -> str:
    """Give a change above nothing as the end of a sentence, with what is proven of it."""
    least, most, found = (change[key] for key in ("least_mn_yr", "most_mn_yr", "found_mn_yr"))
    unit = f"M {currency} a year"
    if change["exactness"] == "exact":
        return f"{middle(change):.2f} {unit} (exact to a hundredth)"
    if change["exactness"] == "between":
        proven = f"between {down(least)} and {up(most)}" if least else f"at most {up(most)}"
        return f"{found:.2f} {unit} in the best plan found (proven: {proven})"
    if change["exactness"] == "at least":
        return f"at least {down(least)} {unit} (no plan was found in time)"
    return f"an unknown amount of {unit}: time was up"


def middle(change: Record) -> float:
    """Give the middle of what is proven, where that is exact; never a negative nothing."""
    value = round((change["least_mn_yr"] + change["most_mn_yr"]) / 2, 2)
    return 0.0 if value == 0 else float(value)


def down(value: float) -> str:
    """Write a proven least to two decimals, never more than is proven."""
    return f"{math.floor(100 * value + 1e-9) / 100 + 0.0:,.2f}"


def up(value: float) -> str:
    """Write a proven most to two decimals, never less than is proven."""
    return f"{math.ceil(100 * value - 1e-9) / 100 + 0.0:,.2f}"
