"""What two plans' costs and bounds prove, in a sentence."""

from typing import Any

from microdc.placement.words.aims import AS_GOOD
from microdc.placement.words.rounding import money_down, money_up
from microdc.report.words import number

_OF = {
    "all": "",
    "alternatives": " that leaves out as many sites of the fleets before",
    "as much served": " that serves as much",
    "other objectives": AS_GOOD,
}


def proof(told: dict[str, Any], currency: str) -> str:
    """Say whether the other plan is proven cheaper or dearer, and between what figures."""
    least, most = told["least_difference_mn_yr"], told["most_difference_mn_yr"]
    first, other = (_OF[which] for which in told["bounds_hold_of"])
    if told["proven"] == "cheaper":
        says = f"Proven: the other plan costs less than any plan of the first scenario{first} can"
    elif told["proven"] == "dearer":
        says = f"Proven: no plan of the other scenario{other} costs as little as the first plan"
    else:
        says = "Which of the two least costs is lower is not proven: they lie within the gaps"
    return (
        f"{says}. From the one least cost to the other is proven to be between "
        f"{signed(money_down(least))} and {signed(money_up(most))} M {currency} a year."
    )


def signed(mn: float) -> str:
    """Give millions with their sign; nothing has none."""
    shown = number(mn)
    if shown in ("0.00", "-0.00"):
        return "0.00"
    return shown if mn < 0 else f"+{shown}"
