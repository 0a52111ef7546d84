"""The smallest change that cures, where more of it never cures less."""

from collections.abc import Callable, Sequence

Cures = Callable[[float], bool]

NEARNESS = 1e-3
"""How near the smallest change is told where any change is possible, as a share of it."""


def first_of(values: Sequence[float], cures: Cures) -> float | None:
    """
    Find the first of some values, from the mildest to the strongest, that cures; None: none.

    By strides that double, then by halving: mild values, which are quick to try, come first.
    """
    low, high, stride = -1, 0, 1
    while high < len(values) and not cures(values[high]):
        low, high, stride = high, min(high + stride, max(high + 1, len(values) - 1)), 2 * stride
    if high >= len(values):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if cures(values[middle]):
            high = middle
        else:
            low = middle
    return float(values[high])


def least_between(nothing: float, most: float, cures: Cures) -> float | None:
    """
    Find the value nearest to `nothing` on the way to `most` that cures; None: `most` does not.

    What is given cures; a change smaller by `NEARNESS` of it does not.
    """
    if nothing == most or not cures(most):
        return None
    low, high = 0.0, 1.0
    while high - low > NEARNESS * high:
        middle = (low + high) / 2 if low else high / 4
        if cures(nothing + middle * (most - nothing)):
            high = middle
        else:
            low = middle
        if high < 1e-9:  # as good as nothing
            break
    return nothing + high * (most - nothing)
