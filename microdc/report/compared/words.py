"""What two plans' costs, bounds and objectives before cost prove, in sentences."""

from typing import Any

from microdc.placement.words.rounding import money_down, money_up
from microdc.report.words import number

_BETTER = {
    "most-served": "leaves less demand unserved",
    "fewest-sites": "builds fewer new sites",
    "least-worst-rtt": "has a shorter worst round trip",
    "least-mean-rtt": "has a shorter mean round trip",
}


def proof(told: dict[str, Any], currency: str) -> str:
    """Say whether the other plan is proven cheaper or dearer, and between what figures."""
    first, other = (told[which]["as_good"] for which in ("before", "after"))
    of_which = _of_which(first, other)
    if told["proven"] == "equal":
        return f"Proven: the two least costs are equal.{of_which}"
    if told["proven"] == "cheaper":
        says = f"Proven: the other plan costs less than any plan of the first scenario{first} can"
    elif told["proven"] == "dearer":
        says = f"Proven: no plan of the other scenario{other} costs as little as the first plan"
    else:
        says = "Neither of the two least costs is proven to be lower: they lie within the gaps"
    least, most = told["least_difference_mn_yr"], told["most_difference_mn_yr"]
    return (
        f"{says}. From the one least cost to the other is proven to be between "
        f"{signed(money_down(least))} and {signed(money_up(most))} M {currency} a year.{of_which}"
    )


def _of_which(first: str, other: str) -> str:
    """Say of which plans the two least costs are; nothing where of all."""
    if first == other:
        return f" Each is the least cost of a plan{first}." if first else ""
    one, next_ = (f"a plan{some}" if some else "any plan" for some in (first, other))
    return f" The one is the least cost of {one}, the other that of {next_}."


def proof_of_objective(row: dict[str, Any]) -> str:
    """Say which plan is proven better by an objective before cost; nothing where one lacks it."""
    if row["better"] is None:
        return ""
    objective, better = row["objective"], _BETTER[row["objective"]]
    first, other = (row[which]["as_good"] for which in ("before", "after"))
    if row["better"] == "after":
        return f"Proven: the other plan {better} than any plan of the first scenario{first}."
    if row["better"] == "before":
        return f"Proven: the first plan {better} than any plan of the other scenario{other}."
    if row["better"] == "same":
        none = f"no plan of the first scenario{first}, and none of the other{other}, is better"
        return f"Proven: by {objective} the two are the same; {none}."
    return f"By {objective} neither scenario is proven to have the better plan."


def signed(mn: float) -> str:
    """Give millions with their sign; nothing has none."""
    shown = number(mn)
    if shown in ("0.00", "-0.00"):
        return "0.00"
    return shown if mn < 0 else f"+{shown}"
