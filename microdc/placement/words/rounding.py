"""Figures rounded to the side on which nothing is claimed that is not proven."""

import math

_ROUNDING_SHARE = 3e-6  # what solvers' tolerances may have taken from a bound


def money_down(mn: float) -> float:
    """Give millions to two decimals, rounded down: no more is claimed than is proven."""
    return math.floor(100 * mn + 1e-9) / 100 if math.isfinite(mn) else mn


def money_up(mn: float) -> float:
    """Give millions to two decimals, rounded up."""
    return math.ceil(100 * mn - 1e-9) / 100 if math.isfinite(mn) else mn


def tenth_up(amount: float) -> float:
    """Give an amount to one decimal, rounded up, but for what rounding may have added."""
    return math.ceil(10 * amount - 1e-3) / 10


def tenth_down(amount: float) -> float:
    """Give an amount to one decimal, rounded down, but for what rounding may have taken."""
    return math.floor(10 * amount + 1e-3) / 10


def percent_up(share: float) -> str:
    """Give a share in percent to three digits, rounded up: no more is claimed than is proven."""
    if not math.isfinite(share):
        return "an unknown share"
    if share < 1e-6:
        return "0.0001 %"
    step = 10.0 ** (math.floor(math.log10(share)) - 2)
    return f"{100 * step * math.ceil(share / step - 1e-9):.3g} %"


def percent_down(share: float) -> str:
    """Give a share in percent, rounded down: no more is said to be served than is."""
    if share >= 1 - 1e-9:
        return "100 %"
    return f"{math.floor(1000 * share) / 10:.1f} %"


def figure_down(value: float, digits: int) -> str:
    """
    Write a value, such as a bound, rounded down to so many digits.

    It may stand above the value by rounding, 3e-6 of it: what the solver took off is given back.
    """
    if not value or not math.isfinite(value):
        return f"{value:,.{digits}g}"
    step = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
    least = value + _ROUNDING_SHARE * abs(value)
    return f"{math.floor(least / step) * step:,.{digits}g}"


def figure_up(value: float, digits: int) -> str:
    """Write a value rounded up to so many digits; it may stand below it, as `figure_down` above."""
    down = figure_down(-float(value), digits)
    return down[1:] if down.startswith("-") else f"-{down}"


def ms_up(ms: float) -> str:
    """Write a round trip to a microsecond, rounded up."""
    return f"{math.ceil(1000 * ms - 1e-6) / 1000:.3f}"


def finest_ms_down(ms: float) -> str:
    """Write a round trip to a nanosecond, rounded down: who answers within that is no slower."""
    return f"{math.floor(1e6 * ms + 1e-3) / 1e6:.6f}".rstrip("0").rstrip(".")


def ms_down(ms: float) -> str:
    """Write a round trip to a microsecond, rounded down."""
    return f"{math.floor(1000 * ms + 1e-6) / 1000:.3f}"
