"""microdc itself."""

from benchmarks.methods import Counts, Limits, Watch
from microdc.instance import Instance
from microdc.solve.highs import Clock
from microdc.solve.objective import solve as search
from microdc.solve.outcome import Settings


def solve(instance: Instance, limits: Limits, watch: Watch) -> Counts:
    """Search as `microdc plan` does; costs are those of plans that deliver, bounds are safe."""
    settings = Settings(gap=limits.gap, threads=limits.threads, seed=limits.seed)
    outcome = search(
        instance,
        "least-cost",
        settings,
        Clock(limits.seconds),
        lambda mark: watch(mark.cost, mark.bound),
    )
    watch(outcome.cost, outcome.bound)
    counts = outcome.counts
    return {
        "rows": counts.rows,
        "cuts": counts.cuts,
        "rounds": counts.rounds,
        "nodes": counts.nodes,
    }
