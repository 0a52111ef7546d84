"""What a method came to, and how it is told; each in a process of its own."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import numpy as np

from microdc.instance import Instance
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Settings

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Seconds, the best cost found and the proven bound, and how much work it was."""

    method: str
    seconds: float
    cost: float
    bound: float
    gap: float
    nodes: int
    pairs: int
    """Pairs of a site and a point in the last model that was solved."""

    def __str__(self) -> str:
        """Write it as a line of a table."""
        return (
            f"{self.method:12}{self.seconds:9.1f} s{self.cost:16.4f}{self.bound:16.4f}"
            f"{100 * self.gap:10.4f} %{self.nodes:8}{self.pairs:10,}"
        )


HEADING = f"{'method':12}{'time':>11}{'cost':>16}{'bound':>16}{'gap':>12}{'nodes':>8}{'pairs':>10}"


def share(cost: float, bound: float) -> float:
    """Give (cost - bound) / cost; NaN where one of them is not known."""
    return (cost - bound) / abs(cost) if cost else 0.0


def ours(instance: Instance, settings: Settings, limit_s: float) -> Told:
    """Solve by microdc."""
    clock = Clock(limit_s)
    found = solve(instance, "least-cost", settings, clock, lambda _: None)
    cost = float("nan") if found.cost is None else found.cost
    return Told(
        method="microdc",
        seconds=clock.seconds,
        cost=cost,
        bound=found.bound,
        gap=share(cost, found.bound),
        nodes=found.counts.nodes,
        pairs=found.counts.pairs,
    )


def alone(method: Callable[..., Told], *arguments: object) -> Told:
    """Call a method in a fresh process: no other has warmed it up, or left threads behind."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(method, *arguments).result()


def record(problem: str, told: Told) -> Record:
    """Give what a method came to as the results keep it."""
    return told_of(problem, told.method, told.seconds, told.cost, told.bound)


def told_of(problem: str, method: str, seconds: float, value: float, bound: float) -> Record:
    """Give the same of a value that is not a cost; what is not known is None."""
    known = {"value": value, "bound": bound, "gap": abs(share(value, bound))}
    told = {name: number if np.isfinite(number) else None for name, number in known.items()}
    return {"problem": problem, "method": method, "seconds": seconds, **told}
