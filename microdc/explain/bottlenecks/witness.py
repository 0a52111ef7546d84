"""The fewest demand points that are short by themselves: a witness that can be checked by hand."""

from collections.abc import Callable

import numpy as np

from microdc.instance import Floats, Ints

Short = Callable[[Ints], Ints | None]
"""Gives, of some points alone, those of a part that is short; None where none of them is."""


def irreducible(
    points: Ints, mw_it: Floats, short: Short, stop: Callable[[], bool]
) -> tuple[Ints, bool]:
    """
    Take points away as long as the others are still short by themselves.

    Small demand goes first, many points at a time, and what is left is narrowed to a part of it
    that is short. A point without which the others are not short stays: it would be needed in any
    smaller set too. Gives the points, and whether none is left that could go; `mw_it` is the demand
    of each. Such sets are not unique, and lack no more than their part of the whole shortage.
    """
    kept = points[np.argsort(mw_it, kind="stable")]
    needed = np.empty(0, dtype=np.int64)
    at_once = max(1, len(kept) // 2)
    while len(open_ := kept[~np.isin(kept, needed)]):
        if stop():
            return np.sort(kept), False
        trial = open_[:at_once]
        left = short(np.sort(kept[~np.isin(kept, trial)]))
        if left is not None:
            kept = kept[np.isin(kept, left)]
            at_once *= 2
        elif len(trial) == 1:
            needed = np.append(needed, trial)
        else:
            at_once = max(1, len(trial) // 2)
    return np.sort(kept), True
