"""Sizes that sites may have."""

from collections.abc import Iterable

WATT_MW = 1e-6
"""Sizes are told apart to a watt, the unit in which plans are verified."""


def attainable_mw(modules_mw: Iterable[float], most_mw: float) -> list[float]:
    """
    List every size (MW) up to `most_mw` that is a sum of modules, ascending, zero included.

    Sizes are told apart to a watt.
    """
    step = WATT_MW
    sizes = {0}
    for module in sorted({round(mw / step) for mw in modules_mw}):
        frontier = sizes
        while frontier:
            frontier = {s + module for s in frontier if (s + module) * step <= most_mw + step / 2}
            frontier -= sizes
            sizes = sizes | frontier
    return [size * step for size in sorted(sizes)]


def irreducible(modules_mw: Iterable[float]) -> tuple[float, ...]:
    """Drop every module that is a sum of smaller ones: cost per MW does not depend on modules."""
    kept: list[float] = []
    for module in sorted(set(modules_mw)):
        smaller = attainable_mw(kept, module)
        if abs(smaller[-1] - module) > 1e-6:
            kept.append(module)
    return tuple(kept)
