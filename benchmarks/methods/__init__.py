"""
The methods side by side: each a function `(instance, limits, watch) -> Counts`.

A method tells `watch` of every incumbent's cost and every bound as it learns of them, in millions a
year; the moment is taken there.
"""

from collections.abc import Callable
from dataclasses import dataclass

Watch = Callable[[float | None, float | None], None]
"""Takes the cost of the best plan and the bound, None where there is none yet."""

Counts = dict[str, float]
"""How much work it was: `rows`, `columns`, `nodes`, `cuts`, `rounds`, as far as they apply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When to stop and how to run, the same for every method."""

    gap: float
    seconds: float
    threads: int = 2
    seed: int = 0
