"""That a plan keeps its promises, and how far its bound is proven, in two sentences."""

import math
from pathlib import Path

from microdc.placement.verify.document import PRICES
from microdc.placement.verify.proof.claim import Proven
from microdc.placement.words.rounding import percent_up

_NOTHING_MN = 1e-6  # one unit of the currency


def kept(folder: Path, proven: Proven | None) -> str:
    """Say that the plan in a folder is kept, and how far its bound was proven, if it was."""
    if proven:
        return f"Every promise is kept. {proof_in_words(proven)}"
    text = "Every promise is kept. The bound is the solver's claim"
    if not (folder / PRICES).exists():
        return f"{text}: verify does not solve."
    return f"{text}; --bound proves it, as far as the plan's prices go."


def proof_in_words(proven: Proven) -> str:
    """Say what the prices prove, how near the cost that is, and what is the solver's claim."""
    money, least = f"M {proven.currency} a year", _down(proven.by_prices_mn_yr, 2)
    if proven.in_full:
        return f"The prices alone prove the bound, {least} {money}, {_below_cost(proven)}."
    most = _down(proven.claimed_mn_yr, 2)
    if least == most:  # then more digits tell them apart
        least, most = (_down(mn, 6) for mn in (proven.by_prices_mn_yr, proven.claimed_mn_yr))
    return (
        f"The prices alone prove {least} {money}, {_below_cost(proven)}; "
        f"up to {most} is the solver's claim."
    )


def _below_cost(proven: Proven) -> str:
    away = proven.cost_mn_yr - proven.by_prices_mn_yr
    if away <= _NOTHING_MN:
        return "which is the cost"
    share = away / abs(proven.cost_mn_yr) if proven.cost_mn_yr else math.inf
    return f"{percent_up(share)} below the cost"


def _down(mn: float, digits: int) -> str:
    """Write millions, rounded down: no more is claimed than is proven."""
    return f"{math.floor(mn * 10**digits + 1e-9) / 10**digits:.{digits}f}"
